using System.Text;
using AngleSharp.Html;

namespace FeedService.Syndication.Formats;

/// <summary>Character references of XML and HTML: <c>&amp;#233;</c>, <c>&amp;#xE9;</c>, <c>&amp;eacute;</c>.</summary>
internal static class CharacterReferences
{
    private const int LongestName = 32;

    /// <summary>What windows-1252 has where ISO 8859-1 has control characters (WHATWG HTML, 13.2.5.80).</summary>
    private const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>Resolves one level of references.</summary>
    /// <param name="source">Text with references; an ampersand that begins none stands for itself.</param>
    /// <param name="destination">At least as long as the source: no reference is shorter than what it stands for.</param>
    /// <param name="oddities">Counts ampersands that are none of XML's own references.</param>
    /// <returns>How much of the destination was written.</returns>
    public static int Decode(ReadOnlySpan<char> source, Span<char> destination, ref int oddities)
    {
        var written = 0;
        while (true)
        {
            var at = source.IndexOf('&');
            if (at < 0)
                break;
            source[..at].CopyTo(destination[written..]);
            written += at;
            source = source[at..];
            var length = TryDecode(source, destination[written..], out var chars, ref oddities);
            if (length == 0)
            {
                oddities++;
                destination[written] = '&';
                (length, chars) = (1, 1);
            }
            written += chars;
            source = source[length..];
        }
        source.CopyTo(destination[written..]);
        return written + source.Length;
    }

    /// <summary>Text with one level of references resolved.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('&', StringComparison.Ordinal))
            return text;
        var oddities = 0;
        var buffer = text.Length <= 512 ? stackalloc char[512] : new char[text.Length];
        return buffer[..Decode(text, buffer, ref oddities)].ToString();
    }

    /// <summary>The length of the reference at the start of the text, 0 where there is none.</summary>
    private static int TryDecode(ReadOnlySpan<char> text, Span<char> destination, out int chars, ref int oddities)
    {
        chars = 1;
        // The five of XML, which are nearly all that there are.
        if (text.Length >= 4 && text[3] == ';')
        {
            if (text[2] == 't' && text[1] is 'l' or 'g')
            {
                destination[0] = text[1] == 'l' ? '<' : '>';
                return 4;
            }
        }
        if (text.StartsWith("&amp;"))
        {
            destination[0] = '&';
            return 5;
        }
        if (text.StartsWith("&quot;"))
        {
            destination[0] = '"';
            return 6;
        }
        if (text.Length > 2 && text[1] == '#')
            return TryNumeric(text, destination, out chars);
        var end = text[..Math.Min(text.Length, LongestName + 2)].IndexOf(';');
        if (end < 2 || !char.IsAsciiLetter(text[1]) || !IsAlphanumeric(text[1..end]))
            return 0;
        var name = text[1..end];
        if (name is "apos")
        {
            destination[0] = '\'';
            return 6;
        }
        if (HtmlEntityProvider.Resolver.GetSymbol(text[1..(end + 1)].ToString()) is not { Length: > 0 } symbol || symbol.Length > end + 1)
            return 0;
        oddities++;
        symbol.CopyTo(destination);
        chars = symbol.Length;
        return end + 1;
    }

    private static int TryNumeric(ReadOnlySpan<char> text, Span<char> destination, out int chars)
    {
        chars = 0;
        var hex = text[2] is 'x' or 'X';
        var at = hex ? 3 : 2;
        var start = at;
        var code = 0;
        for (; at < text.Length && (hex ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at])); at++)
            code = Math.Min(0x110000, code * (hex ? 16 : 10) + (char.IsAsciiDigit(text[at]) ? text[at] - '0' : (text[at] | 0x20) - 'a' + 10));
        // The semicolon may be missing, as browsers allow.
        if (at == start)
            return 0;
        if (at < text.Length && text[at] == ';')
            at++;
        if (code is >= 0x80 and <= 0x9F)
            code = Windows1252[code - 0x80];
        // XML 1.0, 2.2: the rest are no characters; and the C1 controls that windows-1252 leaves open mean nothing.
        var isCharacter = code is 9 or 10 or 13 or (>= 0x20 and < 0x80) or (>= 0xA0 and not (0xFFFE or 0xFFFF));
        var rune = isCharacter && Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar;
        chars = rune.EncodeToUtf16(destination);
        return at;
    }

    private static bool IsAlphanumeric(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        return true;
    }

    /// <summary>The character that a C1 control most likely was in windows-1252.</summary>
    public static char FromC1(char c) => Windows1252[c - 0x80];
}
