using System.Text;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

/// <summary>Makes the links of a piece of HTML absolute without touching anything else of it.</summary>
internal static class ContentLinks
{
    public static string Resolve(string html, string baseUrl)
    {
        var result = new StringBuilder();
        var done = 0;
        var at = 0;
        while ((at = html.IndexOf('<', at)) >= 0 && ++at < html.Length)
        {
            if (!char.IsAsciiLetter(html[at]))
                continue;
            while (NextAttribute(html, ref at) is { } attribute)
            {
                var (name, value) = attribute;
                if (!IsLink(html.AsSpan(name)))
                    continue;
                var url = CharacterReferences.Decode(html[value]).Trim();
                if (url.Length == 0 || FeedUrls.IsAbsolute(url) || FeedUrls.Resolve(url, baseUrl) is not { } absolute)
                    continue;
                var start = value.Start.Value;
                result.Append(html, done, start - done).Append(HtmlText.Escape(absolute));
                done = value.End.Value;
            }
        }
        return done == 0 ? html : result.Append(html, done, html.Length - done).ToString();
    }

    private static bool IsLink(ReadOnlySpan<char> name) =>
        name.Equals("href", StringComparison.OrdinalIgnoreCase) || name.Equals("src", StringComparison.OrdinalIgnoreCase)
        || name.Equals("poster", StringComparison.OrdinalIgnoreCase) || name.Equals("cite", StringComparison.OrdinalIgnoreCase);

    /// <summary>The next quoted attribute of the tag that is being stepped through; null at its end.</summary>
    private static (Range Name, Range Value)? NextAttribute(string html, ref int at)
    {
        while (at < html.Length && html[at] != '>')
        {
            if (html[at] != '=')
            {
                at++;
                continue;
            }
            var nameEnd = at;
            while (nameEnd > 0 && char.IsWhiteSpace(html[nameEnd - 1]))
                nameEnd--;
            var nameStart = nameEnd;
            while (nameStart > 0 && (char.IsAsciiLetterOrDigit(html[nameStart - 1]) || html[nameStart - 1] is '-' or ':'))
                nameStart--;
            at++;
            while (at < html.Length && char.IsWhiteSpace(html[at]))
                at++;
            if (at >= html.Length || html[at] is not ('"' or '\''))
                continue;
            var end = html.IndexOf(html[at], at + 1);
            if (end < 0)
                return null;
            var value = (at + 1)..end;
            at = end + 1;
            return (nameStart..nameEnd, value);
        }
        return null;
    }
}
