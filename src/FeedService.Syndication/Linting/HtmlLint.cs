using System.Buffers;
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Linting;

/// <summary>Markup in content: what readers take out, and references that lead nowhere. A look at the tags; nothing is parsed or repaired.</summary>
internal static partial class HtmlLint
{
    private static readonly SearchValues<char> _endOfName = SearchValues.Create(" \t\n\r\f/>");
    private static readonly SearchValues<char> _endOfAttributeName = SearchValues.Create(" \t\n\r\f\v\"'<>/=");
    private static readonly SearchValues<char> _usualInSchemes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> _endOfBareValue = SearchValues.Create(" \t\n\r\f\v\"'=<>`");

    private static readonly FrozenSet<string> _safe = (
        "a abbr acronym address area article aside audio b bdi bdo big blockquote br button canvas caption center cite code col colgroup command data datagrid datalist dd del details dfn dialog dir div dl dt em " +
        "fieldset figcaption figure footer font form header h1 h2 h3 h4 h5 h6 hgroup hr i img input ins kbd label legend li m main map mark menu meter nav ol output optgroup option p picture pre progress q rp rt ruby " +
        "s samp section select small source span strike strong sub summary sup table tbody td template textarea time tfoot th thead tr track tt u ul var video noscript wbr").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> _unsafe = (
        "applet base basefont body embed frame frameset head html iframe isindex link meta noframes object param script slot style title xmp plaintext comment listing").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _isSafe = _safe.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _isUnsafe = _unsafe.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string> _safeProperties = (
        "azimuth background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse border-color border-left border-left-color border-left-style " +
        "border-left-width border-right border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style border-top-width border-width clear color cursor " +
        "direction display elevation float font font-family font-size font-style font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top " +
        "overflow padding padding-bottom padding-left padding-right padding-top pause pause-after pause-before pitch pitch-range richness speak speak-header speak-numeral speak-punctuation speech-rate stress " +
        "text-align text-decoration text-indent unicode-bidi vertical-align voice-family volume white-space width").Split(' ').ToFrozenSet();

    /// <summary>Whether a tag's name is one of HTML.</summary>
    public static bool IsTag(ReadOnlySpan<char> name) => _isSafe.Contains(name) || _isUnsafe.Contains(name);

    /// <summary>Each breach with its rule and what it is about.</summary>
    public static IReadOnlyList<(string Rule, string Value)> Check(ReadOnlySpan<char> html)
    {
        List<(string Rule, string Value)>? findings = null;
        for (var open = html.IndexOf('<'); open >= 0; open = html.IndexOf('<'))
        {
            html = html[(open + 1)..];
            if (html.IsEmpty || !char.IsAsciiLetter(html[0])) continue;
            var tag = html[..EndOfTag(html)];
            html = html[tag.Length..];
            var end = tag.IndexOfAny(_endOfName);
            var name = end < 0 ? tag : tag[..end];
            if (name.Contains(':')) continue;
            if (_isUnsafe.Contains(name)) Add(ref findings, "SecurityRisk", Lower(name));
            else if (!_isSafe.Contains(name) && !Same(name, "svg") && !Same(name, "math")) Add(ref findings, "NotHtml", Lower(name));
            if (end >= 0) Attributes(ref findings, name, tag[end..]);
        }
        return findings ?? [];
    }

    // Where a tag ends: a > in quotes is none, and a quote that is never closed ends it.
    private static int EndOfTag(ReadOnlySpan<char> html)
    {
        for (var at = 0; ;)
        {
            var next = html[at..].IndexOfAny('>', '"', '\'');
            if (next < 0) return html.Length;
            at += next;
            if (html[at] == '>') return at;
            var close = html[(at + 1)..].IndexOf(html[at]);
            if (close < 0) return at;
            at += close + 2;
        }
    }

    private static void Attributes(ref List<(string Rule, string Value)>? findings, ReadOnlySpan<char> tag, ReadOnlySpan<char> rest)
    {
        for (var isFirst = true; rest.IndexOfAnyExcept(_endOfAttributeName) is >= 0 and var start; isFirst = false)
        {
            rest = rest[start..];
            var length = rest.IndexOfAny(_endOfAttributeName);
            var name = length < 0 ? rest : rest[..length];
            rest = rest[name.Length..];
            var after = rest.TrimStart();
            if (after is not ['=', ..]) continue;
            after = after[1..].TrimStart();
            ReadOnlySpan<char> value;
            if (after is ['"' or '\'', ..])
            {
                var close = after[1..].IndexOf(after[0]);
                if (close < 0) continue;
                value = after.Slice(1, close);
                rest = after[(close + 2)..];
            }
            else
            {
                var bare = after.IndexOfAny(_endOfBareValue);
                value = bare < 0 ? after : after[..bare];
                rest = after[value.Length..];
            }
            Attribute(ref findings, tag, name, value, isFirst);
        }
    }

    private static void Attribute(ref List<(string Rule, string Value)>? findings, ReadOnlySpan<char> tag, ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool isFirst)
    {
        if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase)) Add(ref findings, "SecurityRiskAttr", Lower(name));
        if (Same(name, "style") && Decoded(value) is var style && IsDangerous(style)) Add(ref findings, "DangerousStyleAttr", style);
        if (!(Same(tag, "a") && Same(name, "href") || Same(tag, "img") && Same(name, "src"))) return;
        // What begins with a scheme is absolute, whatever references come later.
        if (BeginsWithScheme(value)) return;
        if (Decoded(value) is { Length: > 0 } url && !BeginsWithScheme(url))
            // Validators see a broken address in a link only where it is the first attribute.
            Add(ref findings, (isFirst || Same(tag, "img")) && url.Any(c => c < 128 && !XmlValues.IsUrlCharacter(c)) ? "InvalidUriChar" : "ContainsRelRef", url);
    }

    private static void Add(ref List<(string Rule, string Value)>? findings, string rule, string value) => (findings ??= []).Add((rule, value));

    private static bool Same(ReadOnlySpan<char> name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Lower(ReadOnlySpan<char> name) => name.ToString().ToLowerInvariant();

    private static string Decoded(ReadOnlySpan<char> value) => System.Net.WebUtility.HtmlDecode(value.ToString()).Trim();

    private static bool IsDangerous(string style)
    {
        foreach (var declaration in style.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !_safeProperties.Contains(declaration[..colon].Trim().ToLowerInvariant())) return true;
            if (declaration.Contains('\\', StringComparison.Ordinal) || declaration.Contains("url(", StringComparison.OrdinalIgnoreCase) || declaration.Contains("expression", StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    private static bool BeginsWithScheme(ReadOnlySpan<char> url) =>
        url.IndexOf(':') is > 0 and var colon && (!url[..colon].ContainsAnyExcept(_usualInSchemes) || SchemePattern().IsMatch(url));

    [GeneratedRegex(@"^\w+:")]
    private static partial Regex SchemePattern();
}
