using System.Globalization;

namespace FeedService.Publishing;

/// <summary>The content codings that finished bytes are kept in.</summary>
public enum ContentCoding { Identity, Gzip, Brotli }

/// <summary>A snapshot as it is handed out: header values made once, bytes in memory or waiting in the store.</summary>
public sealed class CachedSnapshot
{
    private const int PartOverhead = 2 << 10;

    private readonly long _sentBefore;
    private SnapshotBodies? _bodies;

    internal CachedSnapshot(
        string feed, string name, string mediaType, string tag, DateTimeOffset lastModified, int length, TimeSpan maxAge, bool immutable, string link, TrafficCounter traffic)
    {
        Feed = feed;
        Name = name;
        Tag = tag;
        Length = length;
        MaxAge = maxAge;
        Immutable = immutable;
        ContentType = $"{mediaType}; charset=utf-8";
        // HTTP dates count whole seconds (RFC 9110, 5.6.7).
        LastModified = DateTimeOffset.FromUnixTimeSeconds(lastModified.ToUnixTimeSeconds());
        LastModifiedText = LastModified.ToString("r", CultureInfo.InvariantCulture);
        CacheControl = immutable
            ? "public, max-age=31536000, immutable"
            : string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)maxAge.TotalSeconds}");
        Link = link;
        Traffic = traffic;
        _sentBefore = traffic.Full;
        IdentityETag = $"\"{tag}\"";
        GzipETag = $"\"{tag}.gz\"";
        BrotliETag = $"\"{tag}.br\"";
    }

    public string Feed { get; }

    public string Name { get; }

    public string Tag { get; }

    public TimeSpan MaxAge { get; }

    /// <summary>True for what never changes: closed pages of an archive.</summary>
    public bool Immutable { get; }

    /// <summary>The length of the uncoded bytes.</summary>
    public int Length { get; }

    public DateTimeOffset LastModified { get; }

    public string ContentType { get; }

    public string LastModifiedText { get; }

    public string CacheControl { get; }

    public string Link { get; }

    public TrafficCounter Traffic { get; }

    /// <summary>How often documents of its kind were sent whole since it came.</summary>
    public long Sent => Traffic.Full - _sentBefore;

    public string IdentityETag { get; }

    public string GzipETag { get; }

    public string BrotliETag { get; }

    /// <summary>What is in memory; null while the bytes are in the store only.</summary>
    public SnapshotBodies? Bodies
    {
        get => Volatile.Read(ref _bodies);
        internal set => Volatile.Write(ref _bodies, value);
    }

    /// <summary>Of a part of a feed: what the feed itself was when the part was read.</summary>
    internal object? ReadBeside { get; set; }

    // Of a part that is kept, what it is takes room as well.
    internal long Size => (Bodies?.Size ?? 0) + (ReadBeside is null ? 0 : PartOverhead);

    /// <summary>When it was last asked for, by the cache's own count.</summary>
    internal long LastUsed { get; set; }

    /// <summary>The load from the store that is under way, which all who wait share.</summary>
    internal Task<FilledSnapshot?>? Loading { get; set; }

    /// <summary>True while its bytes count against the budget.</summary>
    internal bool Counted { get; set; }

    /// <summary>True once another snapshot took its place: whoever holds it may still send it, but it is not kept.</summary>
    internal bool Replaced { get; set; }

    public string ETag(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => GzipETag,
        ContentCoding.Brotli => BrotliETag,
        _ => IdentityETag,
    };
}

/// <summary>The bytes of a snapshot; identity is expanded from gzip when somebody asks for it, brotli is not always made.</summary>
public sealed record SnapshotBodies(ReadOnlyMemory<byte> Gzip, ReadOnlyMemory<byte> Brotli, ReadOnlyMemory<byte>? Identity)
{
    public long Size { get; } = Gzip.Length + Brotli.Length + (Identity?.Length ?? 0);

    public bool HasBrotli => !Brotli.IsEmpty;
}

/// <summary>A snapshot with bytes that stay, whatever the budget takes from the cache meanwhile.</summary>
public sealed record FilledSnapshot(CachedSnapshot Snapshot, SnapshotBodies Bodies);
