using FeedService.Configuration;
using Quartz;

namespace FeedService.Scheduling;

/// <summary>Keeps one Quartz job a feed, as the definitions have it.</summary>
public sealed partial class FeedScheduler(ISchedulerFactory schedulers, TimeProvider time, ILogger<FeedScheduler> logger)
{
    /// <summary>Schedules a feed anew: a changed definition may have another rhythm.</summary>
    public async Task ScheduleAsync(FeedDefinition feed, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (feed.Paused)
        {
            await RemoveAsync(feed.Slug, cancellationToken);
            return;
        }

        var job = JobBuilder.Create<PublishFeedJob>().WithIdentity(FeedTriggers.Job(feed.Slug)).Build();
        var trigger = FeedTriggers.Create(feed, time.GetUtcNow());
        await scheduler.ScheduleJob(job, trigger, ScheduleJobOptions.Replacing, cancellationToken);
        Log.Scheduled(logger, feed.Slug, feed.Schedule.Text);
    }

    public async Task RemoveAsync(string feed, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.DeleteJob(FeedTriggers.Job(feed), cancellationToken);
    }

    /// <summary>One run besides the regular ones. Of several wishes the earliest counts; a wish during a run is met after it.</summary>
    public async Task RunAtAsync(string feed, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (await scheduler.Exists(FeedTriggers.Job(feed), cancellationToken))
            await scheduler.ScheduleTrigger(FeedTriggers.CreateOnce(feed, at), TriggerConflict.KeepEarlier, cancellationToken);
    }

    public Task RunNowAsync(string feed, CancellationToken cancellationToken) => RunAtAsync(feed, time.GetUtcNow(), cancellationToken);

    /// <summary>When the schedule runs the feed next; null where it does not.</summary>
    public async Task<DateTimeOffset?> NextRunAsync(string feed, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var regular = await scheduler.GetTrigger(FeedTriggers.Regular(feed), cancellationToken);
        var once = await scheduler.GetTrigger(FeedTriggers.Once(feed), cancellationToken);
        DateTimeOffset?[] next = [regular?.NextFireTimeUtc, once?.NextFireTimeUtc];
        return next.Min();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Feed}: scheduled, {Schedule}")]
        public static partial void Scheduled(ILogger logger, string feed, string schedule);
    }
}
