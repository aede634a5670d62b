namespace FeedService.Syndication.Html;

/// <summary>What was found on a page.</summary>
/// <param name="Article">The article; parts that the page does not give are null or empty.</param>
/// <param name="Origins">For each part that was found, by its name in <see cref="Syndication.Article"/>, where on the page.</param>
public sealed record ExtractedPage(Article Article, IReadOnlyDictionary<string, string> Origins)
{
    /// <summary>What the page calls its own address, absolute; null where it says nothing.</summary>
    public string? CanonicalUrl { get; init; }

    /// <summary>The next page of the same article, absolute; null where there is none.</summary>
    public string? NextUrl { get; init; }

    /// <summary>Whether the page looks like an article at all, not like a front page or a list.</summary>
    public bool IsArticle { get; init; }
}
