using System.Globalization;
using System.Text;
using FeedService.Syndication.Html;

namespace FeedService.Web;

/// <summary>A picture for feeds that have none: the first letter of the title on a pattern that only this feed has.</summary>
internal static class FeedIcon
{
    private const int Hues = 12;

    /// <summary>The feed's own colour, as the class of the style sheet that sets it.</summary>
    public static string HueClass(string slug) => string.Create(CultureInfo.InvariantCulture, $"hue-{Hash(slug) % Hues}");

    public static string Svg(string slug, string title)
    {
        var hash = Hash(slug);
        var hue = (int)(hash % Hues) * 360 / Hues;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img">
            <defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl({hue},58%,46%)"/><stop offset="1" stop-color="hsl({(hue + 38) % 360},62%,30%)"/></linearGradient><clipPath id="c"><rect width="64" height="64" rx="14"/></clipPath></defs>
            <g clip-path="url(#c)"><rect width="64" height="64" fill="url(#g)"/><g fill="#fff" fill-opacity=".13">
            """);
        // Three discs, their places from the hash.
        for (var i = 0; i < 3; i++)
        {
            var bits = (int)(hash >> (4 + (i * 9)));
            svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{(bits & 7) * 9}" cy="{((bits >> 3) & 7) * 9}" r="{10 + (((bits >> 6) & 7) * 2)}"/>""");
        }
        svg.Append(CultureInfo.InvariantCulture, $"""
            </g><text x="32" y="44" fill="#fff" font-family="Georgia,'Times New Roman',serif" font-size="36" font-weight="700" text-anchor="middle">{HtmlText.Escape(Initial(title))}</text></g></svg>

            """);
        return svg.ToString();
    }

    private static string Initial(string title)
    {
        var letters = StringInfo.GetTextElementEnumerator(title);
        while (letters.MoveNext())
        {
            if (char.IsLetterOrDigit(letters.GetTextElement(), 0)) return letters.GetTextElement().ToUpperInvariant();
        }
        return "•";
    }

    // FNV-1a: the same on every node and in every version, unlike string.GetHashCode.
    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var c in text) hash = unchecked((hash ^ c) * 16777619);
        return hash;
    }
}
