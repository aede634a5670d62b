using BenchmarkDotNet.Attributes;

namespace FeedService.Benchmarks;

/// <summary>A run that finds nothing new in a folder of 10,000 files, none of which it opens.</summary>
[MemoryDiagnoser]
public class UnchangedRunBenchmarks : IDisposable
{
    private FeedOnDisk? _feed;

    [Params(10_000)]
    public int Files { get; set; }

    // Not every toolchain waits for a setup that is a task.
    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    private async Task SetupAsync()
    {
        _feed = new FeedOnDisk();
        await _feed.OpenAsync();
        for (var number = 0; number < Files; number++)
            _feed.Write(number, 0, sameTime: true);
        var first = await _feed.PublishAsync();
        if (first.Articles == 0 || first.Problems.Count > 0)
            throw new InvalidOperationException($"{first.Articles} articles, {string.Join("; ", first.Problems)}");
        // Other articles under the same names, lengths and times: a run that opened one of these files would publish it.
        for (var number = 0; number < Files; number++)
            _feed.Write(number, 1, sameTime: true);
    }

    [Benchmark]
    public async Task UnchangedRun()
    {
        var report = await _feed!.PublishAsync();
        if (report is not { Changed: 0, Documents.Count: 0 })
            throw new InvalidOperationException($"{report.Changed} files were opened.");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _feed?.Dispose();
        GC.SuppressFinalize(this);
    }
}
