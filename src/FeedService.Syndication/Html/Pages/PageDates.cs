using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>When it was published and changed: machine dates first, then those that people read.</summary>
internal static partial class PageDates
{
    private const int OldestYear = 1994;
    private const int MaxDateText = 150;
    private const int MaxParagraph = 400;
    private const int MaxDateBlocks = 300;
    private const int MinTitle = 10;
    private const int MaxBehindWord = 50;
    private const int MaxAbove = 300;
    private const int MaxBelow = 1_500;

    private static readonly string[] PublishedNames =
    [
        "article:published_time", "og:published_time", "og:article:published_time", "datePublished", "publish-date", "publish_date", "publishdate", "pubdate", "publication_date", "published", "published_time", "published_at",
        "article.published", "date.published", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dcterms.created", "dcterms.issued", "dcterms.date", "dc.date.issued",
        "dc.date.created", "dc.date.publication", "dc.date", "dcterms.available", "citation_publication_date", "citation_date", "bt:pubdate", "rnews:datepublished", "article_date_original", "originalpublicationdate", "vr:published_time", "shareaholic:article_published_time", "displaydate", "article:published", "date", "gc.date", "og:release_date", "last-published", "created", "release_date", "timestamp",
    ];

    private static readonly string[] ModifiedNames =
    [
        "article:modified_time", "og:updated_time", "dateModified", "lastmod", "last-modified", "dcterms.modified", "dc.date.modified", "article:modified", "last_updated_date", "updated_time", "revised", "modified",
    ];

    internal static (Found<DateTimeOffset>? Published, Found<DateTimeOffset>? Updated) Find(PageMetadata page, string? language)
    {
        var updated = Machine("JSON-LD dateModified", page.Ld.Modified) ?? FromMeta(page, ModifiedNames) ?? Item(page, "dateModified", language);
        var published = Machine("JSON-LD datePublished", page.Ld.Published)
            ?? FromMeta(page, PublishedNames)
            ?? Item(page, "datePublished", language)
            ?? Item(page, "dateCreated", language)
            ?? FromTimes(page)
            ?? FromUrl(page)
            ?? FromMarked(page, language)
            ?? FromWords(page, language)
            ?? FromText(page, language)
            ?? FromBlocks(page, language)
            ?? AboveHeadline(page, language)
            ?? updated;
        return (OnDayOfUrl(AtMidnight(published, language), page), updated is null || published is null || updated.Value >= published.Value ? AtMidnight(updated, language) : null);
    }

    /// <summary>Midnight in Central Europe, told in UTC, was meant as the day that began then: the same instant, on its own day.</summary>
    private static Found<DateTimeOffset>? AtMidnight(Found<DateTimeOffset>? found, string? language)
    {
        if (found is not { Value: { Offset.Ticks: 0, Hour: 22 or 23, Minute: 0, Second: 0 } date } || language is null || !CentralEuropean().IsMatch(language))
            return found;
        return found with { Value = date.ToOffset(TimeSpan.FromHours(24 - date.Hour)) };
    }

    /// <summary>An address that names the day before or after a time in UTC has the publisher's own day: the same instant, on that day.</summary>
    private static Found<DateTimeOffset>? OnDayOfUrl(Found<DateTimeOffset>? found, PageMetadata page)
    {
        if (found is not { Value: { Offset.Ticks: 0, TimeOfDay.Ticks: not 0 } date } || InUrl(page.PageUrl?.AbsoluteUri ?? page.Canonical) is not { } day)
            return found;
        // The nearest whole hour from which the day is that of the address; zones go from -12 to +14.
        var hours = day.Date < date.Date ? -(date.Hour + 1) : day.Date > date.Date ? 24 - date.Hour : 0;
        return hours is >= -12 and <= 14 && date.ToOffset(TimeSpan.FromHours(hours)) is var local && local.Date == day.Date ? found with { Value = local } : found;
    }

    private static Found<DateTimeOffset>? Machine(string origin, string? text) =>
        text is not null && DateParser.Parse(text.Trim()) is { } date && IsPlausible(date) ? new Found<DateTimeOffset>(date, origin) : null;

    private static Found<DateTimeOffset>? Human(string origin, string? text, string? language) =>
        text is not null && DateParser.Find(PageTags.Collapse(text), language: language) is { } date && IsPlausible(date.Value) ? new Found<DateTimeOffset>(date.Value, origin) : null;

    private static bool IsPlausible(DateTimeOffset date) => date.Year is >= OldestYear and < 2100;

    private static Found<DateTimeOffset>? FromMeta(PageMetadata page, string[] names)
    {
        foreach (var name in names)
        {
            foreach (var value in page.MetaAll(name))
            {
                if ((Machine(name, value) ?? Human(name, value, null)) is { } found)
                    return found;
            }
        }

        return null;
    }

    private static Found<DateTimeOffset>? Item(PageMetadata page, string property, string? language)
    {
        foreach (var item in page.Marked.Where(m => m.GetAttribute("itemprop")?.Split(' ').Contains(property) == true))
        {
            var origin = "microdata " + property;
            if ((Machine(origin, item.GetAttribute("content")) ?? Machine(origin, item.GetAttribute("datetime")) ?? Human(origin, item.TextContent, language)) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The first time element that belongs to the article, not to a list of others.</summary>
    private static Found<DateTimeOffset>? FromTimes(PageMetadata page)
    {
        var times = page.Times.Where(time => time.HasAttribute("datetime") && !IsElsewhere(time)).ToList();
        foreach (var time in times.Where(t => t.HasAttribute("pubdate") || PublishedName().IsMatch(PageNames.Of(t))).Concat(times))
        {
            if (Machine("time", time.GetAttribute("datetime")) is { } found)
                return found;
        }

        return null;
    }

    private static Found<DateTimeOffset>? FromMarked(PageMetadata page, string? language)
    {
        foreach (var marked in page.Marked)
        {
            if (!DateName().IsMatch(PageNames.Of(marked)) || IsElsewhere(marked))
                continue;
            var text = PageTags.Text(marked);
            if (text.Length is > 5 and <= MaxDateText && Human("date on the page", text, language) is { } found)
                return found;
        }

        return null;
    }

    private static Found<DateTimeOffset>? FromUrl(PageMetadata page) =>
        InUrl(page.PageUrl?.AbsoluteUri ?? page.Canonical) is { } date ? new Found<DateTimeOffset>(date, "URL") : null;

    /// <summary>The day in an address such as <c>/2025/12/08/title</c>.</summary>
    internal static DateTimeOffset? InUrl(string? url)
    {
        var match = UrlDate().Match(url ?? "");
        return match.Success
            && DateTimeOffset.TryParseExact($"{match.Groups[1].Value}-{match.Groups[2].Value.PadLeft(2, '0')}-{match.Groups[3].Value.PadLeft(2, '0')}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            && IsPlausible(date)
            ? date
            : null;
    }

    /// <summary>The date behind a word such as "published".</summary>
    private static Found<DateTimeOffset>? FromWords(PageMetadata page, string? language)
    {
        foreach (var line in Lines(page, MaxParagraph))
        {
            if (PublishedWord().Match(line) is { Success: true } word && Human("date behind \"published\"", line.Substring(word.Index + word.Length, Math.Min(MaxBehindWord, line.Length - word.Index - word.Length)), language) is { } found)
                return found;
        }

        return page.Document.QuerySelectorAll("a[rel~=bookmark]").Take(MaxDateBlocks)
            .Select(link => PageTags.Text(link))
            .Where(text => text.Length is > 5 and < MaxDateText && DateParser.Find(text, language: language) is { } date && date.Length * 10 >= text.Length * 8)
            .Select(text => Human("date that links to the article", text, language))
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>The first date after the headline, or in its small print.</summary>
    private static Found<DateTimeOffset>? FromText(PageMetadata page, string? language)
    {
        if (page.Headlines.FirstOrDefault()?.QuerySelector("small") is { } small && Human("text in the headline", small.TextContent, language) is { } found)
            return found;
        if (Around(page) is not var (_, below))
            return null;
        // Beside what people wrote boards tell since when they have been there.
        while (JoinedDate().Match(below) is { Success: true } joined && DateParser.Find(below[(joined.Index + joined.Length)..], language: language) is { } member)
            below = string.Concat(below.AsSpan(0, joined.Index), below.AsSpan(joined.Index + joined.Length + member.Start + member.Length));
        return Human("text under the headline", below, language);
    }

    /// <summary>A date that stands above the headline, and in no line of its own.</summary>
    private static Found<DateTimeOffset>? AboveHeadline(PageMetadata page, string? language) =>
        Around(page) is var (above, _) ? Human("text above the headline", above, language) : null;

    private static (string Above, string Below)? Around(PageMetadata page)
    {
        var text = page.Document.Body is { } body ? PageTags.Spoken(body) : "";
        var headline = (page.Headlines.FirstOrDefault() ?? TitleInText(page))?.TextContent ?? "";
        var start = headline.Length == 0 ? -1 : text.IndexOf(headline, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var end = start + headline.Length;
        return (text[Math.Max(0, start - MaxAbove)..start], text[end..Math.Min(text.Length, end + MaxBelow)]);
    }

    /// <summary>The lesser heading that the page's title repeats, where there is no headline.</summary>
    private static IElement? TitleInText(PageMetadata page)
    {
        var title = PageTitle.Key(page.Document.Title ?? "");
        return page.Blocks.FirstOrDefault(block => block.LocalName is "h2" or "h3" && PageTitle.Key(block.TextContent) is { Length: >= MinTitle } key && title.Contains(key, StringComparison.Ordinal));
    }

    /// <summary>The first short line with a date, anywhere.</summary>
    private static Found<DateTimeOffset>? FromBlocks(PageMetadata page, string? language) =>
        Lines(page, MaxDateText).Select(line => Human("line on the page", line, language)).FirstOrDefault(found => found is not null);

    // Short lines with digits; table cells and small print after those that stand in blocks.
    private static IEnumerable<string> Lines(PageMetadata page, int maxLength) =>
        page.Blocks.Concat(page.Document.QuerySelectorAll("small, td, dd"))
            .Select(block => PageTags.Spoken(block))
            .Where(text => text.Length > 5 && text.Length < maxLength && text.AsSpan().ContainsAnyInRange('0', '9'))
            .Take(MaxDateBlocks);

    private static bool IsElsewhere(IElement element)
    {
        // The body's names speak of the page: that it has a sidebar, and the like.
        for (var parent = element.ParentElement; parent is not (null or { LocalName: "body" }); parent = parent.ParentElement)
        {
            // The foot of an article is its own.
            if (parent.LocalName is "aside" or "nav" or "li" || parent.LocalName is "footer" && parent.Closest("article") is null)
                return true;
            var names = PageNames.Of(parent);
            if (names.Length > 0 && (PageNames.IsComments(names) || Elsewhere().IsMatch(names)))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"publish|pubdate|entry-date|post-date|date-?published|created", RegexOptions.IgnoreCase)]
    private static partial Regex PublishedName();

    [GeneratedRegex(@"(?<!\p{L})(?:(?<=^\s*)(?:released(?: on)?|date|datum|fecha|data|дата)|(?:published|posted|submitted)(?: (?:on|by [^\d]{1,40}))?|first published|date published|veröffentlicht(?: am)?|erschienen am|erstellt am|gepostet am|gespeichert von [^\d]{1,40}|publié le|mis en ligne le|publicado(?: el| em)?|pubblicato (?:il|da [^\d]{1,40})|gepubliceerd(?: op)?|geplaatst op|publicerad|publicerat|publisert|offentliggjort|udgivet|julkaistu|opublikowan[oy]|zveřejněno|publikováno|опубликовано|yayınlanma|diterbitkan|megjelent|publicat|δημοσιεύ\w+)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PublishedWord();

    [GeneratedRegex(@"(?<!\p{L})(?:registriert|angemeldet|mitglied|beigetreten|dabei|joined|registered|member|inscrit(?:e)?|membre|registrado|miembro|iscritto|lid|geregistreerd)(?: seit| since| on| am| le| el| il| sinds| dal| desde| depuis)?:? ?(?=\d|\p{L}{3,10}\.? \d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex JoinedDate();

    [GeneratedRegex(@"^(?:de|nl|fr|it|es|pl|cs|sk|hu|sl|hr|sr|da|sv|no|nb|nn|ca)(?:-(?:DE|AT|CH|LI|LU|NL|BE|FR|IT|ES|PL|CZ|SK|HU|SI|HR|RS|DK|SE|NO))?$", RegexOptions.IgnoreCase)]
    private static partial Regex CentralEuropean();

    [GeneratedRegex(@"date|datum|fecha|time|publish|byline|meta|posted|data", RegexOptions.IgnoreCase)]
    private static partial Regex DateName();

    [GeneratedRegex(@"(?:^|[\s_-])(?:related\w*|sidebar\w*|teasers?|widgets?|recommend\w*|latest|most-\w+|popular|trending|footer|comment\w*|more-\w+)(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"(?:^|/|-)((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=/|-|$|\D)")]
    private static partial Regex UrlDate();
}
