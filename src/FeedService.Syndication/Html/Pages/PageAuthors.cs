using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Who wrote it: the first place that names people, from the most explicit to the least.</summary>
internal static partial class PageAuthors
{
    private const int MaxAuthors = 20;
    private const string Organization = "JSON-LD author, an organization";
    private const int MaxBylineLength = 200;

    /// <summary>More links to authors than this lead to those of other articles.</summary>
    private const int MaxRelated = 3;

    internal static Found<IReadOnlyList<Person>> Find(PageMetadata page)
    {
        var sites = PageTitle.SiteNames(page);
        var sources = Sources(page).ToList();
        // People first; where nobody is named, an editorial staff or the site itself.
        foreach (var anyName in new[] { false, true })
        {
            foreach (var (origin, raw) in sources.Where(source => anyName ? source.Origin is "JSON-LD author" or Organization or "author" or "article:author" or "microdata author" or "byline" : source.Origin != Organization))
            {
                var people = raw.SelectMany(person => Split(person.Name).Select(name => person with { Name = name }))
                    .Where(person => IsName(person.Name, anyName ? [] : sites, anyName))
                    .DistinctBy(person => PageTitle.Key(person.Name))
                    .Take(MaxAuthors)
                    .Select(person => person with { Url = page.Resolve(person.Url), Email = null, Avatar = null })
                    .ToList();
                if (people.Count > 0)
                    return new Found<IReadOnlyList<Person>>(people, origin);
            }
        }

        return new Found<IReadOnlyList<Person>>([], "");
    }

    private static IEnumerable<(string Origin, List<Person> People)> Sources(PageMetadata page)
    {
        yield return ("JSON-LD author", [.. page.Ld.Authors]);
        yield return (Organization, [.. page.Ld.Organizations]);
        foreach (var name in new[] { "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.contributor", "byl", "cxenseparse:author", "citation_author", "vr:author", "og:article:author", "book:author" })
            yield return (name, [.. page.MetaAll(name).Select(value => new Person(value))]);
        yield return ("microdata author", [.. Marked(page, m => m.GetAttribute("itemprop") is "author" or "creator", NameOf)]);
        var related = Marked(page, m => PageMetadata.Rel(m, "author"), m => m.TextContent).ToList();
        yield return ("rel=author", related.DistinctBy(p => p.Name).Count() > MaxRelated ? related[..1] : related);
        foreach (var marked in page.Marked.Where(m => AuthorName().IsMatch(PageNames.Of(m)) && !InComments(m)))
        {
            var text = Separated(marked);
            if (text.Length is > 0 and <= MaxBylineLength)
                yield return ("byline", [new Person(text)]);
        }

        foreach (var block in page.Blocks)
        {
            if (block.TextContent.Length < MaxBylineLength && page.IsNearHeadline(block) && Byline().Match(PageTags.Text(block)) is { Success: true } match)
                yield return ("byline in the text", [new Person(match.Groups[1].Value)]);
        }
    }

    /// <summary>The text of an element, with a bar where one part of it ends and another begins.</summary>
    private static string Separated(IElement element)
    {
        var parts = element.Descendants<IText>().Where(t => !string.IsNullOrWhiteSpace(t.Data) && t.ParentElement is not { LocalName: "script" or "style" }).ToList();
        var text = new System.Text.StringBuilder();
        foreach (var part in parts)
        {
            if (text.Length > 0 && !char.IsWhiteSpace(text[^1]) && !char.IsWhiteSpace(part.Data[0]))
                text.Append(" | ");
            text.Append(part.Data);
        }

        return PageTags.Collapse(text.ToString());
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
        var text = PageTags.Collapse(byline.Contains('&', StringComparison.Ordinal) && byline.Contains(';', StringComparison.Ordinal) ? HtmlText.ToPlainText(byline) : byline);
        if (text.Length is 0 or > MaxBylineLength || text.Contains("://", StringComparison.Ordinal))
            return [];
        text = Opening().Replace(text, "");
        text = Parenthesis().Replace(text, " ");
        text = Address().Replace(text, " ");
        if (DateParser.Find(text) is { } date)
            text = text[..date.Start];
        return Between().Split(text).Select(part => Role().Replace(Opening().Replace(PageTags.Collapse(part), ""), "").Trim(' ', '.', ',', ':', '-', '–', '—', '|', '•', '·', '*')).Where(part => part.Length > 0);
    }

    private static bool IsName(string name, HashSet<string> sites, bool anyName)
    {
        if (name.Length is < 2 or > 60 || name.Any(char.IsAsciiDigit) || name.Count(c => c == ' ') > 5 || sites.Contains(PageTitle.Key(name)))
            return false;
        return char.IsLetter(name[0]) && !NoAuthor().IsMatch(name) && (anyName || !NoPerson().IsMatch(name));
    }

    [GeneratedRegex(@"(?:^|[\s_-])(?:author\w*|by-?line\w*|autor\w*|auteur|autore|skribent|redakteur|writer|reporter|contributor|posted-?by|vcard|fn)(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex AuthorName();

    [GeneratedRegex(@"^(?:(?:written|posted|published|reported|story|words|text|article|report|review|analysis|erstellt|geschrieben|publiziert|ein beitrag|ein gastbeitrag|interview)\s+)?(?:by|von|vom|par|por|di|door|av|af|autor(?:in)?|author|auteur|autore|text|texte?|interview|redaktion|about the author)\b\s*:?\s*\|?\s+|^(?-i:By|BY|Von|VON|Par|Por)(?=(?-i:\p{Lu})\p{L})|^(?:by|von|autor(?:in)?|author|text|interview)\s*:\s*|^(?:от|автор|作者|文|記者|記事)\s*[:：]?\s*|^(?:zeige alle beiträge von|view all posts by|all posts by|posts by)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Opening();

    /// <summary>A line that names somebody after a word that says so.</summary>
    [GeneratedRegex(@"^(?:(?:[Ww]ritten |[Pp]osted )?[Bb][Yy]|[Vv][Oo][Nn]|[Pp][Aa][Rr]|[Pp][Oo][Rr]|Text|Autor(?:in)?|Author|Auteur|Redakteur(?:in)?|Foto und Text|Text und Fotos?)\s*:?\s+((?:(?:Dr\.|Prof\.|von|van|de|del|der|den|und|and|et|y|[A-Z]\.|\p{Lu}[\p{L}'’-]+),?\s*){2,8})(?:$|[|,•·–-]|\d)")]
    private static partial Regex Byline();

    [GeneratedRegex(@"\([^)]*\)|\[[^\]]*\]")]
    private static partial Regex Parenthesis();

    [GeneratedRegex(@"\S+@\S+|(?<!\w)@\w+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\s*(?:;|\||,|/|•|·|\band\b|\bund\b|\bet\b|\by\b|&|\be\b(?=\s+\p{Lu})|\n|、)\s*|\s+(?:for|on|in|at|–|—|-)\s+(?=\p{Lu})")]
    private static partial Regex Between();

    [GeneratedRegex(@"\s+(?:staff|senior|chief|political|health|science|sports?|business|technology|crime|education|world|national|news|contributing|guest|freelance)?\s*(?:writer|reporter|editor|correspondent|contributor|columnist|journalist|producer|redakteur(?:in)?|korrespondent(?:in)?|reporterin)$", RegexOptions.IgnoreCase)]
    private static partial Regex Role();

    /// <summary>Staffs and roles, which count only where no person is named.</summary>
    [GeneratedRegex(@"^(?:admin(?:istrator)?|editor(?:s|ial)?(?:\s+(?:team|staff|board))?|staff(?:\s+(?:writer|reporter|report))?|news(?:room|desk)?(?:\s+(?:staff|team|desk))?|redaktion|redaction|rédaction|la rédaction|redacción|redazione|redactie|redaktionen|guest|gast|webmaster|unknown|.{0,30}\s(?:redaktion|staff|staff reporter|editors|team|desk|bureau))$", RegexOptions.IgnoreCase)]
    private static partial Regex NoPerson();

    [GeneratedRegex(@"^(?:author|autor|anonymous|anonym|user|none|null|n/a|correspondent|contributor|reporter|writer|senior|follow|share|view|see|all|more|posts?|posted(?:\s.*)?|by|von|par|por|.{0,30}\sstand|updated|published|publiziert.*|veröffentlicht.*|erstellt.*|kommentare|comments?|facebook|twitter|instagram|afficher .*|zeige .*)$|\b(?:cookies?|newsletter|subscribe|minutes?|hours?|ago|click|photo|getty|copyright|says|edition)\b|©|→", RegexOptions.IgnoreCase)]
    private static partial Regex NoAuthor();
}
