using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Tests.Publishing;

/// <summary>A feed of three articles, so that a short history fills many pages.</summary>
public sealed class ArchiveTests : IAsyncLifetime
{
    private const string Feed = "harbour";
    private const string Definition = "title: Harbour News\ndescription: What moves.\nsources: [{folder: articles}]\npublish: {items: 3}\n";
    private static readonly XNamespace s_tombstones = "http://purl.org/atompub/tombstones/1.0";
    private static readonly XNamespace s_history = "http://purl.org/syndication/history/1.0";
    private FeedsOnDisk _disk = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _disk.DisposeAsync();

    [Fact]
    public void The_walk_from_the_feed_gives_the_present_and_closed_pages_never_change() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Run(seed).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    private async Task Run(int seed)
    {
        await _disk.DisposeAsync();
        _disk = new FeedsOnDisk();
        _disk.Define(Feed, Definition);
        var random = new Random(seed);
        var articles = new Dictionary<int, (string Title, DateTimeOffset Due, bool Draft)>();
        var closed = new Dictionary<string, byte[]>();
        var written = 0;
        for (var run = 0; run < 14; run++)
        {
            // A long history at once, a few changes, or none.
            var changes = run == 0 ? random.Next(0, 40) : random.Next(0, 6);
            for (var i = 0; i < changes; i++)
            {
                var number = random.Next(3) == 0 || articles.Count == 0 ? ++written : articles.Keys.ElementAt(random.Next(articles.Count));
                if (articles.ContainsKey(number) && random.Next(3) == 0)
                {
                    articles.Remove(number);
                    _disk.Delete(Feed, Name(number));
                    continue;
                }

                var due = articles.TryGetValue(number, out var before) ? before.Due : Whole(_disk.Clock.GetUtcNow() + TimeSpan.FromMinutes(random.Next(-100_000, 120)));
                var article = articles[number] = ($"Ship {number}, told {run} {i}", due, Draft: random.Next(8) == 0);
                _disk.Write(Feed, Name(number), $"---\ndate: {due:yyyy-MM-ddTHH:mm:ssZ}\ndraft: {(article.Draft ? "true" : "false")}\n---\n# {article.Title}\n\nIt is number {number}.\n",
                    _disk.Clock.GetUtcNow() - TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(i));
            }

            if (random.Next(6) == 0) await _disk.RestartAsync();
            await _disk.PublishAsync(Feed);
            var pages = (await _disk.Store.FindFeedAsync(Feed, default))!.Archive.Pages;
            foreach (var name in from number in Enumerable.Range(1, (int)pages) from format in new[] { "rss", "atom", "json" } select $"archive/{number}.{format}")
            {
                var bytes = await _disk.BytesAsync(Feed, name);
                if (!closed.TryAdd(name, bytes)) Assert.Equal(closed[name], bytes);
            }

            var now = _disk.Clock.GetUtcNow();
            var present = articles.Values.Where(a => !a.Draft && a.Due <= now).Select(a => a.Title).Order(StringComparer.Ordinal);
            if ((await _disk.Store.ListSnapshotsAsync(Feed, default)).Count == 0)
            {
                Assert.Empty(present);
                continue;
            }
            Assert.Equal(present, (await WalkAtomAsync()).Order(StringComparer.Ordinal));
            // RSS and JSON Feed have no word for what is gone.
            Assert.Empty(present.Except(await WalkAsync("rss", Rss)));
            Assert.Empty(present.Except(await WalkAsync("json", Json)));
        }
    }

    /// <summary>What a reader has in the end that follows prev-archive: of each article the newest, unless a newer document says that it is gone.</summary>
    private async Task<IEnumerable<string>> WalkAtomAsync()
    {
        var told = new Dictionary<string, string?>();
        string? name = "atom", before = null;
        while (name is not null)
        {
            var feed = XDocument.Parse(await _disk.TextAsync(Feed, name)).Root!;
            Assert.Equal(before is not null, feed.Element(s_history + "archive") is not null);
            Assert.Equal($"https://feeds.example/feeds/{Feed}{(before is null ? "." : "/")}{name}", Link(feed, "self"));
            Assert.Equal(before is null ? null : $"https://feeds.example/feeds/{Feed}.atom", Link(feed, "current"));
            // The newest page names the one that is not closed yet.
            if (before is not null and not "atom") Assert.Equal(before, NameOf(Link(feed, "next-archive")));
            foreach (var entry in feed.Elements(FeedsOnDisk.Atom + "entry"))
                told.TryAdd(entry.Element(FeedsOnDisk.Atom + "id")!.Value, entry.Element(FeedsOnDisk.Atom + "title")!.Value);
            foreach (var gone in feed.Elements(s_tombstones + "deleted-entry"))
                told.TryAdd(gone.Attribute("ref")!.Value, null);
            (before, name) = (name, NameOf(Link(feed, "prev-archive")));
        }
        return told.Values.OfType<string>();
    }

    private async Task<IReadOnlyCollection<string>> WalkAsync(string format, Func<string, (IEnumerable<(string Id, string Title)> Articles, string? Next)> read)
    {
        var told = new Dictionary<string, string>();
        var visited = new HashSet<string>();
        for (string? name = format; name is not null;)
        {
            Assert.True(visited.Add(name), "The walk goes round in a circle.");
            var (articles, next) = read(await _disk.TextAsync(Feed, name));
            foreach (var (id, title) in articles) told.TryAdd(id, title);
            name = NameOf(next);
        }
        return told.Values;
    }

    private static (IEnumerable<(string, string)>, string?) Rss(string text)
    {
        var channel = XDocument.Parse(text).Root!.Element("channel")!;
        return (channel.Elements("item").Select(item => (item.Element("guid")!.Value, item.Element("title")!.Value)), Link(channel, "prev-archive"));
    }

    private static (IEnumerable<(string, string)>, string?) Json(string text)
    {
        var feed = JsonDocument.Parse(text).RootElement;
        return (
            feed.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("id").GetString()!, item.GetProperty("title").GetString()!)),
            feed.TryGetProperty("next_url", out var next) ? next.GetString() : null);
    }

    [Fact]
    public async Task A_feed_that_holds_all_its_articles_has_no_archive()
    {
        await PublishAsync(1, 3);
        Assert.Equal(0, (await _disk.Store.FindFeedAsync(Feed, default))!.Archive.Pages);
        Assert.DoesNotContain("archive", await _disk.TextAsync(Feed, "atom"), StringComparison.Ordinal);
        Assert.DoesNotContain("next_url", await _disk.TextAsync(Feed, "json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_article_of_the_archive_is_told_again_by_the_feed_and_its_page_stays()
    {
        await PublishAsync(1, 8);
        var (pages, first) = ((await _disk.Store.FindFeedAsync(Feed, default))!.Archive.Pages, await _disk.TextAsync(Feed, "archive/1.atom"));
        Assert.Contains("<title>Ship 1<", first, StringComparison.Ordinal);
        _disk.Write(Feed, Name(1), "# Ship 1 is back\n\nIt turned round.\n", _disk.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 8", "Ship 7", "Ship 6", "Ship 1 is back"], (await _disk.EntriesAsync(Feed)).Select(e => e.Title));
        Assert.Equal(pages, (await _disk.Store.FindFeedAsync(Feed, default))!.Archive.Pages);
        Assert.Equal(first, await _disk.TextAsync(Feed, "archive/1.atom"));
    }

    [Fact]
    public async Task A_long_history_fills_the_archive_at_once_and_the_feed_holds_its_newest_only()
    {
        await PublishAsync(1, 100);
        Assert.Equal(["Ship 100", "Ship 99", "Ship 98"], (await _disk.EntriesAsync(Feed)).Select(e => e.Title));
        Assert.Equal(100, (await WalkAtomAsync()).Count());
        Assert.InRange((await _disk.Store.FindFeedAsync(Feed, default))!.Archive.Pages, 32, 34);
    }

    [Fact]
    public async Task A_run_that_was_cut_off_between_pages_is_made_up_for()
    {
        await PublishAsync(1, 100);
        var state = (await _disk.Store.FindFeedAsync(Feed, default))!;
        // As a kill leaves it: some pages closed, the feed not yet put together.
        await _disk.Store.CommitAsync(new(Feed) { ExpectedVersion = state.Version, State = state with { Archive = state.Archive with { Pages = 5, Through = 15 }, RenderFingerprint = "" } }, default);
        await _disk.RestartAsync();
        await _disk.PublishAsync(Feed);
        Assert.Equal(100, (await WalkAtomAsync()).Distinct().Count());
    }

    [Fact]
    public async Task Under_a_new_public_url_all_pages_are_made_anew_once()
    {
        await PublishAsync(1, 20);
        for (var i = 1; i <= 8; i++)
        {
            _disk.Write(Feed, Name(i), $"# Ship {i} again\n\nIt turned round.\n", _disk.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
            await _disk.PublishAsync(Feed);
        }
        var before = (await _disk.Store.FindFeedAsync(Feed, default))!.Archive.Pages;
        await _disk.RestartAsync();
        _disk.PublicUrl = "https://other.example";
        await _disk.PublishAsync(Feed);
        var archive = (await _disk.Store.FindFeedAsync(Feed, default))!.Archive;
        Assert.InRange(archive.Pages, 5, before - 1);
        for (var page = 1L; page <= before; page++)
        {
            var name = $"archive/{page}.rss";
            if (page > archive.Pages) Assert.Null(await _disk.Store.FindSnapshotAsync(Feed, name, default));
            else Assert.DoesNotContain("feeds.example", await _disk.TextAsync(Feed, name), StringComparison.Ordinal);
        }
        Assert.Equal(20, (await WalkAsync("rss", Rss)).Count);
        var made = await _disk.TextAsync(Feed, "archive/1.json");
        await _disk.PublishAsync(Feed);
        Assert.Equal(made, await _disk.TextAsync(Feed, "archive/1.json"));
    }

    [Fact]
    public async Task A_feed_that_may_not_grow_closes_pages_that_fit()
    {
        _disk.Define(Feed, Definition.Replace("items: 3", "items: 50, max_size: 20kB", StringComparison.Ordinal));
        for (var i = 1; i <= 9; i++)
            _disk.Write(Feed, Name(i), $"# Ship {i}\n\n{new string('x', 4000)} {i}\n");
        await _disk.PublishAsync(Feed);
        Assert.Equal(9, (await WalkAtomAsync()).Count());
        Assert.All(["atom", "archive/1.atom", "archive/1.rss"], name => Assert.InRange(_disk.BytesAsync(Feed, name).Result.Length, 4_000, 20_000));
    }

    [Fact]
    public async Task A_feed_whose_steps_choose_among_its_articles_has_no_archive()
    {
        _disk.Define(Feed, Definition + "filters: [{limit: {articles: 2}}]\n");
        await WriteAsync(1, 9);
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 9", "Ship 8"], (await _disk.EntriesAsync(Feed)).Select(e => e.Title));
        Assert.Equal(0, (await _disk.Store.FindFeedAsync(Feed, default))!.Archive.Pages);
    }

    private async Task PublishAsync(int first, int last)
    {
        _disk.Define(Feed, Definition);
        await WriteAsync(first, last);
        await _disk.PublishAsync(Feed);
    }

    private Task WriteAsync(int first, int last)
    {
        for (var i = first; i <= last; i++)
            _disk.Write(Feed, Name(i), $"---\ndate: {new DateTime(2025, 1, 1).AddHours(i):yyyy-MM-ddTHH:mm:ssZ}\n---\n# Ship {i}\n\nIt is number {i}.\n");
        return Task.CompletedTask;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"ship-{number:000}.md");

    private static DateTimeOffset Whole(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private static string? Link(XElement feed, string rel) =>
        feed.Elements(FeedsOnDisk.Atom + "link").SingleOrDefault(link => (string?)link.Attribute("rel") == rel)?.Attribute("href")!.Value;

    private static string? NameOf(string? url) => url is null ? null : url[(url.IndexOf($"/feeds/{Feed}", StringComparison.Ordinal) + $"/feeds/{Feed}/".Length)..];
}
