namespace FeedService.Syndication.Formats;

/// <summary>What a sitemap lists.</summary>
/// <param name="IsIndex">True where the entries are sitemaps themselves; false where they are pages.</param>
/// <param name="Entries">In the document's order; entries without an absolute http or https address are left out.</param>
public sealed record Sitemap(bool IsIndex, IReadOnlyList<SitemapEntry> Entries)
{
    /// <summary>True where the document lists more than was read, because it broke off or is over <see cref="SitemapReader.MaxEntries"/>.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>What was wrong with the document where it broke off; null where nothing was.</summary>
    public string? Fault { get; init; }
}

/// <summary>A page, or a sitemap of an index.</summary>
/// <param name="Url">Where it is, absolute.</param>
public sealed record SitemapEntry(string Url)
{
    /// <summary>When the page changed, as the site says (<c>lastmod</c>).</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>When the article was published (<c>news:publication_date</c>).</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>The article's headline (<c>news:title</c>), plain text.</summary>
    public string? Title { get; init; }

    /// <summary>The language of the article's publication (<c>news:language</c>), an RFC 5646 tag.</summary>
    public string? Language { get; init; }

    /// <summary>What the article is about (<c>news:keywords</c>).</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>The page's images (<c>image:image</c>).</summary>
    public IReadOnlyList<Image> Images { get; init; } = [];
}
