using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Tests.Publishing;
using FeedService.Tests.Sources;

namespace FeedService.Tests.HardDays;

/// <summary>An hour by the clock in which each of many upstreams is good and bad by turns, in every way that one can be bad.</summary>
public sealed class BadHourTests : IAsyncDisposable
{
    private const int Upstreams = 12;
    private const int Hour = 60;

    // In minutes. A fault lasts for several looks, each of which is put off for longer than the one before.
    private const int Schedule = 1;
    private const int Patience = 5;
    private const int Phase = 6;
    private const string Flapping = "other ids each time";
    private const string LeaveAlone = "leave me alone for 15 minutes";

    // Those that are waited for at the same time, so that the test need not wait for each; "410" is for good, and has a test of its own.
    private static readonly string[] s_slow = ["silence", "dripping head", "dripping", "endless", "endless in chunks"];
    private static readonly string[] s_faults = [.. s_slow, Flapping, .. Misbehaviour.Outcomes.Keys.Except([.. s_slow, "410"]), LeaveAlone];

    private readonly DateTimeOffset _start;
    private readonly RawServer _inside = new();
    private readonly List<Place> _bad = [];
    private readonly List<Place> _good = [];
    private readonly FeedsOnDisk _feeds;

    public BadHourTests()
    {
        for (var i = 0; i < Upstreams; i++)
        {
            _bad.Add(new($"bad-{i}"));
            _good.Add(new($"good-{i}"));
        }
        // Longer than a good server takes on a busy machine.
        var limits = RawServer.Patient with { Headers = TimeSpan.FromSeconds(6), Silence = TimeSpan.FromSeconds(6), Total = TimeSpan.FromSeconds(8) };
        _feeds = new() { AllowedHosts = [.. _bad.Concat(_good).Select(place => $"127.0.0.1:{place.Server.Port}")], Limits = limits };
        _start = _feeds.Clock.GetUtcNow();
        for (var i = 0; i < Upstreams; i++)
        {
            var (bad, good, number) = (_bad[i], _good[i], i);
            good.Server.Map("/feed", _ => RawServer.Answer("200 OK", "text/xml", Encoding.UTF8.GetBytes(SmallInternet.Rss([.. Titles(good)]))));
            bad.Server.Paths["/feed"] = async (request, stream, token) =>
            {
                var fault = FaultOf(number);
                bad.Asked.Enqueue((Minute, fault));
                var (body, more) = (SmallInternet.Rss([.. Titles(bad)]), SmallInternet.Rss([.. Titles(bad), "What nobody should read"]));
                if (fault is not null && fault != Flapping && fault != LeaveAlone)
                {
                    await Misbehaviour.RunAsync(fault, Encoding.UTF8.GetBytes(more), Encoding.UTF8.GetBytes(SmallInternet.Rss()), _inside.Port, stream, token);
                    return;
                }
                await stream.WriteAsync(fault switch
                {
                    Flapping => RawServer.Answer("200 OK", "text/xml", Encoding.UTF8.GetBytes(body.Replace("<guid isPermaLink=\"false\">", $"<guid isPermaLink=\"false\">{bad.Asked.Count} ", StringComparison.Ordinal))),
                    LeaveAlone => RawServer.Answer("429 Too Many Requests", "text/plain", [], "Retry-After: 900"),
                    _ => RawServer.Answer("200 OK", "text/xml", Encoding.UTF8.GetBytes(body)),
                }, token);
            };
            _feeds.Define($"feed-{i}", $"title: T\nsources: [{{feed: '{bad.Server.Root}/feed'}}, {{feed: '{good.Server.Root}/feed'}}]\nfilters: [{{dedupe: [title]}}]\nschedule: {Schedule}m\n");
        }
    }

    private int Minute => (int)(_feeds.Clock.GetUtcNow() - _start).TotalMinutes;

    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        foreach (var place in _bad.Concat(_good)) await place.Server.DisposeAsync();
        await _inside.DisposeAsync();
    }

    [Fact]
    public async Task An_hour_of_bad_upstreams_loses_and_doubles_nothing_and_leaves_them_alone_as_they_fail()
    {
        var definitions = _feeds.Get<Definitions>();
        definitions.ReloadAll();
        var next = Enumerable.Repeat(0, Upstreams).ToArray();
        var known = Enumerable.Range(0, Upstreams).Select(_ => new Dictionary<string, string>()).ToArray();
        for (; Minute < Hour + 30; _feeds.Clock.Advance(TimeSpan.FromMinutes(1)))
        {
            await Task.WhenAll(Enumerable.Range(0, Upstreams).Where(i => Minute % Schedule == 0 || Minute >= next[i]).Select(RunAsync));
        }

        async Task RunAsync(int i)
        {
            var (bad, asked, fault) = (_bad[i], _bad[i].Asked.Count, FaultOf(i));
            var report = await _feeds.Get<FeedPublisher>().PublishAsync(definitions.Find($"feed-{i}")!, CancellationToken.None);
            next[i] = report.RunAgain is { } again ? (int)Math.Ceiling((again - _start).TotalMinutes) : int.MaxValue;
            Assert.False(report.KeptLastGood);
            if (fault is not null && Misbehaviour.Outcomes.ContainsKey(fault) && bad.Asked.Count > asked) Misbehaviour.AssertOutcome(fault, report.Problems.Where(problem => problem.StartsWith(bad.Server.Root, StringComparison.Ordinal)), $"{bad.Server.Root}/feed");

            var entries = await _feeds.EntriesAsync($"feed-{i}");
            Assert.Equal(entries.Select(entry => entry.Title).Distinct(), entries.Select(entry => entry.Title));
            foreach (var entry in entries) known[i].TryAdd(entry.Title, entry.Id);
            // What was once there stays, under the id that it had.
            Assert.Equal(known[i].OrderBy(one => one.Key), entries.ToDictionary(entry => entry.Title, entry => entry.Id).OrderBy(one => one.Key));
            // Of the good one beside it everything is there soon, whatever the other does; a busy machine may be late once.
            Assert.Empty(Titles(_good[i], Minute - Patience).Except(known[i].Keys));
        }

        for (var i = 0; i < Upstreams; i++)
        {
            Assert.Equal(Titles(_bad[i]).Concat(Titles(_good[i])).Order(StringComparer.Ordinal), known[i].Keys.Order(StringComparer.Ordinal));
            AssertLeftAlone(_bad[i]);
        }
        Assert.Empty(s_faults.Except(_bad.SelectMany(place => place.Asked).Select(look => look.Fault)));
        Assert.Equal(0, _inside.Connections);
    }

    /// <summary>A minute, then two, then four, as it goes on failing; or for as long as it asked for.</summary>
    private static void AssertLeftAlone(Place bad)
    {
        var failures = 0;
        var looks = bad.Asked.Distinct().ToList();
        foreach (var (look, after) in looks.Zip(looks.Skip(1)))
        {
            var failed = look.Fault is not null and not Flapping and not "no items";
            failures = failed ? failures + 1 : 0;
            var silence = look.Fault == LeaveAlone ? 15 : look.Fault is "429" or "503" ? 1 : failed ? 1 << (failures - 1) : 0;
            Assert.True(after.Minute - look.Minute >= silence, $"{bad.Name}: {look.Fault} in minute {look.Minute}, asked again in minute {after.Minute}");
        }
    }

    /// <summary>How an upstream is bad at this moment: good for a while, then one fault after the other with a good while after each, and good at the end.</summary>
    private string? FaultOf(int upstream)
    {
        var phase = Minute / Phase;
        return Minute < Hour && phase % 2 == 1 && s_faults.ElementAtOrDefault(((phase / 2) * Upstreams) + upstream) is { } fault ? fault : null;
    }

    /// <summary>One article more every ten minutes.</summary>
    private List<string> Titles(Place place, int? minute = null) => [.. Enumerable.Range(0, (Math.Min(minute ?? Minute, Hour) + 10) / 10).Select(i => string.Create(CultureInfo.InvariantCulture, $"{place.Name} article {i}"))];

    private sealed record Place(string Name)
    {
        public RawServer Server { get; } = new();

        /// <summary>When it was asked, and how bad it was then.</summary>
        public ConcurrentQueue<(int Minute, string? Fault)> Asked { get; } = new();
    }
}
