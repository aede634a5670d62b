using System.Globalization;

namespace FeedService.Syndication;

/// <summary>The dates that programs write by a standard, read without a detour: nearly all that feeds carry.</summary>
internal static class MachineDates
{
    /// <summary>RFC 3339, 5.6: <c>2025-12-08T10:00:00.5+01:00</c>; a space for the T and a missing zone pass.</summary>
    public static bool TryRfc3339(ReadOnlySpan<char> s, out DateTimeOffset value)
    {
        value = default;
        if (s.Length < 19 || s[4] != '-' || s[7] != '-' || s[10] is not ('T' or 't' or ' ') || s[13] != ':' || s[16] != ':'
            || !Digits(s[..4], out var year) || !Digits(s[5..7], out var month) || !Digits(s[8..10], out var day)
            || !Digits(s[11..13], out var hour) || !Digits(s[14..16], out var minute) || !Digits(s[17..19], out var second))
            return false;
        var rest = s[19..];
        return Fraction(ref rest, out var ticks) && Zone(rest, out var zone) && Make(year, month, day, hour, minute, second, ticks, zone, out value);
    }

    /// <summary>RFC 2822, 3.3 and 4.3: <c>Mon, 08 Dec 2025 10:00:00 +0100</c>, with English names.</summary>
    public static bool TryRfc822(ReadOnlySpan<char> s, out DateTimeOffset value)
    {
        value = default;
        var comma = s.IndexOf(',');
        if (comma is > 0 and < 10)
            s = s[(comma + 1)..].TrimStart();
        if (!Take(ref s, 1, 2, out var day) || !TakeSpace(ref s) || s.Length < 4 || Month(s) is not (> 0 and var month))
            return false;
        s = s[3..];
        if (!TakeSpace(ref s) || !Take(ref s, 4, 4, out var year) || !TakeSpace(ref s) || !Take(ref s, 1, 2, out var hour) || !TakeColon(ref s)
            || !Take(ref s, 2, 2, out var minute))
            return false;
        var second = 0;
        if (TakeColon(ref s) && !Take(ref s, 2, 2, out second))
            return false;
        return Zone(s.TrimStart(), out var zone) && Make(year, month, day, hour, minute, second, 0, zone, out value);
    }

    /// <summary>ISO 8601: the extended and the compact forms of calendar, week and ordinal dates, with or without a time; Unix time.</summary>
    public static bool TryIso8601(ReadOnlySpan<char> s, out DateTimeOffset value)
    {
        value = default;
        if (!s.ContainsAnyExceptInRange('0', '9'))
            return TryDigits(s, out value);
        var rest = s;
        if (!Take(ref rest, 4, 4, out var year) && (rest = s).Length > 0 && !TakeCompactYear(ref rest, out year))
            return false;
        var t = rest.IndexOfAny("Tt ");
        var date = t < 0 ? rest : rest[..t];
        var time = t < 0 ? [] : rest[(t + 1)..].TrimStart();
        // A zone may stand right after the day: 2003-12-31Z.
        if (t < 0 && date.EndsWith("Z", StringComparison.OrdinalIgnoreCase))
            date = date[..^1];
        if (!TryDay(year, date, out var day))
            return false;
        if (time.IsEmpty)
            return Make(day.Year, day.Month, day.Day, 0, 0, 0, 0, TimeSpan.Zero, out value);
        if (!Take(ref time, 1, 2, out var hour))
            return false;
        int minute = 0, second = 0;
        var colon = TakeColon(ref time);
        if (Take(ref time, colon ? 1 : 2, 2, out minute) && (TakeColon(ref time) || !colon))
            Take(ref time, colon ? 1 : 2, 2, out second);
        return Fraction(ref time, out var ticks) && Zone(time.TrimStart(), out var zone) && Make(day.Year, day.Month, day.Day, hour, minute, second, ticks, zone, out value);
    }

    /// <summary>A moment, where there is such a day; 24:00 is the next day's midnight and a leap second the last one before it.</summary>
    public static bool Make(int year, int month, int day, int hour, int minute, int second, long ticks, TimeSpan zone, out DateTimeOffset value)
    {
        value = default;
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 24 || hour == 24 && (minute | second) != 0 || minute is < 0 or > 59 || second is < 0 or > 60 || zone.Duration() > TimeSpan.FromHours(14))
            return false;
        var local = new DateTime(year, month, day).AddHours(hour).AddMinutes(minute).AddSeconds(Math.Min(second, 59)).AddTicks(ticks);
        if (year < 2 && local.Ticks < TimeSpan.TicksPerDay)
            return false;
        value = new DateTimeOffset(local, zone);
        return true;
    }

    /// <summary>RFC 2822, 4.3: 00 to 49 are of this century, 50 to 99 of the last, and three digits count from 1900.</summary>
    public static int FullYear(int year, int digits) => digits switch { 2 => year < 50 ? 2000 + year : 1900 + year, 3 => 1900 + year, _ => year };

    /// <summary>Z, an offset, a zone's name, both, or nothing; a comment in brackets after it is of no weight.</summary>
    public static bool Zone(ReadOnlySpan<char> s, out TimeSpan zone)
    {
        zone = TimeSpan.Zero;
        if (s.IndexOf('(') is > 0 and var comment)
            s = s[..comment];
        s = s.Trim();
        if (s.IsEmpty || s is "Z" or "z" or "GMT" or "+0000")
            return true;
        if (char.IsAsciiLetter(s[0]))
        {
            var length = s.IndexOfAnyExcept(DateNames.AsciiLetters);
            var name = length < 0 ? s : s[..length];
            if (!DateNames.TryZone(name, out zone))
                return false;
            if (length < 0)
                return true;
            // "GMT+2" and "UTC +0200": the offset is what is meant.
            s = s[length..].TrimStart();
        }
        return Offset(s, out zone);
    }

    private static bool Offset(ReadOnlySpan<char> s, out TimeSpan zone)
    {
        zone = TimeSpan.Zero;
        var negative = s.Length > 0 && s[0] is '-' or '\u2212';
        if (s.Length < 2 || !negative && s[0] != '+')
            return false;
        s = s[1..].TrimStart();
        if (!Take(ref s, 1, 2, out var hours))
            return false;
        TakeColon(ref s);
        var minutes = 0;
        if (!s.IsEmpty && char.IsAsciiDigit(s[0]) && !Take(ref s, 2, 2, out minutes) || minutes > 59 || hours > 14)
            return false;
        // A name after the offset repeats it: "-0500 EST".
        if (s.TrimStart().ContainsAnyExcept(DateNames.AsciiLetters))
            return false;
        zone = TimeSpan.FromMinutes(hours * 60 + minutes);
        if (negative)
            zone = -zone;
        return zone.Duration() <= TimeSpan.FromHours(14);
    }

    private static bool TryDigits(ReadOnlySpan<char> s, out DateTimeOffset value)
    {
        value = default;
        switch (s.Length)
        {
            case 4:
                return Make(Number(s), 1, 1, 0, 0, 0, 0, TimeSpan.Zero, out value);
            case 7:
                return TryDay(Number(s[..4]), s[4..], out var ordinal) && Make(ordinal.Year, ordinal.Month, ordinal.Day, 0, 0, 0, 0, TimeSpan.Zero, out value);
            case 8 or 12 or 14:
                return Make(Number(s[..4]), Number(s[4..6]), Number(s[6..8]), s.Length > 8 ? Number(s[8..10]) : 0, s.Length > 8 ? Number(s[10..12]) : 0,
                    s.Length > 12 ? Number(s[12..14]) : 0, 0, TimeSpan.Zero, out value);
            case 6:
                return Make(FullYear(Number(s[..2]), 2), Number(s[2..4]), Number(s[4..6]), 0, 0, 0, 0, TimeSpan.Zero, out value);
            case 10 or 13:
                var unix = long.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture);
                value = s.Length == 10 ? DateTimeOffset.FromUnixTimeSeconds(unix) : DateTimeOffset.FromUnixTimeMilliseconds(unix);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What follows the year: nothing, a month, month and day, a day of the year, or a week with its day.</summary>
    private static bool TryDay(int year, ReadOnlySpan<char> s, out DateTime day)
    {
        day = default;
        if (year is < 1 or > 9998)
            return false;
        if (s.IsEmpty)
        {
            day = new DateTime(year, 1, 1);
            return true;
        }
        var dash = s[0] == '-';
        if (dash)
            s = s[1..];
        if (s.Length > 0 && s[0] is 'W' or 'w')
        {
            s = s[1..];
            if (!Take(ref s, 2, 2, out var week) || week is < 1 or > 53)
                return false;
            var weekday = s.Length > 0 && s[0] == '-' ? s[1..] : s;
            if (weekday.Length > 1 || weekday.Length == 1 && weekday[0] is < '1' or > '7')
                return false;
            day = ISOWeek.ToDateTime(year, week, weekday.Length == 0 ? DayOfWeek.Monday : (DayOfWeek)((weekday[0] - '0') % 7));
            return true;
        }
        if (s.Length == 3 && Digits(s, out var ordinal))
        {
            if (ordinal < 1 || ordinal > (DateTime.IsLeapYear(year) ? 366 : 365))
                return false;
            day = new DateTime(year, 1, 1).AddDays(ordinal - 1);
            return true;
        }
        if (!Take(ref s, dash ? 1 : 2, 2, out var month) || month is < 1 or > 12)
            return false;
        var dayOfMonth = 1;
        if (!s.IsEmpty)
        {
            if (s[0] == '-')
                s = s[1..];
            if (!Take(ref s, 1, 2, out dayOfMonth) || !s.IsEmpty || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
                return false;
        }
        day = new DateTime(year, month, dayOfMonth);
        return true;
    }

    /// <summary>The first four of a run of digits (<c>20251208T</c>), or the two of <c>03-12-31</c>.</summary>
    private static bool TakeCompactYear(ref ReadOnlySpan<char> s, out int year)
    {
        year = 0;
        var digits = s.IndexOfAnyExceptInRange('0', '9');
        if (digits is 7 or 8)
        {
            year = Number(s[..4]);
            s = s[4..];
            return true;
        }
        if (digits != 2 || s.Length < 8 || s[2] != '-' || s[5] != '-' || s.Length > 8 && char.IsAsciiDigit(s[8]))
            return false;
        year = FullYear(Number(s[..2]), 2);
        s = s[2..];
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<char> s, out long ticks)
    {
        ticks = 0;
        if (s.IsEmpty || s[0] is not ('.' or ','))
            return true;
        s = s[1..];
        var unit = TimeSpan.TicksPerSecond / 10;
        var count = 0;
        for (; count < s.Length && char.IsAsciiDigit(s[count]); count++, unit /= 10)
            ticks += (s[count] - '0') * unit;
        s = s[count..];
        return count > 0;
    }

    private static bool Take(ref ReadOnlySpan<char> s, int min, int max, out int number)
    {
        var count = 0;
        number = 0;
        while (count < s.Length && char.IsAsciiDigit(s[count]))
        {
            if (count < max)
                number = number * 10 + s[count] - '0';
            else if (min == max && max == 4)
                return false;
            else
                break;
            count++;
        }
        if (count < min)
            return false;
        s = s[count..];
        return true;
    }

    private static bool TakeColon(ref ReadOnlySpan<char> s)
    {
        if (s.IsEmpty || s[0] != ':')
            return false;
        s = s[1..];
        return true;
    }

    private static bool TakeSpace(ref ReadOnlySpan<char> s)
    {
        if (s.IsEmpty || s[0] is not (' ' or '-'))
            return false;
        s = s[1..].TrimStart(' ');
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> s, out int number)
    {
        number = 0;
        foreach (var c in s)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = number * 10 + c - '0';
        }
        return true;
    }

    private static int Number(ReadOnlySpan<char> s) => Digits(s, out var number) ? number : 0;

    private static int Month(ReadOnlySpan<char> s) => ((s[0] | 0x20) << 16 | (s[1] | 0x20) << 8 | s[2] | 0x20) switch
    {
        'j' << 16 | 'a' << 8 | 'n' => 1,
        'f' << 16 | 'e' << 8 | 'b' => 2,
        'm' << 16 | 'a' << 8 | 'r' => 3,
        'a' << 16 | 'p' << 8 | 'r' => 4,
        'm' << 16 | 'a' << 8 | 'y' => 5,
        'j' << 16 | 'u' << 8 | 'n' => 6,
        'j' << 16 | 'u' << 8 | 'l' => 7,
        'a' << 16 | 'u' << 8 | 'g' => 8,
        's' << 16 | 'e' << 8 | 'p' => 9,
        'o' << 16 | 'c' << 8 | 't' => 10,
        'n' << 16 | 'o' << 8 | 'v' => 11,
        'd' << 16 | 'e' << 8 | 'c' => 12,
        _ => 0,
    };
}
