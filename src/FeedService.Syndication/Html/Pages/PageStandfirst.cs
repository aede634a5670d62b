using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>The standfirst as readers see it: it often stands by the headline, outside of the element that holds the text.</summary>
internal static class PageStandfirst
{
    private const int MinLength = 40;
    private const int MaxLength = 700;

    /// <summary>How alike a block and the page's description must be to be the same.</summary>
    private const double SameText = 0.8;

    /// <summary>Finds it; to be called before the page is taken apart.</summary>
    internal static IElement? Find(PageMetadata page, string? description)
    {
        foreach (var element in page.Standfirsts)
        {
            if (page.IsNearHeadline(element) && Fits(element))
                return element;
        }

        if (description is not { Length: >= MinLength })
            return null;
        var key = PageTitle.Key(description);
        foreach (var element in page.Blocks)
        {
            var length = element.TextContent.Length;
            if (length < MinLength || length > MaxLength || !Fits(element))
                continue;
            var text = PageTags.Text(element);
            if (PageTitle.Key(text) == key || (text.Length < description.Length * 1.5 && PageTitle.Similarity(text, description) >= SameText))
                return element;
        }

        return null;
    }

    private static bool Fits(IElement element)
    {
        var text = PageTags.Text(element);
        return text.Length is >= MinLength and <= MaxLength && element.QuerySelector("p + p, figure, img, h1, form") is null
            && element.QuerySelectorAll("a").Sum(a => a.TextContent.Length) < 0.3 * text.Length;
    }
}
