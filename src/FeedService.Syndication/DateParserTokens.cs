using System.Globalization;

namespace FeedService.Syndication;

internal enum DateTokenKind : byte
{
    Number,
    Word,
    Mark,
}

/// <summary>A run of digits, a run of letters (one ideograph each), or a mark; white space only parts them.</summary>
internal readonly record struct DateToken(DateTokenKind Kind, int Start, int Length, int Value)
{
    /// <summary>The value of a number that no date can hold.</summary>
    public const int TooLong = -1;

    public int End => Start + Length;

    public bool IsNumber(int minDigits, int maxDigits) => Kind == DateTokenKind.Number && Length >= minDigits && Length <= maxDigits;

    /// <summary>Fills <paramref name="tokens"/>, which is at least as long as the text, and returns the part that was filled.</summary>
    public static ReadOnlySpan<DateToken> Split(ReadOnlySpan<char> text, Span<DateToken> tokens)
    {
        var count = 0;
        var i = 0;
        while (i < text.Length)
        {
            var start = i;
            var c = text[i++];
            if (char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control)
                continue;
            if (char.IsDigit(c))
            {
                var value = CharUnicodeInfo.GetDecimalDigitValue(c);
                while (i < text.Length && char.IsDigit(text[i]))
                {
                    value = value is TooLong or > 99_999_999 ? TooLong : value * 10 + CharUnicodeInfo.GetDecimalDigitValue(text[i]);
                    i++;
                }
                tokens[count++] = new DateToken(DateTokenKind.Number, start, i - start, value);
            }
            else if (char.IsLetter(c))
            {
                if (!IsIdeograph(c))
                    while (i < text.Length && (char.IsLetter(text[i]) && !IsIdeograph(text[i]) || char.GetUnicodeCategory(text[i]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark))
                        i++;
                tokens[count++] = new DateToken(DateTokenKind.Word, start, i - start, 0);
            }
            else
            {
                tokens[count++] = new DateToken(DateTokenKind.Mark, start, 1, 0);
            }
        }
        return tokens[..count];
    }

    private static bool IsIdeograph(char c) => c is >= '\u4E00' and <= '\u9FFF';
}
