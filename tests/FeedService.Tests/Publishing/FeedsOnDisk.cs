using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Sources;
using FeedService.Store;
using FeedService.Tests.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Publishing;

/// <summary>A folder of feeds, a store and everything that publishes, as in the service, but run by hand and by a clock that stands still.</summary>
internal sealed class FeedsOnDisk : IAsyncDisposable
{
    public static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private readonly string _root = Directory.CreateTempSubdirectory("feedservice-").FullName;
    private ServiceProvider? _services;

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public string PublicUrl { get; set; } = "https://feeds.example";

    /// <summary>Hosts on loopback that may be fetched from; without the pauses that strangers are given.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Bounds for what is fetched, from the next start on: patient, so that a busy machine is not taken for a bad server.</summary>
    public FetchLimits Limits { get; set; } = RawServer.Patient;

    public string Feeds => Path.Combine(_root, "feeds");

    public string Data => Path.Combine(_root, "data");

    public IArticleStore Store => Services.GetRequiredService<IArticleStore>();

    public SnapshotCache Cache => Services.GetRequiredService<SnapshotCache>();

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    private ServiceProvider Services => _services ??= Build();

    public void Define(string slug, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(Feeds, slug, "articles"));
        File.WriteAllText(Path.Combine(Feeds, slug, "feed.yaml"), yaml);
    }

    /// <summary>Writes an article that was finished a day ago, as far as anybody can tell.</summary>
    public void Write(string slug, string name, string text, DateTimeOffset? modified = null)
    {
        var file = Path.Combine(Feeds, slug, "articles", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, (modified ?? Clock.GetUtcNow() - TimeSpan.FromDays(1)).UtcDateTime);
    }

    public void Delete(string slug, string name) => File.Delete(Path.Combine(Feeds, slug, "articles", name));

    public void Move(string slug, string from, string to)
    {
        var target = Path.Combine(Feeds, slug, "articles", to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(Path.Combine(Feeds, slug, "articles", from), target, overwrite: true);
    }

    /// <summary>Runs a feed once, a quarter of an hour after the last run.</summary>
    public async Task<PublicationReport> PublishAsync(string slug)
    {
        Clock.Advance(TimeSpan.FromMinutes(15));
        var definitions = Services.GetRequiredService<Definitions>();
        definitions.Reload(slug);
        Assert.Empty(definitions.Errors.SelectMany(e => e.Value));
        return await Services.GetRequiredService<FeedPublisher>().PublishAsync(definitions.Find(slug)!, CancellationToken.None);
    }

    public async Task<byte[]> BytesAsync(string slug, string name)
    {
        var snapshot = await Store.FindSnapshotAsync(slug, name, CancellationToken.None);
        Assert.NotNull(snapshot);
        using var gzip = new GZipStream(new MemoryStream(snapshot.Gzip.ToArray()), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await gzip.CopyToAsync(bytes, CancellationToken.None);
        return bytes.ToArray();
    }

    public async Task<string> TextAsync(string slug, string name) => Encoding.UTF8.GetString(await BytesAsync(slug, name));

    /// <summary>The entries of the Atom feed, in its order.</summary>
    public async Task<IReadOnlyList<Entry>> EntriesAsync(string slug)
    {
        var feed = XDocument.Parse(await TextAsync(slug, "atom")).Root!;
        return [.. feed.Elements(Atom + "entry").Select(e => new Entry(
            e.Element(Atom + "id")!.Value,
            e.Element(Atom + "title")!.Value,
            e.Elements(Atom + "link").FirstOrDefault(l => (string?)l.Attribute("rel") is null or "alternate")?.Attribute("href")?.Value,
            (DateTimeOffset)e.Element(Atom + "published")!,
            (DateTimeOffset)e.Element(Atom + "updated")!,
            e.Element(Atom + "content")?.Value ?? ""))];
    }

    /// <summary>Ends everything and starts it again on the same files.</summary>
    public async Task RestartAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        _services = null;
    }

    public async Task LoseDatabaseAsync()
    {
        await RestartAsync();
        Directory.Delete(Data, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await RestartAsync();
        Directory.Delete(_root, recursive: true);
    }

    private ServiceProvider Build()
    {
        Directory.CreateDirectory(Data);
        var services = new ServiceCollection();
        services.AddLogging();
        var settings = new ServiceSettings { FeedsFolder = Feeds, DataFolder = Data, Store = "sqlite:", PublicUrl = PublicUrl, Urls = [], AllowedHosts = AllowedHosts };
        ServiceHost.AddPublishing(services, settings);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(new PoliteFetcher(settings, Clock, Limits));
        var built = services.BuildServiceProvider();
        built.GetRequiredService<IArticleStore>().OpenAsync(CancellationToken.None).GetAwaiter().GetResult();
        return built;
    }
}

internal sealed record Entry(string Id, string Title, string? Url, DateTimeOffset Published, DateTimeOffset Updated, string Content);
