namespace FeedService.Syndication.Formats;

internal ref partial struct Utf8Output
{
    /// <summary>As <c>Sat, 07 Sep 2002 09:42:31 GMT</c> or <c>... +0200</c> (RFC 822 as revised by RFC 2822, section 3.3).</summary>
    public void Rfc822(DateTimeOffset instant)
    {
        // Validators know the zones of whole and half hours only; Kathmandu's dates are told in GMT.
        if (instant.Offset.Minutes % 30 != 0) instant = instant.ToUniversalTime();
        Reserve(LongestNumberOrDate);
        Raw("SunMonTueWedThuFriSat"u8.Slice(3 * (int)instant.DayOfWeek, 3));
        Raw(", "u8);
        Digits(instant.Day, 2);
        Raw(" "u8);
        Raw("JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice(3 * (instant.Month - 1), 3));
        Raw(" "u8);
        Digits(instant.Year, 4);
        Raw(" "u8);
        Time(instant);
        if (instant.Offset == TimeSpan.Zero) Raw(" GMT"u8);
        else
        {
            Raw(instant.Offset < TimeSpan.Zero ? " -"u8 : " +"u8);
            Digits(Math.Abs(instant.Offset.Hours), 2);
            Digits(Math.Abs(instant.Offset.Minutes), 2);
        }
    }

    /// <summary>As <c>2002-09-07T09:42:31Z</c>, with a fraction where there is one (RFC 3339, section 5.6).</summary>
    public void Rfc3339(DateTimeOffset instant)
    {
        Reserve(LongestNumberOrDate);
        Digits(instant.Year, 4);
        Raw("-"u8);
        Digits(instant.Month, 2);
        Raw("-"u8);
        Digits(instant.Day, 2);
        Raw("T"u8);
        Time(instant);
        if (instant.Ticks % TimeSpan.TicksPerSecond is not 0 and var fraction)
        {
            var digits = 7;
            for (; fraction % 10 == 0; fraction /= 10) digits--;
            Raw("."u8);
            Digits((int)fraction, digits);
        }
        if (instant.Offset == TimeSpan.Zero)
        {
            Raw("Z"u8);
            return;
        }
        Raw(instant.Offset < TimeSpan.Zero ? "-"u8 : "+"u8);
        Digits(Math.Abs(instant.Offset.Hours), 2);
        Raw(":"u8);
        Digits(Math.Abs(instant.Offset.Minutes), 2);
    }

    private void Time(DateTimeOffset instant)
    {
        Digits(instant.Hour, 2);
        Raw(":"u8);
        Digits(instant.Minute, 2);
        Raw(":"u8);
        Digits(instant.Second, 2);
    }

    // Into space that is reserved.
    private void Digits(int number, int count)
    {
        for (var i = _used + count - 1; i >= _used; i--, number /= 10) _free[i] = (byte)('0' + number % 10);
        _used += count;
    }
}
