using FeedService.Configuration;
using Quartz;

namespace FeedService.Scheduling;

/// <summary>A definition's schedule as a Quartz trigger.</summary>
public static class FeedTriggers
{
    public const string Group = "feeds";
    private const string OnceGroup = "once";

    public static JobKey Job(string feed) => new(feed, Group);

    public static TriggerKey Regular(string feed) => new(feed, Group);

    /// <summary>For the next moment that the schedule does not know: an article that falls due, a file that has not settled.</summary>
    public static TriggerKey Once(string feed) => new(feed, OnceGroup);

    /// <summary>The job of a feed; a run that ends with its node is made up for by another.</summary>
    public static IJobDetail CreateJob(string feed) => JobBuilder.Create<PublishFeedJob>().WithIdentity(Job(feed)).RequestRecovery().Build();

    /// <summary>The regular runs; the description tells whether those of two definitions are the same.</summary>
    public static ITrigger Create(FeedDefinition feed, DateTimeOffset now)
    {
        var trigger = TriggerBuilder.Create().WithIdentity(Regular(feed.Slug)).ForJob(Job(feed.Slug)).WithDescription($"{feed.Schedule.Text} {feed.TimeZone.Id}");
        if (feed.Schedule is { Cron: { } cron, TimeZone: var zone })
        {
            return trigger
                .StartAt(now)
                .WithCronSchedule(cron, c => c.InTimeZone(zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
                .Build();
        }

        // Spans are spread over the clock by the feed's name, so that ten thousand feeds do not all wake in the same second, and stay there over restarts.
        var every = feed.Schedule.Every ?? feed.Schedule.TypicalInterval;
        var offset = TimeSpan.FromTicks((long)(Spread(feed.Slug) * every.Ticks));
        var start = new DateTimeOffset(now.UtcTicks / every.Ticks * every.Ticks, TimeSpan.Zero) + offset;
        if (start <= now)
            start += every;
        return trigger
            .StartAt(start)
            .WithSimpleSchedule(s => s.WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount))
            .Build();
    }

    public static ITrigger CreateOnce(string feed, DateTimeOffset at) =>
        TriggerBuilder.Create().WithIdentity(Once(feed)).ForJob(Job(feed)).StartAt(at)
            .WithSimpleSchedule(s => s.WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow)).Build();

    /// <summary>A number from 0 to 1 that a name always has.</summary>
    private static double Spread(string name)
    {
        uint hash = 2166136261;
        foreach (var c in name)
            hash = (hash ^ c) * 16777619;
        // Names that differ in their last digit alone shall lie far apart: mix the low bits into the high ones.
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return (hash ^ (hash >> 16)) / (uint.MaxValue + 1.0);
    }
}
