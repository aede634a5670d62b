using FeedService.Configuration;

namespace FeedService.Sources;

/// <summary>Makes the sources that a definition names.</summary>
/// <param name="ownUrl">What stands for the public URL in all that is stored.</param>
public sealed class SourceFactory(string ownUrl)
{
    public IArticleSource Create(FeedDefinition feed, SourceDefinition source) => source.Kind switch
    {
        SourceKind.Folder => new FolderSource(source.Key, Path.GetFullPath(source.Location, feed.Folder), $"{ownUrl}/feeds/{feed.Slug}/articles/"),
        _ => throw new SourceException($"sources of the kind '{source.Kind.ToString().ToLowerInvariant()}' are not in this build"),
    };
}
