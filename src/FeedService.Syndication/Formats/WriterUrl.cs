using System.Buffers;
using System.Globalization;
using System.Text;

namespace FeedService.Syndication.Formats;

/// <summary>URLs as every format takes them.</summary>
internal static class WriterUrl
{
    private static readonly SearchValues<char> _asIs = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789;/?:@&=+$.-_!~*'()%,#");
    private static readonly IdnMapping _idn = new();

    /// <summary>
    /// The URL with everything encoded that RFC 3986 does not allow: RSS knows no IRIs, and a stray space would make a document invalid. What is allowed stays
    /// as it is, letter by letter.
    /// </summary>
    public static string Clean(string url)
    {
        url = url.Trim();
        if (!url.AsSpan().ContainsAnyExcept(_asIs)) return url;

        var clean = new StringBuilder(url.Length + 32);
        var rest = url.AsSpan();
        var authority = rest.IndexOf("://", StringComparison.Ordinal);
        if (authority >= 0)
        {
            var start = authority + 3;
            var length = rest[start..].IndexOfAny('/', '?', '#');
            var host = length < 0 ? rest[start..] : rest.Slice(start, length);
            clean.Append(rest[..start]).Append(Host(host.ToString()));
            rest = rest[(start + host.Length)..];
        }
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in rest.EnumerateRunes())
        {
            if (rune.IsBmp && _asIs.Contains((char)rune.Value))
            {
                clean.Append((char)rune.Value);
                continue;
            }
            foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)]) clean.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
        return clean.ToString();
    }

    /// <summary>Whether the text begins with a scheme, as an absolute URI or IRI does.</summary>
    public static bool IsAbsolute(string? text)
    {
        var colon = text?.IndexOf(':') ?? -1;
        if (colon <= 0 || colon == text!.Length - 1 || !char.IsAsciiLetter(text[0])) return false;
        foreach (var c in text.AsSpan(1, colon - 1))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return false;
        }
        return true;
    }

    public static bool IsHttp(string? url) =>
        url is not null && (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));

    // An internationalized host in its ASCII form; brackets stand around IPv6 addresses and stay.
    private static string Host(string host)
    {
        if (!host.AsSpan().ContainsAnyExcept(_asIs) || host.Contains('[', StringComparison.Ordinal)) return host;
        try
        {
            return _idn.GetAscii(host);
        }
        catch (ArgumentException)
        {
            return Uri.EscapeDataString(host);
        }
    }
}
