namespace FeedService.Syndication;

/// <summary>Times of day, before or behind a date, with their zones.</summary>
internal readonly ref partial struct DateScanner
{
    /// <summary>A time that follows a date, behind a comma, a dash, a weekday or a word such as "um".</summary>
    private bool TryTimeAfter(int at, out Time time)
    {
        for (var i = at; i <= at + MaxTokensBetweenDateAndTime && i < _tokens.Length; i++)
        {
            if (TryTime(i, out time))
                return true;
            var token = _tokens[i];
            var mayLieBetween = token.Kind switch
            {
                DateTokenKind.Mark => IsMark(i, ",.-–—−|·•/@()[]:،、"),
                DateTokenKind.Word => IsWeekday(i) || DateNames.IsBeforeTime(Word(i)),
                _ => false,
            };
            if (!mayLieBetween)
                break;
        }
        time = default;
        return false;
    }

    private bool TryTimeBefore(int dayStart, out Time time, out int start)
    {
        for (start = Math.Max(0, dayStart - 12); start < dayStart; start++)
        {
            if (!TryTime(start, out time) || time.Next > dayStart)
                continue;
            var at = time.Next;
            while (at < dayStart && (IsMark(at, ",.-–—|·•/()") || IsWord(at) && (IsWeekday(at) || DateNames.IsBeforeTime(Word(at)) || DateNames.IsConnector(Word(at)))))
                at++;
            if (at == dayStart)
                return true;
        }
        time = default;
        return false;
    }

    /// <summary>15:30:00.5 CET, 3:15 pm, 3 p.m., 15h30, 15.30 Uhr, 15 Uhr, 下午3:15, 오후 3:15, 15時30分.</summary>
    private bool TryTime(int i, out Time time)
    {
        time = default;
        var half = TakeHalf(ref i);
        if (!IsNumber(i, 1, 2) && !(isMachine && IsNumber(i, 4, 4)) || i > 0 && IsMark(i - 1, ":") && i > 1 && _tokens[i - 2].Kind == DateTokenKind.Number)
            return false;
        var hour = _tokens[i].Value;
        int minute = 0, second = 0;
        long ticks = 0;
        var at = i + 1;
        var hasMinutes = false;
        if (IsNumber(i, 4, 4))
            (hour, minute, hasMinutes) = (hour / 100, hour % 100, true);
        else if (at + 1 < _tokens.Length && IsHourMark(at) && IsNumber(at + 1, 1, 2) && (IsNumber(at + 1, 2, 2) || isMachine || IsWord(at)))
        {
            minute = _tokens[at + 1].Value;
            var dot = IsMark(at, ".");
            // 8.12.2025: no time.
            if (dot && (IsMark(at + 2, ".") && IsNumber(at + 3, 1, 9) || _tokens[at].Start != _tokens[i].End || _tokens[at + 1].Start != _tokens[at].End))
                return false;
            hasMinutes = true;
            at += 2;
            if (IsWord(at) && Word(at) is "分" or "분" or "min" or "m" or "mn")
                at++;
            if ((IsMark(at, ":") || IsWord(at - 1)) && IsNumber(at + (IsMark(at, ":") ? 1 : 0), 1, 2))
            {
                at += IsMark(at, ":") ? 1 : 0;
                second = _tokens[at++].Value;
                if (IsMark(at, ".,") && at + 1 < _tokens.Length && _tokens[at + 1].Kind == DateTokenKind.Number && _tokens[at + 1].Start == _tokens[at].End)
                {
                    ticks = FractionTicks(_tokens[at + 1]);
                    at += 2;
                }
                if (IsWord(at) && Word(at) is "秒" or "초")
                    at++;
            }
        }
        var explicitHour = false;
        if (!hasMinutes && IsWord(at) && (Word(at) is "時" or "时" or "点" or "點" or "시" || EqualsIgnoringCase(at, "uhr") || EqualsIgnoringCase(at, "h") || EqualsIgnoringCase(at, "hrs")))
        {
            explicitHour = true;
            at++;
        }
        else if (hasMinutes && IsWord(at) && (EqualsIgnoringCase(at, "uhr") || EqualsIgnoringCase(at, "h") || EqualsIgnoringCase(at, "hrs") || EqualsIgnoringCase(at, "uur")))
            at++;
        half ??= TakeHalf(ref at);
        if (!hasMinutes && !explicitHour && half is null || hour > 24 || minute > 59 || second > 60)
            return false;
        if (half is { } isAfternoon)
        {
            // 15:30 pm is said twice.
            if (hour <= 12)
                hour = hour % 12 + (isAfternoon ? 12 : 0);
        }
        var zone = TakeZone(ref at);
        time = new Time(hour, minute, second, ticks, zone, half is not null, at);
        return true;
    }

    /// <summary>True for the afternoon, false for the morning, null where neither is said.</summary>
    private bool? TakeHalf(ref int at)
    {
        if (!IsWord(at))
            return null;
        var word = Word(at);
        var (half, length) = word switch
        {
            "오전" or "صباحا" or "ص" => (false, 1),
            "오후" or "مساء" or "م" => (true, 1),
            "上" or "午" when IsWord(at + 1) && Word(at + 1) is "午" or "前" => (false, 2),
            "下" or "午" when IsWord(at + 1) && Word(at + 1) is "午" or "後" or "后" => (true, 2),
            _ when word.Equals("am", StringComparison.OrdinalIgnoreCase) || word.Equals("πμ", StringComparison.OrdinalIgnoreCase) => (false, 1),
            _ when word.Equals("pm", StringComparison.OrdinalIgnoreCase) || word.Equals("μμ", StringComparison.OrdinalIgnoreCase) => (true, 1),
            _ when word.Length == 1 && word[0] is 'a' or 'A' or 'p' or 'P' or 'π' or 'μ' && IsMark(at + 1, ".") && IsWord(at + 2) && Word(at + 2) is "m" or "M" or "μ"
                => (word[0] is 'p' or 'P' or 'μ', IsMark(at + 3, ".") ? 4 : 3),
            _ => (false, 0),
        };
        at += length;
        return length == 0 ? null : half;
    }

    private TimeSpan TakeZone(ref int at)
    {
        var i = at;
        var bracketed = IsMark(i, "(");
        if (bracketed)
            i++;
        var zone = TimeSpan.Zero;
        var taken = false;
        if (IsWord(i) && (isMachine || IsUpperCase(Word(i)) && (Word(i).Length > 1 || Word(i) is "Z")) && DateNames.TryZone(Word(i), out zone))
        {
            i++;
            taken = true;
        }
        if ((IsMark(i, "+") || IsMark(i, "-−") && (taken || isMachine || i + 1 < _tokens.Length && _tokens[i + 1].Start == _tokens[i].End)) && TryOffset(i, out var offset, out var next))
        {
            zone = offset;
            i = next;
            taken = true;
            if (isMachine && IsWord(i) && DateNames.TryZone(Word(i), out _))
                i++;
        }
        if (!taken)
            return TimeSpan.Zero;
        if (bracketed && IsMark(i, ")"))
            i++;
        at = i;
        return zone;
    }

    private bool TryOffset(int sign, out TimeSpan offset, out int next)
    {
        offset = TimeSpan.Zero;
        next = sign + 2;
        if (!IsNumber(sign + 1, 1, 4) || IsNumber(sign + 1, 3, 3))
            return false;
        var number = _tokens[sign + 1];
        int hours = number.Value, minutes = 0;
        if (number.Length == 4)
            (hours, minutes) = (hours / 100, hours % 100);
        else if (IsMark(next, ":") && IsNumber(next + 1, 2, 2))
        {
            minutes = _tokens[next + 1].Value;
            next += 2;
        }
        if (hours > 14 || minutes > 59)
            return false;
        offset = TimeSpan.FromMinutes(hours * 60 + minutes);
        if (!IsMark(sign, "+"))
            offset = -offset;
        return offset.Duration() <= TimeSpan.FromHours(14);
    }

    private long FractionTicks(DateToken token)
    {
        long ticks = 0, unit = TimeSpan.TicksPerSecond / 10;
        foreach (var c in _text.Slice(token.Start, token.Length))
        {
            ticks += (int)char.GetNumericValue(c) * unit;
            unit /= 10;
        }
        return ticks;
    }
}
