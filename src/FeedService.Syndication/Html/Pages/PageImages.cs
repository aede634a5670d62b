using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>The lead image: the one that the page gives to others who show it, else the first large one of the article.</summary>
internal static partial class PageImages
{
    private const int SmallestLead = 150;

    internal static Found<Image>? Find(PageMetadata page, IElement content)
    {
        foreach (var (origin, named) in Named(page))
        {
            if (named is not null && page.Resolve(LazyImages.First(named)) is { } absolute && !NoLead().IsMatch(absolute))
            {
                var isOpenGraph = origin == "og:image";
                return new Found<Image>(
                    new Image(absolute)
                    {
                        Alt = isOpenGraph ? page.Meta("og:image:alt", "twitter:image:alt") : null,
                        Width = isOpenGraph ? AttributeValues.Number(page.Meta("og:image:width")) : null,
                        Height = isOpenGraph ? AttributeValues.Number(page.Meta("og:image:height")) : null,
                    },
                    origin);
            }
        }

        foreach (var image in content.QuerySelectorAll("img"))
        {
            if (AttributeValues.Number(image.GetAttribute("width")) is < SmallestLead || AttributeValues.Number(image.GetAttribute("height")) is < SmallestLead)
                continue;
            if (LazyImages.Source(image, page.Base) is { } url && HtmlUrl.Absolute(url) is not null && !NoLead().IsMatch(url))
            {
                var alt = image.GetAttribute("alt");
                return new Found<Image>(new Image(url) { Alt = string.IsNullOrWhiteSpace(alt) ? null : alt }, "first image of the article");
            }
        }

        return null;
    }

    private static IEnumerable<(string Origin, string? Url)> Named(PageMetadata page)
    {
        foreach (var name in new[] { "og:image", "og:image:url", "og:image:secure_url" })
            yield return ("og:image", page.Meta(name));
        foreach (var url in page.Ld.Images)
            yield return ("JSON-LD image", url);
        yield return ("twitter:image", page.Meta("twitter:image", "twitter:image:src"));
        yield return ("image_src", page.Links.FirstOrDefault(l => PageMetadata.Rel(l, "image_src"))?.GetAttribute("href"));
        yield return ("meta image", page.Meta("image", "thumbnail", "parsely-image-url", "sailthru.image.full"));
    }

    [GeneratedRegex(@"(?:^|[/_.-])(?:logo|blank|spacer|placeholder|default|avatar|sprite)s?[^/]*\.(?:png|svg|gif|ico)(?:$|[?#])|\.svg(?:$|[?#])", RegexOptions.IgnoreCase)]
    private static partial Regex NoLead();
}
