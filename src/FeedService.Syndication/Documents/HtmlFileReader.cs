using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Documents;

/// <summary>HTML that was written as an article: its <c>article</c>, <c>main</c> or body, and what its head says about it.</summary>
internal static class HtmlFileReader
{
    /// <exception cref="HtmlException">It is over one of <see cref="HtmlLimits"/>.</exception>
    public static Document Read(string html, SanitizerOptions sanitizer)
    {
        var page = HtmlDocuments.ParsePage(html);
        var origins = new Dictionary<string, string>();
        var body = page.QuerySelector("article") ?? page.QuerySelector("main") ?? (IElement?)page.Body ?? page.DocumentElement;
        origins["content"] = $"<{body.LocalName}>";
        var heading = body.QuerySelector("h1") ?? page.QuerySelector("h1");
        var title = First(origins, "title", (heading?.TextContent, "<h1>"), (Meta(page, "og:title"), "meta og:title"), (page.Title, "<title>"));
        heading?.Remove();
        var author = First(origins, "authors", (Meta(page, "author"), "meta author"));
        var published = First(origins, "published", (Meta(page, "article:published_time"), "meta article:published_time"), (Meta(page, "date"), "meta date"),
            (page.QuerySelector("time[datetime]")?.GetAttribute("datetime"), "<time>"));
        var article = new Article
        {
            Title = title ?? "",
            Summary = First(origins, "summary", (Meta(page, "description"), "meta description"), (Meta(page, "og:description"), "meta og:description")),
            Authors = author is null ? [] : [new Person(author)],
            Published = published is null ? null : DateParser.Parse(published),
            Language = page.DocumentElement.GetAttribute("lang") is { Length: > 0 } language ? language : null,
            Content = HtmlSanitizer.Sanitize(body, sanitizer),
        };
        return new Document(article) { Origins = origins };
    }

    private static string? Meta(IHtmlDocument page, string name) =>
        (page.QuerySelector($"meta[name='{name}' i]") ?? page.QuerySelector($"meta[property='{name}' i]"))?.GetAttribute("content");

    private static string? First(Dictionary<string, string> origins, string field, params ReadOnlySpan<(string? Text, string Origin)> candidates)
    {
        foreach (var (text, origin) in candidates)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            origins[field] = origin;
            return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        return null;
    }
}
