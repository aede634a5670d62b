using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Tests.Store;

/// <summary>Entries, states and snapshots to store.</summary>
internal static class StoreSamples
{
    public const string Slug = "harbour-news";

    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public static StoredArticle Article(int number, DateTimeOffset? published = null) => new()
    {
        Id = $"urn:example:{number}",
        Source = "folder:articles",
        Key = $"{number}.md",
        Path = $"article-{number}",
        ContentHash = $"content {number}",
        SeenHash = $"seen {number}",
        Published = published ?? Noon.AddMinutes(-number),
        Updated = published ?? Noon.AddMinutes(-number),
        FirstSeen = Noon.AddMinutes(-number),
        Sequence = number,
        Article = new Article
        {
            Id = $"urn:example:{number}",
            Title = $"Ship {number} is in",
            Content = $"<p>Ship <b>{number}</b> & crew.</p>",
            Published = published ?? Noon.AddMinutes(-number),
            Updated = published ?? Noon.AddMinutes(-number),
        },
    };

    /// <summary>An article that uses all that the model can say.</summary>
    public static Article Everything { get; } = new()
    {
        Id = "urn:example:all",
        Url = "https://example.com/a?b=c&d=e#f",
        ExternalUrl = "https://example.org/",
        Title = "AT&T <3 \"quotes\" \u2028 مرحبا \U0001F6A2",
        Summary = "Line one\nline two\u0001",
        Content = "<p title='x'>]]> &amp; \U0001F468\u200D\U0001F469\u200D\U0001F467</p>",
        Published = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.FromHours(2)),
        Updated = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.FromHours(-3)),
        Authors = [new Person("Ann") { Url = "https://example.com/ann", Email = "ann@example.com", Avatar = "https://example.com/ann.png" }],
        Categories = [new Category("ships") { Scheme = "https://example.com/tags", Label = "Ships" }],
        Enclosures = [new Enclosure("https://example.com/a.mp3", "audio/mpeg") { Length = 5_000_000_000, Title = "Sound", Duration = TimeSpan.FromSeconds(61.5) }],
        Links = [new Link("replies", "https://example.com/r") { Type = "text/html", HrefLang = "en", Title = "Replies", Count = 3, Updated = Noon }],
        Image = new Image("https://example.com/i.jpg") { Alt = "A ship", Type = "image/jpeg", Width = 1200, Height = 630 },
        Language = "ar",
        Rights = "© somebody",
        Source = new ArticleSource("urn:example:upstream", "Upstream") { FeedUrl = "https://example.org/feed", SiteUrl = "https://example.org/", Updated = Noon, Authors = [new Person("Bob")] },
        InReplyTo = new InReplyTo("urn:example:0") { Href = "https://example.org/0", Type = "text/html", Source = "https://example.org/feed" },
    };

    public static StoredSnapshot Snapshot(string name, byte fill = 1, string feed = Slug) => new(feed, name)
    {
        MediaType = "application/rss+xml",
        Tag = $"tag{fill}",
        LastModified = Noon,
        Length = 1000,
        Gzip = Enumerable.Repeat(fill, 300).ToArray(),
        Brotli = Enumerable.Repeat(fill, 200).ToArray(),
    };

    /// <summary>The next publication of a feed, whatever its version is.</summary>
    public static async Task<Publication> NextAsync(this IArticleStore store, string feed = Slug)
    {
        var state = await store.FindFeedAsync(feed, default) ?? new FeedState(feed);
        return new Publication(feed) { ExpectedVersion = state.Version, State = state };
    }

    public static async Task PutAsync(this IArticleStore store, params StoredArticle[] articles) =>
        await store.CommitAsync(await store.NextAsync() with { Articles = articles }, default);
}
