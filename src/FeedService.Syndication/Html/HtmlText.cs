using System.Text;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html;

/// <summary>Between HTML and plain text.</summary>
public static class HtmlText
{
    /// <summary>
    /// The words of HTML as people would read them: entities resolved, white space collapsed, a line break between blocks and where a
    /// <c>br</c> stands. Preformatted text keeps its lines. Text without markup only has its white space collapsed.
    /// </summary>
    /// <exception cref="HtmlException">The HTML is over one of <see cref="HtmlLimits"/>.</exception>
    public static string ToPlainText(string html)
    {
        var text = new PlainText();
        if (html.AsSpan().IndexOfAny('<', '&') < 0)
            text.Append(html, preformatted: false);
        else
            text.Children(HtmlDocuments.ParseBody(html), preformatted: false);
        return text.ToString();
    }

    /// <summary>Controls and what is no character: they leave nothing behind, since XML cannot carry most of them.</summary>
    internal static bool IsUnwritten(char c) => c is (< ' ' and not ('\t' or '\n' or '\r')) or (>= '\u007f' and <= '\u009f') or '\ufffe' or '\uffff';

    /// <summary>What will stand there of a text.</summary>
    internal static string Written(string text)
    {
        var from = 0;
        while (from < text.Length && !IsUnwritten(text[from]))
            from++;
        if (from == text.Length)
            return text;
        var written = new StringBuilder(text, 0, from, text.Length);
        foreach (var c in text.AsSpan(from))
        {
            if (!IsUnwritten(c))
                written.Append(c);
        }
        return written.ToString();
    }

    /// <summary>Whether people would see nothing of it.</summary>
    internal static bool IsBlank(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && !IsUnwritten(c))
                return false;
        }
        return true;
    }

    /// <summary>Text for a place where HTML is expected, in content as well as in quoted attributes.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 32);
        foreach (var c in text)
        {
            switch (c)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                case '"':
                    escaped.Append("&quot;");
                    break;
                case '\'':
                    escaped.Append("&#39;");
                    break;
                default:
                    escaped.Append(c);
                    break;
            }
        }

        return escaped.ToString();
    }

    /// <summary>
    /// The beginning of HTML as one line of plain text of at most so many UTF-16 code units: whole where it fits, else cut after a word, or
    /// within one where it has no end, and closed with an ellipsis.
    /// </summary>
    /// <exception cref="HtmlException">The HTML is over one of <see cref="HtmlLimits"/>.</exception>
    public static string Excerpt(string html, int maxChars)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxChars);
        var text = ToPlainText(html).Replace('\n', ' ');
        if (text.Length <= maxChars)
            return text;

        // One unit is the ellipsis; a word's end is worth up to half of the text.
        var end = maxChars - 1;
        var space = text.LastIndexOf(' ', end);
        if (space > maxChars / 2)
        {
            end = space;
        }
        else
        {
            // What belongs to the character before may not be parted from it.
            while (end > 0 && (char.IsLowSurrogate(text[end]) || char.GetUnicodeCategory(text, end) is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.EnclosingMark || text[end] == '\u200d' || text[end - 1] == '\u200d'))
                end--;
        }

        return text[..end].TrimEnd(' ', ',', ';', ':', '-', '–', '—') + "…";
    }

    private sealed class PlainText
    {
        private readonly StringBuilder _text = new();
        private bool _space;

        internal void Children(INode parent, bool preformatted)
        {
            foreach (var child in parent.ChildNodes)
            {
                if (child is IText text)
                    Append(text.Data, preformatted);
                else if (child is IElement element && !SanitizerRules.Dropped.Contains(element.LocalName))
                    Element(element, preformatted);
            }
        }

        internal void Append(string text, bool preformatted)
        {
            foreach (var c in text)
            {
                if (preformatted && c == '\n')
                    Break();
                else if (char.IsWhiteSpace(c))
                    _space = true;
                else if (c is >= ' ' and (< '\u007f' or > '\u009f'))
                    Append(c);
            }
        }

        public override string ToString() => _text.ToString().TrimEnd();

        private void Append(char c)
        {
            if (_space && _text.Length > 0 && _text[^1] != '\n')
                _text.Append(' ');
            _space = false;
            _text.Append(c);
        }

        private void Break()
        {
            _space = false;
            if (_text.Length > 0 && _text[^1] != '\n')
                _text.Append('\n');
        }

        private void Element(IElement element, bool preformatted)
        {
            var tag = SanitizerRules.Renamed.GetValueOrDefault(element.LocalName, element.LocalName);
            var block = SanitizerRules.ClosesParagraph.Contains(tag) || tag is "br" or "tr" or "caption";
            if (block)
                Break();
            else if (tag is "td" or "th")
                _space = true;
            Children(element, preformatted || tag == "pre");
            if (block)
                Break();
        }
    }
}
