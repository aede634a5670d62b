using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using Quartz;

namespace FeedService.Scheduling;

/// <summary>Runs the feed that the job is named after; Quartz sees to it that there are never two runs of one feed at once.</summary>
[DisallowConcurrentExecution]
public sealed partial class PublishFeedJob(
    Definitions definitions,
    FeedPublisher publisher,
    FeedScheduler scheduler,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PublishFeedJob> logger) : IJob
{
    /// <summary>How soon a run is tried again that the store would not take.</summary>
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(10);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var slug = context.JobDetail.Key.Name;
        if (definitions.Find(slug) is not { } feed)
            return;
        // A stop of the service ends collecting at once; a commit that has begun is finished or rolled back by the store.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            var report = await publisher.PublishAsync(feed, stopping.Token);
            if (report.RunAgain is { } again)
                await scheduler.RunAtAsync(slug, again, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Log.Stopped(logger, slug);
        }
        catch (StoreException failure)
        {
            Log.StoreFailed(logger, slug, failure.Message);
            await scheduler.RunAtAsync(slug, time.GetUtcNow() + StoreRetry, stopping.Token);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Feed}: run stopped, nothing was changed")]
        public static partial void Stopped(ILogger logger, string feed);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Feed}: not published, what is out stays: {Reason}")]
        public static partial void StoreFailed(ILogger logger, string feed, string reason);
    }
}
