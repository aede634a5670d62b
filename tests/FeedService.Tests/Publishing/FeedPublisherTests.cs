using System.Text.Json;
using System.Xml.Linq;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Tests.Sources;

namespace FeedService.Tests.Publishing;

public sealed class FeedPublisherTests : IAsyncLifetime
{
    private const string Definition = "title: Harbour News\ndescription: What moves.\nsources: [{folder: articles}]\n";
    private readonly FeedsOnDisk _disk = new();

    public Task InitializeAsync()
    {
        _disk.Define("harbour", Definition);
        _disk.Write("harbour", "2026-02-01-tide.md", "# High tide\n\nThe water rose.\n\nIt fell again.\n");
        _disk.Write("harbour", "2026-02-02-crane.md", "# New crane\n\nA crane came by barge.\n");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _disk.DisposeAsync();

    [Fact]
    public async Task Files_become_articles_in_all_formats_newest_first()
    {
        var report = await _disk.PublishAsync("harbour");
        Assert.Equal(["rss", "atom", "json"], report.Documents);
        Assert.Equal(["New crane", "High tide"], (await _disk.EntriesAsync("harbour")).Select(e => e.Title));
        var rss = XDocument.Parse(await _disk.TextAsync("harbour", "rss")).Descendants("item").Select(i => i.Element("title")!.Value);
        var json = JsonDocument.Parse(await _disk.TextAsync("harbour", "json")).RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("title").GetString());
        Assert.Equal(["New crane", "High tide"], rss);
        Assert.Equal(["New crane", "High tide"], json);
    }

    [Fact]
    public async Task Many_articles_of_one_day_that_come_one_by_one_have_each_an_instant_of_its_own()
    {
        _disk.Define("busy", Definition + "publish: {items: 3}\n");
        for (var i = 0; i < 12; i++)
        {
            _disk.Write("busy", $"2026-02-01-call-{i:00}.md", $"# Call {i}\n\nA ship called.\n");
            await _disk.PublishAsync("busy");
            var instants = (await _disk.EntriesAsync("busy")).Select(entry => entry.Updated).ToList();
            Assert.Equal(instants.Count, instants.Distinct().Count());
        }
    }

    [Fact]
    public async Task Runs_of_a_feed_that_are_asked_for_at_once_come_one_after_the_other()
    {
        await using var upstream = new RawServer();
        await using var disk = new FeedsOnDisk { AllowedHosts = [$"127.0.0.1:{upstream.Port}"] };
        var (now, most) = (0, 0);
        upstream.Paths["/feed"] = async (_, stream, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            // Time for another run to come, too, if it may.
            await Task.Delay(100, token);
            Interlocked.Decrement(ref now);
            await stream.WriteAsync(RawServer.Answer("200 OK", "application/rss+xml", "<rss version=\"2.0\"><channel><item><guid>1</guid><title>One</title></item></channel></rss>"u8.ToArray()), token);
        };
        disk.Define("quay", $"title: Quay\nsources: [{{feed: '{upstream.Root}/feed'}}]\n");
        await disk.PublishAsync("quay");
        var (publisher, feed) = (disk.Get<FeedPublisher>(), disk.Get<Definitions>().Find("quay")!);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => publisher.PublishAsync(feed, CancellationToken.None))));
        Assert.Equal((5, 1), (upstream.Hits("/feed"), most));
    }

    [Fact]
    public async Task A_run_that_changes_nothing_keeps_bytes_and_validators()
    {
        await _disk.PublishAsync("harbour");
        var before = await _disk.Store.ListSnapshotsAsync(CancellationToken.None);
        var report = await _disk.PublishAsync("harbour");
        Assert.Empty(report.Documents);
        Assert.Equal(before, await _disk.Store.ListSnapshotsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_restart_changes_nothing()
    {
        await _disk.PublishAsync("harbour");
        var before = await _disk.Store.ListSnapshotsAsync(CancellationToken.None);
        await _disk.RestartAsync();
        Assert.Empty((await _disk.PublishAsync("harbour")).Documents);
        Assert.Equal(before, await _disk.Store.ListSnapshotsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_document_is_never_modified_later_than_the_second_that_a_lagging_date_may_say()
    {
        await _disk.PublishAsync("harbour");
        Assert.All(await _disk.Store.ListSnapshotsAsync(CancellationToken.None), snapshot => Assert.Equal(_disk.Clock.GetUtcNow().AddSeconds(-1), snapshot.LastModified));
    }

    [Fact]
    public async Task A_feed_that_is_asked_for_much_is_packed_more_tightly_from_its_next_change_on()
    {
        for (var i = 0; i < 40; i++)
            _disk.Write("harbour", $"2026-01-{i % 28 + 1:00}-log-{i}.md", $"# Log {i}\n\n{string.Join(' ', Enumerable.Range(0, 300).Select(n => $"Boat {n * 7919 % 997} passed mark {n * i % 31}."))}\n");
        await _disk.PublishAsync("harbour");
        var cache = _disk.Cache;
        Assert.True(cache.TryGet("harbour", "rss", out var rss));
        for (var i = 0; i < Compression.WorthTheEffort; i++) rss.Traffic.CountFull(1);
        _disk.Write("harbour", "2026-02-03-map.md", "# Map\n\nA new one.\n");
        await _disk.PublishAsync("harbour");

        Assert.True(await IsAsTightAsCanBeAsync("rss"));
        Assert.False(await IsAsTightAsCanBeAsync("atom"));

        async Task<bool> IsAsTightAsCanBeAsync(string name)
        {
            var stored = await _disk.Store.FindSnapshotAsync("harbour", name, CancellationToken.None);
            var bytes = await _disk.BytesAsync("harbour", name);
            Assert.Equal(bytes, Compression.Expand(stored!.Gzip, bytes.Length));
            return stored.Brotli.Span.SequenceEqual(Compression.Brotli([bytes], strong: true)) && stored.Gzip.Span.SequenceEqual(Compression.Gzip([bytes], strong: true));
        }
    }

    [Fact]
    public async Task A_lost_database_comes_back_with_the_same_ids_and_the_same_bytes()
    {
        await _disk.PublishAsync("harbour");
        var (entries, bytes) = (await _disk.EntriesAsync("harbour"), await _disk.BytesAsync("harbour", "rss"));
        await _disk.LoseDatabaseAsync();
        await _disk.PublishAsync("harbour");
        Assert.Equal(entries, await _disk.EntriesAsync("harbour"));
        Assert.Equal(bytes, await _disk.BytesAsync("harbour", "rss"));
    }

    [Fact]
    public async Task A_new_public_url_changes_addresses_and_neither_ids_nor_dates()
    {
        _disk.Write("harbour", "2026-02-03-map.md", "# Map\n\n![The harbour](map.png) and [more](more.pdf)\n");
        await _disk.PublishAsync("harbour");
        var before = await _disk.EntriesAsync("harbour");
        await _disk.RestartAsync();
        _disk.PublicUrl = "http://other.example:8080/base";
        await _disk.PublishAsync("harbour");
        var after = await _disk.EntriesAsync("harbour");
        Assert.Equal(before.Select(e => (e.Id, e.Title, e.Published, e.Updated)), after.Select(e => (e.Id, e.Title, e.Published, e.Updated)));
        Assert.All(after, e => Assert.StartsWith("http://other.example:8080/base/feeds/harbour/articles/", e.Url, StringComparison.Ordinal));
        Assert.Contains("\"http://other.example:8080/base/feeds/harbour/articles/map.png\"", after[0].Content, StringComparison.Ordinal);
        foreach (var name in new[] { "rss", "atom", "json" })
            Assert.DoesNotContain("feeds.example", await _disk.TextAsync("harbour", name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renaming_moving_and_editing_keep_the_id()
    {
        await _disk.PublishAsync("harbour");
        var before = await _disk.EntriesAsync("harbour");
        _disk.Move("harbour", "2026-02-01-tide.md", "old/tide-of-february.md");
        await _disk.PublishAsync("harbour");
        Assert.Equal(before, await _disk.EntriesAsync("harbour"));
        _disk.Write("harbour", "2026-02-02-crane.md", "# A new crane\n\nIt came by barge, at night.\n", _disk.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
        await _disk.PublishAsync("harbour");
        var after = await _disk.EntriesAsync("harbour");
        Assert.Equal(before.Select(e => (e.Id, e.Url, e.Published)), after.Select(e => (e.Id, e.Url, e.Published)));
        Assert.Equal("A new crane", after[0].Title);
        Assert.Equal(_disk.Clock.GetUtcNow(), after[0].Updated);
        Assert.Equal(before[1].Updated, after[1].Updated);
    }

    [Fact]
    public async Task A_deleted_file_leaves_a_tombstone_for_thirty_days()
    {
        await _disk.PublishAsync("harbour");
        var tide = (await _disk.EntriesAsync("harbour"))[1];
        _disk.Delete("harbour", "2026-02-01-tide.md");
        await _disk.PublishAsync("harbour");
        Assert.DoesNotContain(await _disk.EntriesAsync("harbour"), e => e.Id == tide.Id);
        XNamespace tombstones = "http://purl.org/atompub/tombstones/1.0";
        async Task<IEnumerable<string>> Ended() => XDocument.Parse(await _disk.TextAsync("harbour", "atom")).Descendants(tombstones + "deleted-entry").Select(d => d.Attribute("ref")!.Value);
        Assert.Equal([tide.Id], await Ended());
        _disk.Clock.Advance(TimeSpan.FromDays(31));
        _disk.Write("harbour", "later.md", "# Later\n\nSomething else.\n");
        await _disk.PublishAsync("harbour");
        Assert.Empty(await Ended());
    }

    [Fact]
    public async Task An_article_of_the_future_appears_when_it_is_due_and_not_before()
    {
        var due = _disk.Clock.GetUtcNow() + TimeSpan.FromHours(5);
        _disk.Write("harbour", "regatta.md", $"---\ndate: {due:yyyy-MM-ddTHH:mm:ssZ}\n---\n# Regatta\n\nTwelve boats.\n");
        var report = await _disk.PublishAsync("harbour");
        Assert.Equal(due, report.RunAgain);
        Assert.DoesNotContain(await _disk.EntriesAsync("harbour"), e => e.Title == "Regatta");
        _disk.Clock.Set(due - TimeSpan.FromMinutes(15));
        await _disk.PublishAsync("harbour");
        Assert.Equal("Regatta", (await _disk.EntriesAsync("harbour"))[0].Title);
    }

    [Fact]
    public async Task A_draft_stays_back_until_it_is_none()
    {
        _disk.Write("harbour", "draft.md", "---\ndraft: true\n---\n# Secret\n\nNot yet.\n");
        await _disk.PublishAsync("harbour");
        Assert.Equal(2, (await _disk.EntriesAsync("harbour")).Count);
        _disk.Write("harbour", "draft.md", "# Secret\n\nNow.\n", _disk.Clock.GetUtcNow() - TimeSpan.FromMinutes(1));
        await _disk.PublishAsync("harbour");
        Assert.Equal("Secret", (await _disk.EntriesAsync("harbour"))[0].Title);
    }

    [Fact]
    public async Task A_backlog_drips_at_its_pace_and_carries_the_dates_of_its_release()
    {
        _disk.Define("drip", Definition + "publish: {release: {every: 1d, articles: 2}}\n");
        for (var i = 1; i <= 5; i++)
            _disk.Write("drip", $"2020-01-0{i}-part.md", $"# Part {i}\n\nOf five, number {i}.\n");
        var report = await _disk.PublishAsync("drip");
        var start = _disk.Clock.GetUtcNow();
        Assert.Equal(["Part 2", "Part 1"], (await _disk.EntriesAsync("drip")).Select(e => e.Title));
        Assert.Equal(start, (await _disk.EntriesAsync("drip"))[0].Published);
        Assert.Equal(start + TimeSpan.FromDays(1), report.RunAgain);
        await _disk.PublishAsync("drip");
        Assert.Equal(2, (await _disk.EntriesAsync("drip")).Count);
        _disk.Clock.Set(start + TimeSpan.FromDays(1));
        await _disk.PublishAsync("drip");
        var entries = await _disk.EntriesAsync("drip");
        Assert.Equal(["Part 4", "Part 3", "Part 2", "Part 1"], entries.Select(e => e.Title));
        Assert.Equal(start + TimeSpan.FromDays(1), entries[0].Published);
    }

    [Fact]
    public async Task A_broken_file_is_reported_and_costs_the_others_nothing()
    {
        File.WriteAllBytes(Path.Combine(_disk.Feeds, "harbour", "articles", "picture.txt"), [0, 1, 2, 3, 0, 0, 255]);
        _disk.Write("harbour", "broken.md", "---\ntitle: [never closed\n---\nText\n");
        var report = await _disk.PublishAsync("harbour");
        Assert.Equal(2, (await _disk.EntriesAsync("harbour")).Count);
        Assert.Contains(report.Problems, p => p.Contains("broken.md", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_feed_over_its_size_drops_its_oldest_articles()
    {
        _disk.Define("small", Definition + "publish: {max_size: 20kB}\n");
        for (var i = 1; i <= 9; i++)
            _disk.Write("small", $"2026-01-0{i}-part.md", $"# Part {i}\n\n{new string('x', 4000)} {i}\n");
        await _disk.PublishAsync("small");
        foreach (var name in new[] { "rss", "atom", "json" })
            Assert.InRange((await _disk.BytesAsync("small", name)).Length, 8_000, 20_000);
        Assert.Equal("Part 9", (await _disk.EntriesAsync("small"))[0].Title);
    }

    [Fact]
    public void What_is_read_from_the_store_does_not_take_the_place_of_what_a_run_made_meanwhile()
    {
        var definition = DefinitionLoader.Parse("title: Quay\nsources: [{inbox: true}]\n", "quay", "/feeds/quay", "feed.yaml").Definition!;
        var feeds = new PublishedFeeds(null!, TimeProvider.System);
        feeds.TakeOver(definition, new FeedState("quay") { Version = 3 });
        feeds.Update(definition, new FeedState("quay") { Version = 5 });
        var changed = definition with { Title = "The quay" };
        feeds.TakeOver(changed, new FeedState("quay") { Version = 4 });
        Assert.Equal(("The quay", 5), (feeds.Find("quay")!.Definition.Title, feeds.Find("quay")!.State.Version));
        feeds.TakeOver(changed, new FeedState("quay") { Version = 6 });
        Assert.Equal(6, feeds.Find("quay")!.State.Version);
        // A run is always right: in the place of a ruined database there may be a new one.
        feeds.Update(changed, new FeedState("quay") { Version = 1 });
        Assert.Equal(1, feeds.Find("quay")!.State.Version);
    }
}
