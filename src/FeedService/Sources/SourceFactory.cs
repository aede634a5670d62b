using FeedService.Configuration;

namespace FeedService.Sources;

/// <summary>Makes the sources that a definition names.</summary>
public sealed class SourceFactory(PoliteFetcher fetcher, string ownUrl)
{
    /// <summary>How many readers a feed has, as far as anybody knows; upstreams are told.</summary>
    public Func<string, int?> Subscribers { get; init; } = _ => null;

    public IArticleSource Create(FeedDefinition feed, SourceDefinition source) => source.Kind switch
    {
        SourceKind.Folder => new FolderSource(source.Key, Path.GetFullPath(source.Location, feed.Folder), $"{ownUrl}/feeds/{feed.Slug}/articles/"),
        SourceKind.Feed => new FeedSource(source, fetcher, Subscribers(feed.Slug)),
        SourceKind.Page => new PageSource(source, fetcher, Subscribers(feed.Slug)),
        SourceKind.Sitemap => new SitemapSource(source, fetcher, Subscribers(feed.Slug)),
        SourceKind.Inbox => new InboxSource(source),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source.Kind, "There is no such kind of source."),
    };
}
