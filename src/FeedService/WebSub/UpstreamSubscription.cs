using System.Security.Cryptography;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>A subscription of ours at the hub of an upstream feed. Its record is due when the hub has to be asked: at first, again, or for more time.</summary>
internal sealed record UpstreamSubscription
{
    public const string Kind = "upstream-subscription";

    /// <summary>How many deliveries are remembered, so that they are not taken again when somebody repeats them.</summary>
    public const int Remembered = 64;

    /// <summary>The key of the source that it is for.</summary>
    public required string Source { get; init; }

    /// <summary>What the upstream calls itself.</summary>
    public required string Topic { get; init; }

    public required string Hub { get; init; }

    /// <summary>The part of the callback's URL that nobody can guess.</summary>
    public required string Token { get; init; }

    /// <summary>What the hub signs its deliveries with.</summary>
    public required string Secret { get; init; }

    /// <summary>When the hub was last asked and took it; a confirmation is only given to what was asked for.</summary>
    public DateTimeOffset? Asked { get; init; }

    /// <summary>When the lease ends; null before the hub has confirmed.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The hub is to end it: the feed, the source or the hub is no more.</summary>
    public bool IsEnding { get; init; }

    /// <summary>Requests that the hub did not take or confirm, in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Stand for the last deliveries, newest first.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>One name on every node for what is the same.</summary>
    public static string Key(string feed, string source, string topic, string hub) => Records.Hash(feed, source, topic, hub);

    public static StoredRecord New(string feed, string source, string topic, string hub, DateTimeOffset now) => new(Kind, Key(feed, source, topic, hub))
    {
        Feed = feed,
        Value = Records.Text(new UpstreamSubscription { Source = source, Topic = topic, Hub = hub, Token = Random(), Secret = Random() }),
        Due = now,
    };

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
