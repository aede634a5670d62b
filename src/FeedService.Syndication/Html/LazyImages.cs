using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html;

/// <summary>What an image really is, where a page loads it by script and shows a placeholder until then.</summary>
internal static partial class LazyImages
{
    private static readonly string[] SourceNames =
    [
        "data-src", "data-lazy-src", "data-original", "data-lazy", "data-hi-res-src", "data-full-src", "data-original-src", "data-img-src",
        "data-image", "data-url", "data-fallback-src", "data-echo", "data-srcurl",
    ];

    private static readonly string[] SourceSetNames = ["data-srcset", "data-lazy-srcset", "data-original-set", "data-responsive"];

    /// <summary>The clean URL of the image, or null.</summary>
    internal static string? Source(IElement image, Uri? baseUrl)
    {
        foreach (var name in SourceNames)
        {
            var value = image.GetAttribute(name);
            if (!string.IsNullOrWhiteSpace(value) && LooksLikeUrl(value) && HtmlUrl.Clean(value, baseUrl, HtmlUrl.Use.Media) is { } lazy)
                return lazy;
        }

        var src = image.GetAttribute("src");
        return src is null || IsPlaceholder(src) ? null : HtmlUrl.Clean(First(src), baseUrl, HtmlUrl.Use.Media);
    }

    /// <summary>The first address where a page has put a whole <c>srcset</c> in the place of one.</summary>
    internal static string First(string url) => Candidates().Match(url) is { Success: true } rest ? url[..rest.Index] : url;

    /// <summary>The clean candidates of the image or source, or null.</summary>
    internal static string? SourceSet(IElement image, Uri? baseUrl)
    {
        foreach (var name in SourceSetNames)
        {
            if (SrcSet.Clean(image.GetAttribute(name), baseUrl) is { } lazy)
                return lazy;
        }

        var value = image.GetAttribute("srcset");
        return value is null || IsPlaceholder(value) ? null : SrcSet.Clean(value, baseUrl);
    }

    /// <summary>An image of one pixel or none, there to count readers.</summary>
    internal static bool IsTrackingPixel(IElement image) =>
        (AttributeValues.Number(image.GetAttribute("width")) is <= 1 && AttributeValues.Number(image.GetAttribute("height")) is <= 1 or null)
        || AttributeValues.Number(image.GetAttribute("height")) is <= 1
        || (image.GetAttribute("style") is { } style && PixelStyle().IsMatch(style));

    private static bool LooksLikeUrl(string value) => value.AsSpan().IndexOfAny('/', '.') >= 0 && !value.Contains('{', StringComparison.Ordinal);

    private static bool IsPlaceholder(string value) => PlaceholderName().IsMatch(value);

    [GeneratedRegex(@"(?:^|[/_.-])(?:blank|spacer|placeholder|transparent|lazy[-_]?load(?:er|ing)?|loading|pixel|1x1)[^/]*\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex PlaceholderName();

    [GeneratedRegex(@"(?:\s|%20)+\d+w\s*,")]
    private static partial Regex Candidates();

    [GeneratedRegex(@"(?:^|[;\s])(?:width|height)\s*:\s*[01]px", RegexOptions.IgnoreCase)]
    private static partial Regex PixelStyle();
}
