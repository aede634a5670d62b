namespace FeedService.Syndication.Filters;

/// <summary>Gives articles categories.</summary>
/// <param name="Tags">The categories that each article gets besides its own.</param>
public sealed record TagSettings(IReadOnlyList<string> Tags)
{
    /// <summary>True where an article's own categories go.</summary>
    public bool Replace { get; init; }
}

/// <summary>Gives articles categories; one that an article has already, in whatever case, is not given twice.</summary>
public sealed class TagFilter : IFilter
{
    private readonly TagSettings _settings;

    /// <exception cref="FilterSettingsException">No tag is given.</exception>
    public TagFilter(TagSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Tags.All(string.IsNullOrWhiteSpace))
            throw new FilterSettingsException("no tag is given");
        _settings = settings;
    }

    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Arrival;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var item in batch.Items)
        {
            var categories = _settings.Replace ? [] : item.Article.Categories.ToList();
            var added = new List<string>();
            foreach (var tag in _settings.Tags.Select(t => t.Trim()).Where(t => t.Length > 0))
            {
                if (categories.Exists(c => c.Term.Equals(tag, StringComparison.OrdinalIgnoreCase)))
                    continue;
                categories.Add(new Category(tag));
                added.Add($"'{tag}'");
            }
            if (added.Count > 0 || categories.Count != item.Article.Categories.Count)
                batch.Change(item, item.Article with { Categories = categories }, $"tagged {string.Join(", ", added)}");
        }
    }
}
