using System.Diagnostics;
using System.Globalization;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Benchmarks.Scale;

/// <summary>How the store's costs grow: the same figures at 1 %, 10 % and 100 % of a number of articles.</summary>
internal static class StoreScale
{
    private const int Batch = 5000;
    private static readonly DateTimeOffset _start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(ScaleOptions options)
    {
        Console.WriteLine("| articles | feeds | import/s | import/CPU s | open ms | listing ms | 10,000 items ms | newest 50 | one change | no change | store MB | process MB |");
        Console.WriteLine("|-|-|-|-|-|-|-|-|-|-|-|-|");
        var feeds = 0;
        foreach (var share in new[] { 100, 10, 1 })
        {
            var wanted = Math.Max(1, options.Feeds / share);
            var perFeed = (int)(options.Articles / options.Feeds) / (options.Feeds == 1 ? share : 1);
            var rate = await ImportAsync(options, options.Feeds == 1 ? 0 : feeds, wanted, perFeed);
            feeds = wanted;
            await MeasureAsync(options, feeds, perFeed, rate);
        }
        await options.DropAsync();
    }

    private static async Task<ImportRate> ImportAsync(ScaleOptions options, int from, int to, int perFeed)
    {
        await using var store = options.NewStore();
        await store.OpenAsync(default);
        var clock = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        var count = 0L;
        for (var feed = from; feed < to; feed++)
        {
            var name = FeedName(feed);
            var first = await store.CountAsync(name, DateTimeOffset.MaxValue, default);
            for (var done = (int)first; done < perFeed; done += Batch)
            {
                var articles = Enumerable.Range(done + 1, Math.Min(Batch, perFeed - done)).Select(number => NewArticle(feed, number)).ToList();
                var state = await store.FindFeedAsync(name, default) ?? new FeedState(name);
                await store.CommitAsync(new Publication(name)
                {
                    ExpectedVersion = state.Version,
                    State = state with { LastSequence = done + articles.Count, LastRun = _start, FiltersFingerprint = Hash(1), RenderFingerprint = Hash(2) },
                    Articles = articles,
                    Items = [.. articles.Select(article => new StoredItem(article.Source, article.Key, "2500 638412345678901234", null))],
                }, default);
                count += articles.Count;
            }
        }
        var rate = new ImportRate(count / clock.Elapsed.TotalSeconds, count / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        for (var feed = from; feed < to; feed++)
        {
            var state = (await store.FindFeedAsync(FeedName(feed), default))!;
            await store.CommitAsync(new Publication(state.Feed) { ExpectedVersion = state.Version, State = state, Snapshots = Snapshots(state.Feed, 0) }, default);
        }
        return rate;
    }

    // On a machine that does other things too, the second figure is the steadier one.
    private readonly record struct ImportRate(double PerSecond, double PerProcessorSecond);

    private static async Task MeasureAsync(ScaleOptions options, int feeds, int perFeed, ImportRate rate)
    {
        var clock = Stopwatch.StartNew();
        await using var store = options.NewStore();
        await store.OpenAsync(default);
        var open = clock.Elapsed;
        clock.Restart();
        var listed = (await store.ListFeedsAsync(default)).Count + (await store.ListSnapshotsAsync(default)).Count;
        var listing = clock.Elapsed;
        if (listed != feeds * 4) throw new InvalidOperationException($"{listed} feeds and snapshots are listed, not {feeds * 4}.");

        var random = new Random(1);
        var newest = await TimeAsync(2000, async () =>
        {
            var articles = await store.NewestAsync(FeedName(random.Next(feeds)), DateTimeOffset.MaxValue, 50, default);
            if (articles.Count != Math.Min(50, perFeed)) throw new InvalidOperationException($"{articles.Count} articles came back.");
        });
        var change = await TimeAsync(300, async () =>
        {
            var feed = random.Next(feeds);
            var name = FeedName(feed);
            var state = (await store.FindFeedAsync(name, default))!;
            var number = 1 + random.Next(perFeed);
            var lookup = new ArticleLookup { Keys = [("folder:articles", Key(number))] };
            var article = (await store.FindAsync(name, lookup, default))[0];
            await store.CommitAsync(new Publication(name)
            {
                ExpectedVersion = state.Version,
                State = state with { LastSequence = state.LastSequence + 1 },
                Articles = [article with { SeenHash = Hash(random.Next()), Sequence = state.LastSequence + 1 }],
                Items = [new StoredItem(article.Source, article.Key, $"2500 {random.Next()}", null)],
                Snapshots = Snapshots(name, random.Next()),
                Announcements = ["rss", "atom", "json"],
            }, default);
        });
        var nothing = await TimeAsync(300, async () =>
        {
            var name = FeedName(random.Next(feeds));
            var state = (await store.FindFeedAsync(name, default))!;
            await store.CommitAsync(new Publication(name) { ExpectedVersion = state.Version, State = state with { LastRun = _start.AddSeconds(random.Next()) } }, default);
        });

        var items = await ItemsAsync(store);
        GC.Collect();
        var size = await options.SizeAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {(long)feeds * perFeed:N0} | {feeds:N0} | {rate.PerSecond:N0} | {rate.PerProcessorSecond:N0} | {open.TotalMilliseconds:N0} | {listing.TotalMilliseconds:N0} | {items} | {newest} | {change} | {nothing} | {size >> 20:N0} | {Environment.WorkingSet >> 20:N0} |"));
    }

    // What a folder of 10,000 files asks for at every run.
    private static async Task<Timing> ItemsAsync(IArticleStore store)
    {
        const string Folder = "folder-of-10000";
        await store.CommitAsync(new Publication(Folder)
        {
            ExpectedVersion = 0,
            State = new FeedState(Folder),
            Items = [.. Enumerable.Range(0, 10_000).Select(number => new StoredItem("folder:articles", Key(number), "2500 638412345678901234", null))],
        }, default);
        var timing = await TimeAsync(100, async () =>
        {
            if ((await store.ItemsAsync(Folder, "folder:articles", default)).Count != 10_000) throw new InvalidOperationException("Items are missing.");
        });
        await store.DeleteFeedAsync(Folder, default);
        return timing;
    }

    private static async Task<Timing> TimeAsync(int times, Func<Task> work)
    {
        for (var i = 0; i < times / 10; i++) await work();
        var milliseconds = new double[times];
        var processor = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await work();
            milliseconds[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        processor = Environment.CpuUsage.TotalTime - processor;
        Array.Sort(milliseconds);
        return new Timing(milliseconds[times / 2], milliseconds[times * 99 / 100], processor.TotalMilliseconds / times);
    }

    /// <summary>In milliseconds; what the processor spent is the steadier figure on a machine that does other things too.</summary>
    private readonly record struct Timing(double P50, double P99, double Processor)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p50 {P50:0.00} p99 {P99:0.00} CPU {Processor:0.00}");
    }

    private static string FeedName(int feed) => $"feed-{feed:00000}";

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"2025/an-article-with-a-name-of-its-own-{number}.md");

    private static string Hash(long seed) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(seed)))[..32];

    private static readonly string _text = string.Join(
        '\n', Enumerable.Range(0, 24).Select(paragraph => $"<p>Paragraph {paragraph} of an article of ordinary length, with <a href=\"https://example.com/\">a link</a> in it.</p>"));

    private static StoredArticle NewArticle(int feed, int number)
    {
        var published = _start.AddMinutes(number).AddSeconds(feed % 60);
        var hash = Hash(((long)feed << 32) + number);
        var id = $"urn:uuid:{hash[..8]}-{hash[8..12]}-5{hash[13..16]}-8{hash[17..20]}-{hash[20..32]}";
        return new StoredArticle
        {
            Id = id,
            Source = "folder:articles",
            Key = Key(number),
            Path = string.Create(CultureInfo.InvariantCulture, $"an-article-with-a-name-of-its-own-{number}"),
            ContentHash = hash,
            SeenHash = Hash(number),
            Published = published,
            Updated = published,
            FirstSeen = published,
            Sequence = number,
            Shown = true,
            Article = new Article
            {
                Id = id,
                Title = $"An article with a name of its own, the {number}th",
                Summary = "What it says, in a sentence or two, so that a reader knows whether to go on.",
                Content = _text,
                Published = published,
                Updated = published,
                Authors = [new Person("A Writer")],
                Categories = [new Category("news"), new Category("harbour")],
            },
            DedupeKeys = [$"title:{hash[..16]}"],
        };
    }

    private static List<StoredSnapshot> Snapshots(string feed, int seed)
    {
        var bytes = new byte[40_000];
        new Random(seed).NextBytes(bytes);
        return [.. new[] { "rss", "atom", "json" }.Select(name => new StoredSnapshot(feed, name)
        {
            MediaType = "application/xml",
            Tag = Hash(seed),
            LastModified = _start,
            Length = 150_000,
            Gzip = bytes,
            Brotli = bytes.AsMemory(0, 35_000),
        })];
    }
}
