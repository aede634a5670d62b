namespace FeedService.Syndication.Filters;

/// <summary>Articles that meet every key are left out: of a key's list one entry is enough.</summary>
public sealed record ExcludeSettings : ArticleMatch;

/// <summary>Leaves out what is meant.</summary>
public sealed class ExcludeFilter : IFilter
{
    private readonly ArticleMatcher _matcher;

    /// <exception cref="FilterSettingsException">No key is given, or a pattern is none.</exception>
    public ExcludeFilter(ExcludeSettings settings) => _matcher = new ArticleMatcher(settings);

    /// <inheritdoc/>
    public FilterStage Stage => _matcher.Stage;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        foreach (var item in batch.Items)
            if (_matcher.Matches(item, batch, out var reason))
                batch.Exclude(item, reason);
    }
}
