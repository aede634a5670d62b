using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using FeedService.Store;

namespace FeedService.Tests.HardDays;

/// <summary>
/// The service, or one of two nodes of it, is killed (SIGKILL) at random moments while articles are written, edited, renamed and deleted; after
/// each kill the store is looked at as it lies there. FEEDSERVICE_TEST_KILLS says how often; tests/kill runs the long form.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const string Feed = "harbour";
    private static readonly XNamespace s_atom = "http://www.w3.org/2005/Atom";
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-kill-");
    private readonly Dictionary<string, string> _articles = []; // name -> number in the title, which no edit changes
    private readonly Dictionary<string, string> _idOfNumber = [];
    private int _written;
    private string _store = "sqlite:";

    private string Articles => Path.Combine(_root.FullName, "feeds", Feed, "articles");

    private string Data(int node) => Path.Combine(_root.FullName, $"data-{node}");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public Task Killed_at_random_moments_nothing_is_half_lost_or_doubled() => KillAsync(nodes: 1);

    [ConditionalFact]
    [Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
    public async Task Of_two_nodes_one_killed_at_random_moments_nothing_is_half_lost_or_doubled()
    {
        await using var schema = new TestSchema();
        _store = schema.Url;
        await KillAsync(nodes: 2);
    }

    private async Task KillAsync(int nodes)
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("FEEDSERVICE_TEST_KILLS"), out var asked) ? asked : 5;
        var random = new Random(4711);
        Directory.CreateDirectory(Articles);
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "feeds", Feed, "feed.yaml"), "title: Harbour\nsources: [{folder: articles}]\nschedule: 1m\npublish: {items: 1000}\n");
        for (var i = 0; i < 20; i++)
            Add(random);
        var running = Enumerable.Range(0, nodes).Select(Start).ToArray();
        try
        {
            for (var kill = 0; kill < kills; kill++)
            {
                // From the first instructions to well into its publications.
                using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(300, 3000)));
                for (var i = 0; i < 5; i++)
                    Mutate(random);
                await moment.WaitForNextTickAsync();
                var victim = random.Next(nodes);
                await EndAsync(running[victim]);
                await CheckAsync(complete: false);
                running[victim] = Start(victim);
            }

            var patience = Stopwatch.StartNew();
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (!await IsCompleteAsync() && patience.Elapsed < TimeSpan.FromMinutes(2))
                await tick.WaitForNextTickAsync();
        }
        finally
        {
            foreach (var node in running)
                await EndAsync(node);
        }

        await CheckAsync(complete: true);
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Every snapshot is whole and of one and the same state of the store; no id has changed its article; nothing is there twice.</summary>
    private async Task CheckAsync(bool complete)
    {
        await using var store = await OpenAsync();
        var version = await VersionAsync(store);
        var entries = await EntriesAsync(store);
        var recorded = await store.NewestAsync(Feed, DateTimeOffset.UtcNow, 10_000, CancellationToken.None);
        var others = new[] { await TextAsync(store, "rss"), await TextAsync(store, "json") };
        if (await VersionAsync(store) != version)
        {
            // Another node has published between these looks: what was seen is not of one and the same moment.
            await CheckAsync(complete);
            return;
        }

        if (entries is null)
        {
            Assert.False(complete);
            return;
        }

        Assert.Empty(recorded.GroupBy(a => a.Article.Title).Where(twins => twins.Count() > 1)
            .SelectMany(twins => twins.Select(a => $"{a.Article.Title}: {a.Id} {a.Key} first seen {a.FirstSeen:O} updated {a.Updated:O} {a.Sequence}")));
        Assert.Equal(entries.Select(e => e.Number).Distinct(), entries.Select(e => e.Number));
        foreach (var (id, number) in entries)
        {
            _idOfNumber.TryAdd(number, id);
            Assert.Equal(_idOfNumber[number], id);
        }

        Assert.Equal(recorded.Select(a => a.Id).Order(), entries.Select(e => e.Id).Order());
        Assert.All(others, text => Assert.All(entries, e => Assert.Contains(e.Id, text, StringComparison.Ordinal)));

        if (complete)
            Assert.Equal(_articles.Values.Order(), entries.Select(e => e.Number).Order());
    }

    private async Task<bool> IsCompleteAsync()
    {
        try
        {
            await using var store = await OpenAsync();
            var entries = await EntriesAsync(store);
            return entries is not null && _articles.Values.Order().SequenceEqual(entries.Select(e => e.Number).Order());
        }
        catch (StoreException)
        {
            // The service is at it: ask again.
            return false;
        }
    }

    private async Task<IArticleStore> OpenAsync()
    {
        var store = StoreFactory.Create(_store, Data(0), TimeProvider.System);
        await store.OpenAsync(CancellationToken.None);
        return store;
    }

    private static async Task<long?> VersionAsync(IArticleStore store) => (await store.FindFeedAsync(Feed, CancellationToken.None))?.Version;

    private static async Task<List<(string Id, string Number)>?> EntriesAsync(IArticleStore store) =>
        await TextAsync(store, "atom") is not { } atom ? null
            : [.. XDocument.Parse(atom).Root!.Elements(s_atom + "entry").Select(e => (e.Element(s_atom + "id")!.Value, e.Element(s_atom + "title")!.Value.Split(' ')[1]))];

    private static async Task<string?> TextAsync(IArticleStore store, string name)
    {
        if (await store.FindSnapshotAsync(Feed, name, CancellationToken.None) is not { } snapshot)
            return null;
        using var reader = new StreamReader(new GZipStream(new MemoryStream(snapshot.Gzip.ToArray()), CompressionMode.Decompress));
        var text = await reader.ReadToEndAsync();
        Assert.Equal(snapshot.Length, System.Text.Encoding.UTF8.GetByteCount(text));
        return text;
    }

    private Process Start(int node)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "feedservice.dll"), "serve", "--feeds", Path.Combine(_root.FullName, "feeds"), "--data", Data(node),
            "--store", _store, "--urls", "http://127.0.0.1:0",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // A full pipe that nobody reads would hold it up.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Mutate(Random random)
    {
        var name = _articles.Keys.ElementAt(random.Next(_articles.Count));
        switch (random.Next(4))
        {
            case 0:
                Add(random);
                break;
            case 1:
                Write(name, _articles[name], random);
                break;
            case 2:
                var moved = $"moved-{++_written}.md";
                File.Move(Path.Combine(Articles, name), Path.Combine(Articles, moved));
                _articles.Add(moved, _articles[name]);
                _articles.Remove(name);
                break;
            default:
                if (_articles.Count <= 10)
                    goto case 0;
                File.Delete(Path.Combine(Articles, name));
                _articles.Remove(name);
                break;
        }
    }

    private void Add(Random random)
    {
        var number = $"{++_written}";
        var name = $"2026-01-{random.Next(1, 29):00}-article-{number}.md";
        _articles.Add(name, number);
        Write(name, number, random);
    }

    /// <summary>As careful writers do it: whole or not at all, and done a while ago as far as the service can tell.</summary>
    private void Write(string name, string number, Random random)
    {
        var draft = Path.Combine(_root.FullName, "draft");
        File.WriteAllText(draft, $"# Article {number} of the harbour\n\n{string.Concat(Enumerable.Repeat($"Water {random.Next()} rose. ", random.Next(5, 200)))}\n");
        File.SetLastWriteTimeUtc(draft, DateTime.UtcNow.AddMinutes(-5));
        File.Move(draft, Path.Combine(Articles, name), overwrite: true);
    }
}
