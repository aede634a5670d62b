using System.Net;

namespace FeedService.Tests.HardDays;

/// <summary>
/// The network between nodes and PostgreSQL lets nothing through, breaks every connection, or is slow: to a node that stands alone, and to one beside
/// another that has its own way to the database. tests/cluster/run does the same for a minute to processes behind a proxy.
/// </summary>
[Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
public sealed class CutNetworkTests : IAsyncLifetime
{
    // Longer than sessions and leases are left alone; who is told no need not wait for anything.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_resets = TimeSpan.FromSeconds(5);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-cut-");
    private readonly List<ServiceNode> _nodes = [];
    private TestSchema _schema = null!;
    private TestSchema _shared = null!;
    private DatabaseProxy _network = null!;

    public Task InitializeAsync()
    {
        (_schema, _shared) = (new(), new());
        _network = new DatabaseProxy(_schema.Url);
        _network.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _network.Heal();
        foreach (var node in _nodes) await node.DisposeAsync();
        await _network.DisposeAsync();
        await _schema.DisposeAsync();
        await _shared.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [ConditionalFact]
    public Task What_is_out_stays_out_and_nothing_is_lost_or_doubled_while_the_network_says_nothing() => CutAsync(_network.Silence, s_silence);

    [ConditionalFact]
    public Task What_is_out_stays_out_and_nothing_is_lost_or_doubled_while_the_network_breaks_all_connections() => CutAsync(_network.Reset, s_resets);

    [ConditionalFact]
    public async Task A_database_that_is_slow_to_answer_is_waited_for_and_readers_do_not_notice()
    {
        await StartAsync("alone", _network.Through(_schema.Url));
        for (var i = 0; i < 2; i++) await StartAsync("pair", _network.Through(_shared.Url));
        await EverywhereAsync("High tide");

        _network.Delay = TimeSpan.FromMilliseconds(50);
        var readers = _nodes.Select(node => (Asked: ReadAsync(node, out var over), Over: over)).ToList();
        Write("2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
        await EverywhereAsync("New crane", "High tide");
        foreach (var node in _nodes) await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, await ReadyAsync(node)));

        // Too slow to be of use.
        _network.Delay = TimeSpan.FromSeconds(4);
        foreach (var node in _nodes) await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(node)));
        Write("2026-01-03-gull.md", "# A gull\n\nIt stayed.\n");
        _network.Delay = TimeSpan.Zero;
        await EverywhereAsync("A gull", "New crane", "High tide");
        foreach (var (asked, over) in readers)
        {
            await over.CancelAsync();
            Assert.True(await asked > 0);
        }
        await PublishedOnceAsync(3);
    }

    private async Task CutAsync(Action cut, TimeSpan length)
    {
        var alone = await StartAsync("alone", _network.Through(_schema.Url));
        var (near, far) = (await StartAsync("pair", _shared.Url), await StartAsync("pair", _network.Through(_shared.Url)));
        await EverywhereAsync("High tide");
        foreach (var node in _nodes) await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, await ReadyAsync(node)));

        cut();
        var readers = new[] { alone, far }.Select(node => (Asked: ReadAsync(node, out var over), Over: over)).ToList();
        using var lasts = new PeriodicTimer(length);
        Write("2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(["New crane", "High tide"], await near.TitlesAsync("harbour")));
        foreach (var node in new[] { alone, far }) await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(node)));
        await lasts.WaitForNextTickAsync();
        foreach (var node in new[] { alone, far }) Assert.Equal(["High tide"], await node.TitlesAsync("harbour"));
        _network.Heal();

        await EverywhereAsync("New crane", "High tide");
        foreach (var node in _nodes) await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, await ReadyAsync(node)));
        foreach (var (asked, over) in readers)
        {
            await over.CancelAsync();
            Assert.True(await asked > 0);
        }
        var answers = await Task.WhenAll(new[] { near, far }.Select(node => node.Client.GetAsync("/feeds/harbour.rss")));
        Assert.Equal(answers[0].Headers.ETag, answers[1].Headers.ETag);

        // It runs feeds as before, of its own accord.
        Write("2026-01-03-gull.md", "# A gull\n\nIt stayed.\n");
        await EverywhereAsync("A gull", "New crane", "High tide");
        await PublishedOnceAsync(3);
    }

    private async Task EverywhereAsync(params string[] titles)
    {
        foreach (var node in _nodes) await Eventually.HoldsAsync(async () => Assert.Equal(titles, await node.TitlesAsync("harbour")));
    }

    /// <summary>However often it was tried, and whatever arrived late.</summary>
    private async Task PublishedOnceAsync(long publications)
    {
        foreach (var schema in new[] { _schema, _shared })
        {
            Assert.Equal(publications, await schema.SqlAsync<long>("select version from feeds"));
            Assert.Equal(publications, await schema.SqlAsync<long>("select count(*) from articles"));
        }
    }

    /// <summary>Asks as readers do, in turn for all formats, until it is over; answers how often. Any answer but the feed fails it.</summary>
    private static Task<int> ReadAsync(ServiceNode node, out CancellationTokenSource over)
    {
        var source = over = new CancellationTokenSource();
        return Task.Run(async () =>
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            var asked = 0;
            for (; !source.IsCancellationRequested; await tick.WaitForNextTickAsync())
            {
                using var answer = await node.Client.GetAsync($"/feeds/harbour.{(asked++ % 3) switch { 0 => "rss", 1 => "atom", _ => "json" }}");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
            return asked;
        });
    }

    private async Task<ServiceNode> StartAsync(string feeds, string store)
    {
        var folder = Path.Combine(_root.FullName, feeds);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(Articles(folder));
            await File.WriteAllTextAsync(Path.Combine(folder, "feeds", "harbour", "feed.yaml"), $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
            Write(folder, "2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        }
        _nodes.Add(await ServiceNode.StartAsync(ServiceNode.Settings(folder, store, $"data-{_nodes.Count}")));
        return _nodes[^1];
    }

    private static async Task<HttpStatusCode> ReadyAsync(ServiceNode node) => (await node.Client.GetAsync("/health/ready")).StatusCode;

    private static string Articles(string folder) => Path.Combine(folder, "feeds", "harbour", "articles");

    private void Write(string name, string text)
    {
        foreach (var folder in _root.EnumerateDirectories()) Write(folder.FullName, name, text);
    }

    private static void Write(string folder, string name, string text)
    {
        var file = Path.Combine(Articles(folder), name);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-5));
    }
}
