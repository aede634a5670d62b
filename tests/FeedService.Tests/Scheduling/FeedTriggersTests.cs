using FeedService.Configuration;
using FeedService.Scheduling;
using Quartz.Extensibility;

namespace FeedService.Tests.Scheduling;

public sealed class FeedTriggersTests
{
    [Theory]
    [InlineData("0 30 2 * * ?", "Europe/Berlin", "2026-03-25", 8)]
    [InlineData("0 30 2 * * ?", "Europe/Berlin", "2026-10-21", 8)]
    [InlineData("0 0 7 * * ?", "Europe/Berlin", "2026-03-25", 8)]
    [InlineData("0 15 2 * * ?", "Australia/Lord_Howe", "2026-04-01", 8)]
    [InlineData("0 15 2 * * ?", "Australia/Lord_Howe", "2026-10-01", 8)]
    [InlineData("0 30 0 * * ?", "Pacific/Apia", "2026-01-10", 8)]
    [InlineData("0 0 6 * * ?", "UTC", "2028-02-26", 6)]
    public void A_fixed_hour_comes_once_a_day_through_every_change_of_the_clocks(string cron, string zone, string from, int days)
    {
        var time = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var runs = Runs($"schedule: {cron}\ntime_zone: {zone}\n", DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromDays(days));
        var dates = runs.Select(r => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(r, time).DateTime)).ToList();
        Assert.InRange(dates.Count, days - 1, days);
        Assert.Equal(dates.Distinct(), dates);
        Assert.All(dates.Zip(dates.Skip(1)), pair => Assert.Equal(pair.First.AddDays(1), pair.Second));
        Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.FromHours(22.5), TimeSpan.FromHours(25.5)));
    }

    [Theory]
    [InlineData("0 0/15 * * * ?", 15)]
    [InlineData("0 0 * * * ?", 60)]
    [InlineData("15m", 15)]
    [InlineData("1h", 60)]
    [InlineData("7m", 7)]
    public void A_rhythm_below_a_day_keeps_its_distance_through_every_change_of_the_clocks(string schedule, int minutes)
    {
        foreach (var change in new[] { "2026-03-28T12:00Z", "2026-10-24T12:00Z" })
        {
            var runs = Runs($"schedule: {schedule}\ntime_zone: Europe/Berlin\n", DateTimeOffset.Parse(change, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromDays(1));
            Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(minutes), pair.Second - pair.First));
            Assert.InRange(runs.Count, 24 * 60 / minutes - 1, 24 * 60 / minutes + 1);
        }
    }

    [Fact]
    public void Spans_are_spread_over_the_clock_by_name_and_stay_there()
    {
        var now = new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero);
        var starts = Enumerable.Range(0, 100).Select(i => FeedTriggers.Create(Feed("schedule: 15m\n", $"feed-{i}"), now).StartTimeUtc).ToList();
        Assert.All(starts, s => Assert.InRange(s, now, now + TimeSpan.FromMinutes(15)));
        Assert.True(starts.Select(s => s.Minute).Distinct().Count() > 12);
        var later = now + TimeSpan.FromHours(5);
        Assert.Equal((starts[0] + TimeSpan.FromHours(5)), FeedTriggers.Create(Feed("schedule: 15m\n", "feed-0"), later).StartTimeUtc);
    }

    [Theory]
    [InlineData("15m")]
    [InlineData("0 0/15 * * * ?")]
    [InlineData("0 30 6 * * ?")]
    public void Runs_that_were_missed_are_made_up_for_by_one_at_once(string schedule)
    {
        var before = DateTimeOffset.UtcNow;
        var feed = Feed($"schedule: {schedule}\n", "harbour");
        var trigger = (IOperableTrigger)FeedTriggers.Create(feed, before.AddDays(-5));
        trigger.ComputeFirstFireTimeUtc(null);
        trigger.UpdateAfterMisfire(null);
        var late = trigger.NextFireTimeUtc!.Value;
        Assert.InRange(late, before, DateTimeOffset.UtcNow);

        trigger.Triggered(null);
        Assert.InRange(trigger.NextFireTimeUtc!.Value, late.AddTicks(1), late + feed.Schedule.TypicalInterval);
    }

    private static List<DateTimeOffset> Runs(string yaml, DateTimeOffset from, TimeSpan length)
    {
        var trigger = FeedTriggers.Create(Feed(yaml, "harbour"), from);
        var runs = new List<DateTimeOffset>();
        for (var next = trigger.GetFireTimeAfter(from); next is { } run && run < from + length; next = trigger.GetFireTimeAfter(run))
            runs.Add(run);
        return runs;
    }

    private static FeedDefinition Feed(string yaml, string slug)
    {
        var folder = Directory.CreateTempSubdirectory("feedservice-").FullName;
        try
        {
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, slug)).FullName, "feed.yaml");
            File.WriteAllText(file, $"title: Harbour\nsources: [{{folder: articles}}]\n{yaml}");
            var result = DefinitionLoader.Load(file);
            Assert.Empty(result.Errors);
            return result.Definition!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
