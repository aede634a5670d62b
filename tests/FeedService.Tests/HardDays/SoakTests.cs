using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FeedService.Tests.Cli;

namespace FeedService.Tests.HardDays;

/// <summary>
/// Days in seconds: feeds that are due every second, articles that come and go, readers that poll; what the process holds stays level.
/// FEEDSERVICE_SOAK_SECONDS says for how long; tests/soak runs the long form.
/// </summary>
public sealed partial class SoakTests : IDisposable
{
    private const int Feeds = 20;
    private const int Readers = 4;

    // What a busy machine's pool of threads and connections may differ by; what is lost in each run is more by far.
    private const int Slack = 20;
    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Memory_handles_and_threads_stay_level_over_many_runs_and_polls()
    {
        var isLong = int.TryParse(Environment.GetEnvironmentVariable("FEEDSERVICE_SOAK_SECONDS"), out var seconds);
        if (!isLong) seconds = 15;
        for (var feed = 0; feed < Feeds; feed++)
        {
            _program.Write($"feeds/feed-{feed}/feed.yaml", $"title: Feed {feed}\nsources: [{{folder: articles}}]\nschedule: 1s\n");
            for (var article = 0; article < 5; article++) Write(feed, article, 0);
        }
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{FreePort.Find()}") };
        var service = PushKillTests.Discard(_program.Start(new Dictionary<string, string>(), "serve", "--urls", client.BaseAddress.AbsoluteUri));
        await Eventually.HoldsAsync(async () =>
        {
            for (var feed = 0; feed < Feeds; feed++) (await client.GetAsync($"/feeds/feed-{feed}.rss")).EnsureSuccessStatusCode();
        });

        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var polls = Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => PollAsync(client, reader, over.Token)));
        var samples = new List<(double Memory, double Handles, double Threads)>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var round = 1; !over.IsCancellationRequested; round++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            Write(round % Feeds, round % 7, round);
            service.Refresh();
            samples.Add((service.WorkingSet64, service.HandleCount, service.Threads.Count));
        }

        var answers = (await polls).Aggregate((Full: 0, NotModified: 0), (sum, one) => (sum.Full + one.Full, sum.NotModified + one.NotModified));
        var runs = 0L;
        // A busy machine takes longer for as many.
        await Eventually.HoldsAsync(async () =>
        {
            runs = Runs().Matches(await client.GetStringAsync("/metrics")).Sum(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            Assert.True(runs >= Feeds * 3, $"{runs} runs");
        });
        // The beginning fills caches and compiles.
        var level = samples.Skip(samples.Count / 3).ToList();
        var (first, second) = (level.Take(level.Count / 2).ToList(), level.Skip(level.Count / 2).ToList());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{seconds} s, {runs} runs, {answers.Full} full answers and {answers.NotModified} without change: {Median(first, s => s.Memory) / 1e6:0} to {Median(second, s => s.Memory) / 1e6:0} MB, {Median(first, s => s.Handles)} to {Median(second, s => s.Handles)} handles, {Median(first, s => s.Threads)} to {Median(second, s => s.Threads)} threads"));
        Console.WriteLine($"MB by tenths: {string.Join(' ', samples.Chunk(Math.Max(1, samples.Count / 10)).Select(part => (Median([.. part], s => s.Memory) / 1e6).ToString("0", CultureInfo.InvariantCulture)))}");
        Assert.True(answers is { Full: > 0, NotModified: > 0 });
        Assert.InRange(Median(second, s => s.Memory), 0, Median(first, s => s.Memory) * (isLong ? 1.02 : 1.25));
        Assert.InRange(Median(second, s => s.Handles), 0, Median(first, s => s.Handles) + Slack);
        Assert.InRange(Median(second, s => s.Threads), 0, Median(first, s => s.Threads) + Slack);
    }

    private static async Task<(int Full, int NotModified)> PollAsync(HttpClient client, int reader, CancellationToken cancellationToken)
    {
        var (full, unchanged) = (0, 0);
        var seen = new Dictionary<string, EntityTagHeaderValue>();
        for (var poll = reader; !cancellationToken.IsCancellationRequested; poll++)
        {
            var path = $"/feeds/feed-{poll % Feeds}.{(poll % 3) switch { 0 => "rss", 1 => "atom", _ => "json" }}";
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "User-Agent", $"Reader/{reader}" } } };
            if (seen.TryGetValue(path, out var tag)) request.Headers.IfNoneMatch.Add(tag);
            using var answer = await client.SendAsync(request, CancellationToken.None);
            if (answer.StatusCode == HttpStatusCode.NotModified) unchanged++;
            else
            {
                answer.EnsureSuccessStatusCode();
                seen[path] = answer.Headers.ETag!;
                full++;
            }
            await Task.Delay(5, CancellationToken.None);
        }
        return (full, unchanged);
    }

    private void Write(int feed, int article, int version)
    {
        var draft = _program.Write("draft", $"# Article {article}\n\nVersion {version} of it.\n");
        File.SetLastWriteTimeUtc(draft, DateTime.UtcNow.AddMinutes(-5));
        var folder = Directory.CreateDirectory(Path.Combine(_program.Folder, $"feeds/feed-{feed}/articles")).FullName;
        File.Move(draft, Path.Combine(folder, $"2026-01-0{article + 1}-a.md"), overwrite: true);
    }

    private static double Median<T>(List<T> samples, Func<T, double> of) => samples.Select(of).Order().ElementAt(samples.Count / 2);

    [GeneratedRegex(@"^feedservice_publications_total\{[^}]*\} (\d+)", RegexOptions.Multiline)]
    private static partial Regex Runs();
}
