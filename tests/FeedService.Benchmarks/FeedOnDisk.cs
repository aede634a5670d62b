using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Benchmarks;

/// <summary>One feed, its folder of articles and a SQLite store, published as the service does it.</summary>
internal sealed class FeedOnDisk : IDisposable
{
    public const string Slug = "quay";
    private static readonly DateTime s_modified = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly string _root = Directory.CreateTempSubdirectory("feedservice-bench-").FullName;
    private readonly ServiceProvider _services;

    public FeedOnDisk()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "articles"));
        File.WriteAllText(Path.Combine(Folder, "feed.yaml"), "title: Quay\ndescription: A feed to measure.\nschedule: 1h\nsources:\n  - folder: articles\n");
        var services = new ServiceCollection();
        services.AddLogging();
        ServiceHost.AddPublishing(services, new ServiceSettings
        {
            FeedsFolder = Path.Combine(_root, "feeds"),
            DataFolder = Directory.CreateDirectory(Path.Combine(_root, "data")).FullName,
            Store = "sqlite:",
            PublicUrl = "https://quay.example",
            Urls = [],
        });
        _services = services.BuildServiceProvider();
        Get<Definitions>().ReloadAll();
        Definition = Get<Definitions>().Find(Slug) ?? throw new InvalidOperationException("The definition is not good.");
    }

    public FeedDefinition Definition { get; }

    private string Folder => Path.Combine(_root, "feeds", Slug);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task OpenAsync() => Get<IArticleStore>().OpenAsync(CancellationToken.None);

    /// <summary>An article of about 3 KB, all versions of it of the same length; what was written long ago is not waited for.</summary>
    public void Write(int number, int version, bool sameTime = false)
    {
        var file = Path.Combine(Folder, "articles", $"{number % 100:00}", $"report-{number:00000}.md");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var paragraph = $"Version {version:000000} from [the old quay](https://quay.example/?a=1&b={number:00000}): “four metres” & rising; boats move up, and the pilot waits for slack water.\n\n";
        File.WriteAllText(file, $"# Report {number:00000} from the quay\n\n{string.Concat(Enumerable.Repeat(paragraph, 20))}");
        File.SetLastWriteTimeUtc(file, s_modified.AddMinutes(number).AddMilliseconds(sameTime ? 0 : version));
    }

    public Task<PublicationReport> PublishAsync() => Get<FeedPublisher>().PublishAsync(Definition, CancellationToken.None);

    public void Dispose()
    {
        _services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_root, recursive: true);
    }
}
