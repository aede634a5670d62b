namespace FeedService.Syndication;

/// <summary>Tries at each word of a line whether a date begins there, in the orders and with the small words that languages have.</summary>
/// <param name="text">The line.</param>
/// <param name="tokens">Its words, numbers and marks.</param>
/// <param name="isMachine">True where the whole text should be a date: two-digit years and zones in lower case count then.</param>
/// <param name="monthFirst">How 08/12 is meant; null where unknown.</param>
/// <param name="language">The text's language; null where unknown.</param>
internal readonly ref partial struct DateScanner(ReadOnlySpan<char> text, ReadOnlySpan<DateToken> tokens, bool isMachine, bool? monthFirst, string? language)
{
    private const int EarliestYear = 1900;
    private const int LatestYear = 2100;
    private const int MaxTokensBetweenDateAndTime = 6;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly ReadOnlySpan<DateToken> _tokens = tokens;

    private readonly record struct Day(int Year, int Month, int DayOfMonth, bool IsAmbiguous, int Next, Time Within = default);

    private readonly record struct Time(int Hour, int Minute, int Second, long Ticks, TimeSpan Zone, bool IsTwelveHour, int Next);

    public FoundDate? Find()
    {
        for (var i = 0; i < _tokens.Length; i++)
        {
            if (!TryDay(i, out var day))
                continue;
            var first = i;
            var next = day.Next;
            var time = day.Within;
            if (time.Next > 0)
                next = day.Next;
            else if (TryTimeAfter(day.Next, out time))
                next = time.Next;
            else if (TryTimeBefore(i, out time, out var timeStart))
                first = timeStart;
            else
                time = default;
            var hasTime = time.Next > 0;
            if (day.IsAmbiguous && (monthFirst ?? time.IsTwelveHour))
                day = day with { Month = day.DayOfMonth, DayOfMonth = day.Month };
            if (!MachineDates.Make(day.Year, day.Month, day.DayOfMonth, time.Hour, time.Minute, time.Second, time.Ticks, time.Zone, out var value))
                continue;
            while (first > 0 && (IsWeekday(first - 1) || first > 1 && IsMark(first - 1, ",.") && IsWeekday(first - 2)))
                first--;
            var start = _tokens[first].Start;
            return new FoundDate(value, start, _tokens[next - 1].End - start, hasTime);
        }
        return null;
    }

    /// <summary>True where digits are left over before or behind a date: what was found is then but a part of something else.</summary>
    public bool HasNumberOutside(int start, int end)
    {
        foreach (var token in _tokens)
            if (token.Kind == DateTokenKind.Number && (token.Start < start || token.Start >= end))
                return true;
        return false;
    }

    private bool TryDay(int i, out Day day)
    {
        day = default;
        var token = _tokens[i];
        if (token.Kind == DateTokenKind.Mark || i > 0 && token.Kind == DateTokenKind.Number && _tokens[i - 1].End == token.Start && (IsMark(i - 1, "./-") || IsMark(i - 1, ":")) && i > 1
            && _tokens[i - 2].Kind == DateTokenKind.Number && _tokens[i - 2].End == _tokens[i - 1].Start)
            return false;
        if (token.Kind == DateTokenKind.Word)
            return TryMonthFirst(i, out day);
        return token.Length == 4 && IsYear(token, out _) && TryYearFirst(i, out day)
            || token.Length <= 2 && (TryNumeric(i, out day) || TryDayFirst(i, out day));
    }

    /// <summary>December 8th, 2025; asctime's Dec 8 10:00:00 UTC 2025 where a program wrote it.</summary>
    private bool TryMonthFirst(int i, out Day day)
    {
        day = default;
        var month = DateNames.Month(Word(i), language);
        if (month == 0)
            return false;
        var at = Skip(i + 1, ".", 1);
        at = SkipConnectors(at, 1);
        if (!IsNumber(at, 1, 2))
            return false;
        var dayOfMonth = _tokens[at].Value;
        var year = Skip(SkipConnectors(at + 1, 2), ",.،", 2);
        year = SkipConnectors(year, 1);
        if (TryYear(year, out var value))
        {
            day = new Day(value, month, dayOfMonth, false, year + 1);
            return true;
        }
        if (!isMachine || !TryTime(at + 1, out var time) || !TryYear(time.Next, out value))
            return false;
        day = new Day(value, month, dayOfMonth, false, time.Next + 1, time);
        return true;
    }

    /// <summary>8. Dezember 2025, 8 de diciembre de 2025, 8 tháng 12 năm 2025, the 8th of December.</summary>
    private bool TryDayFirst(int i, out Day day)
    {
        day = default;
        var at = Skip(i + 1, ".ºª-/", 2);
        at = Skip(SkipConnectors(at, 2), ".'’-", 1);
        if (!IsWord(at))
            return false;
        var month = DateNames.Month(Word(at), language);
        if (month == 0 && Word(at).Equals("tháng", StringComparison.OrdinalIgnoreCase) && IsNumber(at + 1, 1, 2))
            month = _tokens[++at].Value;
        if (month is 0 or > 12)
            return false;
        var year = Skip(at + 1, ".,-/،'’", 2);
        year = Skip(SkipConnectors(year, 2), ".,", 1);
        if (!TryYear(year, out var value))
            return false;
        day = new Day(value, month, _tokens[i].Value, false, SkipYearWord(year + 1));
        return true;
    }

    /// <summary>2025-12-08, 2025/12/8, 2025. 12. 8., 2025年12月8日, 2025년 12월 8일, 2025. december 8., 2025. gada 8. decembris.</summary>
    private bool TryYearFirst(int i, out Day day)
    {
        day = default;
        IsYear(_tokens[i], out var year);
        var at = i + 1;
        if (IsWord(at) && Word(at) is "年" or "년")
        {
            if (!IsNumber(at + 1, 1, 2) || !IsWord(at + 2) || Word(at + 2) is not ("月" or "월") || !IsNumber(at + 3, 1, 2))
                return false;
            var end = at + 4;
            if (IsWord(end) && Word(end) is "日" or "号" or "號" or "일")
                end++;
            day = new Day(year, _tokens[at + 1].Value, _tokens[at + 3].Value, false, end);
            return true;
        }
        if (IsMark(at, "-/.") && IsNumber(at + 1, 1, 2) && IsSame(at, at + 2) && IsNumber(at + 3, 1, 2))
        {
            var end = at + 4;
            if (IsMark(end, ".") && _text[_tokens[at].Start] == '.')
                end++;
            day = new Day(year, _tokens[at + 1].Value, _tokens[at + 3].Value, false, end);
            return true;
        }
        at = SkipConnectors(Skip(at, "-.,/", 1), 1);
        at = Skip(at, ".", 1);
        if (IsNumber(at, 1, 2))
        {
            var name = SkipConnectors(Skip(at + 1, ".-/ ", 1), 1);
            if (!IsWord(name) || DateNames.Month(Word(name), language) is not (> 0 and var named))
                return false;
            day = new Day(year, named, _tokens[at].Value, false, name + 1);
            return true;
        }
        if (!IsWord(at) || DateNames.Month(Word(at), language) is not (> 0 and var month))
            return false;
        var number = Skip(at + 1, ".-/", 1);
        if (!IsNumber(number, 1, 2))
            return false;
        day = new Day(year, month, _tokens[number].Value, false, Skip(number + 1, ".", 1));
        return true;
    }

    /// <summary>08.12.2025, 8/12/2025, 8-12-2025; with a two-digit year only where both others have two digits or a program wrote it.</summary>
    private bool TryNumeric(int i, out Day day)
    {
        day = default;
        if (!IsMark(i + 1, "./-") || !IsNumber(i + 2, 1, 2) || !IsSame(i + 1, i + 3) || i + 4 >= _tokens.Length)
            return false;
        var last = _tokens[i + 4];
        if (last.Kind != DateTokenKind.Number || IsMark(i + 5, "./-") && IsNumber(i + 6, 1, 9) && _tokens[i + 5].Start == last.End && _tokens[i + 6].Start == _tokens[i + 5].End)
            return false;
        int year;
        if (last.Length == 2 && (isMachine || _tokens[i].Length == 2 && _tokens[i + 2].Length == 2))
            year = MachineDates.FullYear(last.Value, 2);
        else if (last.Length != 4 || !IsYear(last, out year))
            return false;
        int first = _tokens[i].Value, second = _tokens[i + 2].Value;
        // Only slashes are also written with the month in front; a dash only in front of a year in full.
        var maySwap = _text[_tokens[i + 1].Start] != '.';
        if (first > 12 || !maySwap && second <= 12)
            day = new Day(year, second, first, false, i + 5);
        else if (second > 12)
            day = new Day(year, first, second, false, i + 5);
        else
            day = new Day(year, second, first, true, i + 5);
        return day.Month is >= 1 and <= 12;
    }

    private bool TryYear(int i, out int year)
    {
        year = 0;
        if (i >= _tokens.Length)
            return false;
        var token = _tokens[i];
        if (token.IsNumber(4, 4))
            return IsYear(token, out year);
        // '25 and, where a program wrote it, 25; a colon after it says that it is an hour.
        if (!token.IsNumber(2, 3) || IsMark(i + 1, ":") || !isMachine && (token.Length != 2 || i == 0 || !IsMark(i - 1, "'’")))
            return false;
        year = MachineDates.FullYear(token.Value, token.Length);
        return true;
    }

    /// <summary>A year in full; one of the Buddhist era counts as its Gregorian one.</summary>
    private bool IsYear(DateToken token, out int year)
    {
        year = token.Value;
        if (!token.IsNumber(4, 4))
            return false;
        if (year is >= 2443 and <= 2643)
            year -= 543;
        return isMachine ? year >= 1 : year is >= EarliestYear and <= LatestYear;
    }

    private bool IsHourMark(int at) =>
        IsMark(at, ":.") || IsWord(at) && (Word(at) is "時" or "时" or "点" or "點" or "시" || EqualsIgnoringCase(at, "h") || EqualsIgnoringCase(at, "u"));

    private int SkipConnectors(int at, int max)
    {
        for (; max > 0 && IsWord(at) && DateNames.IsConnector(Word(at)); max--)
        {
            // A month's name may be a small word elsewhere.
            at = Skip(at + 1, ".'’", 1);
        }
        return at;
    }

    private int SkipYearWord(int at) => IsWord(at) && Word(at) is "г" or "года" or "року" ? Skip(at + 1, ".", 1) : at;

    private int Skip(int at, ReadOnlySpan<char> marks, int max)
    {
        while (max-- > 0 && IsMark(at, marks))
            at++;
        return at;
    }

    private bool IsMark(int i, ReadOnlySpan<char> marks) => i >= 0 && i < _tokens.Length && _tokens[i].Kind == DateTokenKind.Mark && marks.Contains(_text[_tokens[i].Start]);

    private bool IsSame(int a, int b) => b < _tokens.Length && _tokens[b].Kind == DateTokenKind.Mark && _text[_tokens[a].Start] == _text[_tokens[b].Start];

    private bool IsNumber(int i, int minDigits, int maxDigits) => i < _tokens.Length && _tokens[i].IsNumber(minDigits, maxDigits);

    private bool IsWord(int i) => i < _tokens.Length && _tokens[i].Kind == DateTokenKind.Word;

    private bool IsWeekday(int i) => i >= 0 && IsWord(i) && DateNames.IsWeekday(Word(i));

    private bool EqualsIgnoringCase(int i, string word) => Word(i).Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsUpperCase(ReadOnlySpan<char> word) => !word.ContainsAnyExceptInRange('A', 'Z');

    private ReadOnlySpan<char> Word(int i) => _text.Slice(_tokens[i].Start, _tokens[i].Length);
}
