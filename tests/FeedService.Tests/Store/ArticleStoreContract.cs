using System.Text.Json;
using FeedService.Store;
using static FeedService.Tests.Store.StoreSamples;

namespace FeedService.Tests.Store;

/// <summary>What every engine has to do, each on an empty database of its own.</summary>
public abstract partial class ArticleStoreContract : IAsyncLifetime
{
    private IArticleStore _store = null!;

    /// <summary>A store on the database of this test, not opened yet.</summary>
    protected abstract IArticleStore NewStore();

    protected abstract Task DropAsync();

    public virtual async Task InitializeAsync()
    {
        _store = NewStore();
        await _store.OpenAsync(default);
    }

    public virtual async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await DropAsync();
    }

    [ConditionalFact]
    public async Task An_empty_store_has_nothing()
    {
        await _store.PingAsync(default);
        Assert.Null(await _store.FindFeedAsync(Slug, default));
        Assert.Empty(await _store.ListFeedsAsync(default));
        Assert.Empty(await _store.NewestAsync(Slug, Noon, 10, default));
        Assert.Empty(await _store.BySequenceAsync(Slug, 0, 10, default));
        Assert.Empty(await _store.BacklogAsync(Slug, Noon, 10, default));
        Assert.Null(await _store.NextDueAsync(Slug, Noon, default));
        Assert.Empty(await _store.TombstonesAsync(Slug, Noon, default));
        Assert.Empty(await _store.DedupeHoldersAsync(Slug, ["url:a"], default));
        Assert.Equal(0, await _store.CountAsync(Slug, Noon, default));
        Assert.Empty(await _store.ListSnapshotsAsync(default));
        Assert.Null(await _store.FindSnapshotAsync(Slug, "rss", default));
        Assert.Empty(await _store.ItemsAsync(Slug, "folder:articles", default));
        Assert.Empty(await _store.FindAsync(Slug, new ArticleLookup { Ids = ["x"], Keys = [("a", "b")], Paths = ["c"], ContentHashes = ["d"] }, default));
    }

    [ConditionalFact]
    public async Task A_feeds_state_comes_back_as_it_was_with_the_next_version()
    {
        var state = new FeedState(Slug)
        {
            LastSequence = 7,
            FiltersFingerprint = "filters",
            RenderFingerprint = "render",
            Updated = Noon.ToOffset(TimeSpan.FromHours(1)),
            LastRun = Noon.AddTicks(1),
            LastRelease = Noon,
            Problems = ["One.", "Zwei: «ü»"],
            Sources = new Dictionary<string, SourceState>
            {
                ["feed:https://example.com/"] = new() { State = "{\"etag\":\"x\"}", Failures = 3, LastError = "404", LastSuccess = Noon, NotBefore = Noon.AddHours(1) },
            },
        };
        await _store.CommitAsync(new Publication(Slug) { ExpectedVersion = 0, State = state }, default);

        AssertSame(state with { Version = 1 }, await _store.FindFeedAsync(Slug, default));
        AssertSame(state with { Version = 1 }, Assert.Single(await _store.ListFeedsAsync(default)));

        await _store.CommitAsync(new Publication(Slug) { ExpectedVersion = 1, State = state with { LastSequence = 8 } }, default);
        AssertSame(state with { Version = 2, LastSequence = 8 }, await _store.FindFeedAsync(Slug, default));
    }

    [ConditionalFact]
    public async Task A_run_that_began_on_another_version_leaves_nothing()
    {
        await _store.PutAsync(Article(1));
        foreach (var expected in new[] { 0, 2, 7 })
        {
            var late = new Publication(Slug)
            {
                ExpectedVersion = expected,
                State = new FeedState(Slug) { LastSequence = 99 },
                Articles = [Article(2)],
                Snapshots = [Snapshot("rss")],
                Announcements = ["rss"],
            };

            var exception = await Assert.ThrowsAsync<StoreConflictException>(() => _store.CommitAsync(late, default));

            Assert.Contains(Slug, exception.Message, StringComparison.Ordinal);
            Assert.Equal(1, (await _store.FindFeedAsync(Slug, default))!.Version);
            Assert.Equal("urn:example:1", Assert.Single(await _store.NewestAsync(Slug, Noon, 10, default)).Id);
            Assert.Empty(await _store.ListSnapshotsAsync(default));
            Assert.Empty(await _store.LeaseAnnouncementsAsync(Noon, TimeSpan.FromMinutes(1), 10, default));
        }
    }

    [ConditionalFact]
    public async Task A_first_run_that_expects_an_older_version_conflicts() =>
        await Assert.ThrowsAsync<StoreConflictException>(() => _store.CommitAsync(new Publication(Slug) { ExpectedVersion = 3, State = new FeedState(Slug) }, default));

    [ConditionalFact]
    public async Task A_commit_that_fails_at_its_end_leaves_nothing_of_its_beginning()
    {
        await _store.PutAsync(Article(1));
        var broken = await _store.NextAsync() with
        {
            State = new FeedState(Slug) { LastSequence = 99 },
            Articles = [Article(2), Article(1) with { Draft = true }],
            Items = [new StoredItem("folder:articles", "2.md", "stamp", null)],
            Snapshots = [Snapshot("rss"), Snapshot("atom") with { MediaType = null! }],
        };

        await Assert.ThrowsAnyAsync<Exception>(() => _store.CommitAsync(broken, default));

        Assert.Equal(1, (await _store.FindFeedAsync(Slug, default))!.Version);
        AssertSame(Article(1), Assert.Single(await _store.BySequenceAsync(Slug, 0, 10, default)));
        Assert.Equal(1, await _store.CountAsync(Slug, Noon, default));
        Assert.Empty(await _store.ItemsAsync(Slug, "folder:articles", default));
        Assert.Empty(await _store.ListSnapshotsAsync(default));

        await _store.PutAsync(Article(2));
        Assert.Equal(2, await _store.CountAsync(Slug, Noon, default));
    }

    [ConditionalFact]
    public async Task Two_articles_cannot_have_one_path()
    {
        await _store.PutAsync(Article(1));
        await Assert.ThrowsAnyAsync<StoreException>(() => _store.PutAsync(Article(2) with { Path = "article-1" }));
    }

    [ConditionalFact]
    public async Task An_entry_comes_back_whole()
    {
        var entry = Article(1) with
        {
            Id = Everything.Id,
            Article = Everything,
            Raw = Everything with { Title = "Raw" },
            Published = Everything.Published!.Value,
            Updated = Everything.Updated!.Value,
            Excluded = "exclude: title says \"sponsored\"",
            Draft = true,
            Released = false,
            Shown = true,
            Removed = Noon,
            Origins = new Dictionary<string, string> { ["title"] = "front matter", ["published"] = "file name" },
            DedupeKeys = ["url:https://example.com/a", "title:at&t"],
        };
        await _store.PutAsync(entry);

        var read = Assert.Single(await _store.FindAsync(Slug, new ArticleLookup { Ids = [entry.Id] }, default));
        AssertSame(entry, read);
        Assert.Equal(TimeSpan.FromHours(2), read.Published.Offset);
    }

    [ConditionalFact]
    public async Task Text_that_is_no_text_harms_no_commit_and_is_found_again()
    {
        var entry = Article(1) with
        {
            Id = "urn:\0:\ud83d",
            Key = "a\0b\udc00.md",
            Article = Article(1).Article with { Title = "half \ud83d of a pair, and \0", Content = "\udc00\U0001F6A2" },
            DedupeKeys = ["title:\0\ud83d"],
        };
        await _store.CommitAsync(await _store.NextAsync() with { Articles = [entry, Article(2)], Items = [new StoredItem("s\0", "k\0", "\ud83d", "\0")] }, default);

        var lookup = new ArticleLookup { Keys = [(entry.Source, entry.Key)] };
        var read = Assert.Single(await _store.FindAsync(Slug, lookup, default));
        Assert.Equal("a\uFFFDb\uFFFD.md", read.Key);
        Assert.Equal("\uFFFD\U0001F6A2", read.Article.Content);
        Assert.Single(await _store.FindAsync(Slug, new ArticleLookup { Ids = [entry.Id] }, default));
        Assert.Single(await _store.ItemsAsync(Slug, "s\0", default));
        Assert.Single(await _store.DedupeHoldersAsync(Slug, entry.DedupeKeys, default));
    }

    [ConditionalFact]
    public async Task A_huge_article_and_a_long_key_come_back()
    {
        var entry = Article(1) with { Key = new string('k', 2000), Article = Article(1).Article with { Content = string.Concat(Enumerable.Repeat("<p>Lörem \U0001F6A2</p>", 400_000)) } };
        await _store.PutAsync(entry);
        AssertSame(entry, Assert.Single(await _store.NewestAsync(Slug, Noon, 1, default)));
    }

    [ConditionalFact]
    public async Task An_entry_keeps_its_id_when_it_moves()
    {
        await _store.PutAsync(Article(1), Article(2));
        await _store.PutAsync(Article(1) with { Source = "folder:other", Key = "moved.md", Sequence = 3 });

        Assert.Empty(await FindAsync(new ArticleLookup { Keys = [("folder:articles", "1.md"), ("folder:other", "2.md")] }));
        Assert.Equal(["urn:example:1"], await FindAsync(new ArticleLookup { Keys = [("folder:other", "moved.md")] }));
        Assert.Equal(["urn:example:2", "urn:example:1"], (await _store.BySequenceAsync(Slug, 1, 10, default)).Select(article => article.Id));
    }

    [ConditionalFact]
    public async Task A_lookup_finds_whatever_matches_any_of_it_once()
    {
        await _store.PutAsync(Article(1), Article(2), Article(3), Article(4) with { Removed = Noon }, Article(5));
        await _store.CommitAsync(await _store.NextAsync("other") with { Articles = [Article(1)] }, default);

        Assert.Equal(
            ["urn:example:1", "urn:example:2", "urn:example:3", "urn:example:4"],
            await FindAsync(new ArticleLookup
            {
                Keys = [("folder:articles", "1.md"), ("another", "5.md")],
                Ids = ["urn:example:1", "urn:example:2", "urn:example:none"],
                Paths = ["article-3"],
                ContentHashes = ["content 4", "content 1"],
            }));
    }

    [ConditionalFact]
    public async Task A_lookup_of_thousands_finds_all_of_them()
    {
        var articles = Enumerable.Range(1, 12_000).Select(number => Article(number)).ToArray();
        await _store.PutAsync(articles);

        Assert.Equal(12_000, (await FindAsync(new ArticleLookup { Keys = [.. articles.Select(article => (article.Source, article.Key))] })).Count);
        Assert.Equal(12_000, await _store.CountAsync(Slug, Noon, default));
        await _store.PutAsync([.. articles.Select(article => article with { Removed = Noon })]);
        Assert.Equal(0, await _store.CountAsync(Slug, Noon, default));
    }

    [ConditionalFact]
    public async Task Items_are_kept_by_source_and_key()
    {
        await _store.CommitAsync(await _store.NextAsync() with
        {
            Items = [new("a", "1", "s1", null), new("a", "2", "s2", "empty"), new("a", "2", "s3", "binary"), new("b", "1", "s4", null)],
        }, default);
        await _store.CommitAsync(await _store.NextAsync() with
        {
            Items = [new("a", "1", "s5", "too big"), new("a", "3", "s6", null)],
            RemovedItems = [("a", "2"), ("b", "none")],
        }, default);

        Assert.Equal(
            [new StoredItem("a", "1", "s5", "too big"), new StoredItem("a", "3", "s6", null)],
            (await _store.ItemsAsync(Slug, "a", default)).OrderBy(item => item.Key, StringComparer.Ordinal));
        Assert.Equal([new StoredItem("b", "1", "s4", null)], await _store.ItemsAsync(Slug, "b", default));
    }

    [ConditionalFact]
    public async Task Snapshots_are_listed_without_their_bytes_and_found_with_them()
    {
        await _store.CommitAsync(await _store.NextAsync() with { Snapshots = [Snapshot("rss"), Snapshot("atom"), Snapshot("tags/ships \U0001F6A2.rss")] }, default);
        await _store.CommitAsync(await _store.NextAsync() with { Snapshots = [Snapshot("rss", 2) with { Brotli = default }], RemovedSnapshots = ["atom"] }, default);

        // Parts of a feed are many: they are asked for by name.
        var listed = await _store.ListSnapshotsAsync(default);
        Assert.Equal([(Slug, "rss", "tag2")], listed.Select(snapshot => (snapshot.Feed, snapshot.Name, snapshot.Tag)));
        Assert.Equal(listed, await _store.ListSnapshotsAsync(Slug, default));
        var named = await _store.ListSnapshotsAsync(Slug, ["tags/ships \U0001F6A2.rss", "atom", "rss"], default);
        Assert.Equal([("rss", "tag2"), ("tags/ships \U0001F6A2.rss", "tag1")], named.Select(snapshot => (snapshot.Name, snapshot.Tag)));
        Assert.All(listed, snapshot => Assert.True(snapshot.Gzip.IsEmpty && snapshot.Brotli.IsEmpty));
        var found = await _store.FindSnapshotAsync(Slug, "rss", default);
        Assert.Equal(Snapshot("rss", 2).Gzip.ToArray(), found!.Gzip.ToArray());
        Assert.True(found.Brotli.IsEmpty);
        Assert.Equal(("application/rss+xml", Noon, 1000), (found.MediaType, found.LastModified, found.Length));
        Assert.Null(await _store.FindSnapshotAsync(Slug, "atom", default));
    }

    [ConditionalFact]
    public async Task Announcements_are_leased_in_order_until_they_are_completed()
    {
        await _store.CommitAsync(await _store.NextAsync() with { Announcements = ["rss", "atom"] }, default);
        await _store.CommitAsync(await _store.NextAsync("other") with { Announcements = ["json"] }, default);

        var first = await _store.LeaseAnnouncementsAsync(Noon, TimeSpan.FromMinutes(1), 2, default);
        Assert.Equal([(Slug, "rss"), (Slug, "atom")], first.Select(announcement => (announcement.Feed, announcement.Name)));
        Assert.Equal(["json"], (await _store.LeaseAnnouncementsAsync(Noon, TimeSpan.FromMinutes(1), 10, default)).Select(announcement => announcement.Name));
        Assert.Empty(await _store.LeaseAnnouncementsAsync(Noon.AddSeconds(59), TimeSpan.FromMinutes(1), 10, default));

        await _store.CompleteAnnouncementsAsync([first[0].Id], default);
        Assert.Equal(["atom", "json"], (await _store.LeaseAnnouncementsAsync(Noon.AddMinutes(1), TimeSpan.FromMinutes(1), 10, default)).Select(announcement => announcement.Name));
    }

    // Records compare lists by reference; as text they compare by what they hold.
    internal static void AssertSame<T>(T expected, T actual) => Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));

    private async Task<IReadOnlyList<string>> FindAsync(ArticleLookup lookup) =>
        [.. (await _store.FindAsync(Slug, lookup, default)).Select(article => article.Id).Order(StringComparer.Ordinal)];
}
