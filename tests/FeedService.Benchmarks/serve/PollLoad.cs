using System.Globalization;

namespace FeedService.Benchmarks.Serve;

/// <summary>Thousands of readers poll with conditional requests while their feeds are republished.</summary>
internal static class PollLoad
{
    private const double TailGoal = 5;
    private const double GrowthGoal = 1.15;
    private static readonly string[] s_formats = ["rss", "atom", "json"];
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(PollOptions options)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) };
        using var client = new HttpClient(handler) { BaseAddress = options.Url, Timeout = TimeSpan.FromSeconds(30) };
        var result = new PollResult();
        // One in five takes the bytes as they are, and two in five open a connection for each poll, as many readers do.
        var readers = Enumerable.Range(0, options.Readers)
            .Select(i => new PollReader(client, i % options.Feeds, s_formats[i / options.Feeds % s_formats.Length], gzip: i % 5 != 0, keepsConnection: i % 5 > 1)).ToList();
        await PollAsync(readers, result, options.Interval, until: options.Interval * 2);
        result.EndWarmUp();

        using var done = new CancellationTokenSource();
        var republishing = RepublishAsync(options, done.Token);
        var watching = WatchAsync(options.Server, result, done.Token);
        await PollAsync(readers, result, options.Interval, options.Length);
        await done.CancelAsync();
        await watching;
        return result.Report(await republishing, TailGoal, GrowthGoal) ? 0 : 1;
    }

    private static Task PollAsync(IEnumerable<PollReader> readers, PollResult result, TimeSpan interval, TimeSpan until)
    {
        var end = DateTimeOffset.UtcNow + until;
        return Task.WhenAll(readers.Select(async (reader, i) =>
        {
            var random = new Random(i);
            await Task.Delay(random.NextDouble() * interval);
            for (; DateTimeOffset.UtcNow < end; await Task.Delay((0.8 + (0.4 * random.NextDouble())) * interval)) await reader.AskAsync(result, CancellationToken.None);
        }));
    }

    // A few feeds a second get a new version of an article.
    private static async Task<int> RepublishAsync(PollOptions options, CancellationToken cancellationToken)
    {
        const int feedsEachSecond = 5;
        using var timer = new PeriodicTimer(s_second);
        var changes = 0;
        while (await TickAsync(timer, cancellationToken))
        {
            for (var i = 0; i < feedsEachSecond; i++, changes++)
            {
                var articles = Path.Combine(options.Folder, PollOptions.Slug(changes % options.Feeds), "articles");
                var text = await File.ReadAllTextAsync(Path.Combine(articles, "2026-01-01-report-0.md"), CancellationToken.None);
                var next = 2 + (changes / options.Feeds);
                // Written beside and moved, so that it is whole at once.
                var draft = Path.Combine(options.Folder, ".draft");
                await File.WriteAllTextAsync(draft, text.Replace($"revision {next - 1}", $"revision {next}", StringComparison.Ordinal), CancellationToken.None);
                File.Move(draft, Path.Combine(articles, "2026-01-01-report-0.md"), overwrite: true);
            }
        }
        return changes;
    }

    private static async Task WatchAsync(int server, PollResult result, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_second);
        while (await TickAsync(timer, cancellationToken))
        {
            var line = (await File.ReadAllLinesAsync($"/proc/{server}/status", CancellationToken.None)).First(each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
            result.Memory(double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
