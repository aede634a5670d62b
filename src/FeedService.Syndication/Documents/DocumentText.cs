using System.Text.Unicode;

namespace FeedService.Syndication.Documents;

/// <summary>Bytes to text with line feeds, refusing what is no text.</summary>
internal static class DocumentText
{
    /// <exception cref="DocumentException">It is empty, binary or in an encoding that is not known.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, bool isHtml)
    {
        if (bytes.IsEmpty) throw new DocumentException("it is empty");
        var wide = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        if (!wide && bytes.Contains((byte)0)) throw new DocumentException("it is binary, not text (it contains zero bytes; save UTF-16 with a byte order mark)");
        var isUtf8 = !wide && Utf8.IsValid(bytes);
        // Only HTML declares its encoding; a text may well talk about one.
        var text = TextDecoder.Decode(bytes, isHtml || wide ? null : isUtf8 ? "utf-8" : "windows-1252").Text;
        if (!isUtf8 && IsGarbled(text)) throw new DocumentException("it cannot be decoded: it is neither UTF-8, UTF-16 with a byte order mark, nor windows-1252");
        if (text.AsSpan(0, Math.Min(text.Length, 4096)).Count('\u001B') > 8 || ControlsOf(text) * 100 > text.Length)
            throw new DocumentException("it is binary, not text (it is full of control characters)");
        return text.ReplaceLineEndings("\n");
    }

    // What windows-1252 leaves undefined, zeros, and what a decoder puts in place of half a character.
    private static bool IsGarbled(string text) => text.AsSpan().ContainsAnyInRange('\u0080', '\u009F') || text.AsSpan().ContainsAny('\0', '\uFFFD', '\uFFFE');

    private static int ControlsOf(string text)
    {
        var controls = 0;
        foreach (var c in text)
        {
            if (c < ' ' && c is not ('\t' or '\n' or '\r' or '\f' or '\v')) controls++;
        }
        return controls;
    }
}
