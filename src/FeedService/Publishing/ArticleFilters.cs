using System.Runtime.CompilerServices;
using FeedService.Configuration;
using FeedService.Store;
using FeedService.Syndication.Filters;

namespace FeedService.Publishing;

/// <summary>Takes articles through the definition's steps: once when they arrive, and again, where steps see them all, when the feed is put together.</summary>
public sealed class ArticleFilters(IArticleStore store)
{
    /// <summary>What steps such as a limit a source may take away is made up for by looking at so many times as many candidates.</summary>
    private const int CandidatesPerItem = 4;

    private const int MaxCandidates = 2_000;

    private readonly ConditionalWeakTable<FeedDefinition, FilterPipeline> _pipelines = [];

    /// <param name="feed">Whose steps.</param>
    /// <param name="arrived">Articles as their sources gave them.</param>
    /// <param name="known">The ledger's entries that they may be.</param>
    /// <param name="now">The instant of the run.</param>
    /// <param name="cancellationToken">Ends the asking of the store.</param>
    public async Task<IReadOnlyList<ArrivedArticle>> ArriveAsync(
        FeedDefinition feed, IReadOnlyList<ArrivedArticle> arrived, IReadOnlyList<StoredArticle> known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var pipeline = Pipeline(feed);
        if (!pipeline.HasArrival || arrived.Count == 0)
            return arrived;
        var ids = known.Where(k => k.Removed is null).DistinctBy(k => (k.Source, k.Key)).ToDictionary(k => (k.Source, k.Key), k => k.Id);
        var items = arrived.Select(a => new FilterItem(a.Source, a.Article) { Tag = a, KnownId = ids.GetValueOrDefault((a.Source, a.Key)) }).ToList();
        await pipeline.ArriveAsync(new FilterBatch(items, now) { Language = feed.Language }, keys => store.DedupeHoldersAsync(feed.Slug, keys, cancellationToken));
        return [.. items.Select(Filtered)];
    }

    /// <summary>Whether steps look at all candidates together: what is in the feed then depends on the others and on the day.</summary>
    public bool Selects(FeedDefinition feed) => Pipeline(feed).HasSelection;

    /// <summary>How many of the newest articles have to be looked at to fill the feed.</summary>
    public int Candidates(FeedDefinition feed) =>
        Pipeline(feed).HasSelection ? Math.Max(feed.Publish.Items, Math.Min(feed.Publish.Items * CandidatesPerItem, MaxCandidates)) : feed.Publish.Items;

    /// <summary>What the steps that see all candidates leave, in their order; into <paramref name="leftOut"/> goes why the others are left out, by id.</summary>
    public IReadOnlyList<StoredArticle> Select(FeedDefinition feed, IReadOnlyList<StoredArticle> candidates, DateTimeOffset now, Dictionary<string, string>? leftOut = null)
    {
        var pipeline = Pipeline(feed);
        if (!pipeline.HasSelection)
            return candidates;
        var items = candidates.Select(c => new FilterItem(c.Source, c.Article) { Tag = c, KnownId = c.Id }).ToList();
        var selected = pipeline.Select(new FilterBatch(items, now) { Language = feed.Language });
        foreach (var item in leftOut is null ? [] : items.Where(item => item.Excluded is not null)) leftOut![item.KnownId!] = item.Excluded!;
        return [.. selected.Select(item => (StoredArticle)item.Tag! with { Article = item.Article })];
    }

    private FilterPipeline Pipeline(FeedDefinition feed) =>
        _pipelines.GetValue(feed, static f => new FilterPipeline(f.Filters.Select(step => new FilterStep(step.Name, step.Settings))));

    private static ArrivedArticle Filtered(FilterItem item)
    {
        var arrived = (ArrivedArticle)item.Tag!;
        return arrived with
        {
            Article = item.Article,
            Raw = item.Article == arrived.Article ? null : arrived.Article,
            Excluded = item.Excluded,
            DedupeKeys = item.DedupeKeys,
            Origins = item.Trace.Count == 0 ? arrived.Origins : new Dictionary<string, string>(arrived.Origins) { ["filters"] = string.Join("; ", item.Trace) },
        };
    }
}
