using System.Buffers;
using System.Text;

namespace FeedService.Syndication.Formats;

/// <summary>
/// Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (RFC 4287), and JSON Feed 1.0 and 1.1, as publishers write them: XML that is not well-formed
/// is mended, wrong and missing encodings are found out, what was whole of a truncated document counts. No document type is processed.
/// </summary>
public static class FeedReader
{
    /// <summary>What XML 1.0 (2.2) cannot hold, and the C1 controls that nobody means.</summary>
    private static readonly SearchValues<char> NoText = SearchValues.Create(string.Concat(
        Enumerable.Range(0, 0x20).Where(c => c is not (9 or 10 or 13)).Concat(Enumerable.Range(0x80, 0x20)).Concat([0xFFFE, 0xFFFF]).Select(c => (char)c)));

    /// <summary>Reads a feed.</summary>
    /// <param name="bytes">The whole document.</param>
    /// <param name="options">What is known of it, and limits; null for none and the defaults.</param>
    /// <exception cref="FeedFormatException">It is no feed, is JSON that is not valid, or is over a limit (size, items, depth, length of an attribute).</exception>
    public static FeedDocument Read(ReadOnlyMemory<byte> bytes, FeedReadOptions? options = null)
    {
        options ??= FeedReadOptions.Default;
        if (bytes.Length > options.MaxBytes)
            throw new FeedFormatException($"The document has {bytes.Length} bytes; at most {options.MaxBytes} are taken");

        // Nearly every feed is UTF-8: it is decoded into a buffer that is used again.
        var buffer = ArrayPool<char>.Shared.Rent(Math.Max(1, bytes.Length));
        try
        {
            if (TextDecoder.TryDecodeUtf8(bytes.Span, options.ContentType, buffer, out var length))
                return Read(buffer.AsSpan(0, length), new DecodedText("", "utf-8", []), bytes, options);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
        var decoded = TextDecoder.Decode(bytes.Span, options.ContentType);
        return Read(decoded.Text, decoded, null, options);
    }

    /// <summary>Whether a document looks like an HTML page, which may name feeds (see <see cref="FeedDiscovery"/>).</summary>
    public static bool LooksLikeHtml(ReadOnlySpan<byte> bytes)
    {
        var head = TextDecoder.Decode(bytes[..Math.Min(bytes.Length, 2048)]).Text.AsSpan().TrimStart();
        return head.Contains("<!doctype html", StringComparison.OrdinalIgnoreCase) || head.Contains("<html", StringComparison.OrdinalIgnoreCase) && !head.Contains("<rss", StringComparison.OrdinalIgnoreCase)
            && !head.Contains("<feed", StringComparison.OrdinalIgnoreCase);
    }

    private static FeedDocument Read(ReadOnlySpan<char> text, DecodedText decoded, ReadOnlyMemory<byte>? utf8, FeedReadOptions options)
    {
        var start = text.TrimStart();
        if (start.IsEmpty)
            throw new FeedFormatException("The document is empty");
        if (start[0] is '{')
            return JsonFeedReader.Read(utf8 ?? Encoding.UTF8.GetBytes(start.ToString()), decoded, options);

        var cleaned = "";
        List<string> repairs = [.. decoded.Repairs];
        if (text.ContainsAny(NoText))
        {
            cleaned = Clean(text);
            text = cleaned;
            repairs.Add("left out control characters");
        }
        var first = text.IndexOf('<');
        if (first < 0)
            throw new FeedFormatException("The document is plain text, not a feed");
        if (!text[..first].IsWhiteSpace())
            repairs.Add("read over what stands before the document");
        var reader = new XmlFeedReader(new MarkupReader(text) { DocumentBase = options.BaseUrl }, options);
        return reader.Read(decoded with { Repairs = repairs });
    }

    /// <summary>Text without what XML cannot hold; C1 controls become what windows-1252 has in their place.</summary>
    internal static string CleanText(string text) => text.AsSpan().ContainsAny(NoText) ? Clean(text) : text;

    private static string Clean(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(text.Length);
        while (text.IndexOfAny(NoText) is >= 0 and var at)
        {
            clean.Append(text[..at]);
            if (text[at] is >= '\u0080' and <= '\u009F' && CharacterReferences.FromC1(text[at]) is > '\u009F' and var meant)
                clean.Append(meant);
            text = text[(at + 1)..];
        }
        return clean.Append(text).ToString();
    }
}
