namespace FeedService.Syndication.Filters;

/// <summary>An order of articles.</summary>
public enum SortBy
{
    /// <summary>What was published last comes first.</summary>
    Newest,

    /// <summary>What was published first comes first.</summary>
    Oldest,

    /// <summary>What changed last comes first.</summary>
    Updated,

    /// <summary>By title, as dictionaries have it.</summary>
    Title,
}

/// <summary>Puts articles into an order.</summary>
/// <param name="By">Which one.</param>
public sealed record SortSettings(SortBy By = SortBy.Newest);

/// <summary>Puts articles into an order; what is equal stays as it stood.</summary>
public sealed class SortFilter(SortSettings settings) : IFilter
{
    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Selection;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Order(settings.By switch
        {
            SortBy.Oldest => batch.Items.OrderBy(Recency.Of),
            SortBy.Updated => batch.Items.OrderByDescending(i => i.Article.Updated ?? Recency.Of(i)),
            // One order on every node, whatever its culture.
            SortBy.Title => batch.Items.OrderBy(i => i.Article.Title, StringComparer.InvariantCultureIgnoreCase),
            _ => batch.Items.OrderByDescending(Recency.Of),
        });
    }
}
