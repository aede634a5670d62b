namespace FeedService.Syndication;

/// <summary>A published list of articles, in the terms that RSS 2.0, Atom 1.0 and JSON Feed 1.1 share.</summary>
public sealed record Feed
{
    /// <summary>The permanent identifier, an absolute IRI (RFC 4287, 4.2.6).</summary>
    public string Id { get; init; } = "";

    /// <summary>Plain text, never markup.</summary>
    public string Title { get; init; } = "";

    /// <summary>Plain text, never markup; null where there is none.</summary>
    public string? Description { get; init; }

    /// <summary>The site or page that the feed stands for, absolute.</summary>
    public string? SiteUrl { get; init; }

    /// <summary>Where this very document is served, absolute (<c>rel="self"</c>, <c>feed_url</c>, a WebSub topic).</summary>
    public string? SelfUrl { get; init; }

    /// <summary>WebSub hubs, absolute URLs.</summary>
    public IReadOnlyList<string> Hubs { get; init; } = [];

    /// <summary>Links beyond self, alternate and hub: RFC 5005's <c>prev-archive</c>, <c>next-archive</c>, <c>current</c>, <c>first</c>, <c>next</c> ...</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>True for a closed page of older articles (RFC 5005, 4).</summary>
    public bool IsArchive { get; init; }

    /// <summary>True where the document holds all the articles there are (RFC 5005, 2).</summary>
    public bool IsComplete { get; init; }

    /// <summary>An RFC 5646 tag such as <c>en-GB</c>; null where unknown.</summary>
    public string? Language { get; init; }

    /// <summary>Who is responsible where an article names nobody.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>What the feed is about.</summary>
    public IReadOnlyList<Category> Categories { get; init; } = [];

    /// <summary>A small square image, absolute URL.</summary>
    public string? Icon { get; init; }

    /// <summary>A larger image that stands for the feed.</summary>
    public Image? Logo { get; init; }

    /// <summary>Plain text; null where none is stated.</summary>
    public string? Rights { get; init; }

    /// <summary>The program that made the feed; null where none is stated.</summary>
    public string? Generator { get; init; }

    /// <summary>When an article last changed. Never the time of rendering.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>How often it is worth asking again (RSS <c>ttl</c> and <c>sy:</c>); null where unknown.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The next older page, absolute (JSON Feed <c>next_url</c>; in RSS and Atom a link's business).</summary>
    public string? NextUrl { get; init; }

    /// <summary>The articles, newest first.</summary>
    public IReadOnlyList<Article> Articles { get; init; } = [];

    /// <summary>Articles that are no more (RFC 6721); Atom alone can say so.</summary>
    public IReadOnlyList<Tombstone> Tombstones { get; init; } = [];
}

/// <summary>An article that is no more (RFC 6721 <c>at:deleted-entry</c>).</summary>
/// <param name="Id">The id that the article had.</param>
/// <param name="When">When it was removed.</param>
public sealed record Tombstone(string Id, DateTimeOffset When);
