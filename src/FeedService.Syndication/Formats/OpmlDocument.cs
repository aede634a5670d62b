namespace FeedService.Syndication.Formats;

/// <summary>A list of subscriptions (OPML 2.0).</summary>
/// <param name="Title">Plain text.</param>
/// <param name="Outlines">What it lists, in order; OPML requires at least one.</param>
public sealed record OpmlDocument(string Title, IReadOnlyList<OpmlOutline> Outlines)
{
    /// <summary>When the list last changed; null where unknown.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>Whose list it is, plain text; null where nobody is named.</summary>
    public string? Owner { get; init; }

    /// <summary>The document broke off: subscriptions may be missing.</summary>
    public bool IsTruncated { get; init; }
}

/// <summary>A subscription, or a folder of them.</summary>
/// <param name="Text">What people read, plain text.</param>
public sealed record OpmlOutline(string Text)
{
    /// <summary>Where the feed is, absolute; null for a folder.</summary>
    public string? XmlUrl { get; init; }

    /// <summary>The site that the feed belongs to, absolute.</summary>
    public string? HtmlUrl { get; init; }

    /// <summary>Plain text.</summary>
    public string? Description { get; init; }

    /// <summary>An RFC 5646 tag.</summary>
    public string? Language { get; init; }

    /// <summary>Categories as OPML writes them: separated by commas, levels by slashes.</summary>
    public string? Category { get; init; }

    /// <summary>What is at <see cref="XmlUrl"/> where it is no feed, in FreshRSS's words: <c>HTML+XPath</c> for a page; null for a feed.</summary>
    public string? Type { get; init; }

    /// <summary>Where the articles are on a page, as FreshRSS writes it; null for a feed.</summary>
    public OpmlPaths? Paths { get; init; }

    /// <summary>FreshRSS's CSS selector of the whole text on an article's own page, where the feed has summaries only.</summary>
    public string? FullContent { get; init; }

    /// <summary>What the folder holds.</summary>
    public IReadOnlyList<OpmlOutline> Outlines { get; init; } = [];
}

/// <summary>XPath expressions for the articles of a page (FreshRSS's <c>frss:xPath…</c> attributes): from the page for the items, from an item for its parts.</summary>
/// <param name="Item">What surrounds one article.</param>
public sealed record OpmlPaths(string Item)
{
    /// <summary>The article's address.</summary>
    public string? Uri { get; init; }

    /// <summary>The headline.</summary>
    public string? Title { get; init; }

    /// <summary>The text.</summary>
    public string? Content { get; init; }

    /// <summary>The date.</summary>
    public string? Timestamp { get; init; }

    /// <summary>The image.</summary>
    public string? Thumbnail { get; init; }
}
