using System.Security.Cryptography;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>A subscription of ours at the hub of an upstream feed. Its record is due when the hub has to be asked: at first, again, or for more time.</summary>
internal sealed record UpstreamSubscription
{
    public const string Kind = "upstream-subscription";

    /// <summary>How many deliveries are remembered, so that they are not taken again when somebody repeats them.</summary>
    public const int Remembered = 64;

    /// <summary>Of the hubs that an upstream names, so many are asked.</summary>
    public const int MostHubs = 5;

    /// <summary>The key of the source that it is for.</summary>
    public required string Source { get; init; }

    /// <summary>What the upstream calls itself.</summary>
    public required string Topic { get; init; }

    public required string Hub { get; init; }

    /// <summary>The upstream's other hubs, in the order in which they are asked where this one does not do it.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>The part of the callback's URL that nobody can guess.</summary>
    public required string Token { get; init; }

    /// <summary>What the hub signs its deliveries with.</summary>
    public required string Secret { get; init; }

    /// <summary>When the hub was last asked and took it; a confirmation is only given to what was asked for.</summary>
    public DateTimeOffset? Asked { get; init; }

    /// <summary>The hub took the request, and has not confirmed it yet.</summary>
    public bool IsTaken { get; init; }

    /// <summary>When the lease ends; null before the hub has confirmed.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The hub is to end it: the feed, the source or the hub is no more.</summary>
    public bool IsEnding { get; init; }

    /// <summary>Requests that no hub took and confirmed, in a row.</summary>
    public int Failures { get; init; }

    /// <summary>How often all hubs failed, in a row.</summary>
    public int Rounds => Failures / (Others.Count + 1);

    /// <summary>Whether there is a hub that has not failed in this round.</summary>
    public bool HasUntriedHub => Failures % (Others.Count + 1) != 0;

    /// <summary>Stand for the last deliveries, newest first.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>One name on every node for what is the same.</summary>
    public static string Key(string feed, string source, string topic, IEnumerable<string> hubs) => Records.Hash(feed, source, topic, string.Join(' ', hubs));

    public static StoredRecord New(string feed, string source, string topic, IEnumerable<string> hubs, DateTimeOffset now)
    {
        string[] asked = [.. hubs.Distinct(StringComparer.Ordinal).Take(MostHubs)];
        return new(Kind, Key(feed, source, topic, asked))
        {
            Feed = feed,
            Value = Records.Text(new UpstreamSubscription { Source = source, Topic = topic, Hub = asked[0], Others = asked[1..], Token = Random(), Secret = Random() }),
            Due = now,
        };
    }

    /// <summary>This hub failed: the next one's turn. Token and secret stay, since a lease that another hub gave may go on.</summary>
    public UpstreamSubscription AtNextHub() =>
        (Others.Count > 0 ? this with { Hub = Others[0], Others = [.. Others.Skip(1), Hub] } : this) with { Failures = Failures + 1, IsTaken = false };

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
