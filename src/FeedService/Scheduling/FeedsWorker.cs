using System.Threading.Channels;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Sources;
using FeedService.Store;

namespace FeedService.Scheduling;

/// <summary>Brings up what was published before, then keeps jobs in step with definitions and folders for as long as the service runs.</summary>
public sealed partial class FeedsWorker(
    IArticleStore store,
    Definitions definitions,
    StoredDefinitions storedDefinitions,
    SnapshotCache cache,
    PublishedFeeds published,
    FeedScheduler scheduler,
    FolderWatcher watcher,
    Readiness readiness,
    ServiceSettings settings,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<FeedsWorker> logger) : StoreWorker
{
    private static readonly TimeSpan s_storeRetry = TimeSpan.FromSeconds(5);

    /// <summary>How often to look whether somebody has pushed definitions.</summary>
    private static readonly TimeSpan s_storedDefinitions = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_clock = TimeSpan.FromSeconds(5);

    private readonly Channel<DefinitionChange> _changes = Channel.CreateUnbounded<DefinitionChange>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Before the first request is taken: readers get what was published last, whatever the sources are doing.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.DefinitionsInStore)
            Directory.CreateDirectory(settings.DefinitionsFolder);
        // At the same time: what is stored of ten thousand feeds takes as long to list as their definitions to read.
        var stored = ListAsync(cancellationToken);
        definitions.ReloadAll();
        await TryLoadAsync(stored, cancellationToken);
        if (definitions.All.Count == 0)
            Log.NoFeeds(logger, settings.FeedsFolder);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await scheduler.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A thousand runs that begin together would hold up the first requests.
        if (!await StartedAsync(stoppingToken))
            return;
        while (readiness.Problem is not null)
        {
            await Task.Delay(s_storeRetry, time, stoppingToken);
            await TryLoadAsync(ListAsync(stoppingToken), stoppingToken);
        }

        await InsistAsync(scheduler.StartAsync, stoppingToken);

        definitions.Changed += change => _changes.Writer.TryWrite(change);
        // Begins to watch before it lets go; only what is looked at after that cannot be missed.
        var folders = FollowFoldersAsync(stoppingToken);
        definitions.ReloadAll();
        WatchOutsideFolders();
        // Files may have changed while nobody watched, and upstreams may be overdue; a run that finds nothing new costs next to nothing.
        await InsistAsync(token => scheduler.StartAllAsync(definitions.All.Values, token), stoppingToken);
        await Task.WhenAll(folders, FollowDefinitionsAsync(stoppingToken), FollowStoredDefinitionsAsync(stoppingToken), FollowClockAsync(stoppingToken));
    }

    /// <summary>Does it as soon as the store lets it: a day without a database is no reason to lose what is to be done.</summary>
    private async Task InsistAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work(cancellationToken);
                return;
            }
            catch (StoreException failure)
            {
                Log.StoreUnusable(logger, failure.Message, s_storeRetry.TotalSeconds);
            }

            await Task.Delay(s_storeRetry, time, cancellationToken);
        }
    }

    private async Task<bool> StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        await using var onStop = stoppingToken.Register(() => started.TrySetResult(false));
        return await started.Task;
    }

    private async Task<(IReadOnlyList<StoredSnapshot> Snapshots, IReadOnlyList<FeedState> States)> ListAsync(CancellationToken cancellationToken)
    {
        await store.OpenAsync(cancellationToken);
        return (await store.ListSnapshotsAsync(cancellationToken), await store.ListFeedsAsync(cancellationToken));
    }

    private async Task TryLoadAsync(Task<(IReadOnlyList<StoredSnapshot> Snapshots, IReadOnlyList<FeedState> States)> stored, CancellationToken cancellationToken)
    {
        try
        {
            var (snapshots, all) = await stored;
            if (settings.DefinitionsInStore && await storedDefinitions.PullAsync(cancellationToken))
                definitions.ReloadAll();
            cache.Load([.. snapshots.Where(snapshot => definitions.Find(snapshot.Feed) is { IsServed: true })], slug => CacheLife.Of(definitions.Find(slug)));
            var states = all.ToDictionary(s => s.Feed);
            foreach (var feed in definitions.All.Values)
                published.Update(feed, states.GetValueOrDefault(feed.Slug) ?? new FeedState(feed.Slug));
            readiness.Problem = null;
        }
        catch (StoreException failure)
        {
            readiness.Problem = failure.Message;
            Log.StoreUnusable(logger, failure.Message, s_storeRetry.TotalSeconds);
        }
    }

    private async Task FollowDefinitionsAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            WatchOutsideFolders();
            await InsistAsync(token => FollowAsync(change, token), cancellationToken);
        }
    }

    private async Task FollowAsync(DefinitionChange change, CancellationToken cancellationToken)
    {
        if (change.Now is { } feed)
        {
            // What was not served comes back as it was, though nothing in it changed.
            if (feed.IsServed)
                await cache.RenewAsync(feed.Slug, CacheLife.Of(feed), cancellationToken);
            else
                cache.Remove(feed.Slug);
            published.TakeOver(feed, await store.FindFeedAsync(feed.Slug, cancellationToken) ?? new FeedState(feed.Slug));
            await scheduler.StartAllAsync([feed], cancellationToken);
        }
        else
        {
            // What is stored of it stays: a folder that comes back goes on with the same ids.
            published.Remove(change.Slug);
            cache.Remove(change.Slug);
            await scheduler.RemoveAsync(change.Slug, cancellationToken);
        }
    }

    private async Task FollowFoldersAsync(CancellationToken cancellationToken)
    {
        watcher.ProblemChanged += problem =>
        {
            if (problem is null) Log.Watched(logger);
            else Log.WatchedLate(logger, problem);
        };
        while (true)
        {
            try
            {
                await foreach (var change in watcher.WatchAsync(cancellationToken))
                {
                    if (change.Definition)
                        definitions.Reload(change.Slug);
                    // Articles may have changed along with the definition; of a feed that is not scheduled the wish comes to nothing.
                    await InsistAsync(token => scheduler.RunNowAsync(change.Slug, token), cancellationToken);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // No file can be opened when all that a process may have are open; that passes.
                Log.NotWatched(logger, failure, s_storeRetry.TotalSeconds);
            }

            await Task.Delay(s_storeRetry, time, cancellationToken);
            definitions.ReloadAll();
            foreach (var feed in definitions.All.Keys)
                await InsistAsync(token => scheduler.RunNowAsync(feed, token), cancellationToken);
        }
    }

    /// <summary>Writes down what others push; the watch over the folder sees it there.</summary>
    private async Task FollowStoredDefinitionsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_storedDefinitions, time);
        while (settings.DefinitionsInStore && await timer.WaitForNextTickAsync(cancellationToken))
            await InsistAsync(storedDefinitions.PullAsync, cancellationToken);
    }

    /// <summary>Schedules all anew when the clock was set back: what is next would else wait until it has come round to where it was.</summary>
    private async Task FollowClockAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_clock, time);
        for (var (now, ticks) = (time.GetUtcNow(), time.GetTimestamp()); await timer.WaitForNextTickAsync(cancellationToken); (now, ticks) = (time.GetUtcNow(), time.GetTimestamp()))
        {
            if (time.GetUtcNow() - now > time.GetElapsedTime(ticks) - s_clock)
                continue;
            Log.SetBack(logger);
            foreach (var feed in definitions.All.Values)
                await InsistAsync(token => scheduler.ScheduleAsync(feed, token), cancellationToken);
        }
    }

    private void WatchOutsideFolders() =>
        watcher.WatchAlso(definitions.All.Values.SelectMany(feed => feed.Sources.Where(s => s.Kind == SourceKind.Folder)
            .Select(s => new OutsideFolder(feed.Slug, Path.GetFullPath(Path.Combine(feed.Folder, s.Location))))));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "There are no feeds in {Folder}: make one with feedservice init, or say --feeds DIR")]
        public static partial void NoFeeds(ILogger logger, string folder);

        [LoggerMessage(Level = LogLevel.Error, Message = "The folders of feeds cannot be watched; trying again in {Seconds} s")]
        public static partial void NotWatched(ILogger logger, Exception failure, double seconds);

        [LoggerMessage(Level = LogLevel.Warning, Message = "New articles may be late: {Problem}")]
        public static partial void WatchedLate(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "Changes in folders are reported again")]
        public static partial void Watched(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The clock was set back: all feeds are scheduled anew")]
        public static partial void SetBack(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "The store cannot be used; trying again every {Seconds} s: {Reason}")]
        public static partial void StoreUnusable(ILogger logger, string reason, double seconds);
    }
}
