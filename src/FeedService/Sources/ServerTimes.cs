using System.Globalization;
using System.Net.Http.Headers;

namespace FeedService.Sources;

/// <summary>What servers say about time, read leniently and kept within bounds.</summary>
internal static class ServerTimes
{
    private static readonly string[] HttpDates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary>Retry-After in seconds or as a date (RFC 9110, 10.2.3); null where it says nothing that makes sense.</summary>
    public static TimeSpan? RetryAfter(string? value, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(value)) return null;
        value = value.Trim();
        TimeSpan wait;
        // More digits than fit anywhere still mean "long".
        if (value.All(char.IsAsciiDigit)) wait = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : PoliteFetcher.MaxWait;
        else if (Date(value) is { } date) wait = date - now;
        else return null;
        return wait <= TimeSpan.Zero ? null : wait < PoliteFetcher.MaxWait ? wait : PoliteFetcher.MaxWait;
    }

    /// <summary>For how long an answer is fresh (RFC 9111, 4.2.1): max-age before Expires, less the age it came with.</summary>
    public static TimeSpan? FreshFor(string? cacheControl, string? expires, string? date, string? age)
    {
        CacheControlHeaderValue? control = null;
        if (cacheControl is not null) _ = CacheControlHeaderValue.TryParse(cacheControl, out control);
        if (control is { NoCache: true } or { NoStore: true }) return TimeSpan.Zero;
        var lifetime = control?.MaxAge ?? (Date(expires) is { } end && Date(date) is { } begin ? end - begin : null);
        if (lifetime is null) return null;
        var fresh = lifetime.Value - (int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero);
        return fresh <= TimeSpan.Zero ? TimeSpan.Zero : fresh < PoliteFetcher.MaxWait ? fresh : PoliteFetcher.MaxWait;
    }

    private static DateTimeOffset? Date(string? value) =>
        DateTimeOffset.TryParseExact(value, HttpDates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
