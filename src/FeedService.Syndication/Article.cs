namespace FeedService.Syndication;

/// <summary>One thing to publish: an RSS item, an Atom entry, a JSON Feed item.</summary>
/// <remarks>
/// Titles and summaries are plain text, content is HTML, URLs are absolute, instants carry their offset. An article that was just read may
/// still lack what only the ledger can give (<see cref="Id"/>, <see cref="Published"/>, <see cref="Updated"/>); the writers ask for them.
/// </remarks>
public sealed record Article
{
    /// <summary>The permanent identifier: an absolute IRI once published (RFC 4287, 4.2.6); as the source gave it, or empty, when just read.</summary>
    public string Id { get; init; } = "";

    /// <summary>The article's own page, absolute; null where it has none.</summary>
    public string? Url { get; init; }

    /// <summary>The page that the article is about, where it comments on another one (JSON Feed <c>external_url</c>, Atom <c>rel="related"</c>).</summary>
    public string? ExternalUrl { get; init; }

    /// <summary>Plain text, never markup; empty where the article has no title.</summary>
    public string Title { get; init; } = "";

    /// <summary>The standfirst: plain text, never markup; null where there is none.</summary>
    public string? Summary { get; init; }

    /// <summary>The whole article as HTML; null where the source only gave a summary.</summary>
    public string? Content { get; init; }

    /// <summary>When it first appeared; never changes once published.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>When what readers see last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Who wrote it; empty where the feed's authors did.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>What it is about.</summary>
    public IReadOnlyList<Category> Categories { get; init; } = [];

    /// <summary>Media that belong to it, the most important first (RSS carries one as enclosure and the others as media:content).</summary>
    public IReadOnlyList<Enclosure> Enclosures { get; init; } = [];

    /// <summary>Links beyond <see cref="Url"/>, <see cref="ExternalUrl"/> and the enclosures, such as <c>rel="replies"</c>.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>The lead image; null where there is none.</summary>
    public Image? Image { get; init; }

    /// <summary>An RFC 5646 tag such as <c>en-GB</c>; null where it is the feed's.</summary>
    public string? Language { get; init; }

    /// <summary>Plain text; null where the feed's hold.</summary>
    public string? Rights { get; init; }

    /// <summary>The feed it was republished from (RFC 4287, 4.2.11; RSS <c>source</c>); null for the feed's own articles.</summary>
    public ArticleSource? Source { get; init; }

    /// <summary>The article that this one answers (RFC 4685, 3).</summary>
    public InReplyTo? InReplyTo { get; init; }
}
