using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>Whoever is told of a document's changes: a subscriber, who is sent it, or a hub that the definition names, which is told to fetch it.</summary>
/// <remarks>One record holds the subscription and what is to be delivered: it is due when there is something, and lent to one node while that delivers it.</remarks>
internal sealed record Subscription
{
    public const string Kind = "subscription";

    /// <summary>Where it goes to.</summary>
    public required string Callback { get; init; }

    /// <summary>True for a hub, which is sent the topic's name instead of its content.</summary>
    public bool IsHub { get; init; }

    /// <summary>What deliveries are signed with; null where the subscriber gave none.</summary>
    public string? Secret { get; init; }

    /// <summary>The newest announcement that is not delivered yet; 0 where all are.</summary>
    public long Announced { get; init; }

    /// <summary>When that was first to be delivered.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The tag of the document that was last delivered: nobody is told the same twice.</summary>
    public string? Told { get; init; }

    /// <summary>Deliveries that failed in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When they began to.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>What all names of a topic's subscriptions begin with. Spaces are in none of the parts.</summary>
    public static string Prefix(string feed, string name) => $"{feed} {name} ";

    /// <summary>One name for topic and callback: who subscribes again changes the subscription there is.</summary>
    public static string Key(string feed, string name, Uri callback) => $"{Prefix(feed, name)}{callback.IdnHost} {Records.Hash(callback.AbsoluteUri)}";

    /// <summary>The parts of a name that <see cref="Key"/> made.</summary>
    public static (string Feed, string Name, string Host) Parts(string key) => key.Split(' ') is [var feed, var name, var host, ..] ? (feed, name, host) : ("", "", "");
}

/// <summary>What somebody asked of the hub; it is done once the callback confirms it.</summary>
internal sealed record HubRequest
{
    public const string Kind = "hub-request";

    /// <summary>A request that could not be looked at for so long has been made again by whoever made it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public required string Mode { get; init; }

    public required string Topic { get; init; }

    public required string Callback { get; init; }

    public string? Secret { get; init; }

    public TimeSpan Lease { get; init; }

    /// <summary>Tells one request from another that asks for the same.</summary>
    public required Guid Number { get; init; }

    public StoredRecord ToRecord(string feed, string name, DateTimeOffset now) =>
        new(Kind, Subscription.Key(feed, name, new Uri(Callback))) { Feed = feed, Value = Records.Text(this), Due = now, Expires = now + Life };
}
