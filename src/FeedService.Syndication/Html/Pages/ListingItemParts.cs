using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>A link to an article, and the element that shows the article and no other.</summary>
internal sealed record ListingItem(string Url, IElement Link, IElement Container);

/// <summary>What an item of a listing says of its article.</summary>
internal static class ListingItemParts
{
    private const int MaxTitle = 300;
    private const int MinSummary = 40;
    private const int MaxSummary = 1_000;

    internal static string Title(ListingItem item)
    {
        var heading = item.Link.Closest("h1, h2, h3, h4, h5, h6") ?? item.Link.QuerySelector("h1, h2, h3, h4, h5, h6, [itemprop~=headline]")
            ?? item.Container.QuerySelector("h1, h2, h3, h4, h5, h6, [itemprop~=headline]");
        string?[] candidates = [heading?.TextContent, item.Link.TextContent, item.Link.GetAttribute("title"), item.Link.GetAttribute("aria-label"), item.Link.QuerySelector("img")?.GetAttribute("alt")];
        var title = candidates.Select(text => PageTags.Collapse(text ?? "")).FirstOrDefault(text => text.Length > 0) ?? "";
        return title.Length <= MaxTitle ? title : HtmlText.Excerpt(HtmlText.Escape(title), MaxTitle);
    }

    internal static DateTimeOffset? Date(ListingItem item, string? language)
    {
        foreach (var time in item.Container.QuerySelectorAll("time, [datetime], [itemprop~=datePublished]"))
        {
            if (Date(time, language) is { } date)
                return date;
        }

        return PageDates.InUrl(item.Url) ?? DateParser.Find(PageTags.Text(item.Container), language: language)?.Value;
    }

    internal static DateTimeOffset? Date(IElement element, string? language) =>
        DateParser.Parse((element.GetAttribute("datetime") ?? element.GetAttribute("content"))?.Trim())
        ?? DateParser.Find(PageTags.Text(element), language: language)?.Value;

    internal static string? Summary(ListingItem item, string title)
    {
        var best = item.Container.QuerySelectorAll("p, [itemprop~=description], div")
            .Where(e => e.LocalName != "div" || !e.Children.Any(c => PageTags.IsBlock(c.LocalName)))
            .Select(PageTags.Text)
            .Where(text => text.Length is >= MinSummary and <= MaxSummary && !text.Contains(title, StringComparison.Ordinal))
            .MaxBy(text => text.Length);
        return best;
    }

    internal static string? Image(IElement element, Uri? baseUrl)
    {
        var images = element.LocalName is "img" ? [element] : element.QuerySelectorAll("img, amp-img").AsEnumerable();
        return images
            .Where(image => !LazyImages.IsTrackingPixel(image))
            .Select(image => LazyImages.Source(image, baseUrl) ?? (LazyImages.SourceSet(image, baseUrl) is { } set ? SrcSet.Largest(set) : null))
            .FirstOrDefault(url => url is not null && HtmlUrl.Absolute(url) is not null);
    }
}
