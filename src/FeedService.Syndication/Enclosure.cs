namespace FeedService.Syndication;

/// <summary>A media file that belongs to an article (RSS <c>enclosure</c>, Atom <c>rel="enclosure"</c>, JSON Feed attachment).</summary>
/// <param name="Url">Where it is, absolute.</param>
/// <param name="Type">Its media type, such as <c>audio/mpeg</c>.</param>
public sealed record Enclosure(string Url, string Type)
{
    /// <summary>Its size in bytes; null where unknown (RSS then says 0, as its specification advises).</summary>
    public long? Length { get; init; }

    /// <summary>Plain text.</summary>
    public string? Title { get; init; }

    /// <summary>How long it plays.</summary>
    public TimeSpan? Duration { get; init; }
}

/// <summary>A picture.</summary>
/// <param name="Url">Where it is, absolute.</param>
public sealed record Image(string Url)
{
    /// <summary>What it shows, for those who cannot see it; plain text.</summary>
    public string? Alt { get; init; }

    /// <summary>Its media type; null where unknown.</summary>
    public string? Type { get; init; }

    /// <summary>In pixels; null where unknown.</summary>
    public int? Width { get; init; }

    /// <summary>In pixels; null where unknown.</summary>
    public int? Height { get; init; }
}
