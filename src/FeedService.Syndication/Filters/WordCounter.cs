using System.Text;

namespace FeedService.Syndication.Filters;

/// <summary>Counts words as a reader of the language would: runs of letters and digits, and each ideograph, kana or Thai letter cluster roughly as half a word.</summary>
internal static class WordCounter
{
    public static int Count(string text)
    {
        int words = 0, ideographs = 0;
        var inWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsIdeograph(rune))
            {
                ideographs++;
                inWord = false;
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                if (!inWord)
                    words++;
                inWord = true;
            }
            // A word may have an apostrophe or a hyphen in it.
            else if (rune.Value is not ('\'' or '’' or '-' or '\u00AD') || !inWord)
            {
                inWord = Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark && inWord;
            }
        }
        return words + (ideographs + 1) / 2;
    }

    private static bool IsIdeograph(Rune rune) => rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF);
}
