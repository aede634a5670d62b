using AngleSharp.Dom;
using FeedService.Syndication.Html.Pages;

namespace FeedService.Syndication.Html;

/// <summary>Finds the articles that a page lists: a front page, a section, an archive.</summary>
public static class ListingPage
{
    /// <summary>How many articles are taken from one page.</summary>
    public const int MaxArticles = 200;

    /// <summary>
    /// Finds the articles, in the order of the page: by the selectors where they are given, else by themselves, from repeating patterns,
    /// headings, dates, the shapes of addresses and JSON-LD lists.
    /// </summary>
    /// <param name="html">The page, decoded.</param>
    /// <param name="url">Where the page was loaded from, absolute.</param>
    /// <param name="selectors">CSS selectors; null finds everything by itself.</param>
    /// <exception cref="HtmlException">The page is over one of <see cref="HtmlLimits"/>, or a selector is not valid CSS; the message names it.</exception>
    public static Listing FindArticles(string html, string url, ListingSelectors? selectors = null)
    {
        var document = HtmlDocuments.ParsePage(html);
        var page = PageMetadata.Read(document, url);
        var language = PageLanguage.Find(page)?.Value;
        var items = selectors is null ? ListingFinder.Find(page) : Selected(document, page, selectors);
        var articles = items
            .DistinctBy(item => item.Url)
            .Take(MaxArticles)
            .Select(item => Read(item, page, selectors, language))
            .ToList();
        var next = selectors?.Next is { } selector
            ? page.Resolve(Query(document.DocumentElement, selector, nameof(selectors.Next)).FirstOrDefault()?.GetAttribute("href"))
            : PagingLinks.NextOfListing(page);
        return new Listing(articles, next);
    }

    private static IEnumerable<ListingItem> Selected(IDocument document, PageMetadata page, ListingSelectors selectors)
    {
        foreach (var element in Query(document.DocumentElement, selectors.Items ?? selectors.Url ?? "a[href]", selectors.Items is null ? nameof(selectors.Url) : nameof(selectors.Items)))
        {
            var link = selectors.Items is not null && selectors.Url is { } selector
                ? Query(element, selector, nameof(selectors.Url)).FirstOrDefault(e => e.HasAttribute("href"))
                : element.LocalName == "a" ? element : TitleLink(element);
            if (page.Resolve(link?.GetAttribute("href")) is { } url)
                yield return new ListingItem(url, link!, selectors.Items is not null ? element : PageTags.IsWide(link!.Parent) ? link : link.ParentElement ?? link);
        }
    }

    /// <summary>The link of an item: that of its heading, else its first with words in it.</summary>
    private static IElement? TitleLink(IElement item) =>
        item.QuerySelector(":is(h1, h2, h3, h4, h5, h6) a[href]")
        ?? item.QuerySelectorAll("a[href]").FirstOrDefault(a => !string.IsNullOrWhiteSpace(a.TextContent))
        ?? item.QuerySelector("a[href]");

    private static ListedArticle Read(ListingItem item, PageMetadata page, ListingSelectors? selectors, string? language)
    {
        var title = Part(selectors?.Title, nameof(ListingSelectors.Title)) is { } named ? PageTags.Text(named) : ListingItemParts.Title(item);
        var date = Part(selectors?.Date, nameof(ListingSelectors.Date)) is { } dated ? ListingItemParts.Date(dated, language) : selectors?.Date is null ? ListingItemParts.Date(item, language) : null;
        var summary = Part(selectors?.Summary, nameof(ListingSelectors.Summary)) is { } told ? PageTags.Text(told) : selectors?.Summary is null ? ListingItemParts.Summary(item, title) : null;
        var image = Part(selectors?.Image, nameof(ListingSelectors.Image)) is { } shown ? ListingItemParts.Image(shown, page.Base) : selectors?.Image is null ? ListingItemParts.Image(item.Container, page.Base) : null;
        return new ListedArticle(item.Url, title) { Published = date, Summary = summary, ImageUrl = image };

        IElement? Part(string? selector, string name) => selector is null ? null : Query(item.Container, selector, name).FirstOrDefault();
    }

    private static IEnumerable<IElement> Query(IElement root, string selector, string name)
    {
        try
        {
            return root.QuerySelectorAll(selector);
        }
        catch (DomException e)
        {
            throw new HtmlException($"The selector {name.ToLowerInvariant()} \"{selector}\" is not valid CSS.", e);
        }
    }
}
