using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>The drip from a backlog: so many articles at a time, so long apart. The date that readers see is then the release.</summary>
public static class ReleasePace
{
    /// <summary>The slot that is due at <paramref name="now"/>; null where none is. Slots that were slept through are made up for once, not one by one.</summary>
    public static DateTimeOffset? DueSlot(ReleaseDefinition release, DateTimeOffset? last, DateTimeOffset now)
    {
        if (last is not { } previous)
            return now;
        var passed = (now - previous).Ticks / release.Every.Ticks;
        return passed >= 1 ? previous + release.Every * passed : null;
    }

    public static DateTimeOffset? NextSlot(ReleaseDefinition release, DateTimeOffset? last) => last + release.Every;

    /// <summary>Lets articles of the backlog go, the oldest first; a second apart, so that their order is the same everywhere.</summary>
    public static IEnumerable<StoredArticle> Release(IReadOnlyList<StoredArticle> backlog, DateTimeOffset slot)
    {
        for (var i = 0; i < backlog.Count; i++)
        {
            var at = slot - TimeSpan.FromSeconds(backlog.Count - 1 - i);
            yield return backlog[i] with
            {
                Released = true,
                Published = at,
                Updated = at,
                Article = backlog[i].Article with { Published = at, Updated = at },
            };
        }
    }
}
