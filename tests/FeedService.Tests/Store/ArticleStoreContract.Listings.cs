using FeedService.Store;
using FeedService.Syndication;
using static FeedService.Tests.Store.StoreSamples;

namespace FeedService.Tests.Store;

// What is asked of the articles of a feed.
public abstract partial class ArticleStoreContract
{
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
}
