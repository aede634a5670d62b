using FeedService.Configuration;
using FeedService.Publishing;

namespace FeedService.Web;

/// <summary>
/// Links between our own pages: paths without a host, so that a page works under every name it is reached by. What must be absolute (feeds'
/// addresses, canonical links) comes from <see cref="PublicUrls"/>.
/// </summary>
internal sealed class PageLinks(PublicUrls urls, ServiceSettings settings)
{
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

    public string Feed(string slug) => $"{Base}/feeds/{Uri.EscapeDataString(slug)}";

    public string FeedPage(string slug, int page) => page == 1 ? Feed(slug) : $"{Feed(slug)}?page={page}";

    public string Icon(string slug) => $"{Feed(slug)}/icon.svg";

    public string Article(string slug, string path) => $"{Feed(slug)}/articles/{Uri.EscapeDataString(path)}";

    /// <summary>Stored text with our own URLs in it, made to point at this host.</summary>
    public string Local(string text) => text.Replace(PublicUrls.Placeholder, Base, StringComparison.Ordinal);
}
