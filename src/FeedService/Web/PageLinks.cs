using System.Net;
using System.Text.RegularExpressions;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;

namespace FeedService.Web;

/// <summary>
/// Links between our own pages: paths without a host, so that a page works under every name it is reached by. What must be absolute (feeds'
/// addresses, canonical links) comes from <see cref="PublicUrls"/>.
/// </summary>
internal sealed partial class PageLinks(PublicUrls urls, ServiceSettings settings)
{
    /// <summary>The query parameter that holds a subscriber's key to a private feed.</summary>
    public const string KeyName = "key";

    private (string Feed, string Key)? _subscriber;

    /// <summary>The same links for who opened a page of a private feed with a key: what belongs to the feed holds it too, and nothing else does.</summary>
    public PageLinks For(string feed, string key) => new(urls, settings) { _subscriber = (Plain(feed), key) };

    /// <summary>Whether links to the private feed open for who follows them.</summary>
    public bool HasKey => _subscriber is not null;

    /// <summary>What the public URL has between host and our paths; empty mostly.</summary>
    public string Base { get; } = new Uri(urls.Root).AbsolutePath.TrimEnd('/');

    public PublicUrls Absolute => urls;

    /// <summary>What the whole is called: without a title there is no better name than where it is.</summary>
    public string SiteName { get; } = settings.Title ?? new Uri(urls.Root).IdnHost;

    public bool HasTitle => settings.Title is not null;

    /// <summary>The title of all feeds together, as a page and as a list.</summary>
    public string AllFeeds { get; } = settings.Title ?? $"Feeds at {new Uri(urls.Root).IdnHost}";

    /// <summary>The title of a page, with the service's after it where it has one.</summary>
    public string Title(string page) => settings.Title is { } title && !page.StartsWith(title, StringComparison.Ordinal) ? $"{page} · {title}" : page;

    public string Home => $"{Base}/";

    public string SiteIcon => $"{Base}/icon.svg";

    public string Opml => $"{Base}/feeds.opml";

    public string Style => $"{Base}{Assets.Style.Path}";

    public string Script => $"{Base}{Assets.Script.Path}";

    public string Status => $"{Base}/status";

    public string StatusJson => $"{Base}/status.json";

    public string StatusPage(int page) => page == 1 ? Status : $"{Status}?page={page}";

    public string Order(string slug, string order) => $"{Status}/{Uri.EscapeDataString(slug)}/{order}";

    public string IndexPage(int page) => page == 1 ? Home : $"{Home}?page={page}";

    public string Feed(string slug) => Keyed(Plain(slug));

    public string FeedPage(string slug, int page) => Keyed(Page(Plain(slug), page));

    /// <summary>The page of a part of a feed: of a category, an author, or a closed page of its archive.</summary>
    public string Part(string slug, string path, int page = 1) => Keyed(Page($"{Base}{PathBelow(urls.Document(slug, path))}", page));

    /// <summary>A document as it is, in browsers too.</summary>
    public string Raw(string slug, string name) => Keyed($"{Base}{PathBelow(urls.Document(slug, name))}?raw");

    /// <summary>A document's address for readers, absolute.</summary>
    public string Document(string slug, string path, FeedFormat format) => Keyed(urls.Document(slug, FeedPart.Name(path, format)));

    public string FeedOpml(string slug) => $"{Plain(slug)}.opml";

    public string Icon(string slug) => Keyed($"{Plain(slug)}/icon.svg");

    public string Article(string slug, string path) => Keyed($"{Plain(slug)}/articles/{Uri.EscapeDataString(path)}");

    /// <summary>A stored URL, one of our own made to point at this host.</summary>
    public string Local(string url) => url.StartsWith(PublicUrls.Placeholder, StringComparison.Ordinal) ? Keyed($"{Base}{url[PublicUrls.Placeholder.Length..]}") : url;

    /// <summary>Stored HTML with our own URLs in it, made to point at this host.</summary>
    public string LocalHtml(string html) => _subscriber is null
        ? html.Replace(PublicUrls.Placeholder, Base, StringComparison.Ordinal)
        : OwnUrl().Replace(html, own => HtmlText.Escape(Local(WebUtility.HtmlDecode(own.Value))));

    private string Plain(string slug) => $"{Base}/feeds/{Uri.EscapeDataString(slug)}";

    private string PathBelow(string url) => url[urls.Root.Length..];

    private static string Page(string address, int page) => page == 1 ? address : $"{address}?page={page}";

    private string Keyed(string url)
    {
        if (_subscriber is not var (feed, key)) return url;
        var own = url.StartsWith(urls.Root, StringComparison.Ordinal) ? $"{Base}{PathBelow(url)}" : url;
        if (!own.StartsWith(feed, StringComparison.Ordinal) || (own.Length > feed.Length && own[feed.Length] is not ('/' or '.' or '?' or '#'))) return url;
        var end = url.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? hash : url.Length;
        return $"{url[..end]}{(url.AsSpan(0, end).Contains('?') ? '&' : '?')}{KeyName}={Uri.EscapeDataString(key)}{url[end..]}";
    }

    [GeneratedRegex($"{PublicUrls.Placeholder}[^\"'<>\\s]*[^\"'<>\\s,]")]
    private static partial Regex OwnUrl();
}
