using System.Collections.Concurrent;
using System.Globalization;
using FeedService.Sources;
using FeedService.Tests.Cli;
using FeedService.Tests.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FeedService.Tests.HardDays;

/// <summary>
/// Half of the sources are dead: they take connections and never answer, or refuse them, or have no address. The other half is asked when it is its
/// time. The program itself, with the bounds that it has; tests/dead runs it. What is short enough for every test run is SlowUpstreamTests' part.
/// </summary>
[Needs(NeedsAttribute.DeadSources, "how many dead sources there shall be, beside as many good ones: 500")]
public sealed class DeadSourcesTests : IAsyncLifetime
{
    private const int Rounds = 4;
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly FeedServiceProgram _program = new();
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<DateTimeOffset>> _asked = [];
    private WebApplication _upstreams = null!;
    private int _waiting;
    private int _mostWaiting;

    public async Task InitializeAsync() => _upstreams = await SlowUpstreamTests.ListenAsync(AnswerAsync);

    public async Task DisposeAsync()
    {
        _program.Dispose();
        await _over.CancelAsync();
        await _upstreams.DisposeAsync();
        _over.Dispose();
    }

    [ConditionalFact]
    public async Task Half_of_the_sources_are_dead_and_the_other_half_is_in_time()
    {
        var half = int.Parse(Environment.GetEnvironmentVariable(NeedsAttribute.DeadSources)!, CultureInfo.InvariantCulture);
        var (port, nobody) = (new Uri(_upstreams.Urls.First()).Port, FreePort.Find());
        for (var i = 0; i < half; i++)
        {
            Define($"good-{i}", $"{Good(i)}:{port}");
            Define($"dead-{i}", (i % 4) switch
            {
                0 => $"{Address(40, i)}:{nobody}",
                1 => $"dead-{i}.invalid",
                _ => $"{Address(80, i)}:{port}",
            });
        }
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{FreePort.Find()}") };
        var service = PushKillTests.Discard(_program.Start(new Dictionary<string, string> { ["FeedService__AllowPrivateAddresses"] = "true" }, "serve", "--urls", client.BaseAddress.AbsoluteUri));
        await Eventually.HoldsAsync(async () =>
        {
            for (var i = 0; i < half; i++) (await client.GetAsync($"/feeds/good-{i}.rss")).EnsureSuccessStatusCode();
        });

        // From here on as on any day.
        foreach (var asked in _asked.Values) asked.Clear();
        var (begun, samples) = (DateTimeOffset.UtcNow, new List<(double Memory, double Handles, double Threads)>());
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (DateTimeOffset.UtcNow - begun < s_interval * Rounds)
        {
            await tick.WaitForNextTickAsync();
            service.Refresh();
            samples.Add((service.WorkingSet64, service.HandleCount, service.Threads.Count));
        }

        // Each once an interval, never later than one: as seen from the upstream, from one request to the next.
        var late = new List<TimeSpan>();
        for (var i = 0; i < half; i++)
        {
            var times = _asked[Good(i)].ToList();
            Assert.True(times.Count >= Rounds - 1, $"{Good(i)} was asked {times.Count} times");
            late.AddRange(times.Zip(times.Skip(1), (one, next) => next - one - s_interval));
        }
        late.Sort();
        var report = string.Create(CultureInfo.InvariantCulture,
            $"{half} good sources beside {half} dead ones, {late.Count} intervals: late by {late[late.Count / 2].TotalSeconds:0.0} s (median), {late[late.Count * 99 / 100].TotalSeconds:0.0} s (99 of 100), {late[^1].TotalSeconds:0.0} s (worst); at most {samples.Max(s => s.Memory) / 1e6:0} MB, {samples.Max(s => s.Handles)} handles, {samples.Max(s => s.Threads)} threads; {_mostWaiting} mute ones waited for at a time");
        Console.WriteLine(report);
        Assert.True(late[^1] < s_interval, report);
        // This side hears of those that were given up only after the next were begun.
        Assert.InRange(_mostWaiting, 1, 2 * FetchLimits.Default.Together);
        // One connection for each that answers, those that are waited for, and what the service has besides.
        Assert.True(samples.Max(s => s.Handles) < half + 600, report);
        Assert.True(samples.Max(s => s.Memory) < 500e6, report);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var address = context.Connection.LocalIpAddress!.MapToIPv4();
        if (address.GetAddressBytes()[1] == 80)
        {
            InterlockedMax(ref _mostWaiting, Interlocked.Increment(ref _waiting));
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, context.RequestAborted);
            await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _waiting);
        }
        else if (context.Request.Path == "/robots.txt")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            var asked = _asked.GetOrAdd(address.ToString(), _ => []);
            asked.Enqueue(DateTimeOffset.UtcNow);
            context.Response.ContentType = "application/rss+xml";
            await context.Response.WriteAsync(SmallInternet.Rss("Tide"));
        }
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = most; now > known; known = most) Interlocked.CompareExchange(ref most, now, known);
    }

    private static string Good(int number) => Address(2, number);

    private static string Address(int group, int number) => $"127.{group}.{number / 200}.{1 + (number % 200)}";

    private void Define(string slug, string host) =>
        _program.Write($"feeds/{slug}/feed.yaml", $"title: {slug}\nsources: [{{feed: 'http://{host}/rss'}}]\nschedule: {s_interval.TotalSeconds}s\n");
}
