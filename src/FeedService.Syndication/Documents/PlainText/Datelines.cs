using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Reads when an article came out from the lines below its headline.</summary>
internal static partial class Datelines
{
    private const int MaxLine = 160;
    private const int MaxDatesInLine = 3;

    [GeneratedRegex(@"updated|modified|revised|aktualisiert|geändert|mis à jour|mise à jour|modifié|actualizad|actualización|aggiornat|atualizad|bijgewerkt|uppdatera|oppdatert|opdateret|päivitetty|aktualiz|zaktualiz|обновлен|изменен|оновлен|актуализ|güncelle|تحديث|עודכן|अपडेट|更新|수정|diperbarui|cập nhật|actualizat|frissít|ενημ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UpdateWords();

    [GeneratedRegex(@"\A\p{Lu}[\p{L}\p{M}'’. -]{1,40}(?:,\s\p{Lu}[\p{L}\p{M}'’. ]{1,30}?)?\s?(?:\([^()]{1,30}\)\s?)?[,—–-]\s?(?<date>[^—–:()]{6,30}?)\s?(?:\([^()]{1,30}\)\s?)?(?:[—–:]|\s-)\s", RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    // Pages set name, date and time apart with space alone, which a saved text has lost.
    [GeneratedRegex(@"(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Ll})(?=\d)|(?<=[./,\s](?:19|20)\d\d)(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Seams();

    /// <summary>True for a short line with a date in it.</summary>
    public static bool Is(string line) => line.Length <= MaxLine && Find(ref line) is not null;

    /// <summary>The first date in a line; the line comes back with the spaces that it had to be given.</summary>
    public static FoundDate? Find(ref string line)
    {
        if (DateParser.Find(line) is { } date) return date;
        if (line.Length > MaxLine || !line.AsSpan().ContainsAnyInRange('0', '9')) return null;
        var spaced = Seams().Replace(line, " ");
        if (DateParser.Find(spaced) is not { } found) return null;
        line = spaced;
        return found;
    }

    /// <summary>The day that a paragraph opens with, behind the place that was written from: <c>HAMBURG, 3 March 2026 – It rained.</c> Null where it does not.</summary>
    public static DateTimeOffset? OpeningOf(string paragraph)
    {
        if (Opening().Match(paragraph) is not { Success: true } match || match.Groups["date"].Value is var text && DateParser.Find(text) is not { } date) return null;
        return date.Start == 0 && date.Length == text.Length ? date.Value : null;
    }

    /// <summary>The day it came out, else the day it was last changed.</summary>
    public static DateTimeOffset? Read(IEnumerable<string> lines)
    {
        DateTimeOffset? updated = null;
        foreach (var line in lines.Where(line => line.Length <= MaxLine))
        {
            var rest = line;
            for (var n = 0; n < MaxDatesInLine && Find(ref rest) is { } found; n++)
            {
                if (!UpdateWords().IsMatch(rest.AsSpan(0, found.Start))) return found.Value;
                updated ??= found.Value;
                rest = rest[(found.Start + found.Length)..];
            }
        }
        return updated;
    }
}
