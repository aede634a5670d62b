using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Web;

/// <summary>How a feed stands, as the status page and its JSON say it.</summary>
public sealed record FeedStatus
{
    /// <summary>How far back the chart goes.</summary>
    public const int Days = 30;

    // More articles than this in the chart's days only make its bars as high as they can be.
    private const int ArticlesCounted = 300;

    public required string Slug { get; init; }

    public required string Title { get; init; }

    /// <summary><c>good</c>, <c>failing</c>, <c>overdue</c>, <c>paused</c> or <c>new</c>.</summary>
    public required string Health { get; init; }

    public required string Schedule { get; init; }

    public DateTimeOffset? LastRun { get; init; }

    public DateTimeOffset? NextRun { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public required long Articles { get; init; }

    /// <summary>Articles a day, the oldest first, today last.</summary>
    public required IReadOnlyList<int> Daily { get; init; }

    /// <summary>What went wrong in the last run, lint findings among it.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public required IReadOnlyList<SourceStatus> Sources { get; init; }

    public required IReadOnlyList<DocumentStatus> Documents { get; init; }

    /// <summary>Reads what the store has; a feed that has missed so many runs in a row is overdue.</summary>
    public static async Task<FeedStatus> OfAsync(
        PublishedFeed feed, IArticleStore store, SnapshotCache cache, FeedControl control, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const int MissedRuns = 3;
        var (definition, state) = (feed.Definition, feed.State);
        var newest = await store.NewestAsync(feed.Slug, now, ArticlesCounted, cancellationToken);
        var next = await control.NextRun(feed.Slug, cancellationToken);
        // A run that should have come long ago: the last one says nothing, since a run that changes nothing leaves no trace.
        var overdue = now - next > definition.Schedule.TypicalInterval * MissedRuns;
        return new()
        {
            Slug = feed.Slug,
            Title = definition.Title,
            Health = next is null ? "paused" : state.LastRun is null ? "new" : state.Problems.Count > 0 || state.Sources.Values.Any(source => source.Failures > 0) ? "failing" : overdue ? "overdue" : "good",
            Schedule = definition.Schedule.Text,
            LastRun = state.LastRun,
            NextRun = next,
            Updated = state.Updated,
            Articles = await store.CountAsync(feed.Slug, now, cancellationToken),
            Daily = Count(newest, now),
            Problems = state.Problems,
            Sources = [.. definition.Sources.Select(source => SourceStatus.Of(source.Key, state.Sources.GetValueOrDefault(source.Key)))],
            Documents = [.. cache.OfFeed(feed.Slug).OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => new DocumentStatus(one.Name, one.Length, one.LastModified))],
        };
    }

    private static int[] Count(IReadOnlyList<StoredArticle> articles, DateTimeOffset now)
    {
        var daily = new int[Days];
        foreach (var article in articles)
        {
            var age = (now.UtcDateTime.Date - article.Published.UtcDateTime.Date).Days;
            if (age is >= 0 and < Days) daily[Days - 1 - age]++;
        }
        return daily;
    }
}

/// <summary>How a source stands.</summary>
public sealed record SourceStatus(string Key, int Failures, string? LastError, DateTimeOffset? LastSuccess, DateTimeOffset? NotBefore)
{
    internal static SourceStatus Of(string key, SourceState? state) => new(key, state?.Failures ?? 0, state?.LastError, state?.LastSuccess, state?.NotBefore);
}

/// <summary>A document as it is out.</summary>
public sealed record DocumentStatus(string Name, long Size, DateTimeOffset Updated);
