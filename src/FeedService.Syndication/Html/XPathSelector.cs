using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Html;

/// <summary>Says in CSS what an XPath 1.0 expression selects, as far as CSS has words for it.</summary>
/// <remarks>Paths along the child and descendant axes, with predicates on attributes, classes, positions and what an element holds; unions of them.</remarks>
public static partial class XPathSelector
{
    private const int MaxLength = 1_000;

    /// <summary>The selector, from the whole document or, for a relative path, from the item (<c>:scope</c>).</summary>
    /// <param name="xpath">The expression. An attribute or <c>text()</c> at its end is left off: a selector means the element that has it.</param>
    /// <returns>Empty where the item itself is meant; null where CSS cannot say it.</returns>
    public static string? ToCss(string xpath)
    {
        ArgumentNullException.ThrowIfNull(xpath);
        if (xpath.Length > MaxLength) return null;
        var paths = SplitTop(xpath.Trim(), '|');
        var selectors = paths.Select(path => Path(Unwrapped(path.Trim()))).ToList();
        if (selectors.Contains(null)) return null;
        return selectors.Contains("") ? selectors.Count == 1 ? "" : null : string.Join(", ", selectors);
    }

    // Functions that only tidy the text, and parentheses around all with a position: of what a selector finds the first counts anyway.
    private static string Unwrapped(string path)
    {
        while (true)
        {
            var match = Wrapper().Match(path);
            if (!match.Success || SplitTop(match.Groups[1].Value, ',').Count != 1 || !IsBalanced(match.Groups[1].Value)
                || (path.EndsWith(']') && match.Groups[1].Value.StartsWith('/'))) return path;
            path = match.Groups[1].Value.Trim();
        }
    }

    private static string? Path(string path)
    {
        var css = new StringBuilder();
        var rest = path;
        var relative = true;
        if (rest is "" || rest.StartsWith("..", StringComparison.Ordinal)) return null;
        if (rest is ".") return "";
        if (rest.StartsWith('.')) rest = rest[1..];
        else relative = !rest.StartsWith('/');
        // The axis before the next step.
        var descendant = false;
        if (rest.StartsWith("//", StringComparison.Ordinal)) (rest, descendant) = (rest[2..], true);
        else if (rest.StartsWith('/')) rest = rest[1..];
        var steps = Steps(rest);
        if (steps is null) return null;
        if (LeftOff().IsMatch(steps[^1].Text)) steps.RemoveAt(steps.Count - 1);
        for (var i = 0; i < steps.Count; i++)
        {
            var (text, below) = steps[i];
            var isLast = i == steps.Count - 1;
            descendant |= i > 0 && below;
            if (text.StartsWith("descendant::", StringComparison.Ordinal)) (text, descendant) = (text["descendant::".Length..], true);
            else if (text.StartsWith("descendant-or-self::", StringComparison.Ordinal)) (text, descendant) = (text["descendant-or-self::".Length..], true);
            else if (text.StartsWith("child::", StringComparison.Ordinal)) text = text["child::".Length..];
            if (Step(text, descendant && isLast && relative) is not { } step) return null;
            // From the root there is only one child.
            if (!descendant && css.Length == 0 && !relative && step is not ("html" or ":root")) return null;
            css.Append(css.Length > 0 ? descendant ? " " : " > " : descendant || !relative ? "" : ":scope > ").Append(step);
            descendant = false;
        }
        return css.ToString();
    }

    // The steps, and whether each stands after two slashes.
    private static List<(string Text, bool Below)>? Steps(string path)
    {
        var steps = new List<(string, bool)>();
        var below = false;
        foreach (var part in SplitTop(path, '/'))
        {
            if (part.Length == 0)
            {
                if (below || steps.Count == 0) return null;
                below = true;
                continue;
            }
            steps.Add((part.Trim(), below));
            below = false;
        }
        return below || steps.Count == 0 ? null : steps;
    }

    private static string? Step(string step, bool firstCounts)
    {
        var match = NameAndPredicates().Match(step);
        if (!match.Success) return null;
        var name = match.Groups[1].Value;
        var css = new StringBuilder();
        var predicates = Predicates(match.Groups[2].Value);
        if (predicates is null) return null;
        for (var i = 0; i < predicates.Count; i++)
        {
            var predicate = predicates[i].Trim();
            if (predicate == "1" && firstCounts && i == predicates.Count - 1) continue;
            var position = Position(predicate, name);
            // A position counts what the predicates before it leave, which CSS does not.
            if ((position is not null && i > 0) || (position ?? Condition(predicate)) is not { } condition) return null;
            css.Append(condition);
        }
        return name == "*" ? css.Length == 0 ? "*" : css.ToString() : name.ToLowerInvariant() + css;
    }

    private static string? Position(string predicate, string name)
    {
        var kind = name == "*" ? "child" : "of-type";
        if (predicate is "last()" or "position()=last()" or "position() = last()") return $":last-{kind}";
        var number = predicate.StartsWith("position()", StringComparison.Ordinal) ? predicate["position()".Length..].TrimStart(' ', '=') : predicate;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position > 0 ? $":nth-{kind}({position})" : null;
    }

    private static string? Condition(string predicate)
    {
        var parts = predicate.Split(" and ", StringSplitOptions.TrimEntries);
        if (parts.Length > 1)
        {
            var all = parts.Select(Condition).ToList();
            return all.Contains(null) ? null : string.Concat(all);
        }
        if (Not().Match(predicate) is { Success: true } not) return IsBalanced(not.Groups[1].Value) && Condition(not.Groups[1].Value.Trim()) is { } inner ? $":not({inner})" : null;
        if (HasAttribute().Match(predicate) is { Success: true } has) return $"[{has.Groups[1].Value}]";
        if (Equal().Match(predicate) is { Success: true } equal) return Attribute(equal, "=");
        if (HasClass().Match(predicate) is { Success: true } word && Identifier().IsMatch(Value(word).Trim())) return $".{Value(word).Trim()}";
        if (Contains().Match(predicate) is { Success: true } contains) return Attribute(contains, "*=");
        if (Starts().Match(predicate) is { Success: true } starts) return Attribute(starts, "^=");
        // What is left may be elements that it holds; an attribute of one would be lost.
        if (LeftOff().IsMatch(SplitTop(predicate, '/')[^1]) || predicate.StartsWith('/') || Path(predicate) is not { Length: > 0 } path) return null;
        return path.StartsWith(":scope > ", StringComparison.Ordinal) ? $":has(> {path[":scope > ".Length..]})" : $":has({path})";
    }

    private static string? Attribute(Match match, string comparison) =>
        Value(match) is { Length: > 0 } value && !value.Any(char.IsControl)
            ? $"[{match.Groups[1].Value}{comparison}\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"]"
            : null;

    private static string Value(Match match) => match.Groups["value"].Value[1..^1];

    private static List<string>? Predicates(string text)
    {
        var predicates = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            if (text[start] != '[' || End(text, start) is not (> 0 and var end)) return null;
            predicates.Add(text[(start + 1)..end]);
            start = end + 1;
        }
        return predicates;
    }

    // Where the bracket closes that opens here; -1 where it does not.
    private static int End(string text, int start)
    {
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] is '"' or '\'')
            {
                i = text.IndexOf(text[i], i + 1);
                if (i < 0) return -1;
            }
            else if (text[i] is '[' or '(')
            {
                depth++;
            }
            else if (text[i] is ']' or ')' && --depth == 0)
            {
                return i;
            }
        }
        return -1;
    }

    private static List<string> SplitTop(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '[' or '(' && End(text, i) is > 0 and var end) i = end;
            else if (text[i] is '"' or '\'' && text.IndexOf(text[i], i + 1) is > 0 and var quote) i = quote;
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }
        parts.Add(text[start..]);
        return parts;
    }

    private static bool IsBalanced(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is ']' or ')') return false;
            if (text[i] is not ('[' or '(')) continue;
            i = End(text, i);
            if (i < 0) return false;
        }
        return true;
    }

    private const string Text = "(?<value>\"[^\"]*\"|'[^']*')";
    private const string AttributeName = @"@([A-Za-z_][\w-]*)";

    [GeneratedRegex(@"^(?:normalize-space|string)?\s*\((.*)\)(?:\[1\])?\z", RegexOptions.Singleline)]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^(?:attribute::|@)[\w-]+\z|^text\(\)\z|^\.\z")]
    private static partial Regex LeftOff();

    [GeneratedRegex(@"^([A-Za-z][\w-]*|\*)(\[.*\])?\z", RegexOptions.Singleline)]
    private static partial Regex NameAndPredicates();

    [GeneratedRegex(@"^not\s*\((.*)\)\z", RegexOptions.Singleline)]
    private static partial Regex Not();

    [GeneratedRegex($@"^{AttributeName}\z")]
    private static partial Regex HasAttribute();

    [GeneratedRegex($@"^{AttributeName}\s*=\s*{Text}\z")]
    private static partial Regex Equal();

    [GeneratedRegex($@"^contains\s*\(\s*{AttributeName}\s*,\s*{Text}\s*\)\z")]
    private static partial Regex Contains();

    [GeneratedRegex($@"^starts-with\s*\(\s*{AttributeName}\s*,\s*{Text}\s*\)\z")]
    private static partial Regex Starts();

    // The idiom for one class among several.
    [GeneratedRegex($@"^contains\s*\(\s*concat\s*\(\s*(?:' '|"" "")\s*,\s*(?:normalize-space\s*\(\s*@class\s*\)|@class)\s*,\s*(?:' '|"" "")\s*\)\s*,\s*{Text}\s*\)\z")]
    private static partial Regex HasClass();

    [GeneratedRegex(@"^-?[A-Za-z_][\w-]*\z")]
    private static partial Regex Identifier();
}
