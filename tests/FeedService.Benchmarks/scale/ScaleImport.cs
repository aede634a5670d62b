using System.Diagnostics;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Benchmarks.Scale;

/// <summary>Brings articles into the store as runs do, and puts feeds into the state that they are in after their first run.</summary>
internal sealed class ScaleImport(IArticleStore store, FeedPublisher publisher, Definitions definitions)
{
    private const int Batch = 5000;

    // A template's own articles have not been seen: its first run is a real one.
    private const int Template = 0;

    /// <summary>Records articles of feeds that have none or fewer, two feeds at a time: their hashes, their terms and one commit a feed, or 5,000 articles.</summary>
    public async Task<ImportRate> ArticlesAsync(int from, int to, int perFeed, Action<int> progress)
    {
        var index = new TermIndex(store);
        var (began, spent, count) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, 0L);
        await Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (feed, cancellationToken) =>
        {
            var name = ScaleFeeds.Name(feed);
            var state = await store.FindFeedAsync(name, cancellationToken) ?? new FeedState(name) { FiltersFingerprint = definitions.Find(name)!.FiltersFingerprint, TermsRevision = TermIndex.Revision };
            for (var done = (int)state.LastSequence; done < perFeed; done += Batch)
            {
                var entries = Enumerable.Range(done + 1, Math.Min(Batch, perFeed - done))
                    .Select(number => ScaleFeeds.Entry(ScaleFeeds.Article(feed, number), feed, number, shown: feed != Template)).ToList();
                state = state with { LastSequence = done + entries.Count, RenderFingerprint = "" };
                await store.CommitAsync(new Publication(name)
                {
                    ExpectedVersion = state.Version,
                    State = state,
                    Articles = entries,
                    Terms = await index.FindAsync(name, entries, cancellationToken),
                    Items = entries.ConvertAll(entry => new StoredItem(entry.Source, entry.Key, entry.ContentHash, null)),
                }, cancellationToken);
                state = state with { Version = state.Version + 1 };
                Interlocked.Add(ref count, entries.Count);
            }
            progress(feed);
        });
        return new(count / Stopwatch.GetElapsedTime(began).TotalSeconds, count / (Environment.CpuUsage.TotalTime - spent).TotalSeconds);
    }

    /// <summary>
    /// Runs the first feed for the first time, and gives the others copies of its documents and its state: they were made of the same number of
    /// articles of the same length. What a feed publishes from then on is its own.
    /// </summary>
    public async Task DocumentsAsync(int from, int to, Action<int> progress)
    {
        var template = ScaleFeeds.Name(Template);
        if (from <= Template) await publisher.PublishAsync(definitions.Find(template)!, default);
        var state = (await store.FindFeedAsync(template, default))!;
        List<StoredSnapshot> documents = [];
        var parts = state.Terms.Select(term => term.Path).Concat(Enumerable.Range(1, (int)state.Archive.Pages).Select(page => FeedPart.ArchivePath(page)));
        foreach (var name in parts.Append("").SelectMany(FeedPart.Names)) documents.Add((await store.FindSnapshotAsync(template, name, default))!);
        var renderer = new FeedRenderer(new PublicUrls(ScaleOptions.PublicUrl, hub: true));
        for (var feed = Math.Max(from, Template + 1); feed < to; feed++)
        {
            var name = ScaleFeeds.Name(feed);
            await store.CommitAsync(new Publication(name)
            {
                ExpectedVersion = (await store.FindFeedAsync(name, default))!.Version,
                State = state with { Feed = name, RenderFingerprint = renderer.Fingerprint(definitions.Find(name)!) },
                Snapshots = documents.ConvertAll(document => document with { Feed = name }),
            }, default);
            progress(feed);
        }
    }
}

/// <summary>Articles a second; on a machine that does other things too, the second figure is the steadier one.</summary>
internal readonly record struct ImportRate(double PerSecond, double PerProcessorSecond);
