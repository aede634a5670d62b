using FeedService.Scheduling;
using FeedService.Tests.Publishing;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.HardDays;

/// <summary>Clocks that are wrong, set, or on a special day. Daylight saving is FeedTriggersTests' part.</summary>
public sealed class ClockTests : IAsyncDisposable
{
    private readonly FeedsOnDisk _feeds = new();

    public ValueTask DisposeAsync() => _feeds.DisposeAsync();

    [Theory]
    [InlineData("2026-03-02T08:00Z")]
    [InlineData("2026-03-02T11:00Z")]
    [InlineData("2026-03-01T09:00Z")]
    [InlineData("2026-03-03T09:00Z")]
    [InlineData("1970-01-01T00:00Z")]
    [InlineData("2038-01-19T03:14Z")]
    [InlineData("2106-02-07T06:28Z")]
    public async Task A_clock_that_is_set_takes_nothing_from_readers_and_changes_no_id_or_date(string wrong)
    {
        var right = _feeds.Clock.GetUtcNow();
        _feeds.Define("harbour", "title: Harbour\nsources: [{folder: articles}]\n");
        _feeds.Write("harbour", "tide.md", "# High tide\n\nThe water rose.\n");
        _feeds.Write("harbour", "crane.md", "# New crane\n\nIt came by barge.\n");
        await _feeds.PublishAsync("harbour");
        var before = await _feeds.EntriesAsync("harbour");
        Assert.Equal(2, before.Count);

        _feeds.Clock.Set(DateTimeOffset.Parse(wrong, System.Globalization.CultureInfo.InvariantCulture));
        _feeds.Write("harbour", "gull.md", "# A gull\n\nIt stayed.\n", right);
        await _feeds.PublishAsync("harbour");
        AssertKept(before, await _feeds.EntriesAsync("harbour"));

        _feeds.Clock.Set(right.AddHours(1));
        _feeds.Write("harbour", "regatta.md", "# Regatta\n\nTwelve boats.\n", right);
        await _feeds.PublishAsync("harbour");
        var after = await _feeds.EntriesAsync("harbour");
        AssertKept(before, after);
        Assert.Equal(["A gull", "High tide", "New crane", "Regatta"], after.Select(entry => entry.Title).Order());
    }

    [Fact]
    public async Task Articles_of_the_29th_of_February_are_as_any_other()
    {
        _feeds.Clock.Set(new(2028, 2, 28, 23, 30, 0, TimeSpan.Zero));
        _feeds.Define("harbour", "title: Harbour\nsources: [{folder: articles}]\npublish: {release: {every: 1d, articles: 1}}\n");
        for (var i = 0; i < 3; i++) _feeds.Write("harbour", $"tide-{i}.md", $"---\ndate: 2024-02-29\n---\n# Tide {i}\n\nThe water rose.\n");
        var shown = new List<int>();
        for (var day = 0; day < 3; day++)
        {
            await _feeds.PublishAsync("harbour");
            shown.Add((await _feeds.EntriesAsync("harbour")).Count);
            _feeds.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal([1, 2, 3], shown);
        Assert.Equal([(2, 28), (2, 29), (3, 1)], (await _feeds.EntriesAsync("harbour")).Select(entry => (entry.Published.Month, entry.Published.Day)).Order());
    }

    [Fact]
    public async Task A_schedule_that_was_set_by_a_clock_that_was_ahead_does_not_wait_until_it_has_come_round()
    {
        var root = Directory.CreateTempSubdirectory("feedservice-clock-");
        try
        {
            var clock = new ManualClock(DateTimeOffset.UtcNow.AddDays(400));
            foreach (var (slug, schedule) in new[] { ("span", "15m"), ("cron", "'0 0 * * * ?'") })
            {
                var folder = root.CreateSubdirectory($"feeds/{slug}");
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, "feed.yaml"), $"title: T\nsources: [{{folder: articles}}]\nschedule: {schedule}\n");
            }
            await using var node = await ServiceNode.StartAsync(ServiceNode.Settings(root.FullName, "sqlite:"), builder => builder.Services.AddSingleton<TimeProvider>(clock));
            var scheduler = node.Get<FeedScheduler>();
            await Eventually.HoldsAsync(() => WithinAnHourAsync());

            clock.Set(DateTimeOffset.UtcNow);

            await Eventually.HoldsAsync(() => WithinAnHourAsync());

            async Task WithinAnHourAsync()
            {
                foreach (var slug in new[] { "span", "cron" })
                    Assert.InRange((await scheduler.NextRunAsync(slug, default))!.Value, clock.GetUtcNow().AddHours(-1), clock.GetUtcNow().AddHours(1));
            }
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static void AssertKept(IReadOnlyList<Entry> before, IReadOnlyList<Entry> after) =>
        Assert.All(before, entry => Assert.Contains(entry, after));
}
