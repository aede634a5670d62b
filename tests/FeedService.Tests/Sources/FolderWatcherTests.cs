using FeedService.Sources;

namespace FeedService.Tests.Sources;

public sealed class FolderWatcherTests : IDisposable
{
    private readonly string _feeds = Directory.CreateTempSubdirectory("folder-watcher-").FullName;
    private readonly string _elsewhere = Directory.CreateTempSubdirectory("folder-watcher-outside-").FullName;
    private readonly CancellationTokenSource _guard = new(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        _guard.Dispose();
        Directory.Delete(_feeds, recursive: true);
        Directory.Delete(_elsewhere, recursive: true);
    }

    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Articles_definitions_and_folders_that_come_and_go_are_told(bool reports)
    {
        Write("news/feed.yaml", "title: News");
        Write("news/articles/deep/a.txt", "One");
        Write("other/feed.yaml", "title: Other");
        await using var changes = Changes(Watcher(reports));

        Write("news/articles/deep/a.txt", "One, longer");
        await Until(changes, new FeedsFolderChange("news", false));
        Write("news/feed.yaml", "title: The news");
        await Until(changes, new FeedsFolderChange("news", true));
        Write("third/feed.yaml", "title: Third");
        await Until(changes, new FeedsFolderChange("third", true));
        Write("third/articles/b.txt", "Two");
        await Until(changes, new FeedsFolderChange("third", false));
        Directory.Delete(Path.Join(_feeds, "other"), recursive: true);
        await Until(changes, new FeedsFolderChange("other", true));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_folder_outside_is_watched_for_its_feed(bool reports)
    {
        Write("news/feed.yaml", "title: News");
        var watcher = Watcher(reports);
        watcher.WatchAlso([new OutsideFolder("news", _elsewhere)]);
        await using var changes = Changes(watcher);

        File.WriteAllText(Path.Join(_elsewhere, "a.txt"), "One");

        await Until(changes, new FeedsFolderChange("news", false));
    }

    [Fact]
    public async Task A_shower_of_changes_is_told_once()
    {
        Write("news/feed.yaml", "title: News");
        await using var changes = Changes(Watcher(reports: true));
        for (var i = 0; i < 200; i++) Write($"news/articles/{i}.txt", "Text");
        Write("zz/feed.yaml", "title: Last");

        var told = new List<string>();
        do told.Add(await Next(changes));
        while (told[^1] != "zz");

        // A slow machine may cut the shower in parts; it is never told by the file.
        Assert.InRange(told.Count(t => t == "news"), 1, 100);
    }

    [Fact]
    public async Task A_feeds_folder_that_is_not_there_yet_is_a_problem_that_mends_itself()
    {
        var missing = Path.Join(_feeds, "later");
        var watcher = new FolderWatcher(missing, TimeProvider.System) { PollWithoutReports = TimeSpan.FromMilliseconds(20) };
        await using var changes = Changes(watcher);
        Assert.Contains(missing, watcher.Problem, StringComparison.Ordinal);

        Write("later/news/feed.yaml", "title: News");

        await Until(changes, new FeedsFolderChange("news", true));
    }

    private FolderWatcher Watcher(bool reports) =>
        new(_feeds, TimeProvider.System) { UseReports = reports, PollEvery = reports ? TimeSpan.FromHours(1) : TimeSpan.FromMilliseconds(20), PollWithoutReports = TimeSpan.FromMilliseconds(20) };

    /// <summary>Starts watching: the first step runs until the watcher waits for something to happen.</summary>
    private Reading Changes(FolderWatcher watcher)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_guard.Token);
        var changes = watcher.WatchAsync(stop.Token).GetAsyncEnumerator(CancellationToken.None);
        return new Reading(changes, changes.MoveNextAsync().AsTask(), stop);
    }

    private static async Task Until(Reading changes, FeedsFolderChange expected)
    {
        while (true)
        {
            var change = await changes.NextAsync();
            if (change == expected) return;
            // The same feed may be told before for another file of the same change.
            Assert.True(change.Slug == expected.Slug || change.Slug == "news" || change.Slug == "third", $"{change} instead of {expected}");
        }
    }

    private static async Task<string> Next(Reading changes) => (await changes.NextAsync()).Slug;

    private void Write(string name, string text)
    {
        var path = Path.Join(_feeds, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class Reading(IAsyncEnumerator<FeedsFolderChange> changes, Task<bool> next, CancellationTokenSource stop) : IAsyncDisposable
    {
        public async Task<FeedsFolderChange> NextAsync()
        {
            Assert.True(await next);
            var change = changes.Current;
            next = changes.MoveNextAsync().AsTask();
            return change;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await next.ContinueWith(_ => { }, TaskScheduler.Default);
            await changes.DisposeAsync();
            stop.Dispose();
        }
    }
}
