using System.Text;

namespace FeedService.Syndication.Html;

/// <summary>
/// Writes elements so that every HTML parser reads back the very tree that was written. What the parser's rules of nesting would move
/// (a block in a paragraph, a link in a link, text straight in a table) is closed, unwrapped or wrapped here, so nothing can mutate.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new();
    private readonly List<string> _open = [];
    private bool _atStartOfPre;

    internal string? Current => _open.Count == 0 ? null : _open[^1];

    /// <summary>Opens an element; the result goes to <see cref="End"/>. Zero where only its children are to be written.</summary>
    internal int Start(string tag)
    {
        if (!Prepare(tag))
            return 0;
        Open(tag);
        return _open.Count;
    }

    internal void Attribute(string name, string value)
    {
        // The start tag stays open for its attributes: its '>' is the last character written.
        _html.Length--;
        _html.Append(' ').Append(name).Append("=\"");
        AppendText(value, inAttribute: true);
        _html.Append("\">");
    }

    /// <summary>Writes an element without an end tag; false where it cannot stand here.</summary>
    internal bool Void(string tag)
    {
        if (!Prepare(tag))
            return false;
        _html.Append('<').Append(tag).Append('>');
        _atStartOfPre = false;
        return true;
    }

    internal void End(int token)
    {
        if (token > 0)
            CloseTo(token - 1);
    }

    internal void Text(string text)
    {
        // First of all, so that it makes no difference to what is decided by the text around it.
        text = HtmlText.Written(text);
        if (text.Length == 0)
            return;
        if (Current is "table" or "thead" or "tbody" or "tfoot" or "tr" or "colgroup" && !string.IsNullOrWhiteSpace(text))
            Prepare("#text");

        // A parser drops the first line break of a pre.
        if (_atStartOfPre && text[0] is '\n' or '\r')
            _html.Append('\n');
        _atStartOfPre = false;
        AppendText(text, inAttribute: false);
    }

    internal bool IsOpen(string tag) => _open.LastIndexOf(tag) >= 0;

    public override string ToString()
    {
        CloseTo(0);
        return _html.ToString();
    }

    private void Open(string tag)
    {
        _html.Append('<').Append(tag).Append('>');
        _open.Add(tag);
        _atStartOfPre = tag == "pre";
    }

    private void CloseTo(int depth)
    {
        while (_open.Count > depth)
        {
            _html.Append("</").Append(_open[^1]).Append('>');
            _open.RemoveAt(_open.Count - 1);
            _atStartOfPre = false;
        }
    }

    private bool Prepare(string tag)
    {
        if (!PrepareTable(tag))
            return false;
        if (SanitizerRules.ClosesParagraph.Contains(tag))
            CloseParagraph();
        switch (tag)
        {
            case "a":
                return !IsOpen("a");
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                return Current is not ("h1" or "h2" or "h3" or "h4" or "h5" or "h6");
            case "li":
                CloseItem("li", "li");
                CloseParagraph();
                return true;
            case "dd" or "dt":
                CloseItem("dd", "dt");
                CloseParagraph();
                return true;
            case "rt" or "rp":
                while (IsOpen("ruby") && Current is "rt" or "rp" or "p" or "li" or "dd" or "dt")
                    CloseTo(_open.Count - 1);
                return true;
            case "source":
                return Current is "picture" or "audio" or "video";
            case "track":
                return Current is "audio" or "video";
            default:
                return true;
        }
    }

    /// <summary>Brings a table into the shape that a parser would give it; false where the element has no place at all.</summary>
    private bool PrepareTable(string tag)
    {
        switch (tag)
        {
            case "caption" or "colgroup" or "thead" or "tbody" or "tfoot":
                return CloseUpTo("table");
            case "col":
                if (Current == "colgroup")
                    return true;
                if (!CloseUpTo("table"))
                    return false;
                Open("colgroup");
                return true;
            case "tr":
                if (Current is "thead" or "tbody" or "tfoot")
                    return true;
                if (Current == "colgroup")
                    CloseTo(_open.Count - 1);
                if (Current != "table")
                    return false;
                Open("tbody");
                return true;
            case "td" or "th":
                if (Current == "tr")
                    return true;
                if (!PrepareTable("tr"))
                    return false;
                Open("tr");
                return true;
            default:
                // Anything else straight in a table would be moved before it.
                if (Current is "table" or "thead" or "tbody" or "tfoot" or "tr" or "colgroup")
                {
                    if (PrepareTable("td"))
                        Open("td");
                }

                return true;
        }
    }

    /// <summary>Closes the parts of a table until the table itself is current; false outside tables.</summary>
    private bool CloseUpTo(string tag)
    {
        var at = _open.Count - 1;
        while (at >= 0 && _open[at] is "thead" or "tbody" or "tfoot" or "colgroup" or "caption")
            at--;
        if (at < 0 || _open[at] != tag)
            return false;
        CloseTo(at + 1);
        return true;
    }

    private void CloseParagraph()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i] == "p")
            {
                CloseTo(i);
                return;
            }

            if (_open[i] is "td" or "th" or "caption" or "table")
                return;
        }
    }

    private void CloseItem(string tag, string other)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i] == tag || _open[i] == other)
            {
                CloseTo(i);
                return;
            }

            // Only these and inline elements lie between an item and one that it would close (HTML, 13.2.6.4.7).
            if (_open[i] is not ("address" or "div" or "p") && IsSpecial(_open[i]))
                return;
        }
    }

    private static bool IsSpecial(string tag) =>
        SanitizerRules.ClosesParagraph.Contains(tag) || tag is "td" or "th" or "tr" or "tbody" or "thead" or "tfoot" or "caption" or "colgroup";

    /// <summary>Text with its markup characters escaped, and without control characters, which XML has no way to carry.</summary>
    private void AppendText(string text, bool inAttribute)
    {
        var clean = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var written = c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' when inAttribute => "&quot;",
                '\t' or '\n' => null,
                '\r' => "\n",
                _ when HtmlText.IsUnwritten(c) => "",
                >= '\ud800' and <= '\udfff' when !IsWholePair(text, i) => "\ufffd",
                _ => null,
            };
            if (written is null)
                continue;
            _html.Append(text, clean, i - clean).Append(written);
            clean = i + 1;
        }

        _html.Append(text, clean, text.Length - clean);
    }

    private static bool IsWholePair(string text, int i) =>
        char.IsHighSurrogate(text[i])
            ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
            : i > 0 && char.IsHighSurrogate(text[i - 1]);
}
