using System.Buffers;
using System.Text;

namespace FeedService.Syndication;

/// <summary>Text that was decoded from bytes.</summary>
/// <param name="Text">The text, without a byte order mark.</param>
/// <param name="Encoding">The encoding that was used, by its IANA name in lower case: <c>utf-8</c>, <c>windows-1252</c>.</param>
/// <param name="Repairs">What had to be mended, in words; empty where nothing.</param>
public sealed record DecodedText(string Text, string Encoding, IReadOnlyList<string> Repairs);

/// <summary>Finds out how bytes are encoded and decodes them; never fails.</summary>
/// <remarks>
/// In this order: a byte order mark, the zeros of UTF-16 and UTF-32, the encoding that the transport declares, the one that the document declares
/// (XML prolog, HTML <c>meta</c>), UTF-8 where the bytes are valid, windows-1252. A declared encoding that the bytes contradict is passed over.
/// </remarks>
public static class TextDecoder
{
    /// <summary>How far into a document its own declaration may stand, in bytes (WHATWG: 1,024).</summary>
    public const int MaxDeclarationOffset = 1024;

    /// <summary>So many leading bytes of common ideographs and kana do not make valid UTF-8 by chance.</summary>
    private const int ManySequences = 20;

    private static readonly SearchValues<char> EndOfValue = SearchValues.Create(" \t\r\n\"';/>?");
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly Encoding Windows1252 = Get("windows-1252")!;

    /// <summary>Decodes a document of any kind.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="charsetHint">A charset, or a whole <c>Content-Type</c> header with one; null where the transport says nothing.</param>
    public static DecodedText Decode(ReadOnlySpan<byte> bytes, string? charsetHint = null)
    {
        if (TryByteOrderMark(bytes, out var marked, out var markLength))
            return marked.CodePage == Encoding.UTF8.CodePage
                ? DecodeUtf8(bytes[markLength..], [])
                : new DecodedText(marked.GetString(bytes[markLength..]), Name(marked), []);
        if (TryZeros(bytes, out var wide))
            return new DecodedText(wide.GetString(bytes), Name(wide), ["guessed the encoding from its zero bytes"]);

        List<string> repairs = [];
        var hinted = CharsetOf(charsetHint);
        var declared = DeclaredCharset(bytes);
        foreach (var (charset, where) in (ReadOnlySpan<(string?, string)>)[(hinted, "the transport"), (declared, "the document")])
        {
            if (charset is null)
                continue;
            if (Get(charset) is not { } encoding)
            {
                repairs.Add($"passed over the unknown encoding '{Shorten(charset)}' that {where} declares");
                continue;
            }
            // ISO 8859-1 and ASCII are windows-1252 to everybody who reads (WHATWG Encoding, 4.2).
            if (encoding.CodePage is 28591 or 20127)
                encoding = Windows1252;
            if (encoding.CodePage is 1200 or 1201 or 12000 or 12001)
            {
                // Had it been so, the zeros would have shown it.
                repairs.Add($"passed over the encoding '{Shorten(charset)}' that {where} declares: the bytes are not so");
                continue;
            }
            if (encoding.CodePage == Encoding.UTF8.CodePage)
            {
                if (ReferenceEquals(charset, declared) || declared is null || IsUtf8Name(declared) || System.Text.Unicode.Utf8.IsValid(bytes))
                    return DecodeUtf8(bytes, repairs);
                repairs.Add($"passed over the encoding '{Shorten(charset)}' that {where} declares: the bytes are not so");
                continue;
            }
            // Bytes that are valid UTF-8 beyond ASCII hardly ever mean anything else; in the double-byte encodings only where there are many.
            if (!Ascii.IsValid(bytes) && (encoding.IsSingleByte || bytes.Count((byte)0xE4) + bytes.Count((byte)0xE5) + bytes.Count((byte)0xE3) >= ManySequences) && TryStrictUtf8(bytes, out var text))
            {
                repairs.Add($"passed over the encoding '{Shorten(charset)}' that {where} declares: the bytes are UTF-8");
                return new DecodedText(text, "utf-8", repairs);
            }
            return new DecodedText(encoding.GetString(bytes), Name(encoding), repairs);
        }

        if (TryStrictUtf8(bytes, out var utf8))
            return new DecodedText(utf8, "utf-8", repairs);
        // Mostly UTF-8 with a few stray bytes is mended; text whose every accent is a stray byte is windows-1252.
        if (HasUtf8Sequence(bytes))
            return DecodeUtf8(bytes, repairs);
        repairs.Add("guessed the encoding windows-1252");
        return new DecodedText(Windows1252.GetString(bytes), Name(Windows1252), repairs);
    }

    /// <summary>Decodes what is plainly UTF-8 without making a string of it: valid, and declared as nothing else.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="charsetHint">As for <see cref="Decode"/>.</param>
    /// <param name="destination">At least as long as the document.</param>
    /// <param name="length">How much of the destination was written.</param>
    /// <returns>False where <see cref="Decode"/> has to find out more.</returns>
    internal static bool TryDecodeUtf8(ReadOnlySpan<byte> bytes, string? charsetHint, Span<char> destination, out int length)
    {
        length = 0;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            bytes = bytes[3..];
        else if (TryByteOrderMark(bytes, out _, out _) || TryZeros(bytes, out _)
            || CharsetOf(charsetHint) is { } hinted && !IsUtf8Name(hinted) || DeclaredCharset(bytes) is { } declared && !IsUtf8Name(declared))
            return false;
        return System.Text.Unicode.Utf8.ToUtf16(bytes, destination, out _, out length, replaceInvalidSequences: false) == OperationStatus.Done;
    }

    /// <summary>An encoding by its IANA or WHATWG label, code pages included; null where there is none.</summary>
    public static Encoding? Get(string charset)
    {
        charset = charset.Trim().Trim('"', '\'').ToLowerInvariant();
        charset = charset switch
        {
            "utf8" or "unicode-1-1-utf-8" => "utf-8",
            "x-sjis" or "sjis" or "shift-jis" or "ms_kanji" or "windows-31j" or "cp932" => "shift_jis",
            "gbk" or "gb_2312-80" or "x-gbk" or "cp936" or "gb18030" => "gb18030",
            "ks_c_5601-1987" or "ksc5601" or "cp949" or "uhc" => "euc-kr",
            "latin1" or "latin-1" or "iso8859-1" or "iso88591" or "iso_8859-1" => "iso-8859-1",
            "tis-620" or "iso-8859-11" => "windows-874",
            _ when charset.StartsWith("cp125", StringComparison.Ordinal) || charset.StartsWith("win-125", StringComparison.Ordinal) => "windows-" + charset[^4..],
            _ when charset.StartsWith("iso8859-", StringComparison.Ordinal) => "iso-" + charset[3..],
            _ => charset,
        };
        if (charset == "utf-8")
            return Encoding.UTF8;
        // UTF-7 is a way to smuggle markup past a filter; no browser decodes it.
        if (charset.Length is 0 or > 40 || charset is "utf-7" or "x-user-defined")
            return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The charset of a header such as <c>text/xml; charset="utf-8"</c>, or the text itself where it is but a charset.</summary>
    internal static string? CharsetOf(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return null;
        var at = header.IndexOf("charset", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return header.AsSpan().ContainsAny('/', ';', '=') ? null : header.Trim();
        var value = header.AsSpan(at + 7).TrimStart();
        if (value.IsEmpty || value[0] != '=')
            return null;
        value = value[1..].Trim();
        var end = value.IndexOfAny(';', ',', ' ');
        value = (end < 0 ? value : value[..end]).Trim("\"' ");
        return value.IsEmpty ? null : value.ToString();
    }

    /// <summary>What the XML prolog or a <c>meta</c> element says, in documents whose letters are ASCII's.</summary>
    private static string? DeclaredCharset(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MaxDeclarationOffset)]);
        var prolog = head.IndexOf("<?xml", StringComparison.OrdinalIgnoreCase);
        if (prolog >= 0 && head.IndexOf("?>", prolog, StringComparison.Ordinal) is > 0 and var end
            && ValueAfter(head[prolog..end], "encoding") is { } encoding)
            return encoding;
        for (var at = 0; (at = head.IndexOf("<meta", at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var close = head.IndexOf('>', at);
            if (ValueAfter(close < 0 ? head[at..] : head[at..close], "charset") is { } charset)
                return charset;
        }
        return null;
    }

    private static string? ValueAfter(string tag, string name)
    {
        var at = tag.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var value = tag.AsSpan(at + name.Length).TrimStart();
        if (value.IsEmpty || value[0] != '=')
            return null;
        value = value[1..].TrimStart(" \t\r\n\"'");
        var end = value.IndexOfAny(EndOfValue);
        value = end < 0 ? value : value[..end];
        return value.IsEmpty ? null : value.ToString();
    }

    private static bool TryByteOrderMark(ReadOnlySpan<byte> bytes, out Encoding encoding, out int length)
    {
        (encoding, length) = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
            [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
            [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: false), 4),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            _ => (Encoding.UTF8, 0),
        };
        return length > 0;
    }

    /// <summary>UTF-16 and UTF-32 without a mark: the first characters of markup and JSON are ASCII, whose other bytes are zero.</summary>
    private static bool TryZeros(ReadOnlySpan<byte> bytes, out Encoding encoding)
    {
        encoding = bytes switch
        {
            [not 0, 0, 0, 0, ..] => Encoding.UTF32,
            [0, 0, 0, not 0, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
            [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
            [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        return encoding.CodePage != Encoding.UTF8.CodePage;
    }

    /// <summary>UTF-8 in which each byte that fits no sequence is read as windows-1252: the apostrophes that editors paste into it.</summary>
    private static DecodedText DecodeUtf8(ReadOnlySpan<byte> bytes, List<string> repairs)
    {
        if (TryStrictUtf8(bytes, out var text))
            return new DecodedText(text, "utf-8", repairs);
        var builder = new StringBuilder(bytes.Length);
        var buffer = new char[bytes.Length];
        var strays = 0;
        while (true)
        {
            var status = System.Text.Unicode.Utf8.ToUtf16(bytes, buffer, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: false);
            builder.Append(buffer, 0, written);
            bytes = bytes[read..];
            // What needs more data is a character cut off with its document, not a stray byte.
            if (status is OperationStatus.Done or OperationStatus.NeedMoreData)
                break;
            // Overlong forms and surrogates, which are not text in any encoding, become the replacement character.
            var junk = bytes switch
            {
                [0xED, >= 0xA0 and <= 0xBF, >= 0x80 and <= 0xBF, ..] => 3,
                [0xC0 or 0xC1, >= 0x80 and <= 0xBF, ..] => 2,
                [0xE0, >= 0x80 and < 0xA0, >= 0x80 and <= 0xBF, ..] => 3,
                [0xF0, >= 0x80 and < 0x90, >= 0x80 and <= 0xBF, >= 0x80 and <= 0xBF, ..] => 4,
                _ => 0,
            };
            if (junk > 0)
                builder.Append('\uFFFD');
            else
                builder.Append(buffer, 0, Windows1252.GetChars(bytes[..1], buffer));
            bytes = bytes[Math.Max(junk, 1)..];
            strays++;
        }
        return new DecodedText(builder.ToString(), "utf-8", [.. repairs, strays == 1 ? "read a byte that is not UTF-8 as windows-1252" : strays == 0 ? "left out half a character at the end" : $"read {strays} bytes that are not UTF-8 as windows-1252"]);
    }

    private static bool HasUtf8Sequence(ReadOnlySpan<byte> bytes)
    {
        int whole = 0, stray = 0;
        while (bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var at && whole + stray < 1000)
        {
            bytes = bytes[at..];
            if (Rune.DecodeFromUtf8(bytes, out _, out var length) == OperationStatus.Done)
                whole++;
            else
                stray++;
            bytes = bytes[length..];
        }
        return whole > stray;
    }

    private static bool TryStrictUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            text = "";
            return false;
        }
        text = StrictUtf8.GetString(bytes);
        return true;
    }

    private static bool IsUtf8Name(string charset) => Get(charset)?.CodePage == Encoding.UTF8.CodePage;

    private static string Name(Encoding encoding) => encoding.WebName.ToLowerInvariant();

    private static string Shorten(string charset) => charset.Length <= 40 ? charset : charset[..40] + "…";
}
