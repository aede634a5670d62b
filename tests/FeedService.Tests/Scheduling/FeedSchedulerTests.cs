using FeedService.Configuration;
using FeedService.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Quartz;

namespace FeedService.Tests.Scheduling;

public sealed class FeedSchedulerTests
{
    [Fact]
    public async Task Many_feeds_start_together_whatever_was_scheduled_before()
    {
        var services = new ServiceCollection();
        services.AddQuartz(quartz => quartz.UseInMemoryStore());
        await using var provider = services.BuildServiceProvider();
        var quartz = await provider.GetRequiredService<ISchedulerFactory>().GetScheduler();
        var scheduler = new FeedScheduler(provider.GetRequiredService<ISchedulerFactory>(), TimeProvider.System, NullLogger<FeedScheduler>.Instance);
        var feeds = Enumerable.Range(0, 250).Select(i => Feed($"feed-{i}", i == 7, "15m")).ToList();
        await scheduler.ScheduleAsync(Feed("feed-3", false, "1h"), CancellationToken.None);
        await scheduler.ScheduleAsync(Feed("feed-150", false, "15m"), CancellationToken.None);
        await scheduler.PauseAsync("feed-150", CancellationToken.None);

        await scheduler.StartAllAsync(feeds, CancellationToken.None);
        await scheduler.StartAllAsync(feeds, CancellationToken.None);

        foreach (var feed in feeds.Where(feed => feed.Slug is not ("feed-7" or "feed-150")))
        {
            Assert.Equal(TimeSpan.FromMinutes(15), Assert.IsAssignableFrom<ISimpleTrigger>(await quartz.GetTrigger(FeedTriggers.Regular(feed.Slug))).RepeatInterval);
            Assert.InRange((await scheduler.NextRunAsync(feed.Slug, CancellationToken.None))!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        }
        Assert.False(await quartz.Exists(FeedTriggers.Job("feed-7")));
        Assert.Equal(TriggerState.Paused, await quartz.GetTriggerState(FeedTriggers.Regular("feed-150")));
        Assert.False(await quartz.Exists(FeedTriggers.Once("feed-150")));
    }

    private static FeedDefinition Feed(string slug, bool paused, string schedule) => DefinitionLoader.Parse(
        $"title: Harbour\nschedule: {schedule}\npaused: {(paused ? "true" : "false")}\nsources: [{{inbox: true}}]\n", slug, "/feeds", "feed.yaml").Definition!;
}
