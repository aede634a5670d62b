using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>What a page says of itself, gathered in one walk before anything is cleaned away.</summary>
internal sealed class PageMetadata
{
    private readonly Dictionary<string, List<string>> _meta = new(StringComparer.OrdinalIgnoreCase);

    private const int MaxHeadlines = 200;
    private const int MaxMarked = 5_000;

    private readonly Dictionary<IElement, int> _order = [];

    private readonly Lazy<HashSet<string>> _headlineKeys;

    private PageMetadata(IHtmlDocument document, Uri? url)
    {
        Document = document;
        _headlineKeys = new(() => [.. Headlines.Select(headline => PageTitle.Key(headline.TextContent))]);
        var scripts = new List<IElement>();
        Walk(document.DocumentElement, scripts);
        Ld = JsonLd.Read(scripts);
        var canonical = Links.FirstOrDefault(l => Rel(l, "canonical"))?.GetAttribute("href") ?? Meta("og:url");
        PageUrl = url;
        var declaredBase = document.Head?.QuerySelector("base[href]")?.GetAttribute("href");
        var start = url ?? HtmlUrl.Absolute(canonical?.Trim()) ?? HtmlUrl.Absolute(Ld.Url);
        Base = HtmlUrl.Absolute(HtmlUrl.Clean(declaredBase, start, HtmlUrl.Use.Media)) ?? start;
        Canonical = Resolve(canonical);
    }

    internal IHtmlDocument Document { get; }

    /// <summary>The address that the page was loaded from, if the caller knew it.</summary>
    internal Uri? PageUrl { get; }

    /// <summary>What relative links are relative to.</summary>
    internal Uri? Base { get; }

    internal string? Canonical { get; }

    internal JsonLd Ld { get; }

    internal List<IElement> Links { get; } = [];

    internal List<IElement> Headlines { get; } = [];

    /// <summary>What the headlines say, as <see cref="PageTitle.Key"/>.</summary>
    internal HashSet<string> HeadlineKeys => _headlineKeys.Value;

    internal List<IElement> Times { get; } = [];

    /// <summary>Elements whose names speak of a standfirst.</summary>
    internal List<IElement> Standfirsts { get; } = [];

    /// <summary>Innermost blocks, in the order of the page.</summary>
    internal List<IElement> Blocks { get; } = [];

    /// <summary>Elements with <c>itemprop</c>, <c>rel="author"</c>, or a class or id that speaks of bylines and dates.</summary>
    internal List<IElement> Marked { get; } = [];

    internal static PageMetadata Read(IHtmlDocument document, string? url) => new(document, HtmlUrl.Absolute(url));

    /// <summary>The first non-empty value under any of these names (<c>name</c>, <c>property</c>, <c>itemprop</c>), in this order.</summary>
    internal string? Meta(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_meta.TryGetValue(name, out var values))
                return values[0];
        }

        return null;
    }

    internal IReadOnlyList<string> MetaAll(string name) => _meta.TryGetValue(name, out var values) ? values : [];

    internal string? Resolve(string? url) => HtmlUrl.Absolute(HtmlUrl.Clean(url, Base, HtmlUrl.Use.Media)) is { } absolute ? Written(absolute, url!) : null;

    /// <summary>Whether an element comes soon after the headline, or shortly before.</summary>
    internal bool IsNearHeadline(IElement element) =>
        Headlines.Exists(headline => _order[element] - _order[headline] is > -10 and < 40);

    internal static bool Rel(IElement link, string relation) =>
        link.GetAttribute("rel") is { } rel && rel.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(relation, StringComparer.OrdinalIgnoreCase);

    private string Written(Uri absolute, string url) => HtmlUrl.Clean(url, Base, HtmlUrl.Use.Media) ?? absolute.AbsoluteUri;

    private void Walk(IElement element, List<IElement> scripts)
    {
        switch (element.LocalName)
        {
            case "meta":
                AddMeta(element);
                return;
            case "link":
                Links.Add(element);
                return;
            case "script":
                if (element.GetAttribute("type")?.Contains("ld+json", StringComparison.OrdinalIgnoreCase) == true)
                    scripts.Add(element);
                return;
            case "style" or "svg" or "template":
                return;
            case "h1" when Headlines.Count < MaxHeadlines:
                Headlines.Add(element);
                break;
            case "time":
                Times.Add(element);
                break;
            default:
                break;
        }

        _order[element] = _order.Count;
        if (element.LocalName is "p" or "h2" or "h3" or "h4" or "li" || (element.LocalName is "div" or "span" && !element.Children.Any(c => PageTags.IsBlock(c.LocalName))))
            Blocks.Add(element);
        if (element.LocalName is "p" or "h2" or "h3" or "h4" or "div" or "ul" or "section" or "span" or "header" && PageNames.IsStandfirst(PageNames.Of(element)))
            Standfirsts.Add(element);
        if (Marked.Count < MaxMarked && (element.HasAttribute("itemprop") || Rel(element, "author") || PageNames.IsAuthorOrDate(element)))
            Marked.Add(element);
        foreach (var child in element.Children)
            Walk(child, scripts);
    }

    private void AddMeta(IElement element)
    {
        var content = element.GetAttribute("content");
        if (string.IsNullOrWhiteSpace(content))
            return;
        var name = element.GetAttribute("property") ?? element.GetAttribute("name") ?? element.GetAttribute("itemprop") ?? element.GetAttribute("http-equiv");
        if (string.IsNullOrWhiteSpace(name))
            return;
        foreach (var one in name.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!_meta.TryGetValue(one, out var values))
                _meta[one] = values = [];
            values.Add(content.Trim());
        }
    }
}
