using System.Collections.Concurrent;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>Does what is due: confirms requests, delivers changes, keeps our own subscriptions. Any node does any of it; what one works at is lent to it.</summary>
internal sealed partial class WebSubWorker(
    IArticleStore store, Hub hub, Deliveries deliveries, Subscriber subscriber, WebSubSettings settings, Readiness readiness, TimeProvider time, ILogger<WebSubWorker> logger) : StoreWorker
{
    /// <summary>Of each kind at a time: strangers' callbacks that answer slowly hold up no delivery.</summary>
    private const int RequestsAtOnce = 8;
    private const int DeliveriesAtOnce = 32;
    private const int SubscriptionsAtOnce = 8;

    /// <summary>To one host at a time; the rest of what is due there waits, so that a slow host takes no place from others.</summary>
    private const int PerHost = 4;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(5);

    /// <summary>Longer than anything takes that is done with a record; whoever dies leaves it to others after that.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>What is under way when the service stops may take so long.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly ConcurrentDictionary<string, int> _busy = new(StringComparer.Ordinal);
    private readonly List<(string Kind, Task Task)> _running = [];

    /// <summary>There is something to do that need not wait for the next look.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount > 0) return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else did.
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var late = new CancellationTokenSource();
        await using var stop = stoppingToken.Register(() => late.CancelAfter(Farewell));
        try
        {
            while (true)
            {
                var wait = Look;
                try
                {
                    if (readiness.Problem is null && await WorkAsync(stoppingToken, late.Token)) continue;
                }
                catch (StoreException e)
                {
                    Log.StoreFailed(logger, e.Message);
                    wait = StoreRetry;
                }
                await _wake.WaitAsync(wait, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Select(running => running.Task));
        }
    }

    /// <returns>Whether there is more to do at once.</returns>
    private async Task<bool> WorkAsync(CancellationToken cancellationToken, CancellationToken late)
    {
        _running.RemoveAll(running => running.Task.IsCompleted);
        if (_running.Count == 0) deliveries.Forget();
        if (settings.Subscribe) await subscriber.CompareAsync(cancellationToken);
        var more = await deliveries.AnnounceAsync(cancellationToken);
        await TakeAsync(HubRequest.Kind, RequestsAtOnce, hub.ConfirmAsync, cancellationToken, late);
        await TakeAsync(Subscription.Kind, DeliveriesAtOnce, deliveries.DeliverAsync, cancellationToken, late);
        // Without a public URL of ours a hub could not confirm, not even an end.
        if (settings.Subscribe) await TakeAsync(UpstreamSubscription.Kind, SubscriptionsAtOnce, subscriber.AskAsync, cancellationToken, late);
        return more;
    }

    private async Task TakeAsync(string kind, int atOnce, Func<StoredRecord, CancellationToken, Task> work, CancellationToken cancellationToken, CancellationToken late)
    {
        var free = atOnce - _running.Count(running => running.Kind == kind && !running.Task.IsCompleted);
        if (free <= 0) return;
        var lent = await store.LeaseRecordsAsync(kind, time.GetUtcNow(), Lease, free, cancellationToken);
        foreach (var record in lent)
        {
            var host = Subscription.Parts(record.Key).Host;
            if (host.Length > 0 && _busy.GetValueOrDefault(host) >= PerHost)
            {
                await store.ReplaceRecordAsync(record, record with { Due = time.GetUtcNow() + Look }, cancellationToken);
                continue;
            }
            _busy.AddOrUpdate(host, 1, static (_, count) => count + 1);
            _running.Add((kind, Task.Run(() => RunAsync(record, host, work, late), CancellationToken.None)));
        }
    }

    private async Task RunAsync(StoredRecord record, string host, Func<StoredRecord, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(record, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It stays lent, and is taken up again after that.
        }
        catch (StoreException e)
        {
            Log.StoreFailed(logger, e.Message);
        }
        catch (Exception bug)
        {
            // Whatever one record holds, the others' turn comes; the trace goes to the log, where whoever mends it looks.
            Log.Broke(logger, bug, record.Kind, record.Key);
        }
        finally
        {
            if (_busy.AddOrUpdate(host, 0, static (_, count) => count - 1) <= 0) _busy.TryRemove(new(host, 0));
            Wake();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Hub: the store cannot be used just now: {Reason}")]
        public static partial void StoreFailed(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Hub: {Kind} {Key} broke, it is tried again later")]
        public static partial void Broke(ILogger logger, Exception exception, string kind, string key);
    }
}
