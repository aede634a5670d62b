using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace FeedService.Syndication.Formats;

/// <summary>
/// Escaped text straight to UTF-8. What XML 1.0 cannot carry (section 2.2: most control characters, U+FFFE, U+FFFF, lone surrogates) becomes U+FFFD,
/// in JSON too, so that the formats agree; replaced and not dropped, because dropping can join what a sanitizer had judged apart.
/// </summary>
/// <remarks>A mutable ref struct: pass it by reference, and call <see cref="Flush"/> at the end.</remarks>
internal ref partial struct Utf8Output(IBufferWriter<byte> writer)
{
    // Encoded in pieces, so that a long text asks the writer for no more than this at once.
    private const int CharsAtOnce = 16 * 1024;
    private const int JsonCharsAtOnce = CharsAtOnce / 4;
    private const int MostBytesPerChar = 3;
    private const int LongestNumberOrDate = 48;

    private const string Controls = "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F";
    private static readonly SearchValues<char> _specialInText = SearchValues.Create(Controls + "&<>");
    private static readonly SearchValues<char> _specialInAttribute = SearchValues.Create(Controls + "&<>\"\t\n");
    private static readonly SearchValues<char> _specialInCData = SearchValues.Create(Controls + "]");
    private static readonly SearchValues<byte> _specialInJson = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (byte)c), (byte)'"', (byte)'\\']);
    private static readonly SearchValues<char> _lineBreaks = SearchValues.Create("\t\n\u000B\f\r\u0085\u2028\u2029");

    private readonly IBufferWriter<byte> _writer = writer;
    private Span<byte> _free;
    private int _used;

    /// <summary>Bytes that are UTF-8 and escaped already.</summary>
    public void Raw(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_free[_used..]);
        _used += utf8.Length;
    }

    /// <summary>Plain text as element content, on one line; numeric references, because readers that decode twice are then still right (RSS Advisory Board profile).</summary>
    public void PlainText(string text) => Escaped(SingleLine(text), _specialInText, Escape.Text);

    /// <summary>Plain text where HTML is expected: it is escaped twice.</summary>
    public void PlainTextAsHtml(string text) => Escaped(SingleLine(text), _specialInText, Escape.TextAsHtml);

    /// <summary>Plain text as an attribute's value, without its quotes.</summary>
    public void Attribute(string text) => Escaped(SingleLine(text), _specialInAttribute, Escape.Attribute);

    /// <summary>A URL as an attribute's value, without its quotes.</summary>
    public void UrlAttribute(string url) => Escaped(WriterUrl.Clean(url), _specialInAttribute, Escape.Url);

    /// <summary>A URL as element content.</summary>
    public void UrlText(string url) => Escaped(WriterUrl.Clean(url), _specialInText, Escape.Url);

    /// <summary>HTML as element content, in a CDATA section.</summary>
    public void HtmlSection(string html)
    {
        Raw("<![CDATA["u8);
        Escaped(Clean(html), _specialInCData, Escape.CData);
        Raw("]]>"u8);
    }

    /// <summary>Plain text as a JSON string with its quotes, on one line.</summary>
    public void JsonText(string text) => JsonQuoted(SingleLine(text));

    /// <summary>A URL as a JSON string with its quotes.</summary>
    public void JsonUrl(string url) => JsonQuoted(WriterUrl.Clean(url));

    /// <summary>HTML as a JSON string with its quotes.</summary>
    public void JsonHtml(string html) => JsonQuoted(Clean(html));

    public void Number(long number)
    {
        Reserve(LongestNumberOrDate);
        Utf8Formatter.TryFormat(number, _free[_used..], out var written);
        _used += written;
    }

    /// <summary>Seconds, as <c>61</c> or <c>0.25</c>.</summary>
    public void Seconds(TimeSpan span)
    {
        Reserve(LongestNumberOrDate);
        ((decimal)span.Ticks / TimeSpan.TicksPerSecond).TryFormat(_free[_used..], out var written, "0.#######", CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>Hands what was written to the buffer writer.</summary>
    public void Flush()
    {
        if (_used > 0) _writer.Advance(_used);
        _free = default;
        _used = 0;
    }

    /// <summary>Plain text as every format writes it: one line, runs of white space one space, none at the ends.</summary>
    public static string SingleLine(string text)
    {
        text = Clean(text).Trim();
        if (!text.AsSpan().ContainsAny(_lineBreaks) && !text.Contains("  ", StringComparison.Ordinal)) return text;

        Span<char> line = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            if (c != ' ' && !_lineBreaks.Contains(c)) line[length++] = c;
            else if (line[length - 1] != ' ') line[length++] = ' ';
        }
        return new string(line[..length]);
    }

    private static string Clean(string text) => text.AsSpan().IndexOfAny('\uFFFE', '\uFFFF') >= 0
        ? text.Replace('\uFFFE', '\uFFFD').Replace('\uFFFF', '\uFFFD')
        : text;

    // HTML is full of quotation marks: encoding it whole and escaping the bytes takes half the time that encoding what stands between them does.
    private void JsonQuoted(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        while (!text.IsEmpty)
        {
            var piece = text.Length <= JsonCharsAtOnce ? text : text[..(char.IsHighSurrogate(text[JsonCharsAtOnce - 1]) || text[JsonCharsAtOnce - 1] == '\r' ? JsonCharsAtOnce - 1 : JsonCharsAtOnce)];
            text = text[piece.Length..];
            // Escaped text never takes more than this either, so that it cannot run into what is encoded behind it.
            var most = piece.Length * MostBytesPerChar;
            Reserve(2 * most);
            Utf8.FromUtf16(piece, _free.Slice(_used + most, most), out _, out var length, replaceInvalidSequences: true);
            EscapeJson(_free.Slice(_used + most, length));
        }
        Raw("\""u8);
    }

    // Into space that is reserved.
    private void EscapeJson(ReadOnlySpan<byte> utf8)
    {
        while (true)
        {
            var at = utf8.IndexOfAny(_specialInJson);
            var plain = at < 0 ? utf8 : utf8[..at];
            plain.CopyTo(_free[_used..]);
            _used += plain.Length;
            if (at < 0) return;
            var c = (char)utf8[at];
            utf8 = utf8[(at + 1)..];
            if (c == '\r' && utf8 is [(byte)'\n', ..]) utf8 = utf8[1..];
            var escaped = Reference(c, Escape.Json);
            escaped.CopyTo(_free[_used..]);
            _used += escaped.Length;
        }
    }

    private void Escaped(ReadOnlySpan<char> text, SearchValues<char> special, Escape escape)
    {
        while (true)
        {
            var at = text.IndexOfAny(special);
            Encoded(at < 0 ? text : text[..at]);
            if (at < 0) return;
            var c = text[at];
            text = text[(at + 1)..];
            if (c == '\r' && text is ['\n', ..]) text = text[1..];
            if (escape == Escape.CData && c == ']')
            {
                // "]]>" would end the section: the section ends between its brackets and another one begins.
                Raw(text is [']', '>', ..] ? "]]]><![CDATA["u8 : "]"u8);
            }
            else Raw(Reference(c, escape));
        }
    }

    private void Encoded(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var piece = text.Length <= CharsAtOnce ? text : text[..(char.IsHighSurrogate(text[CharsAtOnce - 1]) ? CharsAtOnce - 1 : CharsAtOnce)];
            Reserve(piece.Length * MostBytesPerChar);
            var target = _free[_used..];
            // Most text is ASCII, and that is the cheaper way for it.
            if (Ascii.FromUtf16(piece, target, out var written) != OperationStatus.Done)
            {
                Utf8.FromUtf16(piece[written..], target[written..], out _, out var more, replaceInvalidSequences: true);
                written += more;
            }
            _used += written;
            text = text[piece.Length..];
        }
    }

    // A line break is LF in all formats: an XML parser would make it one anyway (XML 1.0, 2.11).
    private static ReadOnlySpan<byte> Reference(char c, Escape escape) => (c, escape) switch
    {
        ('&', Escape.TextAsHtml) => "&amp;amp;"u8,
        ('<', Escape.TextAsHtml) => "&amp;lt;"u8,
        ('>', Escape.TextAsHtml) => "&amp;gt;"u8,
        ('&', Escape.Url) => "&amp;"u8,
        ('&', _) => "&#x26;"u8,
        ('<', _) => "&#x3C;"u8,
        ('>', _) => "&#x3E;"u8,
        ('"', Escape.Attribute or Escape.Url) => "&quot;"u8,
        ('"', _) => "\\\""u8,
        ('\\', _) => "\\\\"u8,
        ('\t', Escape.Attribute) => "&#x9;"u8,
        ('\t', _) => "\\t"u8,
        ('\n' or '\r' or '\f', Escape.Attribute) => "&#xA;"u8,
        ('\n' or '\r' or '\f', Escape.Json) => "\\n"u8,
        ('\r' or '\f', _) => "\n"u8,
        _ => "\uFFFD"u8,
    };

    private void Reserve(int bytes)
    {
        if (_free.Length - _used >= bytes) return;
        Flush();
        _free = _writer.GetSpan(Math.Max(bytes, CharsAtOnce));
    }

    private enum Escape
    {
        Text,
        TextAsHtml,
        Attribute,
        Url,
        CData,
        Json,
    }
}
