using FeedService.Syndication;

namespace FeedService.Sources;

/// <summary>Where a feed's articles come from. A source says what is new, changed and gone since it was last asked; it never says it all again.</summary>
public interface IArticleSource
{
    /// <summary>The name under which its articles are kept, unique within the feed and stable over restarts.</summary>
    string Key { get; }

    /// <exception cref="SourceException">The source could not be read; what it gave before stays.</exception>
    Task<Collected> CollectAsync(SourceContext context, CancellationToken cancellationToken);
}

/// <summary>What a source may know of earlier looks.</summary>
/// <param name="Feed">The feed's slug.</param>
/// <param name="State">What the source itself asked to have kept, as it wrote it; null at the first look.</param>
/// <param name="Known">Loads what is kept of each item that the source has given or refused so far, by key.</param>
/// <param name="Now">The instant of this run.</param>
public sealed record SourceContext(
    string Feed,
    string? State,
    Func<CancellationToken, Task<IReadOnlyDictionary<string, KnownItem>>> Known,
    DateTimeOffset Now)
{
    /// <summary>What the upstream's hub has delivered since, oldest first: of the same worth as an answer to a request.</summary>
    public IReadOnlyList<PushedDocument> Pushed { get; init; } = [];

    /// <summary>The upstream is not to be asked just now; only what was delivered may be taken.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Takes so many of the articles that were pushed to the feed and wait; they are gone from there once the run is recorded.</summary>
    public Func<int, CancellationToken, Task<IReadOnlyList<PushedItem>>> TakePushed { get; init; } = (_, _) => Task.FromResult<IReadOnlyList<PushedItem>>([]);
}

/// <summary>A document that a hub delivered.</summary>
/// <param name="Body">As it came; empty where the hub only says that there is something new.</param>
/// <param name="ContentType">The Content-Type header.</param>
public sealed record PushedDocument(ReadOnlyMemory<byte> Body, string? ContentType);

/// <summary>What is kept of an item: enough to see that it has not changed without opening it.</summary>
/// <param name="Stamp">The source's own mark of its version, such as size and time of a file.</param>
/// <param name="Problem">Why it was refused; null where it gave an article.</param>
public sealed record KnownItem(string Stamp, string? Problem);

/// <summary>What a look at a source found.</summary>
public sealed record Collected
{
    public static Collected Unchanged { get; } = new();

    /// <summary>New and changed articles.</summary>
    public IReadOnlyList<SourceArticle> Articles { get; init; } = [];

    /// <summary>Items that were looked at and gave no article, with the reason; a former article of theirs stays.</summary>
    public IReadOnlyList<RefusedItem> Refused { get; init; } = [];

    /// <summary>Keys of items that are no more. Only a source that owns its articles (a folder, the inbox) says so: what has scrolled out of an upstream feed is not gone.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>
    /// Keys that are not there either, but not removed yet: something is on its way, and an article of theirs may be it. What has come may be one of them.
    /// </summary>
    public IReadOnlyList<string> Leaving { get; init; } = [];

    /// <summary>What to hand back as <see cref="SourceContext.State"/> next time; null: as it was.</summary>
    public string? State { get; init; }

    /// <summary>When it is worth looking again, where that is sooner than the schedule says: a file that has not settled, a Retry-After.</summary>
    public DateTimeOffset? LookAgain { get; init; }

    /// <summary>There is more at hand: the rest comes with the next look, which should follow at once. Keeps a first import of any size within bounds.</summary>
    public bool More { get; init; }

    /// <summary>Anything worth telling the operator that is no failure, such as a permanent move.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One article as a source gave it.</summary>
/// <param name="Key">Its name within the source: a path, an upstream id, a URL.</param>
/// <param name="Stamp">The mark of its version.</param>
/// <param name="Article">What it says; its Id is the article's own or empty.</param>
public sealed record SourceArticle(string Key, string Stamp, Article Article)
{
    /// <summary>The date of an article that has none of its own.</summary>
    public DateTimeOffset? FallbackDate { get; init; }

    /// <summary>Kept back until it is no draft any more.</summary>
    public bool Draft { get; init; }

    /// <summary>Where each field came from, for people who ask.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();
}

/// <summary>An item that gave no article.</summary>
public sealed record RefusedItem(string Key, string Stamp, string Problem);

/// <summary>A source could not be read; the message says which, why and what to do.</summary>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Not before then; null: as scheduled.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>State to keep although the look failed, such as the number of failures; null: as it was.</summary>
    public string? State { get; init; }
}
