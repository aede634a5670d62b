using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>What has to be seen to now and then: feeds that do not run as they should, runs and readers to be written down, records that have expired.</summary>
public sealed partial class Housekeeping(
    IArticleStore store, PublishedFeeds feeds, FeedRuns runs, Audience audience, FeedMetrics metrics, FeedControl control, TimeProvider time, ILogger<Housekeeping> logger) : StoreWorker
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);
    private const int LooksBetweenWrites = 4;
    private const int WritesBetweenCleaning = 60;

    private IReadOnlySet<string> _told = new HashSet<string>();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        for (var looks = 0L; await timer.WaitForNextTickAsync(stoppingToken); looks++)
        {
            if (looks % LooksBetweenWrites == 0) await WriteAsync(stoppingToken);
            if (looks % (LooksBetweenWrites * WritesBetweenCleaning) == 0) await CleanAsync(stoppingToken);
            await runs.LookAsync(feeds.All.Select(feed => feed.Definition), async (feed, token) => await control.NextRun(feed, token) is not null, stoppingToken);
            foreach (var feed in runs.Degraded.Except(_told)) Log.Degraded(logger, feed);
            _told = runs.Degraded;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await runs.SynchronizeAsync(cancellationToken);
            await audience.SaveAsync(cancellationToken);
            metrics.Waiting(await store.CountWaitingAsync(time.GetUtcNow(), cancellationToken));
        }
        catch (StoreException failure)
        {
            // Nothing is lost: it stays in memory until the store takes it.
            Log.NotWritten(logger, failure.Message);
        }
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteExpiredRecordsAsync(time.GetUtcNow(), cancellationToken);
        }
        catch (StoreException failure)
        {
            Log.NotWritten(logger, failure.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Feed}: degraded, three runs of its schedule did not come about; /status says more")]
        public static partial void Degraded(ILogger logger, string feed);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Runs and readers are written down later: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}
