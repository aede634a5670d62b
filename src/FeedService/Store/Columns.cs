using System.Buffers;
using System.Data.Common;

namespace FeedService.Store;

/// <summary>How values stand in columns, the same on every engine.</summary>
internal static class Columns
{
    private static readonly SearchValues<char> _suspect = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\0']);

    /// <summary>Microseconds since 1970: what PostgreSQL can tell apart, too.</summary>
    public static long Instant(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static object? Instant(DateTimeOffset? instant) => instant is { } value ? Instant(value) : null;

    public static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Well-formed text without NUL, which PostgreSQL refuses: one such name may not keep a whole feed from being stored.</summary>
    public static string Text(string text)
    {
        if (!text.AsSpan().ContainsAny(_suspect)) return text;
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                if (i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]))
                {
                    target[i] = source[i];
                    target[++i] = source[i];
                }
                else
                {
                    target[i] = source[i] == '\0' || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
                }
            }
        });
    }

    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Bytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);
}
