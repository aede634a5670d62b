using System.ComponentModel.DataAnnotations;

namespace FeedService.Syndication.Filters;

/// <summary>Mixes several sources with fair shares, so that a busy one does not crowd out the others.</summary>
/// <param name="Articles">So many articles in all. While a source has fewer than its share, the others share what it leaves.</param>
public sealed record MergeSettings([Range(1, 1000)] int Articles = 50);

/// <summary>Gives each source a fair share of the places; within its share a source keeps its newest. The order stays.</summary>
public sealed class MergeFilter(MergeSettings settings) : IFilter
{
    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Selection;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var sources = batch.Items.GroupBy(i => i.Source).Select(g => (g.Key, Items: g.OrderByDescending(Recency.Of).ThenBy(i => i.Article.Id, StringComparer.Ordinal).ToList()))
            .OrderBy(s => s.Items.Count).ThenBy(s => s.Key, StringComparer.Ordinal).ToList();
        var left = settings.Articles;
        for (var i = 0; i < sources.Count; i++)
        {
            // The sources with the fewest come first, so what they leave goes to those that have more; what does not divide goes to the last.
            var share = left / (sources.Count - i);
            var (source, items) = sources[i];
            foreach (var item in items.Skip(share))
                batch.Exclude(item, $"{source} has its share of {share} of {settings.Articles} articles already");
            left -= Math.Min(share, items.Count);
        }
    }
}

/// <summary>How new an article is to its readers.</summary>
internal static class Recency
{
    public static DateTimeOffset Of(FilterItem item) => item.Article.Published ?? item.Article.Updated ?? DateTimeOffset.MinValue;
}
