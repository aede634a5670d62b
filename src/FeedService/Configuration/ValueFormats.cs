using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace FeedService.Configuration;

/// <summary>How spans, sizes, URLs, languages and slugs are written. Each answers what was meant, or says what is wrong.</summary>
public static partial class ValueFormats
{
    public const string SpanPattern = "^([0-9]+[wdhms])+$|^P[0-9DTHMS.]+$";
    public const string SizePattern = "^[0-9]+(\\.[0-9]+)? ?([kKmMgG]?[bB]|[kKmMgG]i[bB])$";
    public const string LanguagePattern = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";
    public const string SlugPattern = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$";

    public const int MaxUrlLength = 2048;

    // Windows opens a device instead of a folder of these names, with any extension.
    private static readonly HashSet<string> Devices = ["con", "prn", "aux", "nul",
        .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"com{number}", $"lpt{number}" })];

    /// <summary>A span as <c>15m</c>, <c>1h30m</c>, <c>1d</c>, <c>2w</c> or ISO 8601 (<c>PT15M</c>).</summary>
    public static string? Span(string text, out TimeSpan span)
    {
        span = default;
        if (text.StartsWith('P'))
        {
            try
            {
                span = XmlConvert.ToTimeSpan(text);
                return Bounds(span);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                return $"'{text}' is not an ISO 8601 duration such as PT15M";
            }
        }
        if (!SpanParts().IsMatch(text)) return $"'{text}' is not a span such as 15m, 1h30m or 1d";
        double seconds = 0;
        foreach (Match part in SpanPart().Matches(text))
        {
            seconds += double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) *
                part.Groups[2].Value switch { "w" => 604800, "d" => 86400, "h" => 3600, "m" => 60, _ => 1 };
        }
        if (seconds > TimeSpan.FromDays(3660).TotalSeconds) return $"'{text}' is longer than ten years";
        span = TimeSpan.FromSeconds(seconds);
        return Bounds(span);

        string? Bounds(TimeSpan value) =>
            value < TimeSpan.FromSeconds(1) ? $"'{text}' is shorter than a second" :
            value > TimeSpan.FromDays(3660) ? $"'{text}' is longer than ten years" : null;
    }

    /// <summary>Writes a span as it is read.</summary>
    public static string Span(TimeSpan span)
    {
        if (span.Ticks % TimeSpan.TicksPerSecond != 0) return XmlConvert.ToString(span);
        var text = string.Concat(
            Part((int)span.TotalDays, "d"), Part(span.Hours, "h"), Part(span.Minutes, "m"), Part(span.Seconds, "s"));
        return text.Length == 0 ? "0s" : text;

        static string Part(int number, string unit) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>A number of bytes as <c>512kB</c> (thousands), <c>1MiB</c> (1,048,576) or a plain number.</summary>
    public static string? Size(string text, out long size)
    {
        size = 0;
        var match = SizeParts().Match(text);
        if (!match.Success) return $"'{text}' is not a size such as 512kB, 2MB or 1MiB";
        var unit = match.Groups[2].Value.ToLowerInvariant();
        double factor = unit.Length == 0 ? 1 : Math.Pow(unit.Contains('i') ? 1024 : 1000, "bkmg".IndexOf(unit[0], StringComparison.Ordinal));
        var bytes = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * factor;
        if (bytes is < 1 or > 1e15) return $"'{text}' is not a sensible size";
        size = (long)bytes;
        return null;
    }

    /// <summary>An absolute http or https URL without credentials; non-ASCII parts come out encoded.</summary>
    public static string? Url(string text, out string url)
    {
        url = text;
        if (text.Length > MaxUrlLength) return $"the URL is longer than {MaxUrlLength} characters";
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '\\' or '<' or '>' or '"'))
            return $"'{text}' is not a URL: it contains a space or a character that must be percent-encoded";
        if (!text.Contains("://", StringComparison.Ordinal)) return $"'{text}' is not an absolute URL; write it with https://";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0) return $"'{text}' is not a valid URL";
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) return $"'{text}': only http and https URLs are possible here";
        if (uri.UserInfo.Length > 0) return "the URL contains a user name or password; credentials do not belong in URLs";
        // "http:///x" and a percent-encoded host pass Uri's test and mean something else to others.
        if (text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..] is ['/', ..] || uri.OriginalString.Split('/')[2].Contains('%'))
            return $"'{text}' is not a valid URL: its host is not a plain name or address";
        url = System.Text.Ascii.IsValid(text) ? text
            : $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}{uri.PathAndQuery}{uri.Fragment}";
        return null;
    }

    /// <summary>An RFC 5646 language tag, by its form.</summary>
    public static string? Language(string text) =>
        LanguageParts().IsMatch(text) ? null :
        LanguageParts().IsMatch(text.Replace('_', '-')) ? $"'{text}' is not a language tag: did you mean '{text.Replace('_', '-')}'?" :
        $"'{text}' is not a language tag such as en, en-GB or zh-Hant";

    /// <summary>A name that is safe in URLs and as a folder on every system.</summary>
    public static string? Slug(string text)
    {
        if (text.Length > 64) return $"'{text}' is longer than 64 characters";
        if (!SlugParts().IsMatch(text)) return $"'{text}' cannot be a feed's name: use lower-case letters a-z, digits and hyphens between them";
        return Devices.Contains(text) ? $"'{text}' cannot be a feed's name: Windows keeps it for a device" : null;
    }

    // In .NET a $ lets a line feed follow; the schema's dialect does not know \z.
    [GeneratedRegex(SlugPattern + "(?!\n)")]
    private static partial Regex SlugParts();

    [GeneratedRegex(LanguagePattern + "(?!\n)")]
    private static partial Regex LanguageParts();

    [GeneratedRegex("^(?:[0-9]{1,9}[wdhms])+\\z")]
    private static partial Regex SpanParts();

    [GeneratedRegex("([0-9]+)([wdhms])")]
    private static partial Regex SpanPart();

    [GeneratedRegex("^([0-9]{1,15}(?:\\.[0-9]{1,6})?) ?([kmg]?i?b)?\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SizeParts();
}
