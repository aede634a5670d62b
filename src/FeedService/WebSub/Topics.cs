using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>What can be subscribed to: every document of a feed that anybody may read, except archive pages, which never change.</summary>
internal sealed class Topics(PublishedFeeds feeds, SnapshotCache snapshots, IArticleStore store, PublicUrls urls)
{
    /// <summary>The document that is served under exactly this URL; null where none is.</summary>
    public (string Feed, string Name)? Find(string url)
    {
        var prefix = $"{urls.Root}/feeds/";
        if (!url.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var rest = url[prefix.Length..];
        // Names with a slash in them stand in a folder of their own; the others after a dot.
        var split = rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? slash : rest.LastIndexOf('.');
        if (split <= 0) return null;
        var (feed, name) = (rest[..split], rest[(split + 1)..]);
        return urls.Document(feed, name) == url && IsPublic(feed) && (snapshots.TryGet(feed, name, out _) || IsOfTerm(feed, name)) ? (feed, name) : null;
    }

    // Categories and authors that have feeds of their own.
    private bool IsOfTerm(string feed, string name) => feeds.Find(feed)!.State.Terms.Any(term => FeedPart.Names(term.Path).Contains(name));

    public static bool IsTopic(string name) => !name.StartsWith("archive/", StringComparison.Ordinal) && !name.Contains(' ', StringComparison.Ordinal);

    public bool IsPublic(string feed) => feeds.Find(feed) is { Definition.Private: false };

    /// <summary>The hubs besides our own that are to be told of a feed's changes.</summary>
    public IReadOnlyList<string> OtherHubs(string feed) =>
        feeds.Find(feed) is { } published ? [.. urls.Hubs(published.Definition).Where(hub => hub != urls.Hub)] : [];

    /// <summary>The document as the store has it, which is at least as new as any announcement; null where it is no more.</summary>
    public async Task<TopicContent?> LoadAsync(string feed, string name, CancellationToken cancellationToken)
    {
        if (!IsPublic(feed) || await store.FindSnapshotAsync(feed, name, cancellationToken) is not { } stored) return null;
        return new(
            Compression.Expand(stored.Gzip, stored.Length),
            $"{stored.MediaType}; charset=utf-8",
            urls.Links(feed, name, urls.Hubs(feeds.Find(feed)!.Definition)),
            stored.Tag);
    }
}
