using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Writing;

/// <summary>The feeds behind Golden/writing; the README there says what each is for.</summary>
internal static class GoldenFeeds
{
    public static Feed Named(string name) => name switch
    {
        "full" => Full,
        "minimal" => Feeds.Of(Feeds.Minimal),
        "archive" => Archive,
        "tombstones" => Tombstones,
        "complete" => Feeds.Of() with { IsComplete = true, Updated = Feeds.Noon, Links = [new Link("prev-archive", "https://tide.example/feed/archive/1")] },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such golden feed."),
    };

    private static Feed Full => new()
    {
        Id = "tag:harbour.example,2025:news",
        Title = "Harbour & Quay",
        Description = "What moves in and out of the harbour: <ships>, seals and people.",
        SiteUrl = "https://harbour.example/",
        SelfUrl = "https://feeds.harbour.example/news?a=1&b=2",
        Hubs = ["https://hub.harbour.example/"],
        Links = [new Link("prev-archive", "https://feeds.harbour.example/news/archive/7"), new Link("license", "https://harbour.example/licence") { Type = "text/html", HrefLang = "en" }],
        Language = "en-GB",
        Authors = [new Person("Harbour Desk") { Email = "desk@harbour.example", Url = "https://harbour.example/desk", Avatar = "https://harbour.example/desk.png" }],
        Categories = [new Category("shipping"), new Category("wildlife") { Scheme = "https://harbour.example/topics", Label = "Seals & birds" }],
        Icon = "https://harbour.example/icon.png",
        Logo = new Image("https://harbour.example/logo.png") { Width = 88, Height = 31 },
        Rights = "© 2025 Harbour & Quay",
        Generator = "FeedService",
        Updated = new DateTimeOffset(2025, 12, 8, 14, 30, 0, TimeSpan.FromHours(1)),
        Interval = TimeSpan.FromMinutes(15),
        NextUrl = "https://feeds.harbour.example/news/archive/7",
        Articles = [Everything, Republished, Untitled, LinkOnly],
    };

    // Every property of an article that a format knows.
    private static Article Everything => new()
    {
        Id = "https://harbour.example/2025/seal",
        Url = "https://harbour.example/2025/seal",
        ExternalUrl = "https://coast.example/counts?year=2025&kind=seal",
        Title = "A seal <3 the quay: AT&T's buoy, &amp; more",
        Summary = "It came on Monday & stayed.",
        Content = "<p>It came on Monday &amp; stayed.</p>\n<p>A table followed: a[b[1]]>0.</p>\n<figure><img src=\"https://harbour.example/seal.jpg\" alt=\"A seal\"></figure>",
        Published = new DateTimeOffset(2025, 12, 8, 9, 5, 7, TimeSpan.FromHours(1)),
        Updated = new DateTimeOffset(2025, 12, 8, 14, 30, 0, TimeSpan.FromHours(1)).AddTicks(1_230_000),
        Authors = [new Person("Ada Quay") { Url = "https://harbour.example/ada" }, new Person("Ben (of the boats)") { Email = "ben@harbour.example" }],
        Categories = [new Category("wildlife") { Scheme = "https://harbour.example/topics", Label = "Wildlife" }, new Category("quay & pier")],
        Enclosures =
        [
            new Enclosure("https://harbour.example/seal.mp3", "audio/mpeg") { Length = 1234567, Title = "The seal, heard", Duration = TimeSpan.FromSeconds(61.5) },
            new Enclosure("https://harbour.example/seal.mp4", "video/mp4") { Length = 7654321, Title = "The seal, seen", Duration = TimeSpan.FromSeconds(90) },
        ],
        Links = [new Link("replies", "https://harbour.example/2025/seal#comments") { Type = "text/html", Count = 3, Updated = new DateTimeOffset(2025, 12, 8, 15, 0, 0, TimeSpan.Zero) }],
        Image = new Image("https://harbour.example/seal.jpg") { Alt = "A seal on the quay", Type = "image/jpeg", Width = 1200, Height = 800 },
        Language = "en",
        Rights = "CC BY 4.0",
        InReplyTo = new InReplyTo("tag:coast.example,2025:counts") { Href = "https://coast.example/counts", Type = "text/html", Source = "https://coast.example/feed" },
    };

    private static Article Republished => new()
    {
        Id = "urn:uuid:7c1f7a52-4f8e-5f0a-8d6f-3f3c1d6b2a10",
        Url = "https://lights.example/ö/leuchtturm",
        Title = "Der Leuchtturm 💡",
        Content = "<p>Er leuchtet.</p>",
        Published = new DateTimeOffset(2025, 12, 7, 18, 0, 0, TimeSpan.FromMinutes(345)),
        Language = "de",
        Source = new ArticleSource("https://lights.example/", "Lights & Towers")
        {
            FeedUrl = "https://lights.example/feed.xml",
            SiteUrl = "https://lights.example/",
            Updated = new DateTimeOffset(2025, 12, 7, 20, 0, 0, TimeSpan.Zero),
            Authors = [new Person("Wärter")],
        },
    };

    private static Article Untitled => new() { Id = "urn:example:note", Url = "https://harbour.example/note", Content = "<p>Fog.</p>", Published = new DateTimeOffset(2025, 12, 6, 6, 0, 0, TimeSpan.Zero) };

    private static Article LinkOnly => new() { Id = "https://harbour.example/chart", Url = "https://harbour.example/chart", Title = "A new chart", Published = new DateTimeOffset(2025, 12, 5, 6, 0, 0, TimeSpan.Zero) };

    private static Feed Archive => Feeds.Of(Feeds.Minimal) with
    {
        SelfUrl = "https://tide.example/feed/archive/2",
        IsArchive = true,
        Links = [new Link("current", "https://tide.example/feed"), new Link("prev-archive", "https://tide.example/feed/archive/1"), new Link("next-archive", "https://tide.example/feed/archive/3")],
        NextUrl = "https://tide.example/feed/archive/1",
        Updated = Feeds.Noon,
    };

    private static Feed Tombstones => Feeds.Of(Feeds.Minimal) with
    {
        Tombstones = [new Tombstone("urn:example:gone", Feeds.Noon.AddDays(-1)), new Tombstone("urn:example:gone&forgotten", Feeds.Noon)],
        Updated = Feeds.Noon,
    };

    public static OpmlDocument Subscriptions => new("Boats & buoys",
    [
        new OpmlOutline("Harbour & Quay") { XmlUrl = "https://feeds.harbour.example/news?a=1&b=2", HtmlUrl = "https://harbour.example/", Description = "Ships, seals \"and\" people", Language = "en-GB", Category = "/coast/harbour,news" },
        new OpmlOutline("Lights") { Outlines = [new OpmlOutline("Lights & Towers") { XmlUrl = "https://lights.example/feed.xml" }] },
    ])
    {
        Modified = Feeds.Noon,
        Owner = "Ada & Quay",
    };
}
