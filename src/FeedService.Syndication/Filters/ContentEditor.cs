using AngleSharp.Dom;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Filters;

/// <summary>Changes an article's content as a tree, so that no step can leave half a tag behind.</summary>
internal static class ContentEditor
{
    /// <summary>Hands the content's body to <paramref name="edit"/>; returns the new content, or null where nothing was changed or there is none.</summary>
    public static string? Edit(FilterBatch batch, FilterItem item, Func<IElement, bool> edit)
    {
        if (string.IsNullOrEmpty(item.Article.Content))
            return null;
        try
        {
            var body = HtmlDocuments.ParseBody(item.Article.Content);
            return edit(body) ? body.InnerHtml.Trim() : null;
        }
        catch (HtmlException e)
        {
            batch.Note(item, $"left the content as it is: {e.Message}");
            return null;
        }
    }

    /// <exception cref="FilterSettingsException">One of the selectors is none.</exception>
    public static IReadOnlyList<string> Selectors(IReadOnlyList<string> selectors)
    {
        if (selectors.Count == 0)
            throw new FilterSettingsException("no selector is given");
        var page = HtmlDocuments.ParseBody("");
        foreach (var selector in selectors)
        {
            try
            {
                page.QuerySelector(selector);
            }
            catch (DomException e)
            {
                throw new FilterSettingsException($"'{selector}' is not a CSS selector", e);
            }
        }
        return selectors;
    }

    /// <summary>How many things, as people say it.</summary>
    public static string Count(int count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";
}
