using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>
/// Finds the links to articles on a page that lists them: each link is judged by its words, its place and its address, links in the same place
/// of a repeating pattern are judged together, and the patterns that look most like articles win.
/// </summary>
internal static partial class ListingFinder
{
    private const int MaxLinks = 5_000;

    /// <summary>A link that scores less is navigation.</summary>
    private const double Threshold = 3;

    /// <summary>A link that scores so much is an article wherever it stands.</summary>
    private const double Plain = 2 * Threshold;

    /// <summary>A pattern repeats at least so often, unless its links say plainly that they are articles.</summary>
    private const int Repeats = 3;

    /// <summary>Patterns that score this share of the best one are part of the listing, too: a lead story, a second column.</summary>
    private const double OtherPatterns = 0.4;

    /// <summary>How many steps up a path counts: further up, columns and wrappers differ without meaning.</summary>
    private const int PathLength = 6;

    internal static IEnumerable<ListingItem> Find(PageMetadata page)
    {
        var links = Judge(page);
        var patterns = links
            .GroupBy(link => link.Path)
            .Select(group => (Links: group.ToList(), Score: group.Sum(l => l.Score - Threshold + 1)))
            .Where(pattern => pattern.Links.Count >= Repeats || pattern.Links.TrueForAll(l => l.Score >= Plain))
            .OrderByDescending(pattern => pattern.Score)
            .ToList();
        if (patterns.Count == 0)
            return [];
        var chosen = patterns.Where(pattern => pattern.Score >= OtherPatterns * patterns[0].Score || pattern.Links.TrueForAll(l => l.Score >= Plain))
            .SelectMany(pattern => pattern.Links)
            .OrderBy(link => link.Order)
            .ToList();

        // An item reaches as far up as it stays alone.
        var owners = new Dictionary<IElement, string?>();
        foreach (var link in chosen)
        {
            for (var element = link.Element; element is not null; element = element.ParentElement)
            {
                if (!owners.TryAdd(element, link.Url) && owners[element] != link.Url)
                    owners[element] = null;
            }
        }

        return chosen.Select(link =>
        {
            var container = link.Element;
            while (container.ParentElement is { } parent && owners.GetValueOrDefault(parent) is not null && parent.LocalName is not ("body" or "main"))
                container = parent;
            return new ListingItem(link.Url, link.Element, container);
        });
    }

    /// <summary>The best link to each address, with its score.</summary>
    private static List<JudgedLink> Judge(PageMetadata page)
    {
        var self = page.PageUrl ?? page.Base;
        var listed = page.Ld.Listed.Select(page.Resolve).OfType<string>().ToHashSet();
        var best = new Dictionary<string, JudgedLink>();
        var order = 0;
        var links = page.Document.QuerySelectorAll("a[href]").Take(MaxLinks).ToList();
        var places = new ListingPlaces(links);
        foreach (var element in links)
        {
            order++;
            if (page.Resolve(element.GetAttribute("href")) is not { } url || HtmlUrl.Absolute(url) is not { } target)
                continue;
            var key = url.Split('#')[0];
            if (self is null || target.AbsolutePath.Length < 2 || key == self.AbsoluteUri.Split('#')[0])
                continue;
            var score = Words(element) + places.Score(element) + Address(target, self) + (listed.Contains(url) ? 3 : 0);
            if (score < Threshold)
                continue;
            if (!best.TryGetValue(key, out var other) || other.Score < score)
                best[key] = new JudgedLink(key, element, Path(element), score, other?.Order ?? order);
        }

        return [.. best.Values];
    }

    private static double Words(IElement link)
    {
        var text = PageTags.Text(link);
        var words = text.Count(c => c == ' ') + 1;
        if (Continue().IsMatch(text))
            return -2;
        return text.Length switch
        {
            0 => link.QuerySelector("img") is null ? -3 : -1,
            < 12 => IsIdeographic(text) ? 1 : -1,
            < 25 => words >= 3 || IsIdeographic(text) ? 1 : 0,
            < 250 => 2,
            _ => 1,
        };
    }

    private static double Address(Uri target, Uri self)
    {
        var score = 0.0;
        if (!SameSite(target.Host, self.Host))
            score -= 3;
        var path = target.AbsolutePath;
        if (PageDates.InUrl(target.AbsoluteUri) is not null)
            score += 2;
        var last = path.TrimEnd('/');
        last = last[(last.LastIndexOf('/') + 1)..];
        if (last.Count(c => c is '-' or '_') >= 3)
            score += 1.5;
        else if (Number().IsMatch(last) || (last.Length == 0 && target.Query.Length > 0))
            score += 1;
        if (path.StartsWith(self.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal) && self.AbsolutePath.Length > 1)
            score += 1;
        if (NoArticle().IsMatch(path))
            score -= 3;
        return score;
    }

    private static bool SameSite(string a, string b) => a == b || Site(a) == Site(b);

    private static string Site(string host)
    {
        var labels = host.Split('.');
        return labels.Length < 3 ? host : string.Join('.', labels[^2].Length <= 3 && labels[^1].Length == 2 ? labels[^3..] : labels[^2..]);
    }

    private static string Path(IElement link)
    {
        var path = new List<string>();
        for (var element = link; element is not null && path.Count < PathLength && element.LocalName is not ("body" or "main"); element = element.ParentElement)
            path.Add(element.LocalName);
        return string.Join('<', path);
    }

    private static bool IsIdeographic(string text) => text.Count(c => c is >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff' or >= '\uac00' and <= '\ud7af') >= 6;

    private sealed record JudgedLink(string Url, IElement Element, string Path, double Score, int Order);

    [GeneratedRegex(@"^\W*(?:read|continue|more|weiter|mehr|lire|leer|suite|leggi|les mer|läs mer|lees|czytaj|читать|続き|next|previous|older|newer|comments?|\d+ comments?|share|login|log in|sign|subscribe|home|about|contact|impressum|datenschutz|privacy|terms)\b.{0,25}$", RegexOptions.IgnoreCase)]
    private static partial Regex Continue();

    [GeneratedRegex(@"\d{4,}")]
    private static partial Regex Number();

    [GeneratedRegex(@"/(?:tags?|categor(?:y|ies)|kategorie|schlagwort|authors?|autor(?:en)?|topics?|themen?|page|seite|search|login|register|account|user|contact|kontakt|about|impressum|privacy|datenschutz|terms|agb|newsletter|subscribe|abo|rss|feed|archive?s?|sitemap|help|jobs|cart|shop)(?:/|$|\.)", RegexOptions.IgnoreCase)]
    private static partial Regex NoArticle();
}
