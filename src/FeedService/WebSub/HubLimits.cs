using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using FeedService.Sources;

namespace FeedService.WebSub;

/// <summary>
/// What the hub does for strangers: a request costs its sender one POST and makes us send one GET, to whomever it names. So many from one
/// address, so many to one host, and so many in all.
/// </summary>
internal sealed class HubLimits : IDisposable
{
    public static readonly TimeSpan DefaultLease = TimeSpan.FromDays(10);
    public static readonly TimeSpan ShortestLease = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(30);

    /// <summary>Subscriptions of one document at one host.</summary>
    public const int PerTopicAndHost = 100;

    /// <summary>Towards callbacks and hubs; apart from the sources' requests, so that slow subscribers hold up no feed.</summary>
    public static readonly FetchLimits Outbound = FetchLimits.Default with { Gap = TimeSpan.FromMilliseconds(50), PerHost = 4 };

    // Made for the first request: while they exist they look about ten times a second.
    private readonly Lazy<PartitionedRateLimiter<(IPAddress From, string Host)>> _requests = new(() => PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<(IPAddress From, string Host), IPAddress>(request => RateLimitPartition.GetTokenBucketLimiter(Network(request.From), _ => Bucket(120, 2))),
        PartitionedRateLimiter.Create<(IPAddress From, string Host), string>(request => RateLimitPartition.GetTokenBucketLimiter(request.Host, _ => Bucket(100, 1))),
        PartitionedRateLimiter.Create<(IPAddress From, string Host), int>(_ => RateLimitPartition.GetTokenBucketLimiter(0, _ => Bucket(600, 20)))));

    /// <summary>Whether a request may be looked at, from this address for a callback at this host.</summary>
    public bool Admits(IPAddress? from, string host)
    {
        using var lease = _requests.Value.AttemptAcquire((from ?? IPAddress.None, host.ToLowerInvariant()));
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        if (_requests.IsValueCreated) _requests.Value.Dispose();
    }

    private static TokenBucketRateLimiterOptions Bucket(int atOnce, int perSecond) =>
        new() { TokenLimit = atOnce, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 };

    // Who has an IPv6 address has 2^64 of them.
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
