using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Who wrote it: the first place that names people, from the most explicit to the least.</summary>
internal static partial class PageAuthors
{
    private const int MaxAuthors = 20;
    private const int MaxBylineLength = 200;

    internal static Found<IReadOnlyList<Person>> Find(PageMetadata page)
    {
        var sites = PageTitle.SiteNames(page);
        foreach (var (origin, raw) in Sources(page))
        {
            var people = raw.SelectMany(person => Split(person.Name).Select(name => person with { Name = name }))
                .Where(person => IsName(person.Name, sites))
                .DistinctBy(person => PageTitle.Key(person.Name))
                .Take(MaxAuthors)
                .Select(person => person with { Url = page.Resolve(person.Url), Email = null, Avatar = null })
                .ToList();
            if (people.Count > 0)
                return new Found<IReadOnlyList<Person>>(people, origin);
        }

        return new Found<IReadOnlyList<Person>>([], "");
    }

    private static IEnumerable<(string Origin, List<Person> People)> Sources(PageMetadata page)
    {
        yield return ("JSON-LD author", [.. page.Ld.Authors]);
        foreach (var name in new[] { "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.contributor", "byl", "cxenseparse:author", "citation_author", "vr:author", "og:article:author", "book:author" })
            yield return (name, [.. page.MetaAll(name).Select(value => new Person(value))]);
        yield return ("microdata author", [.. Marked(page, m => m.GetAttribute("itemprop") is "author" or "creator", NameOf)]);
        yield return ("rel=author", [.. Marked(page, m => PageMetadata.Rel(m, "author"), m => m.TextContent)]);
        foreach (var marked in page.Marked.Where(m => AuthorName().IsMatch(PageNames.Of(m))))
        {
            var text = PageTags.Text(marked);
            if (text.Length is > 0 and <= MaxBylineLength)
                yield return ("byline", [new Person(text)]);
        }
    }

    private static IEnumerable<Person> Marked(PageMetadata page, Func<IElement, bool> wanted, Func<IElement, string> name) =>
        page.Marked.Where(m => wanted(m) && !InComments(m)).Select(m => new Person(PageTags.Collapse(name(m))) { Url = m.GetAttribute("href") });

    private static string NameOf(IElement element) =>
        element.QuerySelector("[itemprop~=name]") is { } name ? name.GetAttribute("content") ?? name.TextContent : element.GetAttribute("content") ?? element.TextContent;

    private static bool InComments(IElement element)
    {
        for (var parent = element; parent is not null; parent = parent.ParentElement)
        {
            if (PageNames.IsComments(PageNames.Of(parent)))
                return true;
        }

        return false;
    }

    /// <summary>A byline's people: its opening word, roles, dates and addresses go.</summary>
    private static IEnumerable<string> Split(string byline)
    {
        var text = PageTags.Collapse(byline);
        if (text.Length is 0 or > MaxBylineLength || text.Contains("://", StringComparison.Ordinal))
            return [];
        text = Opening().Replace(text, "");
        text = Parenthesis().Replace(text, " ");
        text = Address().Replace(text, " ");
        if (DateParser.Find(text) is { } date)
            text = text[..date.Start];
        return Between().Split(text).Select(part => Role().Replace(Opening().Replace(PageTags.Collapse(part), ""), "").Trim(' ', '.', ',', ':', '-', '–', '—', '|', '•', '·', '*')).Where(part => part.Length > 0);
    }

    private static bool IsName(string name, HashSet<string> sites)
    {
        if (name.Length is < 2 or > 60 || name.Any(char.IsAsciiDigit) || name.Count(c => c == ' ') > 5 || sites.Contains(PageTitle.Key(name)))
            return false;
        return !NoName().IsMatch(name) && char.IsLetter(name[0]);
    }

    [GeneratedRegex(@"(?:^|[\s_-])(?:author\w*|by-?line\w*|autor\w*|auteur|autore|skribent|redakteur|writer|reporter|contributor|posted-?by|vcard|fn)(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex AuthorName();

    [GeneratedRegex(@"^(?:(?:written|posted|published|reported|story|words|text|article|report|review|analysis)\s+)?(?:by|von|par|por|di|door|av|af|autor(?:in)?|author|auteur|autore|text|texte?|redaktion|about the author)\b\s*:?\s+|^(?:от|автор|作者|文|記者|記事)\s*[:：]?\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Opening();

    [GeneratedRegex(@"\([^)]*\)|\[[^\]]*\]")]
    private static partial Regex Parenthesis();

    [GeneratedRegex(@"\S+@\S+|(?<!\w)@\w+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\s*(?:;|\||,|/|•|·|\band\b|\bund\b|\bet\b|\by\b|&|\be\b(?=\s+\p{Lu})|\n|、)\s*|\s+(?:for|on|in|at|–|—|-)\s+(?=\p{Lu})")]
    private static partial Regex Between();

    [GeneratedRegex(@"\s+(?:staff|senior|chief|political|health|science|sports?|business|technology|crime|education|world|national|news|contributing|guest|freelance)?\s*(?:writer|reporter|editor|correspondent|contributor|columnist|journalist|producer|redakteur(?:in)?|korrespondent(?:in)?|reporterin)$", RegexOptions.IgnoreCase)]
    private static partial Regex Role();

    [GeneratedRegex(@"^(?:admin(?:istrator)?|editor(?:s|ial)?(?:\s+(?:team|staff|board))?|staff(?:\s+(?:writer|reporter|report))?|news(?:room|desk)?(?:\s+(?:staff|team|desk))?|redaktion|redaction|rédaction|la rédaction|redacción|redazione|redactie|redaktionen|author|autor|unknown|guest|gast|anonymous|anonym|webmaster|user|none|null|n/a|correspondent|contributor|reporter|writer|senior|follow|share|view|see|all|more|posts?|updated|published|kommentare|comments?|facebook|twitter|instagram)$|\b(?:cookies?|newsletter|subscribe|minutes?|hours?|ago|click|photo|getty|copyright)\b|©", RegexOptions.IgnoreCase)]
    private static partial Regex NoName();
}
