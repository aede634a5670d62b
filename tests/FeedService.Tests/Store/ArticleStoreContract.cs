using System.Text.Json;
using FeedService.Store;
using FeedService.Syndication;
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
    public async Task The_newest_are_what_readers_may_see_newest_first_then_by_id()
    {
        await _store.PutAsync(
            Article(1, Noon.AddHours(-1)),
            Article(20, Noon.AddHours(-2)),
            Article(3, Noon.AddHours(-2)),
            Article(4, Noon),
            Article(5, Noon.AddSeconds(1)),
            Article(6) with { Excluded = "exclude" },
            Article(7) with { Draft = true },
            Article(8) with { Released = false },
            Article(9) with { Removed = Noon });

        string[] visible = ["urn:example:4", "urn:example:1", "urn:example:20", "urn:example:3"];
        Assert.Equal(visible, (await _store.NewestAsync(Slug, Noon, 10, default)).Select(article => article.Id));
        Assert.Equal(visible[..2], (await _store.NewestAsync(Slug, Noon, 2, default)).Select(article => article.Id));
        Assert.Equal("urn:example:5", (await _store.NewestAsync(Slug, Noon.AddSeconds(1), 1, default))[0].Id);
        Assert.Equal(4, await _store.CountAsync(Slug, Noon, default));
        Assert.Equal(5, await _store.CountAsync(Slug, Noon.AddSeconds(1), default));
    }

    [ConditionalFact]
    public async Task The_count_follows_every_change()
    {
        await _store.PutAsync(Article(1), Article(2), Article(3) with { Draft = true });
        Assert.Equal(2, await _store.CountAsync(Slug, Noon, default));
        await _store.PutAsync(Article(3), Article(1) with { Excluded = "exclude" }, Article(1) with { Sequence = 9 });
        Assert.Equal(3, await _store.CountAsync(Slug, Noon, default));
        await _store.PutAsync(Article(2) with { Removed = Noon }, Article(4));
        Assert.Equal(3, await _store.CountAsync(Slug, Noon, default));
        Assert.Equal(3, (await _store.NewestAsync(Slug, Noon, 10, default)).Count);
    }

    [ConditionalFact]
    public async Task What_waits_for_its_release_is_the_backlog_oldest_first()
    {
        await _store.PutAsync(
            Article(1) with { Released = false },
            Article(2) with { Released = false },
            Article(3),
            Article(4) with { Released = false, Removed = Noon },
            Article(5) with { Released = false, Draft = true },
            Article(6) with { Released = false, Excluded = "exclude" },
            Article(7, Noon.AddDays(1)) with { Released = false });

        Assert.Equal(["urn:example:2", "urn:example:1"], (await _store.BacklogAsync(Slug, Noon, 10, default)).Select(article => article.Id));
        Assert.Equal(["urn:example:2"], (await _store.BacklogAsync(Slug, Noon, 1, default)).Select(article => article.Id));
    }

    [ConditionalFact]
    public async Task The_next_due_is_the_first_date_in_the_future()
    {
        await _store.PutAsync(Article(1), Article(2, Noon.AddHours(3)), Article(3, Noon.AddHours(2)), Article(4, Noon.AddHours(1)) with { Draft = true });

        Assert.Equal(Noon.AddHours(2), await _store.NextDueAsync(Slug, Noon, default));
        Assert.Equal(Noon.AddHours(3), await _store.NextDueAsync(Slug, Noon.AddHours(2), default));
        Assert.Null(await _store.NextDueAsync(Slug, Noon.AddHours(3), default));
    }

    [ConditionalFact]
    public async Task A_tombstone_is_left_by_what_readers_had_seen()
    {
        await _store.PutAsync(
            Article(1) with { Shown = true, Removed = Noon.AddDays(-1) },
            Article(2) with { Removed = Noon },
            Article(3) with { Shown = true, Removed = Noon },
            Article(4) with { Shown = true, Removed = Noon.AddDays(-31) },
            Article(5) with { Shown = true });

        Assert.Equal(
            [new Tombstone("urn:example:3", Noon), new Tombstone("urn:example:1", Noon.AddDays(-1))],
            await _store.TombstonesAsync(Slug, Noon.AddDays(-30), default));
    }

    [ConditionalFact]
    public async Task Shown_is_set_by_id_and_nothing_else_of_the_entry_changes()
    {
        await _store.PutAsync(Article(1), Article(2));
        await _store.CommitAsync(await _store.NextAsync() with { Shown = ["urn:example:2", "urn:example:none"] }, default);

        AssertSame([Article(1), Article(2) with { Shown = true }], await _store.BySequenceAsync(Slug, 0, 10, default));
    }

    [ConditionalFact]
    public async Task Heads_are_the_newest_articles_without_their_bodies()
    {
        await _store.PutAsync(Article(1), Article(2) with { Shown = true, Removed = Noon }, Article(3) with { Shown = true }, Article(4, Noon.AddMinutes(1)));

        var heads = await _store.NewestHeadsAsync(Slug, Noon, 10, default);

        Assert.Equal((await _store.NewestAsync(Slug, Noon, 10, default)).Select(ArticleHead.Of), heads);
        Assert.Equal([Article(1).Id, Article(3).Id], heads.Select(head => head.Id));
        Assert.Equal([false, true], heads.Select(head => head.Shown));
    }

    [ConditionalFact]
    public async Task The_history_has_what_readers_may_see_and_what_was_taken_from_them_by_sequence()
    {
        await _store.PutAsync(
            Article(1),
            Article(2) with { Shown = true, Removed = Noon },
            Article(3, Noon.AddMinutes(1)),
            Article(4) with { Draft = true },
            Article(5) with { Shown = true, Draft = true },
            Article(6) with { Removed = Noon },
            Article(7) with { Shown = true, Excluded = "exclude", FirstSeen = Noon.AddMinutes(-1) },
            Article(8) with { Released = false },
            Article(9));

        async Task<IEnumerable<long>> History(long after, DateTimeOffset now, DateTimeOffset? archived, int count = 10) =>
            (await _store.HistoryAsync(Slug, after, now, archived, count, default)).Select(head => head.Sequence);
        Assert.Equal([1, 9], await History(0, Noon, null));
        Assert.Equal([1, 3, 9], await History(0, Noon.AddMinutes(1), null));
        Assert.Equal([1, 2, 5, 7, 9], await History(0, Noon, Noon));
        Assert.Equal([1, 2, 5, 9], await History(0, Noon, Noon.AddMinutes(-2)));
        Assert.Equal([5, 7], await History(2, Noon, Noon, 2));
        Assert.Equal([false, false, true], (await _store.HistoryAsync(Slug, 4, Noon, Noon, 10, default)).Select(head => head.Visible));
    }

    [ConditionalFact]
    public async Task Unseen_are_articles_that_could_be_seen_and_have_not_been()
    {
        await _store.PutAsync(Article(1) with { Shown = true }, Article(2), Article(3, Noon.AddMinutes(1)), Article(4) with { Draft = true }, Article(5));

        Assert.Equal([5L, 2L], (await _store.UnseenAsync(Slug, 5, Noon, 10, default)).Select(article => article.Sequence));
        Assert.Equal([2L], (await _store.UnseenAsync(Slug, 4, Noon, 10, default)).Select(article => article.Sequence));
        Assert.Equal([2L, 3L], (await _store.UnseenAsync(Slug, 4, Noon.AddMinutes(1), 10, default)).Select(article => article.Sequence));
    }

    [ConditionalFact]
    public async Task Terms_are_counted_and_their_newest_articles_found()
    {
        static ArticleTerm Has(int number, string path) => new($"urn:example:{number}", path, $"Name of {path}");
        await _store.CommitAsync(await _store.NextAsync() with
        {
            Articles = [Article(1), Article(2), Article(3, Noon.AddMinutes(1)), Article(4) with { Draft = true }],
            Terms = [Has(1, "tags/a"), Has(1, "tags/b"), Has(2, "tags/a"), Has(3, "tags/a"), Has(4, "tags/a"), Has(2, "authors/c"), Has(9, "tags/nobody")],
        }, default);

        Assert.Equal([("tags/a", 3L), ("tags/b", 1L), ("authors/c", 1L)], (await _store.TermsAsync(Slug, 10, default)).Select(term => (term.Path, term.Articles)));
        Assert.Equal(["tags/a", "authors/c"], (await _store.TermsAsync(Slug, 1, default)).Select(term => term.Path));
        Assert.Equal("Name of tags/b", Assert.Single(await _store.FindTermsAsync(Slug, ["tags/b", "tags/x"], default)).Name);
        Assert.Equal(["authors/c", "tags/a"], (await _store.TermsOfAsync(Slug, ["urn:example:2", "urn:example:4"], default)).Select(term => term.Path).Order(StringComparer.Ordinal));
        Assert.Equal(["urn:example:1", "urn:example:2"], (await _store.NewestOfTermAsync(Slug, "tags/a", Noon, 10, default)).Select(head => head.Id));
        Assert.Equal(["urn:example:3"], (await _store.NewestOfTermAsync(Slug, "tags/a", Noon.AddMinutes(1), 1, default)).Select(head => head.Id));

        // An article brings all its terms; a name stays as it was first written.
        await _store.CommitAsync(await _store.NextAsync() with
        {
            Articles = [Article(1) with { Sequence = 5 }, Article(2) with { Sequence = 6, Removed = Noon }],
            Terms = [Has(1, "tags/a") with { Name = "another" }, Has(2, "tags/a")],
        }, default);
        Assert.Equal([new StoredTerm("tags/a", "Name of tags/a", 2)], await _store.TermsAsync(Slug, 10, default));
        Assert.Equal(["urn:example:1"], (await _store.NewestOfTermAsync(Slug, "tags/a", Noon, 10, default)).Select(head => head.Id));

        await _store.DeleteFeedAsync(Slug, default);
        Assert.Empty(await _store.TermsAsync(Slug, 10, default));
        Assert.Empty(await _store.TermsOfAsync(Slug, ["urn:example:1"], default));
    }

    [ConditionalFact]
    public async Task A_dedupe_key_is_held_by_the_first_that_is_in()
    {
        await _store.PutAsync(
            Article(1) with { DedupeKeys = ["url:a"] },
            Article(2) with { DedupeKeys = ["url:a", "title:b"], FirstSeen = Noon.AddDays(-1) },
            Article(3) with { DedupeKeys = ["url:a"], FirstSeen = Noon.AddDays(-2), Excluded = "exclude" },
            Article(4) with { DedupeKeys = ["url:c"], Removed = Noon });

        Assert.Equal(
            new Dictionary<string, string> { ["url:a"] = "urn:example:2", ["title:b"] = "urn:example:2" },
            await _store.DedupeHoldersAsync(Slug, ["url:a", "title:b", "url:c", "url:d"], default));

        await _store.PutAsync(Article(2) with { DedupeKeys = ["title:b", "title:e"], FirstSeen = Noon.AddDays(-1) });
        Assert.Equal(
            new Dictionary<string, string> { ["url:a"] = "urn:example:1", ["title:b"] = "urn:example:2", ["title:e"] = "urn:example:2" },
            await _store.DedupeHoldersAsync(Slug, ["url:a", "title:b", "title:e"], default));
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

    [ConditionalFact]
    public async Task A_deleted_feed_leaves_nothing_and_harms_no_other()
    {
        foreach (var feed in new[] { Slug, "other" })
        {
            await _store.CommitAsync(await _store.NextAsync(feed) with
            {
                Articles = [Article(1) with { DedupeKeys = ["url:a"] }],
                Items = [new("a", "1", "s1", null)],
                Snapshots = [Snapshot("rss", feed: feed)],
                Announcements = ["rss"],
            }, default);
        }

        await _store.DeleteFeedAsync(Slug, default);
        await _store.DeleteFeedAsync("none", default);

        Assert.Equal("other", Assert.Single(await _store.ListFeedsAsync(default)).Feed);
        Assert.Empty(await _store.BySequenceAsync(Slug, 0, 10, default));
        Assert.Empty(await _store.ItemsAsync(Slug, "a", default));
        Assert.Single(await _store.ItemsAsync("other", "a", default));
        Assert.Equal("other", Assert.Single(await _store.ListSnapshotsAsync(default)).Feed);
        Assert.Equal("other", Assert.Single(await _store.LeaseAnnouncementsAsync(Noon, TimeSpan.FromMinutes(1), 10, default)).Feed);
        Assert.Single(await _store.DedupeHoldersAsync("other", ["url:a"], default));

        await _store.PutAsync(Article(1));
        Assert.Equal(1, (await _store.FindFeedAsync(Slug, default))!.Version);
    }

    [ConditionalFact]
    public async Task All_is_there_after_a_restart()
    {
        await _store.CommitAsync(await _store.NextAsync() with { Articles = [Article(1)], Snapshots = [Snapshot("rss")] }, default);
        await _store.DisposeAsync();

        _store = NewStore();
        await _store.OpenAsync(default);
        AssertSame(Article(1), Assert.Single(await _store.NewestAsync(Slug, Noon, 10, default)));
        Assert.Equal(300, (await _store.FindSnapshotAsync(Slug, "rss", default))!.Gzip.Length);
    }

    [ConditionalFact]
    public async Task Of_many_runs_on_one_version_in_two_stores_one_commits()
    {
        await using var other = NewStore();
        await other.OpenAsync(default);
        await _store.PutAsync(Article(1));
        var publication = await other.NextAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(2, 8).Select(async number =>
        {
            try
            {
                await (number % 2 == 0 ? _store : other).CommitAsync(publication with { Articles = [Article(number)] }, default);
                return true;
            }
            catch (StoreConflictException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, committed => committed);
        Assert.Equal(2, await _store.CountAsync(Slug, Noon, default));
        Assert.Equal(2, (await other.FindFeedAsync(Slug, default))!.Version);
    }

    [ConditionalFact]
    public async Task Readers_see_a_commit_whole_or_not_at_all()
    {
        await _store.PutAsync([.. Enumerable.Range(1, 100).Select(number => Article(number))]);
        var writing = Task.Run(async () =>
        {
            for (var round = 2; round <= 30; round++)
                await _store.PutAsync([.. Enumerable.Range(1, 100).Select(number => Article(number) with { SeenHash = $"{round}" })]);
        });

        while (!writing.IsCompleted)
            Assert.Single((await _store.NewestAsync(Slug, Noon, 100, default)).Select(article => article.SeenHash.Split(' ')[0]).Distinct());
        await writing;
    }

    [ConditionalFact]
    public async Task A_cancelled_call_says_so_and_the_store_goes_on()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.NewestAsync(Slug, Noon, 1, cancelled.Token));
        var publication = await _store.NextAsync() with { Articles = [Article(1)] };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.CommitAsync(publication, cancelled.Token));

        await _store.CommitAsync(publication, default);
        Assert.Equal(1, await _store.CountAsync(Slug, Noon, default));
    }

    [ConditionalFact]
    public async Task Another_store_is_told_that_snapshots_have_changed()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var other = NewStore();
        await other.OpenAsync(default);
        await using var changes = other.WatchAsync(patience.Token).GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());
        Assert.Null(changes.Current.Feed);

        var next = changes.MoveNextAsync();
        await _store.CommitAsync(await _store.NextAsync() with { Snapshots = [Snapshot("rss")] }, default);

        Assert.True(await next);
        Assert.True(changes.Current.Feed is null or Slug);
        Assert.Equal("rss", Assert.Single(await other.ListSnapshotsAsync(Slug, default)).Name);
        Assert.Empty(await other.ListSnapshotsAsync("other", default));
    }

    // Records compare lists by reference; as text they compare by what they hold.
    internal static void AssertSame<T>(T expected, T actual) => Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));

    private async Task<IReadOnlyList<string>> FindAsync(ArticleLookup lookup) =>
        [.. (await _store.FindAsync(Slug, lookup, default)).Select(article => article.Id).Order(StringComparer.Ordinal)];
}
