using System.Globalization;
using System.Text;

namespace FeedService.Syndication;

/// <summary>The part of an article's address that people can read.</summary>
public static class ArticleSlug
{
    /// <summary>Counted in UTF-16 units; 80 letters of any script stay below the 255 bytes that file systems take.</summary>
    public const int MaxLength = 80;

    // Latin letters that no normalization form takes apart.
    private static readonly Dictionary<char, string> Latin = new()
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['ø'] = "o",
        ['ł'] = "l",
        ['đ'] = "d",
        ['ð'] = "d",
        ['þ'] = "th",
        ['ħ'] = "h",
        ['ı'] = "i",
        ['ŋ'] = "ng",
        ['ŧ'] = "t",
        ['ə'] = "e",
        ['ɓ'] = "b",
        ['ɗ'] = "d",
        ['ƙ'] = "k",
        ['ĸ'] = "k",
    };

    /// <summary>
    /// A slug of lower-case words with hyphens between: Latin letters become ASCII (<c>Łódź</c> gives <c>lodz</c>), letters and digits of other
    /// scripts stay, to be percent-encoded in URLs, and everything else separates words.
    /// </summary>
    /// <returns>At most <see cref="MaxLength"/> characters, cut between words where possible; empty where the title has no letter or digit.</returns>
    public static string From(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        var decomposed = Assigned(title).Normalize(NormalizationForm.FormKD).ToLowerInvariant();
        var slug = new StringBuilder(MaxLength);
        var afterLatin = false;
        var gap = false;
        foreach (var rune in decomposed.EnumerateRunes())
        {
            // Enough for the cut below, whatever composing the rest would change.
            if (slug.Length > 4 * MaxLength) break;
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
            {
                // A Latin letter's accent goes; in other scripts marks are vowels.
                if (!afterLatin && !gap && slug.Length > 0) slug.Append(rune);
            }
            else if (Rune.IsLetter(rune) || category == UnicodeCategory.DecimalDigitNumber)
            {
                if (gap && slug.Length > 0) slug.Append('-');
                gap = false;
                afterLatin = rune.Value < 0x0250 || rune.Value is >= 0x1E00 and < 0x1F00;
                if (rune.IsBmp && Latin.TryGetValue((char)rune.Value, out var ascii)) slug.Append(ascii);
                else slug.Append(rune);
            }
            else if (rune.Value is not ('\'' or '’' or 'ʼ' or 0xAD or 0x200C or 0x200D))
            {
                gap = true;
            }
        }
        return Cut(slug.ToString().Normalize(NormalizationForm.FormC));
    }

    // Normalization throws on lone surrogates and on code points that are no characters.
    private static string Assigned(string title)
    {
        var text = new StringBuilder(Math.Min(title.Length, 16 * MaxLength));
        foreach (var rune in title.EnumerateRunes())
        {
            if (text.Length > 16 * MaxLength) break;
            text.Append(rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned ? new Rune(' ') : rune);
        }
        return text.ToString();
    }

    private static string Cut(string slug)
    {
        if (slug.Length <= MaxLength) return slug;
        if (slug[MaxLength] == '-') return slug[..MaxLength];
        var hyphen = slug.LastIndexOf('-', MaxLength);
        if (hyphen >= MaxLength / 2) return slug[..hyphen];
        return slug[..(char.IsHighSurrogate(slug[MaxLength - 1]) ? MaxLength - 1 : MaxLength)].TrimEnd('-');
    }
}
