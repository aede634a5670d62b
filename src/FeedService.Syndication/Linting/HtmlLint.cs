using System.Buffers;
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Linting;

/// <summary>Markup in content: what readers take out, and references that lead nowhere. A look at the tags; nothing is parsed or repaired.</summary>
internal static partial class HtmlLint
{
    private static readonly SearchValues<char> _endOfName = SearchValues.Create(" \t\n\r\f/>");

    private static readonly FrozenSet<string> _safe = (
        "a abbr acronym address area article aside audio b bdi bdo big blockquote br button canvas caption center cite code col colgroup command data datagrid datalist dd del details dfn dialog dir div dl dt em " +
        "fieldset figcaption figure footer font form header h1 h2 h3 h4 h5 h6 hgroup hr i img input ins kbd label legend li m main map mark menu meter nav ol output optgroup option p picture pre progress q rp rt ruby " +
        "s samp section select small source span strike strong sub summary sup table tbody td template textarea time tfoot th thead tr track tt u ul var video noscript wbr").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> _unsafe = (
        "applet base basefont body embed frame frameset head html iframe isindex link meta noframes object param script slot style title xmp plaintext comment listing").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> _safeProperties = (
        "azimuth background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse border-color border-left border-left-color border-left-style " +
        "border-left-width border-right border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style border-top-width border-width clear color cursor " +
        "direction display elevation float font font-family font-size font-style font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top " +
        "overflow padding padding-bottom padding-left padding-right padding-top pause pause-after pause-before pitch pitch-range richness speak speak-header speak-numeral speak-punctuation speech-rate stress " +
        "text-align text-decoration text-indent unicode-bidi vertical-align voice-family volume white-space width").Split(' ').ToFrozenSet();

    /// <summary>Whether a tag's name is one of HTML.</summary>
    public static bool IsTag(string name) => name.ToLowerInvariant() is var lower && (_safe.Contains(lower) || _unsafe.Contains(lower));

    /// <summary>Each breach with its rule and what it is about.</summary>
    public static IReadOnlyList<(string Rule, string Value)> Check(string html)
    {
        List<(string, string)> findings = [];
        foreach (var tag in TagPattern().EnumerateMatches(html))
        {
            var text = html.AsSpan(tag.Index + 1, tag.Length - 1);
            var end = text.IndexOfAny(_endOfName);
            var name = (end < 0 ? text : text[..end]).ToString().ToLowerInvariant();
            if (name.Contains(':', StringComparison.Ordinal)) continue;
            if (_unsafe.Contains(name)) findings.Add(("SecurityRisk", name));
            else if (!_safe.Contains(name) && name is not ("svg" or "math")) findings.Add(("NotHtml", name));
            if (end < 0 || text[end..].IndexOf('=') < 0) continue;
            foreach (Match attribute in AttributePattern().Matches(text[end..].ToString())) Attribute(findings, name, attribute.Groups[1].Value.ToLowerInvariant(), Value(attribute));
        }
        return findings;
    }

    private static void Attribute(List<(string, string)> findings, string tag, string name, string value)
    {
        if (name.StartsWith("on", StringComparison.Ordinal)) findings.Add(("SecurityRiskAttr", name));
        if (name == "style" && IsDangerous(value)) findings.Add(("DangerousStyleAttr", value));
        if ((tag, name) is not (("a", "href") or ("img", "src")) || value.Length == 0 || AbsolutePattern().IsMatch(value)) return;
        findings.Add((value.Any(c => c < 128 && !XmlValues.IsUrlCharacter(c)) ? "InvalidUriChar" : "ContainsRelRef", value));
    }

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

    private static string Value(Match attribute) =>
        System.Net.WebUtility.HtmlDecode(attribute.Groups[2].Success ? attribute.Groups[2].Value : attribute.Groups[3].Success ? attribute.Groups[3].Value : attribute.Groups[4].Value).Trim();

    // Atomic, so that no tag costs more than its length.
    [GeneratedRegex("""<[a-zA-Z](?>[^\s/>]*)(?>(?:[^>"']+|"[^"]*"|'[^']*')*)>?""")]
    private static partial Regex TagPattern();

    [GeneratedRegex("""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")]
    private static partial Regex AttributePattern();

    [GeneratedRegex(@"^\w+:")]
    private static partial Regex AbsolutePattern();
}
