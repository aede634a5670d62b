using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Tests.Publishing;

public sealed class FeedRunsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("feedservice-");
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 3, 13, 9, 0, 0, TimeSpan.Zero));
    private IArticleStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = StoreFactory.Create(new ServiceSettings { FeedsFolder = _folder.FullName, DataFolder = _folder.FullName, Store = "sqlite:", PublicUrl = "https://feeds.example" }, _clock);
        await _store.OpenAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("15m", 45)]
    [InlineData("1h", 180)]
    // On weekdays at nine: from Friday at nine the third run is that of Wednesday.
    [InlineData("0 0 9 ? * MON-FRI", 5 * 24 * 60)]
    public async Task A_feed_that_missed_three_runs_is_degraded_until_it_runs(string schedule, int minutes)
    {
        var runs = new FeedRuns(_store, _clock);
        var feed = Define(schedule);
        runs.Finished(feed.Slug, Run());
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        await LookAsync(runs, feed);
        Assert.Empty(runs.Degraded);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await LookAsync(runs, feed);
        Assert.Equal(["harbour"], runs.Degraded);
        runs.Finished(feed.Slug, Run());
        await LookAsync(runs, feed);
        Assert.Empty(runs.Degraded);
    }

    [Fact]
    public async Task A_paused_feed_misses_nothing()
    {
        var runs = new FeedRuns(_store, _clock);
        _clock.Advance(TimeSpan.FromDays(3));
        await LookAsync(runs, Define("15m"), scheduled: false);
        Assert.Empty(runs.Degraded);
        await LookAsync(runs, Define("15m") with { Paused = true });
        Assert.Empty(runs.Degraded);
    }

    [Fact]
    public async Task Runs_that_changed_nothing_are_known_to_other_nodes_and_after_a_restart()
    {
        var runs = new FeedRuns(_store, _clock);
        runs.Answered("harbour", "folder:articles");
        runs.Finished("harbour", Run());
        await runs.SynchronizeAsync(CancellationToken.None);
        var other = new FeedRuns(_store, _clock);
        Assert.Null(other.Last("harbour"));
        await other.SynchronizeAsync(CancellationToken.None);
        Assert.Equal(_clock.GetUtcNow(), other.Last("harbour")!.At);
        Assert.Equal(_clock.GetUtcNow(), other.LastSuccess("harbour", "folder:articles"));
        Assert.Null(other.LastSuccess("harbour", "inbox"));

        // What this node knows better stays.
        _clock.Advance(TimeSpan.FromMinutes(5));
        other.Finished("harbour", Run());
        await runs.SynchronizeAsync(CancellationToken.None);
        await other.SynchronizeAsync(CancellationToken.None);
        Assert.Equal(_clock.GetUtcNow(), other.Last("harbour")!.At);
    }

    private static Task LookAsync(FeedRuns runs, FeedDefinition feed, bool scheduled = true) => runs.LookAsync([feed], (_, _) => Task.FromResult(scheduled), CancellationToken.None);

    private FeedRun Run() => new(_clock.GetUtcNow(), TimeSpan.FromSeconds(1), 0, []);

    private FeedDefinition Define(string schedule)
    {
        Assert.Null(ScheduleParser.Parse(schedule, TimeZoneInfo.Utc, out var parsed));
        return new()
        {
            Slug = "harbour",
            Folder = _folder.FullName,
            Title = "Harbour News",
            Schedule = parsed,
            Fingerprint = "1",
            FiltersFingerprint = "1",
            Sources = [new SourceDefinition { Kind = SourceKind.Folder, Location = "articles" }],
        };
    }
}
