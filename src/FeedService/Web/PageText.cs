using System.Globalization;

namespace FeedService.Web;

/// <summary>Dates and counts as pages say them.</summary>
internal static class PageText
{
    public static string Date(DateTimeOffset instant) => instant.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A moment as seen from now, past or to come.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var span = (now - at).Duration();
        var text = span switch
        {
            { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
            { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
            { TotalHours: < 48 } => $"{(int)span.TotalHours} h",
            _ => $"{(int)span.TotalDays} days",
        };
        return at <= now ? $"{text} ago" : $"in {text}";
    }

    /// <summary>The title of one of several pages.</summary>
    public static string Numbered(string title, int page) => page == 1 ? title : string.Create(CultureInfo.InvariantCulture, $"{title}, page {page}");

    public static string Articles(long count) => count == 1 ? "1 article" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} articles");

    public static string Feeds(int count) => count == 1 ? "1 feed" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} feeds");
}
