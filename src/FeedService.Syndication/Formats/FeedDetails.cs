namespace FeedService.Syndication.Formats;

/// <summary>What a document says of a feed or an item in its own words, beside what becomes of it (<see cref="FeedReadOptions.WithDetails"/>).</summary>
public sealed record FeedDetails
{
    /// <summary>How each text is written, by the name of the model's property in lower case: <c>title</c>, <c>description</c>, <c>summary</c>, <c>content</c>, <c>rights</c>.</summary>
    public IReadOnlyDictionary<string, TextDetails> Texts { get; init; } = new Dictionary<string, TextDetails>();

    /// <summary>All links, in the document's order.</summary>
    public IReadOnlyList<LinkDetails> Links { get; init; } = [];

    /// <summary>Those who helped: Atom and Dublin Core contributors.</summary>
    public IReadOnlyList<Person> Contributors { get; init; } = [];

    /// <summary>When the feed first appeared, where it says so beside when it changed.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>The version of the program that made the feed.</summary>
    public string? GeneratorVersion { get; init; }

    /// <summary>The page of the program that made the feed, absolute.</summary>
    public string? GeneratorUrl { get; init; }

    /// <summary>The feed that an entry came from (RFC 4287, 4.2.11), as far as it tells.</summary>
    public Feed? Source { get; init; }

    /// <summary>The same of <see cref="Source"/>.</summary>
    public FeedDetails? SourceDetails { get; init; }
}

/// <summary>A link as it stands in the document.</summary>
/// <param name="Link">The link.</param>
/// <param name="Length">How many bytes are to be expected there; null where it does not say.</param>
public sealed record LinkDetails(Link Link, long? Length);

/// <summary>How a text is written.</summary>
/// <param name="Type">Its media type; null where the document does not say, and its format neither.</param>
/// <param name="Language">What <c>xml:lang</c> says, by inheritance too; empty where it says that there is none, null where it is silent.</param>
/// <param name="Base">What its links are relative to, where <c>xml:base</c> says so.</param>
/// <param name="Source">Where it lies, where it is not in the document (RFC 4287, 4.1.3.2).</param>
public sealed record TextDetails(string? Type, string? Language, string? Base, string? Source);
