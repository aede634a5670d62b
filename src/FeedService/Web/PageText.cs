using System.Globalization;

namespace FeedService.Web;

/// <summary>Dates and counts as pages say them.</summary>
internal static class PageText
{
    public static string Date(DateTimeOffset instant) => instant.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Articles(long count) => count == 1 ? "1 article" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} articles");

    public static string Feeds(int count) => count == 1 ? "1 feed" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} feeds");
}
