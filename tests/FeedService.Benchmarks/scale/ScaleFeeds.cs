using System.Globalization;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Benchmarks.Scale;

/// <summary>Feeds whose articles were pushed: their definitions, and their articles as the ledger has them.</summary>
internal static class ScaleFeeds
{
    public static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const int Words = 400;
    private static readonly string[] s_paragraphs = Paragraphs();

    public static string Name(int feed) => string.Create(CultureInfo.InvariantCulture, $"feed-{feed:00000}");

    public static string Definition(int feed) =>
        $"title: Harbour {feed}\ndescription: Reports from berth {feed}.\nlanguage: en\nauthors: [{{name: Harbour Desk}}]\nschedule: 15m\nsources:\n  - inbox: true\n";

    /// <summary>The name within the feed under which an article was pushed.</summary>
    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"a-report-with-a-name-of-its-own-{number}");

    /// <summary>An article of about 2.5 KB, every second with a category.</summary>
    public static Article Article(int feed, int number, int revision = 0)
    {
        var place = ((feed * 31) + (number * 7)) % (s_paragraphs.Length - 6);
        return new Article
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"The {number}th report from berth {feed}, revision {revision}"),
            Summary = "What it says, in a sentence or two, so that a reader knows whether to go on.",
            Content = string.Concat(s_paragraphs.AsSpan(place, 6)),
            Published = Start.AddMinutes(number).AddSeconds(feed % 60),
            Categories = number % 2 > 0 ? [] : [new Category(number % 4 > 0 ? "arrivals" : "departures")],
        };
    }

    /// <summary>The ledger's entry for it.</summary>
    public static StoredArticle Entry(Article article, int feed, int number, bool shown)
    {
        var id = $"urn:uuid:{new Guid(feed, (short)(number >> 16), (short)number, 0x80, 0, 0, 0, 0, 0, 0, 1)}";
        return new StoredArticle
        {
            Id = id,
            Source = Inbox.Source,
            Key = Key(number),
            Path = Key(number),
            ContentHash = ArticleHash.Of(Key(number), ArticleHash.OfContent(article)),
            SeenHash = ArticleHash.OfWhatReadersSee(article),
            Published = article.Published!.Value,
            Updated = article.Published.Value,
            FirstSeen = article.Published.Value,
            Sequence = number,
            Shown = shown,
            Article = article with { Id = id, Updated = article.Published },
        };
    }

    // Words that compress about as well as those of people.
    private static string[] Paragraphs()
    {
        var random = new Random(1);
        var words = Enumerable.Range(0, Words).Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)random.Next('a', 'z' + 1))])).ToArray();
        return [.. Enumerable.Range(0, 4096).Select(_ => $"<p>{string.Join(' ', Enumerable.Range(0, 60).Select(_ => words[(int)(Words * random.NextDouble() * random.NextDouble())]))}.</p>\n")];
    }
}
