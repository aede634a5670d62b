namespace FeedService.Syndication.Filters;

/// <summary>Only articles that meet every key stay: of a key's list one entry is enough.</summary>
public sealed record IncludeSettings : ArticleMatch;

/// <summary>Leaves out what is not meant.</summary>
public sealed class IncludeFilter : IFilter
{
    private readonly ArticleMatcher _matcher;

    /// <exception cref="FilterSettingsException">No key is given, or a pattern is none.</exception>
    public IncludeFilter(IncludeSettings settings) => _matcher = new ArticleMatcher(settings);

    /// <inheritdoc/>
    public FilterStage Stage => _matcher.Stage;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        foreach (var item in batch.Items)
            if (!_matcher.Matches(item, batch, out var reason))
                batch.Exclude(item, reason);
    }
}
