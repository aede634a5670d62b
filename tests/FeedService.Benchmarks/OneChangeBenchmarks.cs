using BenchmarkDotNet.Attributes;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Benchmarks;

/// <summary>
/// One of 50 articles changed: the whole publication into SQLite, and what of it is compression. The rest, less rendering and linting, is looking at
/// the folder, reading the file and the store. The writing of the file is in it too.
/// </summary>
[MemoryDiagnoser]
public class OneChangeBenchmarks : IDisposable
{
    private const int Articles = 50;
    private FeedOnDisk? _feed;
    private Feed _composed = new();
    private IReadOnlyList<RenderedDocument> _documents = [];
    private int _version;

    // Not every toolchain waits for a setup that is a task.
    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    private async Task SetupAsync()
    {
        _feed = new FeedOnDisk();
        await _feed.OpenAsync();
        for (var number = 0; number < Articles; number++)
            _feed.Write(number, 0);
        await _feed.PublishAsync();
        var stored = await _feed.Get<IArticleStore>().NewestAsync(FeedOnDisk.Slug, DateTimeOffset.UtcNow, Articles, CancellationToken.None);
        _composed = _feed.Get<FeedRenderer>().Compose(_feed.Definition, stored, [], stored[0].Updated);
        _documents = Render();
        if (stored.Count != Articles || Lint() != 0)
            throw new InvalidOperationException("The feed is not what is to be measured.");
    }

    [Benchmark(Baseline = true)]
    public async Task Publication()
    {
        _feed!.Write(Articles / 2, ++_version);
        var report = await _feed.PublishAsync();
        if (report is not { Changed: 1, Documents.Count: 3 })
            throw new InvalidOperationException($"{report.Changed} articles changed.");
    }

    [Benchmark]
    public IReadOnlyList<RenderedDocument> Render() => _feed!.Get<FeedRenderer>().Render(FeedOnDisk.Slug, _composed, null);

    [Benchmark]
    public int Lint() => FeedLint.Errors(_documents).Count;

    [Benchmark]
    public int Compress() => _documents.Sum(document => Compression.Gzip(document.Bytes.Span).Length + Compression.Brotli(document.Bytes.Span).Length);

    [GlobalCleanup]
    public void Dispose()
    {
        _feed?.Dispose();
        GC.SuppressFinalize(this);
    }
}
