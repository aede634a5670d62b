namespace FeedService.Syndication.Html;

/// <summary>What a page lists.</summary>
/// <param name="Articles">In the order of the page.</param>
/// <param name="NextUrl">The page with older articles, absolute; null where there is none.</param>
public sealed record Listing(IReadOnlyList<ListedArticle> Articles, string? NextUrl);

/// <summary>An article as a listing page shows it.</summary>
/// <param name="Url">The article's page, absolute.</param>
/// <param name="Title">Plain text; empty where the page shows only an image.</param>
public sealed record ListedArticle(string Url, string Title)
{
    /// <summary>When it was published, where the page says so.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>Plain text; null where there is none.</summary>
    public string? Summary { get; init; }

    /// <summary>The image that is shown with it, absolute.</summary>
    public string? ImageUrl { get; init; }
}

/// <summary>Where the articles of a listing page are, as CSS selectors; what is left out is found by itself.</summary>
public sealed record ListingSelectors
{
    /// <summary>The elements that show one article each; null where <see cref="Url"/> selects the links on the whole page.</summary>
    public string? Items { get; init; }

    /// <summary>The link to the article, within its item.</summary>
    public string? Url { get; init; }

    /// <summary>The headline, within its item.</summary>
    public string? Title { get; init; }

    /// <summary>The date, within its item: its <c>datetime</c> attribute or its text.</summary>
    public string? Date { get; init; }

    /// <summary>The summary, within its item.</summary>
    public string? Summary { get; init; }

    /// <summary>The image, within its item.</summary>
    public string? Image { get; init; }

    /// <summary>The link to the next page, on the whole page.</summary>
    public string? Next { get; init; }
}
