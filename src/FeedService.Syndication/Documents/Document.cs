namespace FeedService.Syndication.Documents;

/// <summary>An article as a file gives it.</summary>
/// <param name="Article">
/// What the file says: content is sanitized, links are absolute where <see cref="DocumentOptions.BaseUrl"/> is given. Id, URL, dates and language
/// are there only where the file itself states them.
/// </param>
public sealed record Document(Article Article)
{
    /// <summary>The author keeps it back.</summary>
    public bool Draft { get; init; }

    /// <summary>Where each field came from, for people: <c>front matter</c>, <c>first line</c> and so on, by the name of the part in <see cref="Syndication.Article"/>.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();
}

/// <summary>What the file's surroundings say.</summary>
public sealed record DocumentOptions
{
    /// <summary>The absolute URL that relative links and images resolve against; null leaves them out.</summary>
    public string? BaseUrl { get; init; }
}

/// <summary>A file that gives no article; the message says what is wrong with it and what to do, the caller adds which file it is.</summary>
/// <param name="message">One sentence.</param>
/// <param name="innerException">What was thrown beneath.</param>
public sealed class DocumentException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Which part of the document is wrong: the key, member or element; null where it is the whole.</summary>
    public string? Field { get; init; }
}
