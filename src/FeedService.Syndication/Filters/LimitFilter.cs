using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace FeedService.Syndication.Filters;

/// <summary>What a limit counts by.</summary>
public enum LimitPer
{
    /// <summary>All together.</summary>
    Feed,

    /// <summary>Each source by itself.</summary>
    Source,

    /// <summary>Each author by itself, by the first name given; articles without one count together.</summary>
    Author,

    /// <summary>Each day of publication by itself, in UTC.</summary>
    Day,
}

/// <summary>Keeps the first articles, in the order in which they are, and leaves out the rest.</summary>
/// <param name="Articles">At most so many.</param>
public sealed record LimitSettings([Range(1, 10_000)] int Articles)
{
    /// <summary>What is counted by itself.</summary>
    public LimitPer Per { get; init; } = LimitPer.Feed;
}

/// <summary>Keeps the first so many articles, of each source, author or day where it says so.</summary>
public sealed class LimitFilter(LimitSettings settings) : IFilter
{
    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Selection;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var counts = new Dictionary<string, int>();
        foreach (var item in batch.Items)
        {
            var group = settings.Per switch
            {
                LimitPer.Source => item.Source,
                LimitPer.Author => item.Article.Authors is [var first, ..] ? first.Name : "",
                LimitPer.Day => Recency.Of(item).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                _ => "",
            };
            var count = counts[group] = counts.GetValueOrDefault(group) + 1;
            if (count <= settings.Articles)
                continue;
            batch.Exclude(item, settings.Per switch
            {
                LimitPer.Feed => $"there are {settings.Articles} articles before it",
                LimitPer.Author when group.Length == 0 => $"there are {settings.Articles} articles without an author before it",
                _ => $"there are {settings.Articles} articles of {group} before it",
            });
        }
    }
}
