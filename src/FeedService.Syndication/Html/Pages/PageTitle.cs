using System.Text.RegularExpressions;

namespace FeedService.Syndication.Html.Pages;

/// <summary>The headline: what most of the places that name it agree on, the one that readers see counting most.</summary>
internal static partial class PageTitle
{
    private const int MaxLength = 300;

    /// <summary>A longer text is no title, even with the site's name in it.</summary>
    private const int MaxWritten = 2_000;

    private const int MaxMarked = 50;

    internal static Found<string>? Find(PageMetadata page)
    {
        var sites = SiteNames(page);
        var named = new List<(string Origin, string Text, double Weight)>();
        foreach (var headline in page.Headlines)
            Add("h1", headline.TextContent, 1.2);
        foreach (var marked in page.Marked.Where(m => m.GetAttribute("itemprop") is "headline" && m.LocalName is not "h1").Take(MaxMarked))
            Add("microdata headline", marked.GetAttribute("content") ?? marked.TextContent, 0.8);
        Add("JSON-LD headline", page.Ld.Headline, 1);
        Add("og:title", page.Meta("og:title"), 1);
        Add("twitter:title", page.Meta("twitter:title"), 0.3);
        Add("title", page.Document.Title, 0.9);
        Add("meta title", page.Meta("dc.title", "dcterms.title", "parsely-title", "sailthru.title"), 0.3);
        if (named.Count == 0)
            return null;

        // What a page calls itself outside of its text tells which of its headings is the headline.
        var best = named
            .GroupBy(candidate => Key(candidate.Text))
            .Select(group => (Origins: group.Select(c => c.Origin).Distinct().ToList(), Text: Spaced(group.Select(c => c.Text)), Weight: group.GroupBy(c => c.Origin).Sum(o => o.First().Weight)))
            .Where(group => group.Origins is not ["h1"] || named.TrueForAll(n => n.Origin == "h1") || named.Exists(n => n.Origin != "h1" && Similarity(n.Text, group.Text) > 0.4))
            .OrderByDescending(group => group.Weight)
            .FirstOrDefault();
        return best.Text is null ? null : new Found<string>(best.Text, string.Join(", ", best.Origins));

        void Add(string origin, string? text, double weight)
        {
            if (text is null)
                return;
            if (text.Length > MaxWritten)
                return;
            var title = WithoutSite(Clean(text), sites, page);
            if (title.Length is > 0 and <= MaxLength && !sites.Contains(Key(title)))
                named.Add((origin, title, weight));
        }
    }

    /// <summary>Parts of a headline that a page sets on lines of their own have no space between them in its text; another place may have it.</summary>
    private static string Spaced(IEnumerable<string> spellings) => spellings.MaxBy(text => text.Split(' ').Count(part => part.Any(char.IsLetterOrDigit)))!;

    /// <summary>The share of words that two texts have in common.</summary>
    internal static double Similarity(string a, string b)
    {
        var left = Words().Matches(a.ToLowerInvariant()).Select(m => m.Value).ToHashSet();
        var right = Words().Matches(b.ToLowerInvariant()).Select(m => m.Value).ToHashSet();
        var common = left.Intersect(right).Count();
        return common == 0 ? 0 : 2.0 * common / (left.Count + right.Count);
    }

    /// <summary>The letters and digits of a text in lower case, for comparing.</summary>
    internal static string Key(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>What the site is called, as keys.</summary>
    internal static HashSet<string> SiteNames(PageMetadata page)
    {
        var names = new HashSet<string>(page.Ld.Publishers.Select(Key)) { };
        foreach (var name in new[] { page.Meta("og:site_name"), page.Meta("application-name"), page.Meta("al:ios:app_name"), page.Meta("apple-mobile-web-app-title"), page.Meta("publisher"), page.Meta("twitter:site") })
        {
            if (name is not null)
                names.Add(Key(name));
        }

        if ((page.PageUrl ?? page.Base)?.Host is { } host)
        {
            var labels = host.Split('.');
            names.Add(Key(host));
            names.Add(Key(host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host));
            if (labels.Length > 1)
                names.Add(Key(labels[^2].Length > 3 || labels.Length < 3 ? labels[^2] : labels[^3]));
        }

        names.Remove("");
        return names;
    }

    private static string Clean(string text) => PageTags.Collapse(HtmlText.ToPlainText(text.Contains("&amp;", StringComparison.Ordinal) || text.Contains("&#", StringComparison.Ordinal) || text.Contains("&quot;", StringComparison.Ordinal) || EntityName().IsMatch(text) ? text : HtmlText.Escape(text)).Replace("\u00ad", "", StringComparison.Ordinal));

    /// <summary>Drops the site's name (and the section before it) from either end.</summary>
    private static string WithoutSite(string title, HashSet<string> sites, PageMetadata page)
    {
        var parts = Separator().Split(title);
        if (parts.Length < 3)
            return title;

        // Parts and separators alternate; a title that another place gives without the rest settles it.
        for (var end = parts.Length - 2; end > 0; end -= 2)
        {
            var head = string.Concat(parts[..end]);
            var rest = string.Concat(parts[(end + 1)..]);
            if (sites.Contains(Key(rest)) || (Key(head).Length > 10 && Confirmed(head, page)))
                return WithoutSite(head, sites, page);
        }

        if (sites.Contains(Key(parts[0])) && parts.Length > 2)
            return string.Concat(parts[2..]);
        var last = parts[^1];
        var before = string.Concat(parts[..^2]);
        return sites.Any(site => site.Length > 3 && (Key(last).StartsWith(site, StringComparison.Ordinal) || (Key(last).Length > 3 && site.Contains(Key(last), StringComparison.Ordinal))))
            || (parts[^2].Contains('|', StringComparison.Ordinal) && last.Length < 30 && before.Length > 20)
            ? before
            : title;
    }

    private static bool Confirmed(string head, PageMetadata page)
    {
        var key = Key(head);
        return page.HeadlineKeys.Contains(key) || Says(page.Ld.Headline) || Says(page.Meta("og:title"));

        bool Says(string? text) => text is { Length: <= MaxWritten } && Key(Clean(text)) == key;
    }

    [GeneratedRegex(@"(\s+[|\-–—·•:»«/]+\s+|\s*[|»]\s*|\s+::\s+)")]
    private static partial Regex Separator();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();

    [GeneratedRegex("&[a-zA-Z]{2,8};")]
    private static partial Regex EntityName();
}
