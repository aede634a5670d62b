using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Finds the link to the next page.</summary>
internal static partial class PagingLinks
{
    private const int MaxLinkText = 40;

    /// <summary>The next page of a list.</summary>
    internal static string? NextOfListing(PageMetadata page) =>
        Candidates(page).FirstOrDefault(url => !IsSelf(url, page));

    /// <summary>The next page of the same article: its address is this page's but for a page number.</summary>
    internal static string? NextOfArticle(PageMetadata page)
    {
        if ((page.PageUrl?.AbsoluteUri ?? page.Canonical) is not { } self)
            return null;
        var (stem, number, isBare) = Split(self);
        // "/story-41" is the 41st page of a story only where the page links to "/story"; else it is the 41st story.
        if (isBare && !Links(page).Any(url => url.TrimEnd('/') == stem))
            (stem, number) = (WithoutFragment(self).TrimEnd('/'), 1);
        return Candidates(page).Concat(Numbered(page)).FirstOrDefault(url => !IsSelf(url, page) && Split(url) is var (otherStem, otherNumber, _) && otherStem == stem && otherNumber == number + 1);
    }

    private static IEnumerable<string> Links(PageMetadata page) =>
        page.Document.QuerySelectorAll("a[href]").Select(a => page.Resolve(a.GetAttribute("href"))).OfType<string>();

    private static IEnumerable<string> Candidates(PageMetadata page)
    {
        foreach (var link in page.Links.Where(link => PageMetadata.Rel(link, "next")))
        {
            if (page.Resolve(link.GetAttribute("href")) is { } url)
                yield return url;
        }

        var anchors = page.Document.QuerySelectorAll("a[href]");
        foreach (var anchor in anchors.Where(a => PageMetadata.Rel(a, "next")).Concat(anchors.Where(IsNext)))
        {
            if (page.Resolve(anchor.GetAttribute("href")) is { } url)
                yield return url;
        }
    }

    private static IEnumerable<string> Numbered(PageMetadata page) =>
        page.Document.QuerySelectorAll("a[href]").Where(a => PageNumber().IsMatch(a.TextContent)).Select(a => page.Resolve(a.GetAttribute("href"))).OfType<string>();

    private static bool IsNext(IElement anchor)
    {
        var text = anchor.TextContent.Length <= MaxLinkText * 3 ? PageTags.Text(anchor) : "";
        if (text.Length > MaxLinkText)
            return false;
        var label = anchor.GetAttribute("aria-label") ?? anchor.GetAttribute("title") ?? "";
        return NextText().IsMatch(text) || NextText().IsMatch(label) || (NextName().IsMatch(PageNames.Of(anchor)) && !PageNames.Of(anchor).Contains("post", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsSelf(string url, PageMetadata page) => page.PageUrl is { } self && WithoutFragment(self.AbsoluteUri) == WithoutFragment(url);

    private static string WithoutFragment(string url) => url.Split('#')[0];

    /// <summary>An address without its page number, the number, and whether nothing but its place says that it is one.</summary>
    private static (string Stem, int Number, bool IsBare) Split(string url)
    {
        var address = WithoutFragment(url);
        var match = PageInUrl().Match(address);
        if (!match.Success || !int.TryParse(match.Groups["number"].ValueSpan, out var number))
            return (address.TrimEnd('/'), 1, false);
        return ((address[..match.Index] + address[(match.Index + match.Length)..]).TrimEnd('/', '?', '&'), number, match.Groups["bare"].Success);
    }

    [GeneratedRegex(@"^\W*(?:next(?:\s+(?:page|posts?|articles?))?|older(?:\s+(?:posts?|entries|articles|stories))?|more (?:posts|articles|stories|news)|load more|show more|weiter|nächste(?:\s+seite)?|ältere(?:\s+(?:beiträge|artikel))?|(?:page\s+)?suivante?|plus anciens|siguiente(?:\s+página)?|anteriores|successiv[ao]|avanti|próxim[ao](?:\s+página)?|volgende|nästa(?:\s+sida)?|neste(?:\s+side)?|næste|seuraava|następna|następne|следующая|далее|次へ|次のページ|下一页|下一頁|다음)\W*$|^[›»→>]$", RegexOptions.IgnoreCase)]
    private static partial Regex NextText();

    [GeneratedRegex(@"(?:^|[\s_-])(?:next|older|pagination-next|page-next|nextpage)(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex NextName();

    [GeneratedRegex(@"^\s*\d{1,3}\s*$")]
    private static partial Regex PageNumber();

    [GeneratedRegex(@"(?:[?&](?:page|p|pg|pagenum|seite|pagina|start)=|/(?:page|seite|p)[/-]?|[-_](?:page|seite|p)[-_]?(?=\d{1,2}(?:\.html?|/|$))|(?<bare>[-_]{1,2}(?=\d{1,2}(?:\.html?|/|$))|/(?=\d{1,2}/?$)))(?<number>\d{1,3})(?=$|[/&?.])", RegexOptions.IgnoreCase)]
    private static partial Regex PageInUrl();
}
