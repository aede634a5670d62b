using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>How often a feed publishes, in words that do not change while it does not.</summary>
internal static class Rhythm
{
    private const int Fewest = 3;

    /// <summary>From the median gap between articles, which a burst or a holiday hardly moves; null for too few to say.</summary>
    public static string? Of(IReadOnlyList<StoredArticle> newestFirst)
    {
        if (newestFirst.Count < Fewest) return null;
        var gaps = newestFirst.Zip(newestFirst.Skip(1), (newer, older) => newer.Published - older.Published).Order().ToArray();
        return Describe(gaps[gaps.Length / 2]);
    }

    internal static string Describe(TimeSpan gap) => gap.TotalDays switch
    {
        < 0.4 => "several articles a day",
        < 1.6 => "about an article a day",
        < 3 => "a few articles a week",
        < 10 => "about an article a week",
        < 20 => "a few articles a month",
        < 45 => "about an article a month",
        _ => "an article now and then",
    };
}
