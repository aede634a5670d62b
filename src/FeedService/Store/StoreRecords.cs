using FeedService.Syndication;

namespace FeedService.Store;

/// <summary>What is kept of a feed between runs.</summary>
public sealed record FeedState(string Feed)
{
    /// <summary>Counts commits; a run that began on an older one may not commit.</summary>
    public long Version { get; init; }

    /// <summary>The number of the last change of an article; each new or changed article takes the next.</summary>
    public long LastSequence { get; init; }

    /// <summary>The filters that the stored articles have passed.</summary>
    public string FiltersFingerprint { get; init; } = "";

    /// <summary>Stands for all that went into the snapshots besides the articles.</summary>
    public string RenderFingerprint { get; init; } = "";

    /// <summary>What the feed says as its Updated: the newest change of an article.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The run that last put the feed together.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>Articles in the feed, since then.</summary>
    public int Articles { get; init; }

    /// <summary>When the release pace last let articles go.</summary>
    public DateTimeOffset? LastRelease { get; init; }

    /// <summary>How far closed pages of older articles go.</summary>
    public ArchiveState Archive { get; init; } = ArchiveState.None;

    /// <summary>What readers may still have, for telling them what changed since: the last few documents, the newest last. Empty where nobody is to be told.</summary>
    public IReadOnlyList<FeedVersion> Versions { get; init; } = [];

    /// <summary>Where the feed has moved to and when it said so first; null where it has not.</summary>
    public FeedMove? Moved { get; init; }

    /// <summary>Stands for the way in which the stored articles' categories and authors are kept; 0 where they are not yet.</summary>
    public int TermsRevision { get; init; }

    /// <summary>The categories and authors that have feeds of their own.</summary>
    public IReadOnlyList<StoredTerm> Terms { get; init; } = [];

    /// <summary>Why the feed could not go out and the last good one stays, in words; empty where nothing is wrong.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What each source asked to have kept, by source key.</summary>
    public IReadOnlyDictionary<string, SourceState> Sources { get; init; } = new Dictionary<string, SourceState>();
}

/// <summary>The documents of a feed after a run.</summary>
/// <param name="Tags">Their entity tags' cores, in the order of the formats.</param>
/// <param name="Sequence">The number of the last change in them.</param>
/// <param name="At">The instant of the run.</param>
public sealed record FeedVersion(IReadOnlyList<string> Tags, long Sequence, DateTimeOffset At);

/// <summary>That a feed has moved.</summary>
public sealed record FeedMove(string To, DateTimeOffset At);

/// <summary>How far a feed's archive goes: what comes after is open, and is told by the feed itself.</summary>
public sealed record ArchiveState
{
    public static ArchiveState None { get; } = new();

    /// <summary>Closed pages; the newest has this number.</summary>
    public long Pages { get; init; }

    /// <summary>The sequence up to which articles stand in closed pages.</summary>
    public long Through { get; init; }

    /// <summary>When the newest page was closed.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>The public URL that the pages were made with.</summary>
    public string Root { get; init; } = "";

    /// <summary>Pages that were made with an earlier public URL and still stand, up to this number.</summary>
    public long Former { get; init; }
}

/// <summary>What is kept of a source.</summary>
public sealed record SourceState
{
    /// <summary>The source's own notes, as it wrote them.</summary>
    public string? State { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Not to be asked before then.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>An entry of the ledger with its article.</summary>
public sealed record StoredArticle
{
    /// <summary>The permanent id, minted once.</summary>
    public required string Id { get; init; }

    public required string Source { get; init; }

    /// <summary>The article's name within its source.</summary>
    public required string Key { get; init; }

    /// <summary>The last part of the article's own page, minted once, unique within the feed.</summary>
    public required string Path { get; init; }

    /// <summary>As it goes out: filtered and sanitized, own URLs on the placeholder host. Id, Published and Updated are the ledger's.</summary>
    public required Article Article { get; init; }

    /// <summary>As the source gave it, where filters changed it; else null.</summary>
    public Article? Raw { get; init; }

    /// <summary>Stands for what the source gave: finds a file again that was moved.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Stands for what readers see; Updated moves when it changes.</summary>
    public required string SeenHash { get; init; }

    public required DateTimeOffset Published { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>The number of its last change within the feed.</summary>
    public required long Sequence { get; init; }

    /// <summary>Which filter keeps it out and why; null where it is in.</summary>
    public string? Excluded { get; init; }

    public bool Draft { get; init; }

    /// <summary>False while it waits for the release pace.</summary>
    public bool Released { get; init; } = true;

    /// <summary>Readers have had it in a snapshot.</summary>
    public bool Shown { get; init; }

    public DateTimeOffset? Removed { get; init; }

    /// <summary>Where each field came from and what the filters did, for people who ask.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

    /// <summary>Under which the dedupe filter finds it again.</summary>
    public IReadOnlyList<string> DedupeKeys { get; init; } = [];
}

/// <summary>What to look for in the ledger; an entry that matches anything is found.</summary>
public sealed record ArticleLookup
{
    /// <summary>Pairs of source and key.</summary>
    public IReadOnlyCollection<(string Source, string Key)> Keys { get; init; } = [];
    public IReadOnlyCollection<string> Ids { get; init; } = [];
    public IReadOnlyCollection<string> Paths { get; init; } = [];
    public IReadOnlyCollection<string> ContentHashes { get; init; } = [];
}

/// <summary>One finished representation of a feed, with its codings.</summary>
/// <param name="Feed">The slug.</param>
/// <param name="Name">What it is within the feed: <c>rss</c>, <c>atom</c>, <c>json</c>, <c>archive/3.rss</c>, <c>tags/shipping.atom</c> ...</param>
public sealed record StoredSnapshot(string Feed, string Name)
{
    public required string MediaType { get; init; }

    /// <summary>The entity tag's core, without quotes; each coding adds its own ending.</summary>
    public required string Tag { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>The length of the uncoded bytes.</summary>
    public required int Length { get; init; }

    /// <summary>Empty in listings.</summary>
    public ReadOnlyMemory<byte> Gzip { get; init; }

    /// <summary>Empty in listings, and where it was not made.</summary>
    public ReadOnlyMemory<byte> Brotli { get; init; }
}

/// <summary>An item that a source has given or refused: enough to see that it has not changed without opening it.</summary>
public sealed record StoredItem(string Source, string Key, string Stamp, string? Problem);

/// <summary>A small thing that is kept by its name: a token, a subscription, a delivery. What it means is known to whoever keeps it.</summary>
/// <param name="Kind">What it is; names count within a kind.</param>
/// <param name="Key">Its name.</param>
public sealed record StoredRecord(string Kind, string Key)
{
    /// <summary>The feed that it belongs to, and goes with; empty for none.</summary>
    public string Feed { get; init; } = "";

    /// <summary>The keeper's own text.</summary>
    public required string Value { get; init; }

    /// <summary>When somebody is to work at it; null where nobody has to.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>From then on it counts as gone; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>All that one run changes.</summary>
public sealed record Publication(string Feed)
{
    /// <summary>The <see cref="FeedState.Version"/> that the run began on; 0 for a feed that has never run.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>The state after the run; its Version is set by the store.</summary>
    public required FeedState State { get; init; }

    /// <summary>New and changed ledger entries, whole; the id is the primary key, so that a moved file just changes source and key.</summary>
    public IReadOnlyList<StoredArticle> Articles { get; init; } = [];

    /// <summary>All categories and authors of those articles.</summary>
    public IReadOnlyList<ArticleTerm> Terms { get; init; } = [];

    /// <summary>Items looked at, with stamps, per source: upserted.</summary>
    public IReadOnlyList<StoredItem> Items { get; init; } = [];

    /// <summary>Items that are no more, per source: deleted.</summary>
    public IReadOnlyList<(string Source, string Key)> RemovedItems { get; init; } = [];

    /// <summary>Ids whose articles readers now have had.</summary>
    public IReadOnlyList<string> Shown { get; init; } = [];

    /// <summary>Snapshots whose bytes changed.</summary>
    public IReadOnlyList<StoredSnapshot> Snapshots { get; init; } = [];

    /// <summary>Names of snapshots that are no more.</summary>
    public IReadOnlyList<string> RemovedSnapshots { get; init; } = [];

    /// <summary>Names of snapshots to announce to hubs and subscribers, written to the outbox with the rest.</summary>
    public IReadOnlyList<string> Announcements { get; init; } = [];

    /// <summary>Records that the run has used up: deleted where they still are as they were read.</summary>
    public IReadOnlyList<StoredRecord> UsedRecords { get; init; } = [];
}

/// <summary>Snapshots may have changed.</summary>
/// <param name="Feed">Whose; null: those of any feed.</param>
public sealed record SnapshotChange(string? Feed)
{
    public static SnapshotChange Any { get; } = new((string?)null);
}

/// <summary>A snapshot that hubs and subscribers are to be told of.</summary>
public sealed record Announcement(long Id, string Feed, string Name, DateTimeOffset Created);

/// <summary>The store cannot be used, for the reason that the message gives.</summary>
public class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another run has committed in between.</summary>
public sealed class StoreConflictException(string message) : StoreException(message);
