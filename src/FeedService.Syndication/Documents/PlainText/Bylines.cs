using System.Buffers;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Reads who wrote an article from a line such as <c>By Ann Lee and Bo Kay, 4 March 2025</c>.</summary>
internal static partial class Bylines
{
    private const int MaxLine = 160;

    private static readonly SearchValues<char> Ends = SearchValues.Create("|·•⋅∙–—(/@");

    [GeneratedRegex(@"(?:\A|[|•·⋅∙/,-]\s*|\s)(?:(?i:written\s+by|posted\s+by|published\s+by|words\s+by|story\s+by|text\s+by|reported\s+by|article\s+by|ein\s+beitrag\s+von|kommentar\s+von|eine\s+analyse\s+von|ein\s+bericht\s+von|a\s+cura\s+di|γράφει\s+ο)\s*[:：]?\s+|[Bb]y\s?(?=\p{Lu})|(?<=\A|[|•·⋅∙/,-]\s?)BY\s+)(?<names>\S.*)\z|\A(?i:by|author|authors|von|par|por|di|av|af|door|autor|autorin|autorzy|auteur|auteurs|autore|text|tekst|författare|skribent|forfatter|kirjoittaja|teksti|автор|авторы|автори|текст|yazar|yazan|penulis|oleh|tác\s+giả|szerző|συντάκτης|του|بقلم|كتب|מאת|लेखक|作者|記者|文|執筆|著者|글)(?:\s*[:：|]\s*|\s+)(?<names>\S.*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"\A(?i:by|written by|posted by|words by|author|authors|von|par|por|di|av|af|door|autor|autorin|auteur|autore|автор|yazar|oleh|penulis|tác giả|مأت|بقلم|מאת|作者|文|執筆)\s*[:：]?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    [GeneratedRegex(@"\s*(?:[,;&+]|\s(?:and|und|et|y|e|ed|en|och|og|ja|i|a|и|та|ve|dan|và|és|și|και)\s)\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Separator();

    [GeneratedRegex(@"\A\p{Lu}[\p{L}\p{M}.'’\-]*(?:\s+(?:\p{Lu}[\p{L}\p{M}.'’\-]*|de|da|do|dos|van|von|der|den|di|del|della|la|le|el|al|bin|ibn|zu|ter|ten|af|y)){0,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A\p{Lu}[\p{L}\p{M}'’\-]+(?:\s+(?:\p{Lu}\.|de|da|do|dos|van|von|der|den|di|del|della|la|le|el|al|bin|ibn|zu|ter|ten|af|y))*(?:\s+\p{Lu}[\p{Ll}\p{M}'’\-][\p{L}\p{M}'’\-]*){1,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?:\s|(?<=[a-z])(?-i:(?=[A-Z])))(?:in|for|on|at|updated|published|posted|last|aktualisiert|veröffentlicht|publié|publicado|pubblicato|publicerad|opublikowano|обновлено)(?:\s|:|\z)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex After();

    [GeneratedRegex(@"\A\p{Lu}{2,6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Degree();

    /// <returns>The names; none where the line is no byline.</returns>
    public static IReadOnlyList<string> Read(string line)
    {
        if (line.Length > MaxLine || Line().Match(line) is not { Success: true } match) return [];
        return Names(match.Groups["names"].Value);
    }

    /// <summary>True for a line that only announces the name below it: <c>By</c>.</summary>
    public static bool Announces(string line) => line.Length < 20 && Opening().IsMatch(line);

    /// <summary>A line that is a person's full name, perhaps with a date behind it; null for any other.</summary>
    public static string? FullNameOf(string line)
    {
        if (line.Length > 80) return null;
        var name = Cut(line);
        return FullName().IsMatch(name) ? name : null;
    }

    private static List<string> Names(string text)
    {
        var names = new List<string>();
        foreach (var part in Separator().Split(Cut(text)))
        {
            var name = part.Trim();
            // What stands behind a name in capitals is what its bearer has studied, or for whom they write.
            if (!Name().IsMatch(name) || names.Count > 0 && Degree().IsMatch(name)) break;
            names.Add(name);
        }
        return names;
    }

    private static string Cut(string text)
    {
        if (Datelines.Find(ref text) is { } date) text = text[..date.Start];
        if (text.AsSpan().IndexOfAny(Ends) is >= 0 and var end) text = text[..end];
        if (After().Match(text) is { Success: true } after) text = text[..after.Index];
        return text.Trim().TrimEnd(',', ':', '-').Trim();
    }
}
