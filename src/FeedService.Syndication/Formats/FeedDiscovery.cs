using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

/// <summary>A feed that a page names.</summary>
/// <param name="Url">Where it is, absolute where the page's own address is known.</param>
/// <param name="Type">Its media type as the page says, in lower case; empty where only its address looks like a feed's.</param>
/// <param name="Title">Plain text; null where the page gives none.</param>
public sealed record DiscoveredFeed(string Url, string Type, string? Title);

/// <summary>Finds the feeds that an HTML page names (autodiscovery).</summary>
public static class FeedDiscovery
{
    private static readonly string[] Types = ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "application/rdf+xml", "application/xml", "text/xml"];
    private static readonly string[] FeedNames = ["feed", "rss", "atom", "rdf", "feed.xml", "rss.xml", "atom.xml", "index.xml", "index.rdf", "feed.json", "feeds"];

    /// <summary>
    /// The page's feeds, the best first: those of <c>link rel="alternate"</c> with a feed's type in the page's order, comment feeds last; where it
    /// has none, links in the page whose address is one that feeds usually have.
    /// </summary>
    /// <param name="html">The page.</param>
    /// <param name="url">The page's address, absolute; null where unknown: relative addresses then stay so.</param>
    /// <exception cref="HtmlException">The page is over one of <see cref="HtmlLimits"/>.</exception>
    public static IReadOnlyList<DiscoveredFeed> Find(string html, string? url = null)
    {
        var page = HtmlDocuments.ParsePage(html);
        var baseUrl = FeedUrls.Resolve(page.QuerySelector("base[href]")?.GetAttribute("href"), url) ?? url;
        var declared = new List<DiscoveredFeed>();
        foreach (var link in page.QuerySelectorAll("link[href][rel]"))
        {
            var rels = (link.GetAttribute("rel") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var type = (link.GetAttribute("type") ?? "").Split(';')[0].Trim().ToLowerInvariant();
            if (rels.Contains("alternate", StringComparer.OrdinalIgnoreCase) && IsFeedType(type, link.GetAttribute("href")) || rels.Contains("feed", StringComparer.OrdinalIgnoreCase))
                Add(declared, link.GetAttribute("href"), type, link.GetAttribute("title"));
        }
        if (declared.Count > 0)
            return [.. declared.OrderBy(IsCommentFeed)];

        var guessed = new List<DiscoveredFeed>();
        foreach (var anchor in page.QuerySelectorAll("a[href]"))
        {
            if (LooksLikeFeed(anchor.GetAttribute("href")))
                Add(guessed, anchor.GetAttribute("href"), "", anchor.TextContent);
        }
        return [.. guessed.OrderBy(IsCommentFeed)];

        void Add(List<DiscoveredFeed> feeds, string? href, string type, string? title)
        {
            if (FeedUrls.Resolve(href, baseUrl) is { } absolute && !feeds.Exists(f => f.Url == absolute))
                feeds.Add(new DiscoveredFeed(absolute, type, string.IsNullOrWhiteSpace(title) ? null : FeedText.Collapse(title)));
        }
    }

    /// <summary>Plain JSON and XML are also the types of other alternates, so their address has to look like a feed's too.</summary>
    private static bool IsFeedType(string type, string? href) => Array.IndexOf(Types, type) switch
    {
        < 0 => false,
        0 or 1 or 2 or 4 => true,
        _ => !(href ?? "").Contains("/wp-json", StringComparison.Ordinal) && !(href ?? "").Contains("oembed", StringComparison.OrdinalIgnoreCase),
    };

    private static bool IsCommentFeed(DiscoveredFeed feed) =>
        feed.Url.Contains("/comments/", StringComparison.OrdinalIgnoreCase) || (feed.Title?.Contains("comments feed", StringComparison.OrdinalIgnoreCase) ?? false);

    private static bool LooksLikeFeed(string? href)
    {
        if (href is null)
            return false;
        var path = href.Split('?', '#')[0].TrimEnd('/');
        var name = path[(path.LastIndexOf('/') + 1)..].ToLowerInvariant();
        return FeedNames.Contains(name) || name.EndsWith(".rss", StringComparison.Ordinal) || name.EndsWith(".atom", StringComparison.Ordinal) || name.EndsWith(".rdf", StringComparison.Ordinal);
    }
}
