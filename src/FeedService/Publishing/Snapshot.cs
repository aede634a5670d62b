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

    public required ReadOnlyMemory<byte> Identity { get; init; }

    public required ReadOnlyMemory<byte> Gzip { get; init; }

    public required ReadOnlyMemory<byte> Brotli { get; init; }
}
