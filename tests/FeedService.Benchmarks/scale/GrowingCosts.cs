using System.Globalization;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Documents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeedService.Benchmarks.Scale;

/// <summary>How costs grow: the same figures at 1 %, 10 % and 100 % of a number of feeds, or of articles where there is one feed.</summary>
internal static class GrowingCosts
{
    private const int Interval = 900;

    // With those before that do not count, a hundred: as many as there are feeds at the smallest size.
    private const int Changes = 70;

    private static readonly TimeSpan s_load = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(ScaleOptions options)
    {
        Console.WriteLine("Times are p50 / p99 in ms, then CPU ms each. Start: seconds to the first answer, CPU s, memory then; then seconds and CPU s until every feed has run, and memory.");
        Console.WriteLine("| articles | feeds | import/s | import/CPU s | newest 50 | run, no change | run, one change | start | all have run | requests/s | CPU us a request | store MB |");
        Console.WriteLine("|-|-|-|-|-|-|-|-|-|-|-|-|");
        var feeds = 0;
        foreach (var share in new[] { 100, 10, 1 })
        {
            var wanted = Math.Max(1, options.Feeds / share);
            var perFeed = (int)(options.Articles / options.Feeds) / (options.Feeds == 1 ? share : 1);
            var store = await StoreAsync(options, options.Feeds == 1 ? 0 : feeds, feeds = wanted, perFeed);
            var (service, schedule) = await ServeAsync(options, feeds, perFeed, measureSchedule: share == 1 && options.Schedule > 0);
            var size = await options.SizeAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {(long)feeds * perFeed:N0} | {feeds:N0} | {store} | {service} | {size >> 20:N0} |"));
            if (schedule.Length > 0) Console.WriteLine(schedule);
        }
        await options.DropAsync();
    }

    /// <summary>What the store and runs cost, in this process.</summary>
    private static async Task<string> StoreAsync(ScaleOptions options, int from, int to, int perFeed)
    {
        for (var feed = from; feed < to; feed++)
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(options.FeedsFolder, ScaleFeeds.Name(feed))).FullName, DefinitionLoader.FileName), ScaleFeeds.Definition(feed));
        await using var services = Services(options);
        var (store, publisher, definitions, inbox) =
            (services.GetRequiredService<IArticleStore>(), services.GetRequiredService<FeedPublisher>(), services.GetRequiredService<Definitions>(), services.GetRequiredService<Inbox>());
        Tell(0, "definitions");
        definitions.ReloadAll();
        await store.OpenAsync(default);
        var import = new ScaleImport(store, publisher, definitions);
        var rate = await import.ArticlesAsync(from, to, perFeed, feed => Tell(feed, "importing"));
        await import.DocumentsAsync(from, to, feed => Tell(feed, "documents"));

        Tell(0, "reading and running");
        var random = new Random(1);
        var newest = await Timing.OfAsync(2000, async _ =>
        {
            var articles = await store.NewestAsync(ScaleFeeds.Name(random.Next(to)), DateTimeOffset.MaxValue, 50, default);
            if (articles.Count != Math.Min(50, perFeed)) throw new InvalidOperationException($"{articles.Count} articles came back.");
        });
        var nothing = await Timing.OfAsync(300, async _ => Expect(0, await RunAsync(random.Next(to))));
        // Each another one where there are as many: those that change are few, and of what they publish nothing is at hand.
        var chosen = Enumerable.Range(0, to).ToArray();
        random.Shuffle(chosen);
        // Of this size: what the feeds say already was changed at another.
        var revision = to * 1000;
        int Chosen(int i) => chosen[(i + Timing.WarmUp(Changes)) % to];
        var change = await Timing.OfAsync(Changes, i => PushAsync(inbox, Chosen(i), perFeed, ++revision), async i => Expect(1, await RunAsync(Chosen(i))));
        return string.Create(CultureInfo.InvariantCulture, $"{rate.PerSecond:N0} | {rate.PerProcessorSecond:N0} | {newest} | {nothing} | {change}");

        Task<PublicationReport> RunAsync(int feed) => publisher.PublishAsync(definitions.Find(ScaleFeeds.Name(feed))!, default);

        static void Expect(int changed, PublicationReport report)
        {
            if (report.Changed != changed || report.Documents.Count > 0 != changed > 0 || report.Problems.Count > 0)
                throw new InvalidOperationException($"{report.Feed}: {report.Changed} changed, {string.Join(' ', report.Documents)}; {string.Join(' ', report.Problems)}");
        }
    }

    /// <summary>What the program itself costs.</summary>
    private static async Task<(string Row, string Schedule)> ServeAsync(ScaleOptions options, int feeds, int perFeed, bool measureSchedule)
    {
        Tell(0, "starting");
        await using var service = new ServiceProcess(options);
        await service.AnsweredAsync(0);
        var start = string.Create(CultureInfo.InvariantCulture, $"{service.Elapsed.TotalSeconds:0.00}, {service.Processor.TotalSeconds:0.00}, {service.Memory >> 20} MB");
        for (var runs = 0L; runs < feeds; (runs, _) = await service.RunsAsync())
        {
            Tell((int)runs, "first runs");
            await Task.Delay(1000);
        }
        var all = string.Create(CultureInfo.InvariantCulture, $"{service.Elapsed.TotalSeconds:0}, {service.Processor.TotalSeconds:0.0}, {service.Memory >> 20} MB");
        Tell(0, "requests");
        var (requests, processor) = await service.LoadAsync(feeds, s_load);
        var row = string.Create(CultureInfo.InvariantCulture, $"{start} | {all} | {requests:N0} | {processor:0}");
        return (row, measureSchedule ? await ScheduleAsync(options, service, feeds, perFeed) : "");
    }

    /// <summary>Pushes a change to 1 % of the feeds, and lets the schedule find it.</summary>
    private static async Task<string> ScheduleAsync(ScaleOptions options, ServiceProcess service, int feeds, int perFeed)
    {
        await using (var services = Services(options))
        {
            var random = new Random(2);
            for (var i = 0; i < feeds / 100; i++) await PushAsync(services.GetRequiredService<Inbox>(), random.Next(feeds), perFeed, -1 - i);
        }
        var (before, spent, began) = (await service.RunsAsync(), service.Processor, service.Elapsed);
        for (var second = 0; second < options.Schedule; second++)
        {
            Tell(second, "seconds of the schedule");
            await Task.Delay(1000);
        }
        var seconds = (service.Elapsed - began).TotalSeconds;
        var processor = (service.Processor - spent).TotalSeconds;
        var after = await service.RunsAsync();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{feeds:N0} feeds every {Interval / 60} minutes, 1 % of them changed: {after.All - before.All:N0} runs, {after.Changed - before.Changed} with a change, in {seconds:0} s took {processor:0.0} s of CPU: {processor / seconds:0.0 %} of a core; {service.Memory >> 20} MB");
    }

    private static async Task PushAsync(Inbox inbox, int feed, int perFeed, int revision)
    {
        var pushed = await inbox.ReplaceAsync(ScaleFeeds.Name(feed), ScaleFeeds.Key(perFeed), new Document(ScaleFeeds.Article(feed, perFeed, revision)), default);
        if (pushed.Outcome != PushOutcome.Done) throw new InvalidOperationException($"{feed}: {pushed.Outcome}");
    }

    private static ServiceProvider Services(ScaleOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        ServiceHost.AddPublishing(services, options.Settings());
        return services.BuildServiceProvider();
    }

    private static void Tell(int done, string what)
    {
        if (done % 100 == 0 && !Console.IsErrorRedirected) Console.Error.Write($"\r{done,8:N0} {what,-30}");
    }
}
