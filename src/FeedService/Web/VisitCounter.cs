using System.Net;
using System.Net.Sockets;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Web;

/// <summary>Takes visits from the queue and has them counted: off the sockets' threads, a few times a second.</summary>
internal sealed partial class VisitCounter(VisitQueue queue, Audience audience, FeedMetrics metrics, ServiceSettings settings, TimeProvider time, ILogger<VisitCounter> logger) : StoreWorker
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private const int PausesToForget = 80;

    // The same few hundred programs ask again and again.
    private const int MostAgents = 4_096;

    private readonly TrustedProxies _proxies = new(settings.TrustedProxies);
    private readonly Dictionary<string, ReaderAgent> _agents = new(StringComparer.Ordinal);
    private bool _failed;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CountAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.AddQueue("visits", () => queue.Length);
        metrics.AddCounter("feedservice.visits.dropped", () => queue.Dropped, "{request}", "Requests that were served but not counted as readers, since too many came at once.");
        using var timer = new PeriodicTimer(s_pause, time);
        for (var pauses = 1; await timer.WaitForNextTickAsync(stoppingToken); pauses++)
        {
            await CountAsync(stoppingToken);
            if (pauses % PausesToForget == 0) queue.Forget();
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        if (queue.Length == 0) return;
        try
        {
            await audience.OpenDayAsync(cancellationToken);
            _failed = false;
        }
        catch (StoreException failure)
        {
            // Readers are served all the same; those of these moments are missing in the count.
            if (!_failed) Log.NotCounted(logger, failure.Message);
            _failed = true;
        }
        while (queue.TryTake(out var visit))
        {
            if (!_failed) Count(visit);
        }
    }

    private void Count(in Visit visit)
    {
        if (Client(visit) is not { } client) return;
        Span<byte> address = stackalloc byte[16];
        client.TryWriteBytes(address, out var length);
        // Who has an IPv6 address has 2^64 of them.
        if (client.AddressFamily == AddressFamily.InterNetworkV6) length = 8;
        audience.Count(visit.Counter.Feed, visit.Counter.Format, address[..length], visit.UserAgent, Agent(visit.UserAgent));
    }

    private ReaderAgent Agent(string? userAgent)
    {
        var text = userAgent ?? "";
        if (_agents.TryGetValue(text, out var known)) return known;
        if (_agents.Count >= MostAgents) _agents.Clear();
        return _agents[text] = ReaderAgent.Of(text);
    }

    // The last address that no proxy of ours has.
    private IPAddress? Client(in Visit visit)
    {
        if (visit.Address is not { } address) return null;
        if (visit.Forwarded is { } forwarded && _proxies.Contains(address))
        {
            var hops = forwarded.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (var i = hops.Length - 1; i >= 0 && _proxies.Contains(address); i--)
            {
                // With a port, at some proxies.
                if (!IPEndPoint.TryParse(hops[i], out var hop)) break;
                address = hop.Address;
            }
        }
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Readers are not counted until the store can be used: {Reason}")]
        public static partial void NotCounted(ILogger logger, string reason);
    }
}
