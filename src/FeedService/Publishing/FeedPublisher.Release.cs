using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

// What readers may see only now: released by the pace, or due.
public sealed partial class FeedPublisher
{
    /// <summary>Lets go what the release pace holds, if it is time.</summary>
    private async Task<Released> ReleaseAsync(FeedDefinition feed, FeedState state, Recorded recorded, string fingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = recorded.Changed.ToDictionary(a => a.Id);
        var sequence = recorded.LastSequence;
        if (feed.Publish.Release is { } release && ReleasePace.DueSlot(release, state.LastRelease, now) is { } slot)
        {
            var backlog = await BacklogAsync(release.Articles);
            foreach (var article in ReleasePace.Release(backlog, slot))
                changed[article.Id] = article with { Sequence = ++sequence };
            return new Released([.. changed.Values], backlog.Count > 0 ? slot : null, sequence);
        }

        if (feed.Publish.Release is null && fingerprint != state.RenderFingerprint)
        {
            // The definition may have had a release pace until now: what waited for it goes out as it came.
            foreach (var article in await BacklogAsync(int.MaxValue))
                changed[article.Id] = article with { Released = true, Sequence = ++sequence };
        }

        return new Released([.. changed.Values], null, sequence);

        async Task<List<StoredArticle>> BacklogAsync(int count)
        {
            var stored = await store.BacklogAsync(feed.Slug, now, (int)Math.Min(int.MaxValue, (long)count + changed.Count), cancellationToken);
            return stored.Where(a => !changed.ContainsKey(a.Id)).Concat(changed.Values)
                .Where(a => !a.Released && IsVisibleAt(a with { Released = true }, now))
                .OrderBy(a => a.Published).ThenBy(a => a.Id, StringComparer.Ordinal).Take(count).ToList();
        }
    }

    /// <summary>
    /// Gives a number of their own to articles that readers may see only now, although the archive has passed their place: their date has come, or
    /// they had come from elsewhere with an old one.
    /// </summary>
    private async Task<FeedState> EnterAsync(FeedDefinition feed, FeedState state, Dictionary<string, StoredArticle> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (state.Archive.Pages == 0)
            return state;
        var sequence = state.LastSequence;
        foreach (var article in await store.UnseenAsync(feed.Slug, state.Archive.Through, now, int.MaxValue, cancellationToken))
        {
            if (!changed.ContainsKey(article.Id))
                changed[article.Id] = article with { Sequence = ++sequence };
        }

        return state with { LastSequence = sequence };
    }

    private static bool IsVisibleAt(StoredArticle article, DateTimeOffset now) => Archive.IsVisibleAt(ArticleHead.Of(article), now);

    private async Task<bool> FellDueAsync(string feed, FeedState state, DateTimeOffset now, CancellationToken cancellationToken) =>
        state.LastRun is { } last && await store.NextDueAsync(feed, last, cancellationToken) <= now;

    private sealed record Released(IReadOnlyList<StoredArticle> Changed, DateTimeOffset? Slot, long LastSequence);
}
