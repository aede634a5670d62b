namespace FeedService.Syndication;

/// <summary>What an article or feed is about.</summary>
/// <param name="Term">The tag itself, plain text.</param>
public sealed record Category(string Term)
{
    /// <summary>The scheme or taxonomy that the term comes from (Atom <c>scheme</c>, RSS <c>domain</c>).</summary>
    public string? Scheme { get; init; }

    /// <summary>The term as people should read it, plain text; null where it is the term.</summary>
    public string? Label { get; init; }
}
