using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeedService.Sources;

/// <summary>What is kept of an upstream between looks, as JSON in the source's state.</summary>
public sealed record UpstreamState
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The feed that a page named, where the definition's URL is a page.</summary>
    public string? Found { get; init; }

    /// <summary>Where permanent redirects led.</summary>
    public string? MovedTo { get; init; }

    public string? ETag { get; init; }

    public string? LastModified { get; init; }

    /// <summary>Stands for the last good body: servers without validators send the same again and again.</summary>
    public string? Digest { get; init; }

    /// <summary>Looks that failed in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Not worth asking before then, as the server said.</summary>
    public DateTimeOffset? FreshUntil { get; init; }

    /// <summary>The server said 410: never asked again.</summary>
    public bool Gone { get; init; }

    /// <summary>What the upstream calls its own address: the topic to subscribe to at its hubs.</summary>
    public string? Topic { get; init; }

    /// <summary>The hubs that the upstream names.</summary>
    public IReadOnlyList<string>? Hubs { get; init; }

    /// <summary>Stamps of the parts of a whole, by URL: the files of a sitemap index.</summary>
    public IReadOnlyDictionary<string, string>? Parts { get; init; }

    /// <summary>What a sitemap dates before this was never taken.</summary>
    public DateTimeOffset? Horizon { get; init; }

    /// <summary>Whether it was ever read.</summary>
    [JsonIgnore]
    public bool HasSucceeded => Digest is not null;

    public static UpstreamState Parse(string? json)
    {
        try
        {
            return json is null ? new UpstreamState() : JsonSerializer.Deserialize<UpstreamState>(json, Options) ?? new UpstreamState();
        }
        catch (JsonException)
        {
            // Another version's notes: the first look again.
            return new UpstreamState();
        }
    }

    /// <summary>The next look shall get the whole body, although it may be the same.</summary>
    public UpstreamState ToBeReadAgain() => this with { ETag = null, LastModified = null, Digest = "", FreshUntil = null };

    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
