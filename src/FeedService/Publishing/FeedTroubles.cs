using FeedService.Configuration;

namespace FeedService.Publishing;

/// <summary>What operators should read: of feeds that run, and of definitions that cannot be used.</summary>
public sealed class FeedTroubles(PublishedFeeds feeds, FeedRuns runs, Definitions definitions)
{
    /// <summary>Errors of definitions of which no feed is in force, and of the folder as a whole.</summary>
    public IReadOnlyList<string> Undefined => [.. definitions.Errors.Where(each => feeds.Find(each.Key) is null).SelectMany(each => each.Value).Select(error => error.ToString())];

    /// <summary>How many feeds need somebody, those that could not come into force among them.</summary>
    public int Count => feeds.All.Where(Has).Select(feed => feed.Slug).Union(definitions.Errors.Keys.Where(slug => slug.Length > 0)).Count();

    /// <summary>Whether the feed needs somebody: its definition, a source, an article or a document does.</summary>
    public bool Has(PublishedFeed feed) => feed.IsFailing || Of(feed).Count > 0;

    /// <summary>In words; what sources say of their failures stands with them.</summary>
    public IReadOnlyList<string> Of(PublishedFeed feed) =>
    [
        .. (definitions.Errors.GetValueOrDefault(feed.Slug) ?? []).Select(error => $"{error}; the last good definition goes on")
            .Concat(runs.Last(feed.Slug)?.Problems ?? []).Concat(feed.State.Problems).Except(feed.State.Sources.Values.Select(source => source.LastError ?? "")).Distinct(),
    ];
}
