using FeedService.Store;
using static FeedService.Tests.Store.StoreSamples;

namespace FeedService.Tests.Store;

// Feeds beside each other, stores beside each other, one run after another.
public abstract partial class ArticleStoreContract
{
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
}
