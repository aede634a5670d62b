using FeedService.Configuration;
using FeedService.Store;
using Quartz;

namespace FeedService.Scheduling;

/// <summary>Keeps one Quartz job a feed, as the definitions have it.</summary>
public sealed partial class FeedScheduler(ISchedulerFactory schedulers, TimeProvider time, ILogger<FeedScheduler> logger)
{
    /// <summary>So many feeds are scheduled in one transaction: short enough for other nodes to wait for.</summary>
    private const int Portion = 100;

    private IScheduler? _running;

    /// <summary>Begins to run what is due.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => UseAsync(async scheduler =>
    {
        await scheduler.Start(cancellationToken);
        _running = scheduler;
    }, cancellationToken);

    /// <summary>Tells running publications to stop, and waits for them until it is told to wait no longer.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_running is null)
            return;
        try
        {
            // Quartz waits no longer for runs then, but for as long as it takes for a database that is away, to which it says goodbye.
            await _running.Shutdown(waitForJobsToComplete: true, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.NotStopped(logger);
        }
    }

    /// <summary>Schedules a feed, anew where its definition has another rhythm than before. What is paused stays so.</summary>
    public Task ScheduleAsync(FeedDefinition feed, CancellationToken cancellationToken) => feed.Paused ? RemoveAsync(feed.Slug, cancellationToken) : UseAsync(async scheduler =>
    {
        var now = time.GetUtcNow();
        var (job, trigger) = (FeedTriggers.CreateJob(feed.Slug), FeedTriggers.Create(feed, now));
        var state = await scheduler.GetTriggerState(trigger.Key, cancellationToken);
        // Another node has scheduled it already, or this one before it was started anew: the next run stays when it is, unless that is later than it
        // would ever be, since the clock was ahead when it was set.
        if (state is not (TriggerState.None or TriggerState.Error) && await scheduler.GetTrigger(trigger.Key, cancellationToken) is { } known
            && known.Description == trigger.Description && !(known.NextFireTimeUtc > trigger.GetFireTimeAfter(now)))
            return;
        try
        {
            // What is there is replaced only if it was seen: another node that was a moment faster may have run the first slot already.
            await scheduler.ScheduleJob(job, trigger, state is TriggerState.None ? default : ScheduleJobOptions.Replacing, cancellationToken);
        }
        catch (ObjectAlreadyExistsException) when (state is TriggerState.None)
        {
            return;
        }
        if (state is TriggerState.Paused)
            await scheduler.PauseJob(job.Key, cancellationToken);
        Log.Scheduled(logger, feed.Slug, feed.Schedule.Text);
    }, cancellationToken);

    /// <summary>
    /// Schedules these feeds and runs each besides. Those that nobody has scheduled yet many at a time: where the schedule is kept in a database, each
    /// takes many questions and a turn at a lock that all nodes share.
    /// </summary>
    public async Task StartAllAsync(IEnumerable<FeedDefinition> feeds, CancellationToken cancellationToken)
    {
        foreach (var portion in feeds.Chunk(Portion))
        {
            HashSet<string> started = [];
            await UseAsync(async scheduler =>
            {
                var now = time.GetUtcNow();
                var known = (await scheduler.GetTriggers([.. portion.Select(feed => FeedTriggers.Regular(feed.Slug))], cancellationToken)).Select(trigger => trigger.Key.Name).ToHashSet();
                var fresh = portion.Where(feed => !feed.Paused && !known.Contains(feed.Slug)).ToList();
                if (fresh.Count == 0)
                    return;
                try
                {
                    await scheduler.ScheduleJobs(
                        fresh.ToDictionary(feed => FeedTriggers.CreateJob(feed.Slug), IReadOnlyCollection<ITrigger> (feed) => [FeedTriggers.Create(feed, now), FeedTriggers.CreateOnce(feed.Slug, now)]),
                        default,
                        cancellationToken);
                    started = [.. fresh.Select(feed => feed.Slug)];
                }
                catch (ObjectAlreadyExistsException)
                {
                    // Another node was faster with one of them, so none was stored: each by itself.
                }
            }, cancellationToken);
            foreach (var feed in portion.Where(feed => !started.Contains(feed.Slug)))
            {
                await ScheduleAsync(feed, cancellationToken);
                await RunNowAsync(feed.Slug, cancellationToken);
            }
        }
    }

    public Task RemoveAsync(string feed, CancellationToken cancellationToken) =>
        UseAsync(async scheduler => await scheduler.DeleteJob(FeedTriggers.Job(feed), cancellationToken), cancellationToken);

    public Task PauseAsync(string feed, CancellationToken cancellationToken) =>
        UseAsync(async scheduler => await scheduler.PauseJob(FeedTriggers.Job(feed), cancellationToken), cancellationToken);

    public Task ResumeAsync(string feed, CancellationToken cancellationToken) =>
        UseAsync(async scheduler => await scheduler.ResumeJob(FeedTriggers.Job(feed), cancellationToken), cancellationToken);

    /// <summary>
    /// One run besides the regular ones, of a feed that is scheduled and not paused. Of several wishes the earliest counts; a wish during a run is
    /// met after it.
    /// </summary>
    public Task RunAtAsync(string feed, DateTimeOffset at, CancellationToken cancellationToken) => UseAsync(async scheduler =>
    {
        if (await scheduler.GetTriggerState(FeedTriggers.Regular(feed), cancellationToken) is not (TriggerState.None or TriggerState.Paused))
            await scheduler.ScheduleTrigger(FeedTriggers.CreateOnce(feed, at), TriggerConflict.KeepEarlier, cancellationToken);
    }, cancellationToken);

    public Task RunNowAsync(string feed, CancellationToken cancellationToken) => RunAtAsync(feed, time.GetUtcNow(), cancellationToken);

    /// <summary>When the schedule runs the feed next; null where it does not, or where nobody can tell for now.</summary>
    public async Task<DateTimeOffset?> NextRunAsync(string feed, CancellationToken cancellationToken)
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(cancellationToken);
            if (await scheduler.GetTriggerState(FeedTriggers.Regular(feed), cancellationToken) is TriggerState.Paused)
                return null;
            var regular = await scheduler.GetTrigger(FeedTriggers.Regular(feed), cancellationToken);
            var once = await scheduler.GetTrigger(FeedTriggers.Once(feed), cancellationToken);
            DateTimeOffset?[] next = [regular?.NextFireTimeUtc, once?.NextFireTimeUtc];
            return next.Min();
        }
        catch (SchedulerException)
        {
            return null;
        }
    }

    /// <summary>Whether anything runs at all.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken) =>
        _running is { } scheduler && await scheduler.GetStatus(cancellationToken) == SchedulerStatus.Running;

    // Where the schedule is kept in the store, it is as unusable as that.
    private async Task UseAsync(Func<IScheduler, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(await schedulers.GetScheduler(cancellationToken));
        }
        catch (SchedulerException failure)
        {
            throw new StoreException($"The schedule cannot be used: {failure.GetBaseException().Message}", failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The schedule was left before it had stopped: other nodes take over what it ran, or this one when it starts again")]
        public static partial void NotStopped(ILogger logger);

        [LoggerMessage(Level = LogLevel.Debug, Message = "{Feed}: scheduled, {Schedule}")]
        public static partial void Scheduled(ILogger logger, string feed, string schedule);
    }
}
