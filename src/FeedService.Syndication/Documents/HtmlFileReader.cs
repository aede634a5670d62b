using AngleSharp.Dom;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Documents;

/// <summary>
/// HTML files. What they say about themselves is read as any page's is. The content is taken as it stands where it was written as an article,
/// alone in its <c>article</c>, <c>main</c> or body; where a page was saved with all that surrounds the article, it is looked for.
/// </summary>
internal static class HtmlFileReader
{
    private const string Surroundings = "nav, aside, form, button, footer, header, [role=navigation], [role=complementary], [role=contentinfo]";

    /// <param name="html">The file without its front matter.</param>
    /// <param name="baseUrl">The absolute URL that relative links resolve against; null where there is none.</param>
    /// <exception cref="HtmlException">It is over one of <see cref="HtmlLimits"/>.</exception>
    public static Document Read(string html, string? baseUrl)
    {
        var page = PageExtractor.ExtractPage(html, baseUrl);
        // The base is where the file's links lead, and not the address of the article itself.
        var article = page.Article with { Url = page.CanonicalUrl };
        var origins = new Dictionary<string, string>(page.Origins);
        if (Written(html) is { } element)
        {
            if (element.QuerySelector("h1") is { } heading && Text(heading) == article.Title) heading.Remove();
            article = article with { Content = HtmlSanitizer.Sanitize(element, new SanitizerOptions { BaseUrl = baseUrl }) };
            origins[nameof(Article.Content)] = $"<{element.LocalName}>";
        }
        return new Document(article) { Origins = origins };
    }

    // The one element that holds an article and nothing else; null for a page.
    private static IElement? Written(string html)
    {
        var document = HtmlDocuments.ParsePage(html);
        foreach (var name in (ReadOnlySpan<string>)["article", "main", "body"])
        {
            var elements = document.QuerySelectorAll(name);
            if (elements.Length == 1) return elements[0].QuerySelector(Surroundings) is null ? elements[0] : null;
            if (elements.Length > 1) return null;
        }
        return null;
    }

    private static string Text(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
