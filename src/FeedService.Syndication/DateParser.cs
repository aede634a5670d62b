namespace FeedService.Syndication;

/// <summary>A date that stands in a line of text.</summary>
/// <param name="Value">The instant; midnight where only a day is given, UTC where no zone is.</param>
/// <param name="Start">Where the date begins in the text, in UTF-16 units; a weekday or a time before it belongs to it.</param>
/// <param name="Length">How long it is, with the time and zone after it.</param>
/// <param name="HasTime">True where a time of day is given.</param>
public sealed record FoundDate(DateTimeOffset Value, int Start, int Length, bool HasTime);

/// <summary>Reads the dates that feeds, pages and people write.</summary>
public static class DateParser
{
    /// <summary>The longest machine date, in UTF-16 units; what is longer is not one.</summary>
    public const int MaxDateLength = 120;

    /// <summary>How much of a text <see cref="Find"/> looks at, in UTF-16 units.</summary>
    public const int MaxSearchLength = 4096;

    /// <summary>Reads a date that a program wrote.</summary>
    /// <param name="text">
    /// RFC 822 and 2822 with all zone names, two-digit years and single-digit days; RFC 3339, W3CDTF and ISO 8601 with its compact, week and
    /// ordinal forms; asctime; the forms of databases and of localized blog programs (<c>2004-05-25 오후 11:23:17</c>, <c>2004-július-13T9:15</c>);
    /// Unix time in seconds (10 digits) or milliseconds (13).
    /// </param>
    /// <returns>The instant in the zone that is given, UTC where there is none; null where the text is no date or the day does not exist.</returns>
    public static DateTimeOffset? Parse(string? text) => Parse(text.AsSpan());

    /// <inheritdoc cref="Parse(string?)"/>
    public static DateTimeOffset? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length is 0 or > MaxDateLength)
            return null;
        if (MachineDates.TryRfc3339(text, out var value) || MachineDates.TryRfc822(text, out value) || MachineDates.TryIso8601(text, out value))
            return value;
        if (!text.ContainsAnyInRange('0', '9') && !text.ContainsAnyExceptInRange('\0', '\x7f'))
            return null;

        Span<DateToken> tokens = stackalloc DateToken[MaxDateLength];
        var scanner = new DateScanner(text, DateToken.Split(text, tokens), isMachine: true, monthFirst: null, language: null);
        return scanner.Find() is { } found && !scanner.HasNumberOutside(found.Start, found.Start + found.Length) ? found.Value : null;
    }

    /// <summary>Finds the first date that is written for people.</summary>
    /// <param name="text">A line of text; only its first <see cref="MaxSearchLength"/> units are looked at.</param>
    /// <param name="monthFirst">
    /// How <c>08/12/2025</c> is meant where both readings are days: true for the 12th of August, false for the 8th of December; null asks the
    /// language (<c>en-US</c> and its kin put the month first), then takes the day first. An <c>am</c> or <c>pm</c> after it counts as American.
    /// </param>
    /// <param name="language">An RFC 5646 tag of the text, for names that mean different months in different languages; null where unknown.</param>
    /// <returns>The date with its place in the text; null where there is none. Years from 1900 to 2100 count; relative dates (<c>yesterday</c>) do not.</returns>
    public static FoundDate? Find(string? text, bool? monthFirst = null, string? language = null)
    {
        var line = text.AsSpan();
        if (line.Length > MaxSearchLength)
            line = line[..MaxSearchLength];
        if (!line.ContainsAnyInRange('0', '9') && !line.ContainsAnyExceptInRange('\0', '\u02FF'))
            return null;
        var tokens = line.Length <= 256 ? stackalloc DateToken[line.Length] : new DateToken[line.Length];
        var scanner = new DateScanner(line, DateToken.Split(line, tokens), isMachine: false, monthFirst ?? MonthFirst(language), language);
        return scanner.Find();
    }

    private static bool? MonthFirst(string? language) =>
        language is not null && (language.Equals("en-US", StringComparison.OrdinalIgnoreCase) || language.Equals("en_US", StringComparison.OrdinalIgnoreCase)
            || language.Equals("en-PH", StringComparison.OrdinalIgnoreCase)) ? true : null;
}
