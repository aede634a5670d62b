using FeedService.Publishing;
using FeedService.Sources;
using FeedService.Store;

namespace FeedService.Web;

/// <summary>How the service as a whole stands.</summary>
/// <param name="Store">Why the store cannot be used, in words; null where it can.</param>
/// <param name="Scheduler">Whether feeds are run.</param>
/// <param name="Snapshots">Why what was published before is not loaded; null where it is.</param>
/// <param name="Folders">Why changes in folders are seen late; null where they are not.</param>
/// <param name="Degraded">Feeds that missed three runs.</param>
public sealed record Health(string? Store, bool Scheduler, string? Snapshots, string? Folders, IReadOnlyCollection<string> Degraded)
{
    public bool IsReady => Store is null && Scheduler && Snapshots is null;
}

/// <summary>Looks after the parts that everything needs; at most once a second, however often it is asked.</summary>
internal sealed class ServiceHealth(Readiness readiness, IArticleStore store, FeedRuns runs, TimeProvider time, IServiceProvider services) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // Absent where nothing is scheduled, in a single publication.
    private readonly FeedControl? _control = services.GetService<FeedControl>();
    private readonly FolderWatcher? _watcher = services.GetService<FolderWatcher>();
    private readonly SemaphoreSlim _one = new(1, 1);
    private (DateTimeOffset At, Health Health)? _last;

    public async Task<Health> LookAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && time.GetUtcNow() - last.At is var age && age >= TimeSpan.Zero && age < s_fresh) return last.Health;
            var health = new Health(await StoreProblemAsync(), _control is null || await IsScheduledAsync(_control), readiness.Problem, _watcher?.Problem, runs.Degraded);
            _last = (time.GetUtcNow(), health);
            return health;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    // Whoever asked first may go away: the others still want to know.
    private async Task<string?> StoreProblemAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            await store.PingAsync(patience.Token).WaitAsync(patience.Token);
            return null;
        }
        catch (StoreException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException)
        {
            return $"The store does not answer within {s_patience.TotalSeconds} seconds.";
        }
    }

    private static async Task<bool> IsScheduledAsync(FeedControl control)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            return await control.IsRunning(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
