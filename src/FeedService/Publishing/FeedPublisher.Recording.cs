using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

// What arrives becomes entries of the ledger; what is stored passes through filters again that have changed.
public sealed partial class FeedPublisher
{
    /// <summary>So many stored articles go through new filters at a time.</summary>
    private const int PortionOfStored = 1_000;

    /// <summary>Filters what arrived and gives each article its id; nothing is written yet.</summary>
    private async Task<Recorded> RecordAsync(FeedDefinition feed, FeedState state, CollectedFeed collected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<ArrivedArticle> arrived = [.. collected.Articles.Select(a => ArrivedArticle.Of(a.Source, a.Article))];
        var (changes, sequence) = await RecordAsync(feed, arrived, collected.Removed, collected.Leaving, state, now, cancellationToken);
        return new Recorded(changes.Changed, Items(collected, changes.Duplicates), sequence);
    }

    private async Task<(LedgerChanges Changes, long LastSequence)> RecordAsync(
        FeedDefinition feed, IReadOnlyList<ArrivedArticle> arrived, IReadOnlyList<(string, string)> removed, IReadOnlyList<(string, string)> leaving, FeedState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (arrived.Count == 0 && removed.Count == 0)
            return (LedgerChanges.None, state.LastSequence);
        var ledger = new Ledger(feed.Slug, now, feed.Publish.Release is not null, state.LastSequence);
        var found = await store.FindAsync(feed.Slug, ledger.Lookup(arrived, [.. removed, .. leaving]), cancellationToken);
        var filtered = await filters.ArriveAsync(feed, arrived, found, now, cancellationToken);
        // Those that wait for their date stand beside others then, too.
        var newest = await store.NewestHeadsAsync(feed.Slug, DateTimeOffset.MaxValue, filters.Candidates(feed), cancellationToken);
        var open = await store.HistoryAsync(feed.Slug, state.Archive.Through, DateTimeOffset.MaxValue, null, filters.Candidates(feed), cancellationToken);
        return (ledger.Record(filtered, removed, found, leaving, [.. newest, .. open]), ledger.LastSequence);
    }

    /// <summary>Takes all stored articles through new filters, in portions; the feed is rendered after the last.</summary>
    private async Task<FeedState> FilterAgainAsync(FeedDefinition feed, FeedState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var end = state.LastSequence;
        for (long after = 0; after < end;)
        {
            var stored = await store.BySequenceAsync(feed.Slug, after, PortionOfStored, cancellationToken);
            if (stored.Count == 0)
                break;
            after = stored[^1].Sequence;
            var again = stored.Where(a => a.Removed is null && a.Sequence <= end).Select(ArrivedArticle.Of).ToList();
            var (changes, sequence) = await RecordAsync(feed, again, [], [], state, now, cancellationToken);
            state = await CommitPortionAsync(new Publication(feed.Slug)
            {
                ExpectedVersion = state.Version,
                State = state with { LastSequence = sequence, RenderFingerprint = "" },
                Articles = changes.Changed,
                Terms = await index.FindAsync(feed.Slug, changes.Changed, cancellationToken),
            }, cancellationToken);
        }

        return state;
    }

    /// <summary>Keeps the categories and authors of articles that an earlier version has stored.</summary>
    private async Task<FeedState> IndexAgainAsync(FeedDefinition feed, FeedState state, CancellationToken cancellationToken)
    {
        for (long after = 0; await store.BySequenceAsync(feed.Slug, after, PortionOfStored, cancellationToken) is { Count: > 0 } stored; after = stored[^1].Sequence)
        {
            state = await CommitPortionAsync(new Publication(feed.Slug)
            {
                ExpectedVersion = state.Version,
                State = state with { RenderFingerprint = "" },
                Articles = stored,
                Terms = await index.FindAsync(feed.Slug, stored, cancellationToken),
            }, cancellationToken);
        }

        return state;
    }

    /// <summary>Part of long work: recorded, not rendered, and marked by its state so that a run that is cut off here is made up for.</summary>
    private async Task<FeedState> CommitPortionAsync(Publication portion, CancellationToken cancellationToken)
    {
        await store.CommitAsync(portion, cancellationToken);
        return await store.FindFeedAsync(portion.Feed, cancellationToken) ?? portion.State;
    }

    private static List<StoredItem> Items(CollectedFeed collected, IReadOnlyList<(ArrivedArticle Article, string Of)> duplicates)
    {
        // A duplicate keeps no stamp, so that it is looked at again each time and takes its twin's place when that goes.
        var copies = duplicates.ToDictionary(d => (d.Article.Source, d.Article.Key), d => d.Of);
        return
        [
            .. collected.Articles.Select(a => copies.TryGetValue((a.Source, a.Article.Key), out var twin)
                ? new StoredItem(a.Source, a.Article.Key, "", $"the same article as {twin}, which is in the feed already")
                : new StoredItem(a.Source, a.Article.Key, a.Article.Stamp, null)),
            .. collected.Sources.SelectMany(s => s.Collected.Refused.Select(r => new StoredItem(s.Source, r.Key, r.Stamp, r.Problem))),
        ];
    }

    private sealed record Recorded(IReadOnlyList<StoredArticle> Changed, IReadOnlyList<StoredItem> Items, long LastSequence);
}
