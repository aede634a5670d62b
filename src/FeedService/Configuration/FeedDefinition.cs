using System.ComponentModel.DataAnnotations;
using FeedService.Syndication;

namespace FeedService.Configuration;

/// <summary>One feed as its <c>feed.yaml</c> defines it: checked, converted, complete.</summary>
public sealed record FeedDefinition
{
    /// <summary>The name of the folder, and of the feed in every URL.</summary>
    [NotInFile]
    public required string Slug { get; init; }

    /// <summary>The folder that the definition stands in, absolute.</summary>
    [NotInFile]
    public required string Folder { get; init; }

    /// <summary>What the feed is called.</summary>
    public required string Title { get; init; }

    /// <summary>What the feed is about, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>The site that the feed stands for. Default: the feed's own page.</summary>
    [Format(ValueFormat.Url)]
    public string? Site { get; init; }

    /// <summary>The language of the articles, an RFC 5646 tag such as en-GB.</summary>
    [Format(ValueFormat.Language)]
    public string? Language { get; init; }

    /// <summary>Who is responsible where an article names nobody.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>What the feed is about, as categories.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>A small square image that stands for the feed.</summary>
    [Format(ValueFormat.Url)]
    public string? Icon { get; init; }

    /// <summary>The terms under which the articles may be used.</summary>
    public string? Rights { get; init; }

    /// <summary>When to look for new articles: a Quartz cron expression or a span such as 15m.</summary>
    public FeedSchedule Schedule { get; init; } = FeedSchedule.Default;

    /// <summary>The zone in which a schedule's fixed hours are meant, such as Europe/Amsterdam. Default: UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Where the articles come from, mixed at will.</summary>
    public required IReadOnlyList<SourceDefinition> Sources { get; init; }

    /// <summary>The steps between sources and feed, in this order.</summary>
    public IReadOnlyList<FilterDefinition> Filters { get; init; } = [];

    /// <summary>How the feed is put together.</summary>
    public PublishDefinition Publish { get; init; } = new();

    /// <summary>Names that the feed had before; they go on answering with a redirect.</summary>
    [Format(ValueFormat.Slug)]
    public IReadOnlyList<string> FormerSlugs { get; init; } = [];

    /// <summary>Where the feed has moved to; readers are sent there.</summary>
    [Format(ValueFormat.Url)]
    public string? MovedTo { get; init; }

    /// <summary>True where the feed has ended; readers are told 410.</summary>
    public bool Gone { get; init; }

    /// <summary>True where only subscribers with a secret URL or password may read it.</summary>
    public bool Private { get; init; }

    /// <summary>True where the feed is kept but not run.</summary>
    public bool Paused { get; init; }

    /// <summary>False where nobody is handed the feed: it has moved or has ended.</summary>
    [NotInFile]
    public bool IsServed => MovedTo is null && !Gone;

    /// <summary>Stands for all that the definition says: changes when, and only when, a run could come out differently.</summary>
    [NotInFile]
    public required string Fingerprint { get; init; }

    /// <summary>Stands for the filters alone: when it changes, stored articles pass through them again.</summary>
    [NotInFile]
    public required string FiltersFingerprint { get; init; }
}

/// <summary>Either a cron expression in a time zone or a span.</summary>
public sealed record FeedSchedule(string Text)
{
    public static FeedSchedule Default { get; } = new("15m") { Every = TimeSpan.FromMinutes(15) };

    /// <summary>Set for a span.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Set for a Quartz cron expression.</summary>
    public string? Cron { get; init; }

    /// <summary>The zone in which a cron expression's fixed hours are meant.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>About how long it is from one run to the next; what caches and readers are told.</summary>
    public TimeSpan TypicalInterval { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>A source of articles; exactly one kind is meant.</summary>
public sealed record SourceDefinition
{
    [NotInFile]
    public required SourceKind Kind { get; init; }

    /// <summary>The folder (relative to the feed's) or the URL; empty for the inbox.</summary>
    [NotInFile]
    public required string Location { get; init; }

    /// <summary>Fetch and extract each new article's own page once.</summary>
    public bool FullText { get; init; }

    /// <summary>The name of every feed's inbox.</summary>
    public const string InboxKey = "inbox";

    /// <summary>CSS selectors for a page's articles; found by themselves where left out.</summary>
    public PageSelectors? Selectors { get; init; }

    /// <summary>When pushed articles go out. Default: at once.</summary>
    public InboxPublish Publish { get; init; } = InboxPublish.AtOnce;

    /// <summary>The name under which the source's articles are kept: stable as long as kind and location are.</summary>
    public string Key => Kind == SourceKind.Inbox ? InboxKey : $"{Kind.ToString().ToLowerInvariant()}:{Location}";
}

public enum SourceKind
{
    /// <summary>A folder of .txt, .md and .html files, subfolders too; relative to the feed's own folder.</summary>
    Folder,

    /// <summary>The URL of a feed (RSS, Atom, RDF or JSON Feed), or of a page that names one.</summary>
    Feed,

    /// <summary>The URL of a page that lists articles and has no feed.</summary>
    Page,

    /// <summary>The URL of a sitemap.</summary>
    Sitemap,

    /// <summary>Articles that are pushed over HTTP.</summary>
    Inbox,
}

/// <summary>When a pushed article goes out.</summary>
public enum InboxPublish
{
    /// <summary>As soon as it has come.</summary>
    AtOnce,

    /// <summary>With the feed's next run.</summary>
    Scheduled,
}

/// <summary>CSS selectors within a listing page.</summary>
public sealed record PageSelectors
{
    /// <summary>What surrounds one article, such as <c>article</c>. Default: each link that url selects is one.</summary>
    public string? Items { get; init; }

    /// <summary>The link within an item. Default: that of its heading, else its first.</summary>
    public string? Url { get; init; }

    /// <summary>The title within an item. Default: the link's text.</summary>
    public string? Title { get; init; }

    /// <summary>The date within an item: its datetime attribute or its text.</summary>
    public string? Date { get; init; }

    /// <summary>The summary within an item.</summary>
    public string? Summary { get; init; }

    /// <summary>The image within an item.</summary>
    public string? Image { get; init; }

    /// <summary>The link to the page with older articles, on the whole page.</summary>
    public string? Next { get; init; }
}

/// <summary>One step of the filters: its name in the table of filters and its settings.</summary>
public sealed record FilterDefinition(string Name, object Settings);

/// <summary>How a feed is put together.</summary>
public sealed record PublishDefinition
{
    /// <summary>At most so many articles in the feed.</summary>
    [Range(1, 1000)]
    public int Items { get; init; } = 50;

    /// <summary>At most so many bytes in the feed; older articles make way. Null: no limit.</summary>
    [Format(ValueFormat.Size)]
    public long? MaxSize { get; init; }

    /// <summary>A drip from the backlog; null: as they come.</summary>
    public ReleaseDefinition? Release { get; init; }

    /// <summary>WebSub hubs besides the service's own.</summary>
    [Format(ValueFormat.Url)]
    public IReadOnlyList<string> WebSub { get; init; } = [];
}

/// <summary>So many articles at a time, so long apart.</summary>
/// <param name="Every">The span from one release to the next, such as 1d.</param>
/// <param name="Articles">How many articles a release lets go.</param>
public sealed record ReleaseDefinition(TimeSpan Every, [Range(1, 1000)] int Articles = 1);
