using System.Text;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Filters;

/// <summary>
/// What people write to find text: words or a phrase (<c>sponsored post</c>), found as whole words in any case, or a regular expression between
/// slashes (<c>/spons(or|ored)/</c>), found in any case too. The expression engine never backtracks, so no pattern can hang.
/// </summary>
internal sealed class TextPattern
{
    private const int MaxLength = 2000;

    private readonly string _written;
    private readonly Regex _regex;

    /// <exception cref="FilterSettingsException">It is no regular expression, or one that only a backtracking engine can run.</exception>
    public TextPattern(string written)
    {
        _written = written;
        _regex = written is ['/', .. var expression, '/'] && expression.Length > 0 ? Compile(expression, RegexOptions.IgnoreCase) : Compile(Words(written), RegexOptions.IgnoreCase);
    }

    public bool IsMatch(string text) => _regex.IsMatch(text);

    /// <summary>As it was written, for reasons: <c>'sponsored'</c> or <c>/spons/</c>.</summary>
    public override string ToString() => _written.StartsWith('/') ? _written : $"'{_written}'";

    /// <exception cref="FilterSettingsException">It is no regular expression, or one that only a backtracking engine can run.</exception>
    public static Regex Compile(string expression, RegexOptions options = RegexOptions.None)
    {
        if (expression.Length > MaxLength)
            throw new FilterSettingsException($"a pattern is longer than {MaxLength} characters");
        try
        {
            return new Regex(expression, options | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException e)
        {
            throw new FilterSettingsException($"the pattern '{expression}' uses look-arounds, back-references or atomic groups, which could hang and are not possible here", e);
        }
        catch (ArgumentException e)
        {
            throw new FilterSettingsException($"'{expression}' is not a regular expression: {e.Message}", e);
        }
    }

    /// <summary>Whole words, whatever white space parts them. Scripts that part no words are found anywhere.</summary>
    private static string Words(string written)
    {
        var words = written.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw new FilterSettingsException("a text to look for is empty");
        var pattern = new StringBuilder();
        if (IsPartedByBoundary(words[0][0]))
            pattern.Append(@"\b");
        pattern.AppendJoin(@"\s+", words.Select(Regex.Escape));
        if (IsPartedByBoundary(words[^1][^1]))
            pattern.Append(@"\b");
        return pattern.ToString();
    }

    private static bool IsPartedByBoundary(char c) => char.IsLetterOrDigit(c) && c is < '\u0E00' or (> '\u0EFF' and < '\u3040') or (> '\uD7FF' and < '\uF900');
}
