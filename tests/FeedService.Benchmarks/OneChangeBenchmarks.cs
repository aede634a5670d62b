using BenchmarkDotNet.Attributes;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Benchmarks;

/// <summary>
/// One of 50 articles changed: the whole publication into SQLite; what of it is made before compression (the article written, the documents
/// looked at by the linter and tagged, in the parts that compression takes); and what is compression. The rest is looking at the folder, reading the file and the store.
/// </summary>
[MemoryDiagnoser]
public class OneChangeBenchmarks : IDisposable
{
    private const int Articles = 50;
    private FeedOnDisk? _feed;
    private IReadOnlyList<StoredArticle> _stored = [];
    private IReadOnlyList<WrittenArticle> _written = [];
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
        _stored = await _feed.Get<IArticleStore>().NewestAsync(FeedOnDisk.Slug, DateTimeOffset.UtcNow, Articles, CancellationToken.None);
        _written = [.. _stored.Select(article => _feed.Get<FeedRenderer>().Write(_feed.Definition, article))];
        if (_stored.Count != Articles || Judged([.. _written]) is not { Count: 3 } documents)
            throw new InvalidOperationException("The feed is not what is to be measured.");
        _documents = documents;
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
    public long BeforeCompression()
    {
        WrittenArticle[] articles = [.. _written];
        articles[Articles / 2] = _feed!.Get<FeedRenderer>().Write(_feed.Definition, _stored[Articles / 2]);
        return Judged(articles)!.Sum(document => (long)document.Parts().Length + document.Tag.Length);
    }

    [Benchmark]
    public int Compress() =>
        _documents.Select(document => document.Parts()).Sum(parts => Compression.Gzip(parts).Length + Compression.Brotli(parts).Length);

    private IReadOnlyList<RenderedDocument>? Judged(WrittenArticle[] articles)
    {
        var (part, _) = _feed!.Get<FeedLint>().Judge(_feed.Definition, new FeedPart("") { Articles = articles, Updated = _stored[0].Updated });
        return part is null ? null : _feed.Get<FeedRenderer>().Render(_feed.Definition, part);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _feed?.Dispose();
        GC.SuppressFinalize(this);
    }
}
