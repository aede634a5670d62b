using AngleSharp.Dom;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Filters;

/// <summary>How links and images are rewritten.</summary>
public enum RewriteWhat
{
    /// <summary>Parameters that only track who followed a link, and images of a single pixel, are taken out.</summary>
    Tracking,

    /// <summary>http becomes https.</summary>
    Https,

    /// <summary>Relative links and images become absolute, by the article's URL.</summary>
    Absolute,
}

/// <summary>Rewrites the links and images of an article and its content.</summary>
/// <param name="What">What is done. Default: all of it.</param>
public sealed record RewriteSettings(IReadOnlyList<RewriteWhat>? What = null);

/// <summary>Rewrites the URLs of an article, its media, and the links and images of its content.</summary>
public sealed class RewriteFilter : IFilter
{
    private static readonly string[] MediaAttributes = ["src", "poster"];

    private readonly bool _tracking;
    private readonly bool _https;
    private readonly bool _absolute;

    /// <summary>Ready to rewrite as the settings say.</summary>
    public RewriteFilter(RewriteSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        IReadOnlyList<RewriteWhat> what = settings.What is { Count: > 0 } given ? given : Enum.GetValues<RewriteWhat>();
        _tracking = what.Contains(RewriteWhat.Tracking);
        _https = what.Contains(RewriteWhat.Https);
        _absolute = what.Contains(RewriteWhat.Absolute);
    }

    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Arrival;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var item in batch.Items)
        {
            var before = item.Article;
            var count = 0;
            var after = before with
            {
                Url = Link(before.Url, null, ref count),
                ExternalUrl = Link(before.ExternalUrl, before.Url, ref count),
                Image = before.Image is { } image ? image with { Url = Media(image.Url, before.Url, ref count) } : null,
                Enclosures = before.Enclosures.Count == 0 ? before.Enclosures : Enclosures(before, ref count),
            };
            var inContent = 0;
            var content = ContentEditor.Edit(batch, item, body => (inContent = RewriteContent(body, before.Url)) > 0);
            if (content is not null)
                after = after with { Content = content };
            if (count + inContent > 0)
                batch.Change(item, after, $"rewrote {ContentEditor.Count(count + inContent, "link")} or image{(count + inContent == 1 ? "" : "s")}");
        }
    }

    private List<Enclosure> Enclosures(Article article, ref int count)
    {
        var enclosures = new List<Enclosure>(article.Enclosures.Count);
        foreach (var enclosure in article.Enclosures)
            enclosures.Add(enclosure with { Url = Media(enclosure.Url, article.Url, ref count) });
        return enclosures;
    }

    private int RewriteContent(IElement body, string? baseUrl)
    {
        var count = 0;
        foreach (var element in body.QuerySelectorAll("a[href], area[href]"))
            element.SetAttribute("href", Link(element.GetAttribute("href"), baseUrl, ref count));
        foreach (var element in body.QuerySelectorAll("[src], [poster], [srcset]").ToList())
        {
            if (_tracking && IsPixel(element))
            {
                element.Remove();
                count++;
                continue;
            }
            foreach (var name in MediaAttributes)
                if (element.GetAttribute(name) is { } url)
                    element.SetAttribute(name, Media(url, baseUrl, ref count));
            if (element.GetAttribute("srcset") is { } set)
            {
                var before = count;
                var candidates = new List<string>();
                foreach (var (url, descriptor) in SrcSet.Parse(set))
                    candidates.Add($"{Media(url, baseUrl, ref count)} {descriptor}".TrimEnd());
                if (count > before)
                    element.SetAttribute("srcset", string.Join(", ", candidates));
            }
        }
        return count;
    }

    private string? Link(string? url, string? baseUrl, ref int count)
    {
        if (string.IsNullOrEmpty(url))
            return url;
        var rewritten = Media(url, baseUrl, ref count);
        if (!_tracking)
            return rewritten;
        var clean = UrlIdentity.WithoutTracking(rewritten);
        if (clean != rewritten && rewritten == url)
            count++;
        return clean;
    }

    private string Media(string url, string? baseUrl, ref int count)
    {
        var rewritten = url;
        // A place within the article stays one.
        if (_absolute && baseUrl is not null && !url.StartsWith('#') && !FeedUrls.IsAbsolute(url.Trim().Length == 0 ? "#" : url.Trim()))
            rewritten = FeedUrls.Resolve(url, baseUrl) ?? url;
        if (_https && rewritten.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !HasPort(rewritten))
            rewritten = "https" + rewritten[4..];
        if (rewritten != url)
            count++;
        return rewritten;
    }

    /// <summary>Another port than http's own does not answer https.</summary>
    private static bool HasPort(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && !uri.IsDefaultPort;

    private static bool IsPixel(IElement element) =>
        element.LocalName == "img" && element.GetAttribute("width")?.Trim() is "0" or "1" or "1px" && element.GetAttribute("height")?.Trim() is "0" or "1" or "1px";
}
