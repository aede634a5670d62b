using System.Net;
using System.Text.Json;
using AngleSharp.Html.Parser;
using FeedService.Publishing;
using FeedService.Syndication;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Web;

public sealed class PageTests : IAsyncLifetime
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private const string Hostile = "<script>alert(1)</script>\"' onload=x & </title></textarea>";

    private WebHost _host = null!;

    public async Task InitializeAsync() => _host = await WebHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task People_find_their_way_from_all_feeds_to_an_article()
    {
        await _host.PublishSampleAsync();
        var index = await PageAsync("/");
        var feedLink = index.QuerySelector("main a[href='/feeds/harbour']")!;
        Assert.Equal("Harbour News", feedLink.TextContent);
        var feed = await PageAsync(feedLink.GetAttribute("href")!);
        Assert.Equal("Harbour News", feed.QuerySelector("h1")!.TextContent);
        Assert.Equal(["Ship 1 is in", "Ship 2 is in", "Ship 3 is in"], feed.QuerySelectorAll(".teaser h3").Select(title => title.TextContent));
        var article = await PageAsync(feed.QuerySelector(".teaser h3 a")!.GetAttribute("href")!);
        Assert.Equal("Ship 1 is in", article.QuerySelector("h1")!.TextContent);
        Assert.Equal("The crew", article.QuerySelector(".prose h2")!.TextContent);
        Assert.Equal("/feeds/harbour", article.QuerySelector(".prose a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Readers_discover_the_feeds_from_every_page()
    {
        await _host.PublishSampleAsync();
        foreach (var path in (string[])["/feeds/harbour", "/feeds/harbour/articles/ship-1-is-in"])
        {
            var page = await PageAsync(path);
            Assert.Equal(
                ["https://feeds.example/feeds/harbour.rss", "https://feeds.example/feeds/harbour.atom", "https://feeds.example/feeds/harbour.json"],
                page.QuerySelectorAll("link[rel=alternate]").Select(link => link.GetAttribute("href")));
        }
        Assert.Contains("https://feeds.example/feeds/harbour.rss", (await PageAsync("/")).QuerySelectorAll("link[rel=alternate]").Select(link => link.GetAttribute("href")));
        Assert.Equal("https://feeds.example/feeds/harbour.rss", (await PageAsync("/feeds/harbour")).QuerySelector("#address-rss")!.GetAttribute("value"));
    }

    [Fact]
    public async Task An_article_says_what_it_is_to_machines_too()
    {
        await _host.PublishSampleAsync();
        var page = await PageAsync("/feeds/harbour/articles/ship-1-is-in");
        Assert.Equal("https://feeds.example/feeds/harbour/articles/ship-1-is-in", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.Equal("article", page.QuerySelector("meta[property='og:type']")!.GetAttribute("content"));
        Assert.Equal("Ship 1 is in", page.QuerySelector("meta[property='og:title']")!.GetAttribute("content"));
        using var json = JsonDocument.Parse(page.QuerySelector("script[type='application/ld+json']")!.TextContent);
        Assert.Equal("Article", json.RootElement.GetProperty("@type").GetString());
        Assert.Equal("2026-03-13T12:00:00Z", json.RootElement.GetProperty("datePublished").GetString());
    }

    [Fact]
    public async Task A_republished_article_points_to_where_it_came_from()
    {
        await _host.PublishAsync(_host.Define("harbour"), WebHost.Sample(1) with { Url = "https://port.example/a?b=1&c=2" });
        var page = await PageAsync("/feeds/harbour/articles/ship-1-is-in");
        Assert.Equal("https://port.example/a?b=1&c=2", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.Equal("port.example", page.QuerySelector("article header a[href^='https://port.example']")!.TextContent);
    }

    [Fact]
    public async Task Nothing_that_is_text_becomes_markup()
    {
        await _host.PublishAsync(
            _host.Define("harbour", Hostile) with { Description = Hostile, Authors = [new Person(Hostile)] },
            WebHost.Sample(1) with
            {
                Title = $"Ship {Hostile}",
                Summary = Hostile,
                Categories = [new Category(Hostile)],
                Authors = [new Person(Hostile)],
                Image = new Image("https://pics.example/a.png?\"><script>alert(1)</script>") { Alt = Hostile },
                Enclosures = [new Enclosure("https://media.example/a.mp3", "audio/mpeg") { Title = Hostile }],
            });
        var path = (await PageAsync("/feeds/harbour")).QuerySelector(".teaser h3 a")!.GetAttribute("href")!;
        foreach (var page in (string[])["/", "/feeds/harbour", path])
        {
            var document = await PageAsync(page);
            Assert.Single(document.QuerySelectorAll("script:not([type])"));
            Assert.Empty(document.QuerySelectorAll("[onload]"));
            Assert.Contains("<script>alert(1)</script>", document.Body!.TextContent);
        }
        Assert.Equal("<script>alert(1)</script>", (await PageAsync("/feeds/harbour/icon.svg", "image/svg+xml")).QuerySelector("script")?.OuterHtml ?? "<script>alert(1)</script>");
    }

    [Fact]
    public async Task Pages_ask_nothing_of_other_hosts()
    {
        await _host.PublishSampleAsync();
        foreach (var path in (string[])["/", "/feeds/harbour", "/feeds/harbour/articles/ship-1-is-in"])
        {
            var page = await PageAsync(path);
            var loaded = page.QuerySelectorAll("[src], link[rel=stylesheet], link[rel=icon]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!).ToList();
            Assert.NotEmpty(loaded);
            foreach (var url in loaded)
            {
                Assert.StartsWith("/", url, StringComparison.Ordinal);
                using var answer = await _host.GetAsync(url);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_page_is_not_sent_twice_until_it_changes()
    {
        await _host.PublishSampleAsync();
        foreach (var path in (string[])["/", "/feeds/harbour", "/feeds/harbour/articles/ship-1-is-in", "/feeds.opml"])
        {
            using var first = await _host.GetAsync(path, ("Accept", Browser), ("Accept-Encoding", "br"));
            using var second = await _host.GetAsync(path, ("Accept", Browser), ("Accept-Encoding", "br"), ("If-None-Match", first.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Equal(first.Headers.Vary, second.Headers.Vary);
        }
        using var before = await _host.GetAsync("/feeds/harbour", ("Accept", Browser));
        await _host.PublishAsync(_host.Define("harbour"), WebHost.Sample(9));
        using var after = await _host.GetAsync("/feeds/harbour", ("Accept", Browser), ("If-None-Match", before.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Contains("Ship 9 is in", await after.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Only_what_readers_may_see_has_a_page()
    {
        await _host.PublishAsync(_host.Define("harbour"), WebHost.Sample(1), WebHost.Sample(2) with { Published = DateTimeOffset.UtcNow.AddYears(1) });
        await _host.PublishAsync(_host.Define("secret") with { Private = true }, WebHost.Sample(1));
        foreach (var path in (string[])["/feeds/harbour/articles/ship-2-is-in", "/feeds/harbour/articles/none", "/feeds/secret/articles/ship-1-is-in", "/feeds/none"])
        {
            using var answer = await _host.GetAsync(path, ("Accept", Browser));
            Assert.Equal(path.Contains("secret", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.DoesNotContain("secret", (await PageAsync("/")).Source.Text, StringComparison.Ordinal);
        using var opml = await _host.GetAsync("/feeds.opml");
        Assert.DoesNotContain("secret", await opml.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_feeds_and_articles_come_in_pages()
    {
        for (var i = 0; i < 50; i++) await _host.PublishAsync(_host.Define($"feed-{i}", $"Feed {i:d2}"));
        await _host.PublishAsync(_host.Define("many", "A long one"), [.. Enumerable.Range(1, 45).Select(WebHost.Sample)]);
        var first = await PageAsync("/");
        Assert.Equal(48, first.QuerySelectorAll(".card").Length);
        Assert.Equal(3, (await PageAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!)).QuerySelectorAll(".card").Length);
        Assert.Equal(("A long one", "A long one, page 3"), ((await PageAsync("/feeds/many")).Title, (await PageAsync("/feeds/many?page=3")).Title));
        var third = await PageAsync("/feeds/many?page=3");
        Assert.Equal(5, third.QuerySelectorAll(".teaser").Length);
        Assert.Null(third.QuerySelector("a[rel=next]"));
        foreach (var path in (string[])["/?page=3", "/?page=0", "/?page=x", "/feeds/many?page=4", "/feeds/many?page=9999999999"])
        {
            using var answer = await _host.GetAsync(path, ("Accept", Browser));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("<p>One.</p><img src=\"https://feedservice.invalid/feeds/harbour/articles/pic.svg\" alt=\"A picture\"><img src=\"https://pics.example/b.png\">", "/feeds/harbour/articles/pic.svg")]
    [InlineData("<img src=\"https://count.example/1.gif\" width=\"1\" height=\"1\"><img src=\"data:image/png;base64,AA==\"><img src=\"https://pics.example/b.png?a=1&amp;c=2\">", "https://pics.example/b.png?a=1&c=2")]
    [InlineData("<p>Words alone.</p><img src=\"javascript:alert(1)\"><img src=\"pic.svg\">", null)]
    public async Task Lists_show_the_first_picture_of_an_article_without_one_of_its_own(string content, string? picture)
    {
        await _host.PublishAsync(_host.Define("harbour"), WebHost.Sample(1) with { Content = content });
        foreach (var path in (string[])["/", "/feeds/harbour"])
            Assert.Equal(picture, (await PageAsync(path)).QuerySelector(".picture img")?.GetAttribute("src"));
        await _host.PublishAsync(_host.Define("harbour"), WebHost.Sample(1) with { Content = content, Image = new Image("https://pics.example/own.png") });
        Assert.Equal("https://pics.example/own.png", (await PageAsync("/feeds/harbour")).QuerySelector(".picture img")!.GetAttribute("src"));
    }

    [Fact]
    public async Task All_feeds_go_by_the_title_that_they_are_given()
    {
        await using var host = await WebHost.StartAsync(title: "News & <Notes>");
        await host.PublishSampleAsync();
        var index = await new HtmlParser().ParseDocumentAsync(await host.Client.GetStringAsync("/"));
        Assert.Equal(("News & <Notes>", "News & <Notes>", "News & <Notes>"), (index.Title, index.QuerySelector("h1")!.TextContent, index.QuerySelector(".brand")!.TextContent.Trim()));
        using var answer = await host.GetAsync("/feeds/harbour", ("Accept", Browser));
        Assert.Equal("Harbour News · News & <Notes>", (await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync())).Title);
        Assert.Equal("News & <Notes>", System.Xml.Linq.XDocument.Parse(await host.Client.GetStringAsync("/feeds.opml")).Descendants("title").Single().Value);
        Assert.Equal("Feeds at feeds.example", (await PageAsync("/")).Title);
    }

    [Theory]
    [InlineData("PUT", "/feeds.opml", "This address can be read")]
    [InlineData("GET", "/status/harbour/run", "There is nothing to read at this address")]
    public async Task Who_uses_an_address_in_another_way_is_told_what_it_is_for(string method, string path, string words)
    {
        await _host.DisposeAsync();
        _host = await WebHost.StartAsync(configure: services => services.AddSingleton(new FeedControl((_, _) => Task.FromResult<DateTimeOffset?>(null), Nothing, Nothing, Nothing)));
        await _host.PublishSampleAsync();
        foreach (var accept in (string[])[Browser, "*/*"])
        {
            using var answer = await _host.SendAsync(new(method), path, ("Accept", accept));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        static Task Nothing(string feed, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Fact]
    public async Task All_feeds_come_as_opml()
    {
        await _host.PublishSampleAsync();
        using var answer = await _host.GetAsync("/feeds.opml");
        Assert.Equal("text/x-opml; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var outline = System.Xml.Linq.XDocument.Parse(await answer.Content.ReadAsStringAsync()).Descendants("outline").Single();
        Assert.Equal("https://feeds.example/feeds/harbour.rss", outline.Attribute("xmlUrl")!.Value);
    }

    [Fact]
    public async Task Links_between_pages_keep_the_public_urls_path()
    {
        await using var host = await WebHost.StartAsync("https://feeds.example/news");
        await host.PublishSampleAsync();
        foreach (var path in (string[])["/feeds/harbour", "/news/feeds/harbour"])
        {
            using var answer = await host.GetAsync(path, ("Accept", Browser));
            Assert.Contains("href=\"/news/feeds/harbour/articles/ship-1-is-in\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var feed = await host.GetAsync("/news/feeds/harbour.rss");
        Assert.Equal(HttpStatusCode.OK, feed.StatusCode);
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> PageAsync(string path, string accept = Browser)
    {
        using var answer = await _host.GetAsync(path, ("Accept", accept));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
    }
}
