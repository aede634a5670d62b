using System.Globalization;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Html;

/// <summary>The values of attributes, each held to its form; null where a value is not of that form.</summary>
internal static partial class AttributeValues
{
    private const int MaxText = 2_000;

    internal static string? Text(string value, bool keepEmpty)
    {
        var (start, end) = (0, value.Length);
        while (start < end && IsBlank(value[start]))
            start++;
        if (end - start > MaxText)
            end = start + (char.IsHighSurrogate(value[start + MaxText - 1]) ? MaxText - 1 : MaxText);
        while (end > start && IsBlank(value[end - 1]))
            end--;
        return end > start || keepEmpty ? value[start..end] : null;

        // What is not written at all hides no space behind it.
        static bool IsBlank(char c) => char.IsWhiteSpace(c) || HtmlText.IsUnwritten(c);
    }

    /// <summary>Whole pixels or counts, as <c>640</c> or <c>640px</c>.</summary>
    internal static int? Number(string? value)
    {
        var text = value.AsSpan().Trim();
        if (text.EndsWith("px", StringComparison.OrdinalIgnoreCase))
            text = text[..^2].TrimEnd();
        if (text.IndexOf('.') is var point and > 0 && text[(point + 1)..].IndexOfAnyExceptInRange('0', '9') < 0)
            text = text[..point];
        return text.Length <= 6 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    internal static string? Language(string value) => Matched(LanguageForm(), value.Trim());

    internal static string? MediaType(string value) => Matched(MediaTypeForm(), value.Trim());

    internal static string? Instant(string value) => Matched(InstantForm(), value.Trim());

    internal static string? Keyword(string value) => Matched(KeywordForm(), value.Trim());

    internal static string? Css(string value) => Matched(CssForm(), value.Trim());

    internal static string? Id(string value) => Matched(IdForm(), value.Trim());

    internal static string? OneOf(string value, params ReadOnlySpan<string> allowed)
    {
        foreach (var one in allowed)
        {
            if (value.Trim().Equals(one, StringComparison.OrdinalIgnoreCase))
                return one;
        }

        return null;
    }

    private static string? Matched(Regex form, string value) => form.IsMatch(value) ? value : null;

    [GeneratedRegex(@"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,6}\z")]
    private static partial Regex LanguageForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9.+-]{0,60}\z")]
    private static partial Regex MediaTypeForm();

    [GeneratedRegex(@"^[-+0-9A-Za-z:. ]{1,40}\z")]
    private static partial Regex InstantForm();

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,20}\z")]
    private static partial Regex KeywordForm();

    [GeneratedRegex(@"^[-A-Za-z0-9_.,:()%+*/<>= ]{1,400}\z")]
    private static partial Regex CssForm();

    [GeneratedRegex(@"^[\p{L}\p{N}_][\p{L}\p{N}_.:-]{0,99}\z")]
    private static partial Regex IdForm();
}
