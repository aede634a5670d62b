namespace FeedService.Syndication.Filters;

/// <summary>Takes parts out of the content.</summary>
/// <param name="Selectors">CSS selectors of what is taken out, such as <c>.related</c>.</param>
public sealed record RemoveSettings(IReadOnlyList<string> Selectors);

/// <summary>Takes what the selectors match out of the content.</summary>
public sealed class RemoveFilter : IFilter
{
    private readonly string _selector;

    /// <exception cref="FilterSettingsException">A selector is none.</exception>
    public RemoveFilter(RemoveSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _selector = string.Join(", ", ContentEditor.Selectors(settings.Selectors));
    }

    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Arrival;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var item in batch.Items)
        {
            var count = 0;
            var content = ContentEditor.Edit(batch, item, body =>
            {
                foreach (var element in body.QuerySelectorAll(_selector).ToList())
                {
                    // Within what went already it went too.
                    count += element.ParentElement is null ? 0 : 1;
                    element.Remove();
                }
                return count > 0;
            });
            if (content is not null)
                batch.Change(item, item.Article with { Content = content }, $"took {ContentEditor.Count(count, "element")} out of the content");
        }
    }
}
