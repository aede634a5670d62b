using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>One finished representation of a feed as it is served: bytes in every coding, with their validators.</summary>
/// <param name="Feed">The slug.</param>
/// <param name="Name">What it is within the feed: <c>rss</c>, <c>atom</c>, <c>json</c>, <c>archive/3.rss</c> ...</param>
public sealed record Snapshot(string Feed, string Name)
{
    public required string MediaType { get; init; }

    /// <summary>The entity tag's core, without quotes; each coding adds its own ending, so that strong tags differ (RFC 9110, 8.8.3).</summary>
    public required string Tag { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>How long caches may keep it without asking.</summary>
    public required TimeSpan MaxAge { get; init; }

    /// <summary>True for closed archive pages, which never change.</summary>
    public bool Immutable { get; init; }

    /// <summary>The uncoded bytes, where they are at hand; else they come from the others when somebody asks for them.</summary>
    public ReadOnlyMemory<byte> Identity { get; init; }

    /// <summary>The length of the uncoded bytes.</summary>
    public int Length { get => field > 0 ? field : Identity.Length; init; }

    public required ReadOnlyMemory<byte> Gzip { get; init; }

    public required ReadOnlyMemory<byte> Brotli { get; init; }

    // The server's Date is as old as a second, and nothing may be modified later than it was sent (RFC 9110, 8.8.2.1).
    private static readonly TimeSpan s_dateLag = TimeSpan.FromSeconds(1);

    /// <summary>A document with its codings.</summary>
    /// <param name="feed">Whose.</param>
    /// <param name="document">The document.</param>
    /// <param name="identity">Whether to keep the uncoded bytes.</param>
    /// <param name="strong">Whether it is sent so often that packing it tightly pays.</param>
    /// <param name="now">When its bytes changed.</param>
    public static Snapshot Of(FeedDefinition feed, RenderedDocument document, bool identity, bool strong, DateTimeOffset now)
    {
        var parts = document.Parts();
        return new(feed.Slug, document.Name)
        {
            MediaType = document.MediaType,
            Tag = document.Tag,
            LastModified = now - s_dateLag,
            MaxAge = CacheLife.Of(feed),
            Identity = identity ? Compression.None(parts) : default,
            Length = parts.Sum(part => part.Length),
            Gzip = Compression.Gzip(parts, strong),
            Brotli = Compression.Brotli(parts, strong),
        };
    }

    /// <summary>As the store keeps it.</summary>
    public StoredSnapshot Stored() => new(Feed, Name)
    {
        MediaType = MediaType,
        Tag = Tag,
        LastModified = LastModified,
        Length = Length,
        Gzip = Gzip,
        Brotli = Brotli,
    };
}
