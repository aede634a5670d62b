namespace FeedService.Syndication.Formats;

/// <summary>A feed as it was read from a document.</summary>
/// <param name="Feed">
/// The feed. Titles and summaries are plain text; contents are HTML as the document has it, <b>not sanitized</b>. URLs are absolute where the
/// document gives something to resolve them against. An article's id is what the document says, or empty.
/// </param>
/// <param name="Format">
/// <c>rss090</c>, <c>rss091n</c> (Netscape), <c>rss091u</c> (UserLand), <c>rss092</c>, <c>rss093</c>, <c>rss094</c>, <c>rss10</c>, <c>rss11</c>, <c>rss20</c>,
/// <c>rss</c> (without a known version), <c>atom03</c>, <c>atom10</c>, <c>atom</c>, <c>json1</c>, <c>json11</c>.
/// </param>
/// <param name="Encoding">The encoding that was used, by its IANA name in lower case.</param>
public sealed record FeedDocument(Feed Feed, string Format, string Encoding)
{
    /// <summary>What was wrong with the document and was mended, a sentence each; empty where nothing.</summary>
    public IReadOnlyList<string> Repairs { get; init; } = [];

    /// <summary>The document ends early: what was whole is there, and more may follow when it is loaded again.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>What was passed over because it could not be understood, a sentence each: dates that are none, links that lead nowhere.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the document says of the feed in its own words; null unless <see cref="FeedReadOptions.WithDetails"/> asked for it, and for JSON.</summary>
    public FeedDetails? Details { get; init; }

    /// <summary>The same of each article, in their order; empty where <see cref="Details"/> is null.</summary>
    public IReadOnlyList<FeedDetails> ItemDetails { get; init; } = [];
}

/// <summary>What is known of a document before it is read, and how much of it is taken.</summary>
public sealed record FeedReadOptions
{
    /// <summary>The largest document that is taken unless <see cref="MaxBytes"/> says otherwise.</summary>
    public const int DefaultMaxBytes = 20 * 1024 * 1024;

    /// <summary>How many items are taken unless <see cref="MaxItems"/> says otherwise.</summary>
    public const int DefaultMaxItems = 20_000;

    internal static readonly FeedReadOptions Default = new();

    /// <summary>The <c>Content-Type</c> header that came with the document, or just a charset; null where there was none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Where the document came from, an absolute URL that relative ones are resolved against; null where unknown.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Whether to keep what the document says in its own words, too (<see cref="FeedDocument.Details"/>): for who looks at feeds, not for who republishes them.</summary>
    public bool WithDetails { get; init; }

    /// <summary>The largest document that is taken, in bytes.</summary>
    public int MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>How many items a document may have.</summary>
    public int MaxItems { get; init; } = DefaultMaxItems;
}

/// <summary>A document that is no feed, or one that is over a limit; the message says which, and in which line.</summary>
public sealed class FeedFormatException : Exception
{
    /// <summary>A document that is no feed.</summary>
    public FeedFormatException() : base("The document is no feed.")
    {
    }

    /// <summary>Says what was found.</summary>
    public FeedFormatException(string message) : base(message)
    {
    }

    /// <summary>Says what was found, and what the parser said.</summary>
    public FeedFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }

    internal FeedFormatException(string message, int line) : base($"{message} (line {line})") => Line = line;

    /// <summary>The line in which it was found, from 1; 0 where it is about the whole document.</summary>
    public int Line { get; }
}
