using System.Globalization;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Formats;

namespace FeedService.Web;

/// <summary>A part of a feed as people see it.</summary>
/// <param name="Path">Where it stands below the feed, such as <c>archive/3</c> or <c>tags/shipping</c>.</param>
/// <param name="Name">The category or author, in the feed's words; null for a page of the archive.</param>
/// <param name="Number">Of a page of the archive its number; else 0.</param>
public sealed record PartView(string Path, string? Name, long Number)
{
    public string Heading => Name ?? string.Create(CultureInfo.InvariantCulture, $"Archive, page {Number}");

    /// <summary>What to follow: a page of the archive never changes, so that it is the feed itself there.</summary>
    public string FeedPath => Name is null ? "" : Path;
}

/// <summary>Finds what stands in a part of a feed. What its document names is what the page shows.</summary>
internal sealed class PartPages(IArticleStore store)
{
    /// <summary>The part of the feed that stands at this path; null where there is none.</summary>
    public static PartView? Find(PublishedFeed feed, string path)
    {
        if (feed.State.Terms.FirstOrDefault(term => term.Path == path) is { } term) return new(path, term.Name, 0);
        return long.TryParse(path.AsSpan(path.IndexOf('/', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= feed.State.Archive.Pages && path == FeedPart.ArchivePath(number)
            ? new(path, null, number)
            : null;
    }

    /// <summary>The articles on one of its pages, in the document's order, without those that were taken back since; null where there is no such page.</summary>
    public async Task<(IReadOnlyList<ArticleTeaser> Articles, bool HasNext)?> ArticlesAsync(PublishedFeed feed, string path, int page, int size, CancellationToken cancellationToken)
    {
        if (await store.FindSnapshotAsync(feed.Slug, FeedPart.Name(path, FeedFormat.Json), cancellationToken) is not { } document) return null;
        var ids = FeedReader.Read(Compression.Expand(document.Gzip, document.Length)).Feed.Articles.Select(article => article.Id).ToList();
        if (page > 1 && ids.Count <= (page - 1) * size) return null;
        var shown = ids.Skip((page - 1) * size).Take(size).ToList();
        var found = (await store.FindAsync(feed.Slug, new() { Ids = shown }, cancellationToken)).Where(article => ArticleHead.Of(article).Visible).ToDictionary(article => article.Id);
        return ([.. shown.Where(found.ContainsKey).Select(id => ArticleTeaser.Of(found[id]))], ids.Count > page * size);
    }
}
