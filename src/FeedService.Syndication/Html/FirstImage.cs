using AngleSharp.Html.Dom;

namespace FeedService.Syndication.Html;

/// <summary>The picture that stands for a text without one of its own.</summary>
public static class FirstImage
{
    /// <summary>The first picture that HTML shows, by its absolute http or https address; none that is a pixel to count readers by.</summary>
    /// <returns>The picture with its alternative text; null where there is none.</returns>
    /// <exception cref="HtmlException">The HTML is over one of <see cref="HtmlLimits"/>.</exception>
    public static Image? Find(string html)
    {
        if (!html.Contains("<img", StringComparison.OrdinalIgnoreCase))
            return null;
        foreach (var element in HtmlDocuments.ParseBody(html).QuerySelectorAll("img[src]"))
        {
            if (element is not IHtmlImageElement || element.GetAttribute("width") is "0" or "1" || element.GetAttribute("height") is "0" or "1")
                continue;
            if (Uri.TryCreate(element.GetAttribute("src"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return new Image(url.OriginalString) { Alt = element.GetAttribute("alt") is { Length: > 0 } alt ? alt : null };
        }
        return null;
    }
}
