using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using Quartz;

namespace FeedService.Scheduling;

/// <summary>Runs the feed that the job is named after; Quartz sees to it that there are never two runs of one feed at once, on any node.</summary>
[DisallowConcurrentExecution]
public sealed partial class PublishFeedJob(
    Definitions definitions,
    FeedPublisher publisher,
    FeedScheduler scheduler,
    TimeProvider time,
    ILogger<PublishFeedJob> logger) : IJob
{
    /// <summary>How soon a run is tried again that the store would not take.</summary>
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(10);

    // Runs leave a core to the requests, however many are due at once: whoever asks meanwhile waits for one of them at most to make way.
    private static readonly TaskScheduler s_cores =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount - 1)).ConcurrentScheduler;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var slug = context.JobDetail.Key.Name;
        // Where the schedule is kept in the store, it is as unusable as that: nothing to put the next attempt down in.
        while (definitions.Find(slug) is { } feed)
        {
            try
            {
                var report = await Task.Factory.StartNew(() => publisher.PublishAsync(feed, cancellationToken), cancellationToken, TaskCreationOptions.DenyChildAttach, s_cores).Unwrap();
                if (report.RunAgain is { } again)
                    await scheduler.RunAtAsync(slug, again, cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Log.Stopped(logger, slug);
                throw;
            }
            catch (StoreException failure)
            {
                Log.StoreFailed(logger, slug, failure.Message);
            }

            await Task.Delay(StoreRetry, time, cancellationToken);
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
