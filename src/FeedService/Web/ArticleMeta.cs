using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication;
using FeedService.Syndication.Html;

namespace FeedService.Web;

/// <summary>What an article's page says about the article, worked out once.</summary>
/// <param name="Canonical">Where the article lives: with its first publisher, where it is republished.</param>
/// <param name="Origin">Its first publisher; null for an article of our own.</param>
/// <param name="Standfirst">Null where the content begins with it.</param>
/// <param name="Content">HTML; null where only the standfirst is known.</param>
/// <param name="LeadImage">Null where the content shows it.</param>
/// <param name="JsonLd">A script element with schema.org's description.</param>
public sealed record ArticleMeta(
    string Canonical, (string Url, string Name)? Origin, string? Standfirst, string? Content, Image? LeadImage, string JsonLd)
{
    internal static ArticleMeta Of(PublishedFeed feed, StoredArticle stored, string title, PageLinks links)
    {
        var article = stored.Article;
        var own = links.Absolute.Article(feed.Slug, Uri.EscapeDataString(stored.Path));
        var canonical = article.Url is { } url ? links.Absolute.Resolve(url) : own;
        var foreign = !canonical.StartsWith($"{links.Absolute.Root}/", StringComparison.Ordinal) && Uri.TryCreate(canonical, UriKind.Absolute, out _);
        var content = article.Content is { Length: > 0 } html ? links.LocalHtml(html) : null;
        var shown = article.Image is { } image && content?.Contains(FileName(image.Url), StringComparison.Ordinal) == true;
        return new(
            canonical,
            foreign ? (canonical, article.Source?.Title is { Length: > 0 } source ? source : new Uri(canonical).IdnHost) : null,
            content is not null && article.Summary is { } summary && Begins(article.Content!, summary) ? null : article.Summary,
            content,
            shown ? null : article.Image,
            $"<script type=\"application/ld+json\">{Describe(feed, stored, title, canonical, links)}</script>");
    }

    private static string FileName(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? url : url[..end];
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length > 0 ? HtmlText.Escape(name) : url;
    }

    // A summary is often the first paragraph, or its beginning with an ellipsis.
    private static bool Begins(string content, string summary)
    {
        const int Enough = 60;
        var begin = summary.TrimEnd('…', '.', ' ');
        try
        {
            return HtmlText.Excerpt(content, Math.Max(summary.Length, 1) + 200).Contains(begin[..Math.Min(begin.Length, Enough)], StringComparison.Ordinal);
        }
        catch (HtmlException)
        {
            return false;
        }
    }

    // The default encoder writes <, > and & as escapes, so that nothing can end the script element.
    private static string Describe(PublishedFeed feed, StoredArticle stored, string title, string canonical, PageLinks links)
    {
        var article = stored.Article;
        var authors = article.Authors.Count > 0 ? article.Authors : feed.Definition.Authors;
        var description = new JsonObject
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "Article",
            ["headline"] = title,
            ["mainEntityOfPage"] = canonical,
            ["datePublished"] = PageText.Machine(stored.Published),
            ["dateModified"] = PageText.Machine(stored.Updated),
            ["isPartOf"] = new JsonObject { ["@type"] = "Blog", ["name"] = feed.Definition.Title, ["url"] = links.Absolute.Page(feed.Slug) },
        };
        if (article.Summary is { } summary) description["description"] = summary;
        if (article.Image is { } image) description["image"] = links.Absolute.Resolve(image.Url);
        if ((article.Language ?? feed.Definition.Language) is { } language) description["inLanguage"] = language;
        if (article.Categories.Count > 0) description["keywords"] = new JsonArray([.. article.Categories.Select(category => (JsonNode)(category.Label ?? category.Term))]);
        if (authors.Count > 0) description["author"] = new JsonArray([.. authors.Select(person => Author(person, links))]);
        return description.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.Default });
    }

    private static JsonObject Author(Person person, PageLinks links)
    {
        var author = new JsonObject { ["@type"] = "Person", ["name"] = person.Name };
        if (person.Url is { } url) author["url"] = links.Absolute.Resolve(url);
        return author;
    }
}
