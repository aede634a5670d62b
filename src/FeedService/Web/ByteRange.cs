using System.Globalization;

namespace FeedService.Web;

internal enum RangeOutcome { Ignored, Satisfiable, Unsatisfiable }

/// <summary>One range of bytes (RFC 9110, 14.1.2); several at once are answered with the whole, which is allowed.</summary>
internal static class ByteRange
{
    public static RangeOutcome Parse(string? header, long length, out long offset, out long count)
    {
        (offset, count) = (0, length);
        const string unit = "bytes=";
        if (header is null || !header.StartsWith(unit, StringComparison.OrdinalIgnoreCase)) return RangeOutcome.Ignored;
        var range = header.AsSpan(unit.Length).Trim(" \t");
        var dash = range.IndexOf('-');
        if (dash < 0 || range.Contains(',')) return RangeOutcome.Ignored;
        var (first, last) = (Number(range[..dash]), Number(range[(dash + 1)..]));
        if (dash == 0)
        {
            if (last is not { } suffix) return RangeOutcome.Ignored;
            if (suffix == 0 || length == 0) return RangeOutcome.Unsatisfiable;
            count = Math.Min(suffix, length);
            offset = length - count;
            return RangeOutcome.Satisfiable;
        }
        if (first is not { } start || (last is null && dash != range.Length - 1) || last < start) return RangeOutcome.Ignored;
        if (start >= length) return RangeOutcome.Unsatisfiable;
        offset = start;
        count = Math.Min(last ?? (length - 1), length - 1) - start + 1;
        return RangeOutcome.Satisfiable;
    }

    private static long? Number(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
