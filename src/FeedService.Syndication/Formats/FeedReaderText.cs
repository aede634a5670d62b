using System.Buffers;
using System.Text;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

/// <summary>URLs as feeds give them.</summary>
internal static class FeedUrls
{
    /// <summary>The longest URL that is taken, in UTF-16 units.</summary>
    private const int MaxLength = 8000;

    private static readonly SearchValues<char> Space = SearchValues.Create(" \t\r\n");

    /// <summary>An absolute URL; null where it is none, leads nowhere, or would run something (<c>javascript:</c>, <c>data:</c>). An absolute one stays as it is spelled.</summary>
    public static string? Resolve(string? url, string? baseUrl)
    {
        if (string.IsNullOrWhiteSpace(url) || url.Length > MaxLength)
            return null;
        url = url.Trim();
        if (url.AsSpan().ContainsAny(Space))
            url = Tidy(url);
        var scheme = Scheme(url);
        if (!scheme.IsEmpty)
            return IsHarmless(scheme) && url.Length > scheme.Length + 1 ? url : null;
        if (url.StartsWith("//", StringComparison.Ordinal))
            return (baseUrl is not null && baseUrl.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? "http:" : "https:") + url;
        // On Unix a path from the root would be taken for a file, so it is resolved as the relative reference that it is.
        return baseUrl is not null && Uri.TryCreate(baseUrl, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https"
            && Uri.TryCreate(url, UriKind.Relative, out var relative) && Uri.TryCreate(absolute, relative, out var resolved)
            ? resolved.Fragment.Length == 0 && url.Length > 0 && !url.Contains('%') && HasInternational(url) ? Unescaped(resolved) : resolved.AbsoluteUri
            : baseUrl is null ? url : null;
    }

    /// <summary>True for URLs that can stand alone.</summary>
    public static bool IsAbsolute(string url) => !Scheme(url).IsEmpty;

    private static bool HasInternational(string url) => !Ascii.IsValid(url);

    private static string Unescaped(Uri uri) => uri.GetComponents(UriComponents.HttpRequestUrl, UriFormat.SafeUnescaped);

    /// <summary>Line breaks and tabs are typing errors; a space within is what its author meant to escape.</summary>
    private static string Tidy(string url)
    {
        var tidy = new StringBuilder(url.Length);
        foreach (var c in url)
        {
            if (c == ' ')
                tidy.Append("%20");
            else if (c is not ('\t' or '\r' or '\n'))
                tidy.Append(c);
        }
        return tidy.ToString();
    }

    private static ReadOnlySpan<char> Scheme(string url)
    {
        if (!char.IsAsciiLetter(url[0]))
            return [];
        for (var i = 1; i < url.Length; i++)
        {
            if (url[i] == ':')
                return url.AsSpan(0, i);
            if (!char.IsAsciiLetterOrDigit(url[i]) && url[i] is not ('+' or '-' or '.'))
                return [];
        }
        return [];
    }

    private static bool IsHarmless(ReadOnlySpan<char> scheme) =>
        !(scheme.Equals("javascript", StringComparison.OrdinalIgnoreCase) || scheme.Equals("data", StringComparison.OrdinalIgnoreCase)
            || scheme.Equals("vbscript", StringComparison.OrdinalIgnoreCase) || scheme.Equals("file", StringComparison.OrdinalIgnoreCase)
            || scheme.Equals("blob", StringComparison.OrdinalIgnoreCase) || scheme.Equals("about", StringComparison.OrdinalIgnoreCase));
}

/// <summary>What feeds put into text: HTML in titles, names with addresses.</summary>
internal static class FeedText
{
    /// <summary>The longest plain text that a description can be and still be a summary; a longer one is the article.</summary>
    public const int LongestSummary = 2000;

    private static readonly SearchValues<char> Special = SearchValues.Create("<&");
    private static readonly SearchValues<char> NotInAddress = SearchValues.Create(" \t<>()[],;:\"/");
    private static readonly SearchValues<char> Breaks = SearchValues.Create("\t\r\n\u00A0");

    /// <summary>Elements that stand in titles; any other word in brackets is part of the title (<c>List&lt;int&gt;</c>).</summary>
    private static readonly HashSet<string> HtmlElements = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blockquote", "br", "center", "cite", "code", "del", "dfn", "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6",
        "hr", "i", "iframe", "img", "ins", "kbd", "li", "mark", "nobr", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "script", "small", "span", "strike", "strong",
        "style", "sub", "sup", "svg", "math", "table", "tbody", "td", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "audio", "picture", "figure", "figcaption", "section", "article",
        "object", "embed", "form", "input", "button", "noscript", "dl", "dt", "dd", "wbr", "header", "footer", "main", "nav", "aside", "details", "summary", "label", "select", "option", "textarea",
    };

    private static readonly HashSet<string> Inline =
        ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "label"];

    /// <summary>What nobody reads with the text around it.</summary>
    private static readonly HashSet<string> Unread = ["script", "style", "iframe", "object", "svg", "video", "audio", "select", "textarea", "noscript"];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> HtmlElementLookup = HtmlElements.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A title, name or other line of text that may be HTML, as plain text on one line.</summary>
    public static string Line(string text)
    {
        if (text.AsSpan().ContainsAny(Special))
            text = HasMarkup(text) ? ToPlainText(text) : CharacterReferences.Decode(text);
        return Collapse(text);
    }

    /// <summary>Text that is plain already, on one line.</summary>
    public static string Collapse(string text)
    {
        if (!text.AsSpan().ContainsAny(Breaks) && !text.Contains("  ", StringComparison.Ordinal))
            return text.Trim();
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Whether a tag of HTML stands in the text.</summary>
    public static bool HasMarkup(ReadOnlySpan<char> text)
    {
        // A tag ends somewhere.
        text = text[..(text.LastIndexOf('>') + 1)];
        while (text.IndexOf('<') is >= 0 and var at)
        {
            text = text[(at + 1)..];
            var name = text.StartsWith("/") ? text[1..] : text;
            var length = 0;
            while (length < name.Length && length < 12 && char.IsAsciiLetterOrDigit(name[length]))
                length++;
            if (length > 0 && length < name.Length && (name[length] is '>' or '/' || char.IsWhiteSpace(name[length])) && HtmlElementLookup.Contains(name[..length]) || text.StartsWith("!--"))
                return true;
        }
        return false;
    }

    /// <summary>
    /// HTML as plain text on one line: tags are left out, elements that are not read (scripts, styles) with what is in them, references resolved.
    /// Titles and summaries need no more, and a parse into a document (<see cref="HtmlText"/>) of each would cost ten times the reading of the feed.
    /// </summary>
    public static string ToPlainText(string html)
    {
        var buffer = ArrayPool<char>.Shared.Rent(html.Length);
        try
        {
            var text = WithoutTags(html, buffer);
            var oddities = 0;
            // References are resolved last, so that what they stand for is never taken for a tag; the result is no longer than its source.
            var plain = new char[text.Length];
            return Collapse(new string(plain, 0, CharacterReferences.Decode(text, plain, ref oddities)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static ReadOnlySpan<char> WithoutTags(ReadOnlySpan<char> html, Span<char> buffer)
    {
        var written = 0;
        while (html.IndexOf('<') is >= 0 and var at)
        {
            html[..at].CopyTo(buffer[written..]);
            written += at;
            html = html[at..];
            var length = TagLength(html, out var name, out var isEnd);
            if (length == 0)
            {
                buffer[written++] = '<';
                html = html[1..];
                continue;
            }
            html = html[length..];
            if (!isEnd && Unread.Contains(name))
            {
                var end = html.IndexOf($"</{name}", StringComparison.OrdinalIgnoreCase);
                html = end < 0 ? [] : html[end..];
            }
            else if (!isEnd && name is "math")
            {
                var end = html.IndexOf("</math", StringComparison.OrdinalIgnoreCase);
                written += Formula(end < 0 ? html : html[..end], buffer[written..]);
                html = end < 0 ? [] : html[end..];
            }
            // Words of different blocks stay apart; those within a line are not torn.
            else if (!Inline.Contains(name) && length > 1)
            {
                buffer[written++] = ' ';
            }
        }
        html.CopyTo(buffer[written..]);
        return buffer[..(written + html.Length)];
    }

    /// <summary>The signs of a formula, in which every bracket is a tag's.</summary>
    private static int Formula(ReadOnlySpan<char> math, Span<char> buffer)
    {
        var written = 0;
        for (var isTag = false; !math.IsEmpty; math = math[1..])
        {
            isTag |= math[0] == '<';
            if (!isTag)
                buffer[written++] = math[0];
            isTag &= math[0] != '>';
        }
        return written;
    }

    /// <summary>How long the tag or comment at the start is; 0 where the bracket is just a bracket.</summary>
    private static int TagLength(ReadOnlySpan<char> html, out string name, out bool isEnd)
    {
        name = "";
        isEnd = html.StartsWith("</");
        if (html.StartsWith("<!") || html.StartsWith("<?"))
        {
            var comment = html.StartsWith("<!--");
            var close = html.IndexOf(comment ? "-->" : ">", StringComparison.Ordinal);
            name = "span";
            return close < 0 ? html.Length : close + (comment ? 3 : 1);
        }
        var start = isEnd ? 2 : 1;
        var i = start;
        while (i < html.Length && char.IsAsciiLetterOrDigit(html[i]))
            i++;
        if (i == start || !char.IsAsciiLetter(html[start]) || !HtmlElementLookup.TryGetValue(html[start..i], out var known))
            return 0;
        name = known;
        for (; i < html.Length && html[i] != '>'; i++)
        {
            // A bracket within quotes does not end the tag.
            if (html[i] is '"' or '\'' && html[i - 1] == '=' && html[(i + 1)..].IndexOf(html[i]) is >= 0 and var quoted)
                i += quoted + 1;
        }
        return Math.Min(i + 1, html.Length);
    }

    /// <summary>Plain text with line breaks as HTML: a blank line parts paragraphs.</summary>
    public static string ToHtml(string text)
    {
        var html = new StringBuilder();
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            html.Append("<p>").Append(HtmlText.Escape(paragraph).Replace("\n", "<br>", StringComparison.Ordinal)).Append("</p>");
        return html.ToString();
    }

    /// <summary><c>me@example.org (Ann Moor)</c>, <c>Ann Moor (me@example.org)</c>, <c>Ann Moor &lt;me@example.org&gt;</c>, or just one of both; null where there is neither.</summary>
    public static Person? Person(string text)
    {
        text = Collapse(CharacterReferences.Decode(text));
        if (text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            text = text[7..];
        if (text.Length == 0)
            return null;
        var open = text.IndexOfAny(['(', '<']);
        var close = open < 0 ? -1 : text.IndexOf(text[open] == '(' ? ')' : '>', open);
        if (close > 0)
        {
            var outer = string.Concat(text.AsSpan(0, open).TrimEnd(), text.AsSpan(close + 1)).Trim().Trim('"');
            var inner = text[(open + 1)..close].Trim().Trim('"');
            if (IsAddress(outer))
                return new Person(inner) { Email = outer };
            if (IsAddress(inner))
                return new Person(outer) { Email = inner };
        }
        if (IsAddress(text))
            return new Person("") { Email = text };
        // An address among words: "Ann Moor me@example.org".
        var words = text.Split(' ');
        if (words.Length is > 1 and < 8 && Array.FindIndex(words, IsAddress) is >= 0 and var index)
            return new Person(string.Join(' ', words.Where((_, i) => i != index)).Trim(' ', ',', '-')) { Email = words[index] };
        return new Person(HasMarkup(text) ? Line(text) : text);
    }

    private static bool IsAddress(string text)
    {
        var at = text.IndexOf('@');
        return at > 0 && at == text.LastIndexOf('@') && text.IndexOf('.', at) > at + 1 && text[^1] != '.' && !text.AsSpan().ContainsAny(NotInAddress);
    }
}
