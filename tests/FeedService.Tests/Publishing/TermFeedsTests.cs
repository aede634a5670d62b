using System.Xml.Linq;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Tests.Publishing;

public sealed class TermFeedsTests : IAsyncLifetime
{
    private const string Feed = "harbour";
    private const string Definition = "title: Harbour News\ndescription: What moves.\nsources: [{folder: articles}]\npublish: {items: 3}\n";
    private readonly FeedsOnDisk _disk = new();

    public Task InitializeAsync()
    {
        _disk.Define(Feed, Definition);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _disk.DisposeAsync();

    [Fact]
    public async Task A_category_and_an_author_have_feeds_of_their_articles()
    {
        Write(1, "tags: [Shipping, Tides]\nauthor: Ada Quay");
        Write(2, "tags: [tides]\nauthor: Ben Boat");
        var report = await _disk.PublishAsync(Feed);
        Assert.Equal(["Shipping", "Tides", "Ada Quay", "Ben Boat"], (await TermsAsync()).Select(term => term.Name).OrderBy(name => name.Contains(' ', StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal));
        Assert.Equal(["Ship 2", "Ship 1"], await TitlesAsync("tags/tides"));
        Assert.Equal(["Ship 1"], await TitlesAsync("tags/shipping"));
        Assert.Equal(["Ship 2"], await TitlesAsync("authors/ben-boat"));
        Assert.Contains("tags/tides.json", report.Documents);
        var atom = XDocument.Parse(await _disk.TextAsync(Feed, "tags/tides.atom")).Root!;
        Assert.Equal("Harbour News: Tides", atom.Element(FeedsOnDisk.Atom + "title")!.Value);
        Assert.NotEqual(XDocument.Parse(await _disk.TextAsync(Feed, "atom")).Root!.Element(FeedsOnDisk.Atom + "id")!.Value, atom.Element(FeedsOnDisk.Atom + "id")!.Value);
        Assert.Contains("https://feeds.example/feeds/harbour/tags/tides.atom", atom.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_categorys_feed_has_its_newest_of_all_the_history()
    {
        for (var i = 1; i <= 20; i++)
            Write(i, i <= 5 ? "tags: [Tides]" : "tags: [Cranes]");
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 5", "Ship 4", "Ship 3"], await TitlesAsync("tags/tides"));
        Write(2, "tags: [Tides]", "Ship 2 again");
        Write(4, "tags: [Cranes]");
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 5", "Ship 3", "Ship 2 again"], await TitlesAsync("tags/tides"));
    }

    [Fact]
    public async Task An_article_that_comes_late_with_an_old_date_is_not_passed_over()
    {
        for (var i = 2; i <= 20; i++)
            Write(i, "tags: [Tides]");
        await _disk.PublishAsync(Feed);
        Write(1, "tags: [Tides]");
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 20", "Ship 19", "Ship 18", "Ship 1"], await TitlesAsync("tags/tides"));
        // As in the feed itself it stands there until a page of the archive has it.
        for (var i = 21; i <= 24; i++)
        {
            Write(i, "tags: [Cranes]");
            await _disk.PublishAsync(Feed);
        }
        Assert.Equal(["Ship 20", "Ship 19", "Ship 18"], await TitlesAsync("tags/tides"));
    }

    [Fact]
    public async Task Only_feeds_that_an_article_touches_are_made_again()
    {
        Write(1, "tags: [Tides]");
        Write(2, "tags: [Cranes]");
        await _disk.PublishAsync(Feed);
        Write(2, "tags: [Cranes]", "Ship 2 again");
        var report = await _disk.PublishAsync(Feed);
        Assert.Equal(["atom", "json", "rss", "tags/cranes.atom", "tags/cranes.json", "tags/cranes.rss"], report.Documents.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_category_that_nothing_has_any_more_ends_and_comes_back_at_its_address()
    {
        Write(1, "tags: [Tides]");
        Write(2, "tags: [Cranes]");
        await _disk.PublishAsync(Feed);
        Write(1, "tags: [Cranes]");
        await _disk.PublishAsync(Feed);
        Assert.Equal(["tags/cranes"], (await TermsAsync()).Select(term => term.Path));
        Assert.Null(await _disk.Store.FindSnapshotAsync(Feed, "tags/tides.rss", default));
        Write(1, "tags: [TIDES]");
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 1"], await TitlesAsync("tags/tides"));
    }

    [Fact]
    public async Task An_article_of_the_future_comes_into_its_categorys_feed_when_it_is_due()
    {
        var due = _disk.Clock.GetUtcNow() + TimeSpan.FromHours(5);
        Write(1, "tags: [Tides]");
        _disk.Write(Feed, "regatta.md", $"---\ndate: {due:yyyy-MM-ddTHH:mm:ssZ}\ntags: [Tides]\n---\n# Regatta\n\nTwelve boats.\n");
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 1"], await TitlesAsync("tags/tides"));
        _disk.Clock.Set(due);
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Regatta", "Ship 1"], await TitlesAsync("tags/tides"));
    }

    [Fact]
    public async Task Names_that_come_to_one_address_are_told_apart_and_keep_theirs()
    {
        Write(1, "tags: [C]");
        await _disk.PublishAsync(Feed);
        Write(2, "tags: [C++, 'C#', '🚢', Łódź]");
        await _disk.PublishAsync(Feed);
        var paths = (await TermsAsync()).ToDictionary(term => term.Name, term => term.Path);
        Assert.Equal(("tags/c", "tags/lodz"), (paths["C"], paths["Łódź"]));
        Assert.Matches("^tags/c-[0-9a-f]{6}$", paths["C++"]);
        Assert.Matches("^tags/[0-9a-f]{6}$", paths["🚢"]);
        Assert.Equal(5, paths.Values.Distinct().Count());
        _disk.Delete(Feed, "ship-001.md");
        Write(2, "tags: [C++]", "Ship 2 again");
        await _disk.PublishAsync(Feed);
        Assert.Equal(paths["C++"], Assert.Single(await TermsAsync()).Path);
    }

    [Fact]
    public async Task The_most_used_categories_have_feeds_the_others_do_not()
    {
        for (var i = 0; i < TermFeeds.Most + 5; i++)
            Write(i, $"tags: [often, topic-{i:000}]");
        await _disk.PublishAsync(Feed);
        var terms = await TermsAsync();
        Assert.Equal((TermFeeds.Most, "tags/often"), (terms.Count, terms[0].Path));
        Assert.Null(await _disk.Store.FindSnapshotAsync(Feed, "tags/topic-104.rss", default));
        // One more article brings a topic up, and another one makes way.
        Write(200, "tags: [topic-104]");
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 200", "Ship 104"], await TitlesAsync("tags/topic-104"));
        Assert.Null(await _disk.Store.FindSnapshotAsync(Feed, "tags/topic-098.rss", default));
    }

    [Fact]
    public async Task A_store_of_an_earlier_version_gets_them_with_its_next_run()
    {
        Write(1, "tags: [Tides]");
        await _disk.PublishAsync(Feed);
        var state = (await _disk.Store.FindFeedAsync(Feed, default))!;
        await _disk.Store.CommitAsync(new(Feed) { ExpectedVersion = state.Version, State = state with { Terms = [], TermsRevision = 0 }, Articles = await _disk.Store.BySequenceAsync(Feed, 0, 9, default), RemovedSnapshots = ["tags/tides.atom"] }, default);
        Assert.Empty(await _disk.Store.TermsAsync(Feed, 9, default));
        await _disk.PublishAsync(Feed);
        Assert.Equal(["Ship 1"], await TitlesAsync("tags/tides"));
    }

    private async Task<IReadOnlyList<StoredTerm>> TermsAsync() => (await _disk.Store.FindFeedAsync(Feed, default))!.Terms;

    private async Task<IEnumerable<string>> TitlesAsync(string path) =>
        XDocument.Parse(await _disk.TextAsync(Feed, $"{path}.atom")).Root!.Elements(FeedsOnDisk.Atom + "entry").Select(entry => entry.Element(FeedsOnDisk.Atom + "title")!.Value);

    private void Write(int number, string frontMatter, string? title = null) => _disk.Write(
        Feed, $"ship-{number:000}.md", $"---\ndate: {new DateTime(2025, 1, 1).AddHours(number):yyyy-MM-ddTHH:mm:ssZ}\n{frontMatter}\n---\n# {title ?? $"Ship {number}"}\n\nIt is number {number}.\n",
        _disk.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
}
