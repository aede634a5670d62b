namespace FeedService.Syndication;

/// <summary>Somebody who wrote or is responsible for something; at least one part is given.</summary>
/// <param name="Name">Plain text; empty where only a URL or address is known.</param>
public sealed record Person(string Name)
{
    /// <summary>A page about the person, absolute.</summary>
    public string? Url { get; init; }

    /// <summary>An address as <c>user@example.org</c> (RFC 5322 addr-spec).</summary>
    public string? Email { get; init; }

    /// <summary>A square image of the person, absolute URL.</summary>
    public string? Avatar { get; init; }
}
