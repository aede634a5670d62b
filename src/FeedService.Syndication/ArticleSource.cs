namespace FeedService.Syndication;

/// <summary>The feed that an article was republished from (RFC 4287, 4.2.11; RSS <c>source</c>).</summary>
/// <param name="Id">The upstream feed's id, an absolute IRI.</param>
/// <param name="Title">The upstream feed's title, plain text.</param>
public sealed record ArticleSource(string Id, string Title)
{
    /// <summary>Where the upstream feed is, absolute.</summary>
    public string? FeedUrl { get; init; }

    /// <summary>The upstream's site, absolute.</summary>
    public string? SiteUrl { get; init; }

    /// <summary>When the upstream feed last changed, as it says itself.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The upstream feed's authors, who stand for entries that name nobody.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];
}
