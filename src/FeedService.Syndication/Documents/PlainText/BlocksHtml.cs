using System.Text;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Blocks to HTML. Every character of the text is escaped here, so that what comes out holds this file's own elements and no others.</summary>
internal static partial class BlocksHtml
{
    private const int MaxUrl = 2_048;

    [GeneratedRegex(@"https?://[^\s<>""“”«»]+", RegexOptions.IgnoreCase)]
    private static partial Regex BareUrl();

    public static string Write(IReadOnlyList<TextBlock> blocks)
    {
        var html = new StringBuilder();
        for (var i = 0; i < blocks.Count;)
        {
            var block = blocks[i];
            switch (block.Kind)
            {
                case BlockKind.Item:
                    i = List(html, blocks, i, block.Depth);
                    continue;
                case BlockKind.Quote:
                    html.Append("<blockquote>");
                    for (; i < blocks.Count && blocks[i].Kind == BlockKind.Quote; i++) Element(html, "p", blocks[i].Text);
                    html.Append("</blockquote>\n");
                    continue;
                case BlockKind.Heading:
                    Element(html, block.Level == 2 ? "h2" : "h3", block.Text);
                    break;
                case BlockKind.Rule:
                    html.Append("<hr>");
                    break;
                default:
                    Element(html, "p", block.Text);
                    break;
            }
            html.Append('\n');
            i++;
        }
        return html.ToString();
    }

    private static int List(StringBuilder html, IReadOnlyList<TextBlock> blocks, int i, int depth)
    {
        var ordered = blocks[i].Number is not null;
        var first = blocks[i].Number ?? 1;
        html.Append(!ordered ? "<ul>" : first == 1 ? "<ol>" : $"<ol start=\"{first}\">");
        while (i < blocks.Count && blocks[i] is { Kind: BlockKind.Item } item && item.Depth >= depth && item.Number is not null == ordered)
        {
            html.Append("<li>");
            Inline(html, item.Text);
            i++;
            if (i < blocks.Count && blocks[i].Kind == BlockKind.Item && blocks[i].Depth > depth) i = List(html, blocks, i, blocks[i].Depth);
            html.Append("</li>");
        }
        html.Append(ordered ? "</ol>\n" : "</ul>\n");
        return i;
    }

    private static void Element(StringBuilder html, string name, string text)
    {
        html.Append('<').Append(name).Append('>');
        Inline(html, text);
        html.Append("</").Append(name).Append('>');
    }

    private static void Inline(StringBuilder html, string text)
    {
        var written = 0;
        foreach (Match match in BareUrl().Matches(text))
        {
            if (match.Length > MaxUrl) continue;
            var url = Trim(match.Value);
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0) continue;
            Text(html, text.AsSpan(written, match.Index - written));
            html.Append("<a href=\"");
            Text(html, uri.AbsoluteUri);
            html.Append("\">");
            Text(html, url);
            html.Append("</a>");
            written = match.Index + url.Length;
        }
        Text(html, text.AsSpan(written));
    }

    // A sentence's punctuation is not the address's; a bracket is, where it was opened inside.
    private static string Trim(string url)
    {
        while (url.Length > 0 && (url[^1] is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '’' or '*' or '…' or '。' or '、' or '，'
                                  || url[^1] == ')' && url.Count(c => c == ')') > url.Count(c => c == '(')
                                  || url[^1] == ']' && url.Count(c => c == ']') > url.Count(c => c == '['))) url = url[..^1];
        return url;
    }

    private static void Text(StringBuilder html, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '&': html.Append("&amp;"); break;
                case '<': html.Append("&lt;"); break;
                case '>': html.Append("&gt;"); break;
                case '"': html.Append("&quot;"); break;
                case '\n': html.Append("<br>"); break;
                default: html.Append(c); break;
            }
        }
    }
}
