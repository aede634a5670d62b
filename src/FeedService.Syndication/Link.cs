namespace FeedService.Syndication;

/// <summary>A typed link (RFC 4287, 4.2.7).</summary>
/// <param name="Rel">A registered relation or an absolute IRI.</param>
/// <param name="Href">Where it leads, absolute.</param>
public sealed record Link(string Rel, string Href)
{
    /// <summary>The media type that is to be expected there.</summary>
    public string? Type { get; init; }

    /// <summary>The language that is to be expected there, an RFC 5646 tag.</summary>
    public string? HrefLang { get; init; }

    /// <summary>Plain text.</summary>
    public string? Title { get; init; }

    /// <summary>How many replies are there, for <c>rel="replies"</c> (RFC 4685, 4).</summary>
    public int? Count { get; init; }

    /// <summary>When the last reply was made, for <c>rel="replies"</c> (RFC 4685, 4).</summary>
    public DateTimeOffset? Updated { get; init; }
}

/// <summary>The article that another one answers (RFC 4685, 3).</summary>
/// <param name="Ref">The id of the article that is answered.</param>
public sealed record InReplyTo(string Ref)
{
    /// <summary>The page of the article that is answered, absolute.</summary>
    public string? Href { get; init; }

    /// <summary>The media type of that page.</summary>
    public string? Type { get; init; }

    /// <summary>The feed in which the article that is answered stands, absolute.</summary>
    public string? Source { get; init; }
}
