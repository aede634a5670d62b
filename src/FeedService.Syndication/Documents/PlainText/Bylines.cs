using System.Buffers;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Reads who wrote an article from a line such as <c>By Ann Lee and Bo Kay</c>.</summary>
internal static partial class Bylines
{
    private const int MaxLine = 160;

    private static readonly SearchValues<char> Ends = SearchValues.Create("|·•⋅–—(");

    [GeneratedRegex(@"\A(?:written\s+by|posted\s+by|published\s+by|words\s+by|story\s+by|text\s+by|reported\s+by|article\s+by|by|author|authors|von|ein\s+beitrag\s+von|kommentar\s+von|par|por|di|a\s+cura\s+di|av|af|door|autor|autorin|autorzy|auteur|auteurs|autore|text|författare|skribent|forfatter|kirjoittaja|автор|авторы|автори|текст|yazar|yazan|penulis|oleh|tác\s+giả|szerző|συντάκτης|του|γράφει\s+ο|بقلم|كتب|מאת|लेखक|作者|記者|文|執筆|著者|기자)\s*[:：|]?\s+(?<names>\S.*)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"\s*(?:,|;|&|\s(?:and|und|et|y|e|ed|en|och|og|ja|i|a|и|та|ve|dan|và|és|și|και)\s)\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Separator();

    [GeneratedRegex(@"\A\p{Lu}[\p{L}\p{M}.'’\-]*(?:\s+(?:\p{Lu}[\p{L}\p{M}.'’\-]*|de|da|do|dos|van|von|der|den|di|del|della|la|le|el|al|bin|ibn|zu|ter|ten|af|y)){0,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    /// <returns>The names; none where the line is no byline.</returns>
    public static IReadOnlyList<string> Read(string line)
    {
        if (line.Length > MaxLine || Line().Match(line) is not { Success: true } match) return [];
        var names = match.Groups["names"].Value;
        if (DateParser.Find(names) is { } date) names = names[..date.Start];
        var cut = names.AsSpan().IndexOfAny(Ends);
        if (cut >= 0) names = names[..cut];
        return [.. Separator().Split(names).Select(name => name.Trim()).TakeWhile(name => Name().IsMatch(name))];
    }
}
