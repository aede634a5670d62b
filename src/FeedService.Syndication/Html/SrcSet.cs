using System.Buffers;
using System.Globalization;
using System.Text;

namespace FeedService.Syndication.Html;

/// <summary>The candidates of a <c>srcset</c> (HTML, 4.8.4.2.1).</summary>
internal static class SrcSet
{
    private const int MaxCandidates = 30;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Each candidate with its URL as written and its descriptor, as <c>2x</c> or <c>640w</c>, or empty.</summary>
    internal static List<(string Url, string Descriptor)> Parse(string value)
    {
        var candidates = new List<(string, string)>();
        var rest = value.AsSpan();
        while (candidates.Count < MaxCandidates)
        {
            rest = rest.TrimStart(", \t\r\n\f");
            if (rest.IsEmpty)
                break;
            var end = rest.IndexOfAny(" \t\r\n\f");
            var url = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            var descriptor = ReadOnlySpan<char>.Empty;
            if (url[^1] == ',')
            {
                url = url.TrimEnd(',');
            }
            else
            {
                var comma = rest.IndexOf(',');
                descriptor = (comma < 0 ? rest : rest[..comma]).Trim();
                rest = comma < 0 ? [] : rest[(comma + 1)..];
            }

            if (IsDescriptor(descriptor))
                candidates.Add((url.ToString(), descriptor.ToString()));
        }

        return candidates;
    }

    /// <summary>The candidates whose URL may be written, in canonical form; null where none is left.</summary>
    internal static string? Clean(string? value, Uri? baseUrl)
    {
        if (string.IsNullOrWhiteSpace(value))
            return null;
        var clean = new StringBuilder();
        foreach (var (url, descriptor) in Parse(value))
        {
            // A comma at an end would be read as the end of the candidate.
            if (HtmlUrl.Clean(url, baseUrl, HtmlUrl.Use.Media) is not { } written || written.EndsWith(',') || written.StartsWith(','))
                continue;
            if (clean.Length > 0)
                clean.Append(", ");
            clean.Append(written);
            if (descriptor.Length > 0)
                clean.Append(' ').Append(descriptor);
        }

        return clean.Length == 0 ? null : clean.ToString();
    }

    /// <summary>The URL of the widest or densest candidate.</summary>
    internal static string Largest(string value) =>
        Parse(value).MaxBy(c => c.Descriptor.Length == 0 ? 1 : double.Parse(c.Descriptor.AsSpan()[..^1], CultureInfo.InvariantCulture)).Url;

    private static bool IsDescriptor(ReadOnlySpan<char> text) =>
        text.IsEmpty
        || (text.Length <= 12 && text[^1] is 'w' or 'x' && !text[..^1].ContainsAnyExcept(NumberCharacters)
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _));
}
