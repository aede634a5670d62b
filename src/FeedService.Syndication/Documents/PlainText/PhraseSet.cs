using System.Globalization;
using System.Text;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Phrases that a whole line is, or begins with.</summary>
internal sealed class PhraseSet
{
    // "Register" may begin a label of the page, and a sentence of the article that goes on for long.
    private const int MaxRest = 30;

    private readonly HashSet<string> _whole = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openings = new(StringComparer.Ordinal);
    private readonly int _longestOpening;

    /// <param name="table">Phrases between bars and line ends; one that ends in <c>*</c> is an opening.</param>
    public PhraseSet(string table)
    {
        foreach (var phrase in table.Split(['|', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = Normalize(phrase);
            if (words.Length == 0) continue;
            _whole.Add(words);
            if (!phrase.EndsWith('*')) continue;
            _openings.Add(words);
            _longestOpening = Math.Max(_longestOpening, words.Length);
        }
    }

    /// <summary>True where the line is one of the phrases.</summary>
    public bool Is(string normalized) => _whole.Contains(normalized);

    /// <summary>True where the line is one of the phrases, or begins with one that may go on.</summary>
    /// <param name="normalized">What <see cref="Normalize"/> made of the line.</param>
    /// <param name="rest">How much may come after the phrase.</param>
    public bool Opens(string normalized, int rest = MaxRest)
    {
        if (_whole.Contains(normalized)) return true;
        var lookup = _openings.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var end = Math.Max(1, normalized.Length - rest); end < normalized.Length && end <= _longestOpening; end++)
        {
            // Scripts without spaces have no other end of a word than the next sign.
            if ((normalized[end] == ' ' || normalized[end - 1] >= '\u2E80') && lookup.Contains(normalized.AsSpan(0, end))) return true;
        }
        return false;
    }

    /// <summary>Lower-case words with single spaces, numbers as <c>#</c>: what stands around and between words differs from page to page.</summary>
    public static string Normalize(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsDigit(c) || c == '#')
            {
                if (words.Length == 0 || words[^1] != '#') words.Append('#');
            }
            else if (char.IsLetter(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                words.Append(char.ToLowerInvariant(c));
            }
            else if (c is not ('\'' or '’' or '\u200B' or '\u00AD' or '.' or ',') && words.Length > 0 && words[^1] != ' ')
            {
                words.Append(' ');
            }
        }
        return words.ToString().TrimEnd();
    }
}
