using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FeedService.Syndication;
using FeedService.Syndication.Html;

namespace FeedService.Sources;

/// <summary>Articles of others, made fit to be republished: with a lasting key, plausible dates, safe contents and links, and the name of their feed.</summary>
internal static class UpstreamArticles
{
    /// <summary>Feeds did not exist before; what claims to be older is a mistake.</summary>
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int MaxKey = 400;

    /// <summary>The articles of a feed with their keys and stamps; where several have one key, the newest, else the first of them.</summary>
    public static List<(string Key, string Stamp, Article Article)> Keyed(IEnumerable<Article> articles)
    {
        var byKey = new Dictionary<string, int>(StringComparer.Ordinal);
        var keyed = new List<(string Key, string Stamp, Article Article)>();
        foreach (var article in articles)
        {
            var key = KeyOf(article);
            if (!byKey.TryGetValue(key, out var at))
            {
                byKey[key] = keyed.Count;
                keyed.Add((key, StampOf(article), article));
            }
            else if ((article.Updated ?? article.Published) > (keyed[at].Article.Updated ?? keyed[at].Article.Published))
            {
                keyed[at] = (key, StampOf(article), article);
            }
        }
        return keyed;
    }

    /// <summary>What may go on to our readers of a feed's article, with the feed it comes from; an article that names another origin itself keeps that.</summary>
    public static Article Fit(Article article, Feed feed, ArticleSource origin, Uri baseUrl, DateTimeOffset now) => Fit(
        article with
        {
            Authors = article.Authors.Count > 0 ? article.Authors : article.Source?.Authors is { Count: > 0 } theirs ? theirs : feed.Authors,
            Language = article.Language ?? feed.Language,
            Rights = article.Rights ?? feed.Rights,
            Source = article.Source ?? origin,
        },
        baseUrl,
        now);

    /// <summary>What may go on to our readers.</summary>
    public static Article Fit(Article article, Uri baseUrl, DateTimeOffset now)
    {
        var published = Plausible(article.Published, now);
        var updated = Plausible(article.Updated, now);
        var url = Http(article.Url);
        return article with
        {
            Url = url,
            ExternalUrl = Http(article.ExternalUrl),
            Content = article.Content is { } html ? Sanitized(html, url ?? baseUrl.AbsoluteUri) : null,
            Published = published,
            Updated = updated < published ? null : updated,
            Authors = [.. article.Authors.Select(Fit)],
            Enclosures = [.. article.Enclosures.Where(e => Http(e.Url) is not null)],
            Links = [.. article.Links.Where(l => Http(l.Href) is not null)],
            Image = Http(article.Image?.Url) is null ? null : article.Image,
            InReplyTo = article.InReplyTo is { } reply ? reply with { Href = Http(reply.Href), Source = Http(reply.Source) } : null,
            Source = article.Source is { } source ? Fit(source) : null,
        };
    }

    public static ArticleSource OriginOf(Feed feed, Uri url) => new(IsIri(feed.Id) ? feed.Id : feed.SelfUrl ?? url.AbsoluteUri, feed.Title.Length > 0 ? feed.Title : url.IdnHost)
    {
        FeedUrl = feed.SelfUrl ?? url.AbsoluteUri,
        SiteUrl = feed.SiteUrl,
        Updated = feed.Updated,
        Authors = feed.Authors,
    };

    /// <summary>The URL, if it is one that readers may be sent to.</summary>
    public static string? Http(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps) && parsed.UserInfo.Length == 0 ? url : null;

    private static string? Sanitized(string html, string baseUrl)
    {
        try
        {
            return HtmlSanitizer.Sanitize(html, new SanitizerOptions { BaseUrl = baseUrl });
        }
        catch (HtmlException)
        {
            // Too deep or too large to be looked through, so it cannot go out; the rest of the article can.
            return null;
        }
    }

    // An article without an id is the same while its link is; without a link, while title and text are.
    private static string KeyOf(Article article) =>
        article.Id is { Length: > 0 and <= MaxKey } id ? id
        : article.Id.Length > 0 ? Hash(article.Id)
        : article.Url is { Length: > 0 and <= MaxKey } url ? url
        : Hash($"{article.Url}\n{article.Title}\n{article.Content ?? article.Summary}");

    private static string StampOf(Article article) => Hash(JsonSerializer.SerializeToUtf8Bytes(article));

    public static string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)[..16]);

    private static DateTimeOffset? Plausible(DateTimeOffset? date, DateTimeOffset now) => date >= Earliest && date <= now ? date : null;

    private static Person Fit(Person person) => person with { Url = Http(person.Url), Avatar = Http(person.Avatar) };

    private static ArticleSource Fit(ArticleSource source) => source with { FeedUrl = Http(source.FeedUrl), SiteUrl = Http(source.SiteUrl), Authors = [.. source.Authors.Select(Fit)] };

    private static bool IsIri(string id) => Uri.TryCreate(id, UriKind.Absolute, out _);
}
