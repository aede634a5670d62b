using AngleSharp.Dom;

namespace FeedService.Syndication.Filters;

/// <summary>Keeps parts of the content and nothing else of it.</summary>
/// <param name="Selectors">CSS selectors of what is kept, such as <c>.entry-content</c>.</param>
public sealed record KeepSettings(IReadOnlyList<string> Selectors);

/// <summary>Reduces the content to what the selectors match; where they match nothing the content stays, because an empty article helps nobody.</summary>
public sealed class KeepFilter : IFilter
{
    private readonly string _selector;

    /// <exception cref="FilterSettingsException">A selector is none.</exception>
    public KeepFilter(KeepSettings settings)
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
                var inOrder = body.QuerySelectorAll(_selector).Where(e => e != body).ToList();
                var matched = inOrder.ToHashSet();
                // What stands within another match comes with it.
                var kept = inOrder.Where(e => !Ancestors(e).Any(matched.Contains)).ToList();
                count = kept.Count;
                if (count == 0)
                    return false;
                foreach (var node in body.ChildNodes.ToList())
                    node.RemoveFromParent();
                foreach (var element in kept)
                    body.AppendChild(element);
                return true;
            });
            if (content is not null)
                batch.Change(item, item.Article with { Content = content }, $"kept {ContentEditor.Count(count, "element")} of the content");
            else if (item.Article.Content is not null)
                batch.Note(item, "kept the whole content: the selectors match nothing in it");
        }
    }

    private static IEnumerable<IElement> Ancestors(IElement element)
    {
        for (var parent = element.ParentElement; parent is not null; parent = parent.ParentElement)
            yield return parent;
    }
}
