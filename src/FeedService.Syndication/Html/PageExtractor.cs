using System.Text;
using AngleSharp.Dom;
using FeedService.Syndication.Html.Pages;

namespace FeedService.Syndication.Html;

/// <summary>
/// Finds the article on a web page: title, standfirst, authors, dates, lead image, language, tags and content, from JSON-LD, microdata,
/// OpenGraph, meta and the text itself.
/// </summary>
public static class PageExtractor
{
    /// <summary>Prose of this length makes a page an article, even where it does not call itself one.</summary>
    private const int ArticleLength = 600;

    /// <summary>Extracts the article of a page; parts that the page does not give are null or empty.</summary>
    /// <param name="html">The page, decoded.</param>
    /// <param name="url">Where the page was loaded from, absolute; null where only the page itself can say.</param>
    /// <exception cref="HtmlException">The page is over one of <see cref="HtmlLimits"/>.</exception>
    public static Article Extract(string html, string? url) => ExtractPage(html, url).Article;

    /// <summary>Extracts the article of a page, and says where each part was found.</summary>
    /// <param name="html">The page, decoded.</param>
    /// <param name="url">Where the page was loaded from, absolute; null where only the page itself can say.</param>
    /// <exception cref="HtmlException">The page is over one of <see cref="HtmlLimits"/>.</exception>
    public static ExtractedPage ExtractPage(string html, string? url)
    {
        var document = HtmlDocuments.ParsePage(html);
        var body = document.Body ?? throw new HtmlException("The page has no body.");
        var page = PageMetadata.Read(document, url);
        var origins = new Dictionary<string, string>();

        var language = Note(nameof(Article.Language), PageLanguage.Find(page));
        var title = Note(nameof(Article.Title), PageTitle.Find(page)) ?? "";
        var authors = Note(nameof(Article.Authors), PageAuthors.Find(page))!;
        var (published, updated) = PageDates.Find(page, language);
        var summary = Note(nameof(Article.Summary), PageSummary.Find(page));
        var standfirst = PageStandfirst.Find(page, summary);
        var categories = PageTagsOf.Find(page);

        var headline = page.Headlines.FirstOrDefault(h => PageTitle.Key(h.TextContent) == PageTitle.Key(title));
        var next = PagingLinks.NextOfArticle(page);

        // From here on the document is taken apart.
        var content = BodyFinder.Find(body, page.Ld, headline, out var meter);
        var prose = meter[content].Good;
        BodyCleaner.Clean(content, meter, title);
        if (standfirst is not null)
            BodyCleaner.Lead(content, PageTags.Text(standfirst));
        var image = Note(nameof(Article.Image), PageImages.Find(page, content));
        var sanitized = HtmlSanitizer.Sanitize(content, new SanitizerOptions { BaseUrl = page.Base?.AbsoluteUri });
        if (sanitized.Length > 0)
            origins[nameof(Article.Content)] = "<" + content.LocalName + (content.ClassName is { Length: > 0 } name ? $" class=\"{name}\"" : "") + ">";

        return new ExtractedPage(
            new Article
            {
                Title = title,
                Url = page.Canonical ?? url,
                Summary = summary,
                Content = sanitized.Length > 0 ? sanitized : null,
                Published = published is null ? null : Note(nameof(Article.Published), published),
                Updated = updated is null ? null : Note(nameof(Article.Updated), updated),
                Authors = authors,
                Categories = categories,
                Image = image,
                Language = language,
            },
            origins)
        {
            CanonicalUrl = page.Canonical,
            NextUrl = next,
            IsArticle = title.Length > 0 && (page.Ld.IsArticle || page.Meta("og:type") is "article" || prose >= ArticleLength),
        };

        T? Note<T>(string part, Found<T>? found)
        {
            if (found is null)
                return default;
            if (found.Origin.Length > 0)
                origins[part] = found.Origin;
            return found.Value;
        }
    }

    /// <summary>Makes one article of the pages of one: all from the first, the content of each, blocks that return on every page once.</summary>
    /// <param name="first">The article's first page.</param>
    /// <param name="following">Its further pages, in order.</param>
    public static Article Join(Article first, params IEnumerable<Article> following)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(following);
        var joined = new StringBuilder(first.Content);
        var seen = Blocks(first).Select(block => block.OuterHtml).ToHashSet();
        foreach (var page in following)
        {
            foreach (var block in Blocks(page))
            {
                if (seen.Add(block.OuterHtml))
                    joined.Append(HtmlSanitizer.Sanitize(block.OuterHtml, new SanitizerOptions()));
            }
        }

        return first with { Content = joined.Length > 0 ? joined.ToString() : null };

        static IEnumerable<IElement> Blocks(Article page) => page.Content is null ? [] : HtmlDocuments.ParseBody(page.Content).Children;
    }
}
