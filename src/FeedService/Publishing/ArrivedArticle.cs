using FeedService.Sources;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Publishing;

/// <summary>An article on its way into the ledger.</summary>
/// <param name="Source">The key of the source that it came from.</param>
/// <param name="Key">Its name within the source.</param>
/// <param name="Article">As the filters left it.</param>
public sealed record ArrivedArticle(string Source, string Key, Article Article)
{
    /// <summary>As the source gave it, where filters changed it.</summary>
    public Article? Raw { get; init; }

    /// <summary><see cref="ArticleHash.OfContent"/> of what the source gave.</summary>
    public required string ContentHash { get; init; }

    public DateTimeOffset? FallbackDate { get; init; }

    public bool Draft { get; init; }

    /// <summary>Which filter keeps it out and why; null where it is in.</summary>
    public string? Excluded { get; init; }

    public IReadOnlyList<string> DedupeKeys { get; init; } = [];

    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

    public static ArrivedArticle Of(string source, SourceArticle article) => new(source, article.Key, article.Article)
    {
        // A pushed article is who its address says: the same words may be pushed again, and mean a new one.
        ContentHash = source == Inbox.Source ? ArticleHash.Of(article.Key, ArticleHash.OfContent(article.Article)) : ArticleHash.OfContent(article.Article),
        FallbackDate = article.FallbackDate,
        Draft = article.Draft,
        Origins = article.Origins,
    };

    /// <summary>A stored article that arrives again, because the filters changed.</summary>
    public static ArrivedArticle Of(StoredArticle stored) => new(stored.Source, stored.Key, stored.Raw ?? stored.Article)
    {
        ContentHash = stored.ContentHash,
        FallbackDate = stored.Published,
        Draft = stored.Draft,
        Origins = stored.Origins.Where(o => o.Key != "filters").ToDictionary(),
    };
}

/// <summary>What a run changes in the ledger.</summary>
/// <param name="Changed">New, changed and ended entries.</param>
/// <param name="Duplicates">Articles that are in the feed already, and under which key.</param>
public sealed record LedgerChanges(IReadOnlyList<StoredArticle> Changed, IReadOnlyList<(ArrivedArticle Article, string Of)> Duplicates)
{
    public static LedgerChanges None { get; } = new([], []);
}
