namespace FeedService.Store;

/// <summary>A category or an author of a feed's articles.</summary>
/// <param name="Path">Where its feed stands below the feed: <c>tags/shipping</c>, <c>authors/ada-quay</c>.</param>
/// <param name="Name">As it was first written.</param>
/// <param name="Articles">How many articles that readers may see have it, those with a date in the future among them.</param>
public sealed record StoredTerm(string Path, string Name, long Articles)
{
    public const string Tags = "tags";

    public const string Authors = "authors";

    public static readonly IReadOnlyList<string> Kinds = [Tags, Authors];

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public string Kind => Path[..Path.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>That an article has a term.</summary>
/// <param name="Article">Its id.</param>
/// <param name="Path">The term's.</param>
/// <param name="Name">The term's, where this is the first article that has it.</param>
public sealed record ArticleTerm(string Article, string Path, string Name);
