using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using FeedService.Syndication.Formats;

namespace FeedService.Tests.Web;

/// <summary>What stands below a feed, over HTTP: the pages of its archive, the feeds of its categories and authors.</summary>
public sealed class PartEndpointsTests : IAsyncLifetime
{
    private const string Definition = "title: Harbour News\ndescription: What moves.\nsources: [{folder: articles}]\npublish: {items: 3}\n";
    private static readonly (string, string)[] s_browser = [("Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"), ("Sec-Fetch-Dest", "document")];

    private PublishingHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await PublishingHost.StartAsync();
        _host.Define("harbour", Definition);
        for (var i = 1; i <= 9; i++)
            Write(i, $"Ship {i}");
        await _host.PublishAsync("harbour");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("rss", "application/rss+xml")]
    [InlineData("atom", "application/atom+xml")]
    [InlineData("json", "application/feed+json")]
    public async Task A_closed_page_may_be_kept_for_ever(string format, string type)
    {
        foreach (var path in new[] { $"/feeds/harbour/archive/1.{format}", $"/feeds/harbour/archive/1.{format}" })
        {
            var page = await _host.GetAsync(path, ("Accept-Encoding", "gzip"));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal(type, page.Content.Headers.ContentType!.MediaType);
            Assert.Equal("gzip", page.Content.Headers.ContentEncoding.Single());
            Assert.Contains("immutable", page.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
            Assert.Equal($"<https://feeds.example{path}>; rel=\"self\"", page.Headers.GetValues("Link").Single());
            var again = await _host.GetAsync(path, ("Accept-Encoding", "gzip"), ("If-None-Match", page.Headers.ETag!.Tag));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Fact]
    public async Task The_history_can_be_walked_by_next_url()
    {
        var ids = new HashSet<string>();
        var documents = 0;
        for (string? path = "/feeds/harbour.json"; path is not null; documents++)
        {
            var feed = JsonDocument.Parse(await (await _host.GetAsync(path)).Content.ReadAsStringAsync()).RootElement;
            foreach (var item in feed.GetProperty("items").EnumerateArray()) ids.Add(item.GetProperty("id").GetString()!);
            path = feed.TryGetProperty("next_url", out var next) ? next.GetString() : null;
        }
        Assert.Equal((9, 3), (ids.Count, documents));
    }

    [Fact]
    public async Task The_page_after_the_newest_is_the_feed_until_it_is_closed()
    {
        var next = await _host.GetAsync("/feeds/harbour/archive/3.atom");
        Assert.Equal((HttpStatusCode.TemporaryRedirect, "https://feeds.example/feeds/harbour.atom"), (next.StatusCode, next.Headers.Location!.AbsoluteUri));
        for (var i = 10; i <= 13; i++)
            Write(i, $"Ship {i}");
        await _host.PublishAsync("harbour");
        Assert.Equal(HttpStatusCode.OK, (await _host.GetAsync("/feeds/harbour/archive/3.atom")).StatusCode);
    }

    [Theory]
    [InlineData("/feeds/harbour/archive/7.atom")]
    [InlineData("/feeds/harbour/archive/0.atom")]
    [InlineData("/feeds/harbour/archive/-1.atom")]
    [InlineData("/feeds/harbour/archive/01.atom")]
    [InlineData("/feeds/harbour/archive/1.xml")]
    [InlineData("/feeds/harbour/archive/7")]
    [InlineData("/feeds/harbour/archive/01")]
    [InlineData("/feeds/harbour/archive/1?page=2")]
    [InlineData("/feeds/harbour/archive/rss")]
    [InlineData("/feeds/harbour/tags/none")]
    [InlineData("/feeds/nobody/archive/1.rss")]
    public async Task What_is_no_page_is_not_found(string path) => Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync(path)).StatusCode);

    [Fact]
    public async Task A_page_is_only_read()
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Delete, HttpMethod.Put })
        {
            using var request = new HttpRequestMessage(method, "/feeds/harbour/archive/1.rss");
            var response = await _host.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Pages_of_a_feed_that_was_renamed_moved_or_ended_answer_as_the_feed_does()
    {
        _host.Define("harbour", Definition + "former_slugs: [port]\n");
        await _host.PublishAsync("harbour");
        var renamed = await _host.GetAsync("/feeds/port/archive/1.rss");
        Assert.Equal((HttpStatusCode.MovedPermanently, "https://feeds.example/feeds/harbour/archive/1.rss"), (renamed.StatusCode, renamed.Headers.Location!.AbsoluteUri));
        _host.Define("harbour", Definition + "gone: true\n");
        await _host.PublishAsync("harbour");
        Assert.Equal(HttpStatusCode.Gone, (await _host.GetAsync("/feeds/harbour/archive/1.rss")).StatusCode);
    }

    [Theory]
    [InlineData("rss")]
    [InlineData("atom")]
    [InlineData("json")]
    public async Task A_feed_that_moved_redirects_with_a_last_document_that_says_so(string format)
    {
        _host.Define("harbour", Definition.Replace("items: 3", "items: 3, websub: [https://hub.example/]", StringComparison.Ordinal) + "moved_to: https://elsewhere.example/feed?a=1&b=2\n");
        await _host.PublishAsync("harbour");
        foreach (var coding in new[] { "gzip", "identity" })
        {
            var answer = await _host.GetAsync($"/feeds/harbour.{format}", ("Accept-Encoding", coding));
            Assert.Equal((HttpStatusCode.MovedPermanently, "https://elsewhere.example/feed?a=1&b=2"), (answer.StatusCode, answer.Headers.Location!.AbsoluteUri));
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            if (coding == "gzip") bytes = await UnzipAsync(bytes);
            var feed = FeedReader.Read(bytes).Feed;
            Assert.Equal(["Harbour News has moved", "Ship 9", "Ship 8", "Ship 7"], feed.Articles.Select(article => article.Title));
            Assert.Equal("https://elsewhere.example/feed?a=1&b=2", feed.Articles[0].Url);
            // Neither what is announced nor what came before is here any more.
            Assert.Empty(feed.Hubs);
            Assert.DoesNotContain(feed.Links, link => link.Rel == "prev-archive");
            Assert.Null(feed.NextUrl);
        }
        var first = await (await _host.GetAsync($"/feeds/harbour.{format}")).Content.ReadAsByteArrayAsync();
        Write(10, "Ship 10");
        await _host.PublishAsync("harbour");
        Assert.NotEqual(first, await (await _host.GetAsync($"/feeds/harbour.{format}")).Content.ReadAsByteArrayAsync());
        _host.Define("harbour", Definition);
        await _host.PublishAsync("harbour");
        var back = await _host.GetAsync($"/feeds/harbour.{format}");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.DoesNotContain("has moved", await back.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<byte[]> UnzipAsync(byte[] bytes)
    {
        await using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await gzip.CopyToAsync(plain);
        return plain.ToArray();
    }

    [Fact]
    public async Task Feeds_of_categories_and_authors_are_served_and_listed()
    {
        Write(1, "Ship 1", "tags: [High tide, Ebbe & Flut, 港]\nauthor: Ada Quay\n");
        await _host.PublishAsync("harbour");
        foreach (var (path, type) in new[]
        {
            ("tags/high-tide.rss", "application/rss+xml"), ("tags/ebbe-flut.atom", "application/atom+xml"), ("tags/%E6%B8%AF.json", "application/feed+json"), ("authors/ada-quay.rss", "application/rss+xml"),
        })
        {
            var first = await _host.GetAsync($"/feeds/harbour/{path}");
            Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
            Assert.Equal($"<https://feeds.example/feeds/harbour/{path}>; rel=\"self\"", first.Headers.GetValues("Link").Single());
            Assert.DoesNotContain("immutable", first.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotModified, (await _host.GetAsync($"/feeds/harbour/{path}", ("If-None-Match", first.Headers.ETag!.Tag))).StatusCode);
        }
        var opml = XDocument.Parse(await (await _host.GetAsync("/feeds/harbour.opml")).Content.ReadAsStringAsync());
        Assert.Equal(
            ["https://feeds.example/feeds/harbour.rss", "https://feeds.example/feeds/harbour/authors/ada-quay.rss", "https://feeds.example/feeds/harbour/tags/%E6%B8%AF.rss",
                "https://feeds.example/feeds/harbour/tags/ebbe-flut.rss", "https://feeds.example/feeds/harbour/tags/high-tide.rss"],
            opml.Descendants("outline").Select(outline => outline.Attribute("xmlUrl")!.Value).Order(StringComparer.Ordinal));
        var page = await (await _host.GetAsync("/feeds/harbour", ("Accept", "text/html"))).Content.ReadAsStringAsync();
        Assert.Contains("href=\"/feeds/harbour/tags/ebbe-flut\"", page, StringComparison.Ordinal);

        Write(1, "Ship 1", "tags: [High tide]\n");
        await _host.PublishAsync("harbour");
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync("/feeds/harbour/authors/ada-quay.rss")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _host.GetAsync("/feeds/harbour/tags/high-tide.rss")).StatusCode);
        _host.Define("harbour", Definition + "former_slugs: [port]\n");
        await _host.PublishAsync("harbour");
        Assert.Equal("https://feeds.example/feeds/harbour/tags/high-tide.atom", (await _host.GetAsync("/feeds/port/tags/high-tide.atom")).Headers.Location!.AbsoluteUri);
        Assert.Equal("https://feeds.example/feeds/harbour.opml", (await _host.GetAsync("/feeds/port.opml")).Headers.Location!.AbsoluteUri);
    }

    [Fact]
    public async Task A_browser_sees_the_page_of_a_category_or_author_where_it_opens_its_feed()
    {
        for (var i = 1; i <= 2; i++) Write(i, $"Ship {i}", "tags: [High tide]\nauthor: Ada Quay\n");
        await _host.PublishAsync("harbour");
        foreach (var (path, name) in new[] { ("tags/high-tide", "High tide"), ("authors/ada-quay", "Ada Quay") })
        {
            foreach (var opened in new[] { "", ".rss", ".atom", ".json" })
            {
                var page = await PageAsync($"/feeds/harbour/{path}{opened}");
                Assert.Equal(name, page.QuerySelector("h1")!.TextContent);
                Assert.Equal($"Harbour News: {name}", page.Title);
                Assert.Equal(["Ship 2", "Ship 1"], page.QuerySelectorAll(".teaser h3").Select(title => title.TextContent));
                Assert.Equal($"https://feeds.example/feeds/harbour/{path}.rss", page.QuerySelector("#address-rss")!.GetAttribute("value"));
                Assert.Equal($"https://feeds.example/feeds/harbour/{path}", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
                Assert.Equal(opened.Length > 0 ? $"/feeds/harbour/{path}{opened}?raw" : null, page.QuerySelector(".notice a")?.GetAttribute("href"));
            }
            var raw = await _host.GetAsync($"/feeds/harbour/{path}.rss?raw", s_browser);
            Assert.Equal("application/rss+xml", raw.Content.Headers.ContentType!.MediaType);
        }
        var article = await PageAsync("/feeds/harbour/articles/ship-001");
        Assert.Equal("/feeds/harbour/tags/high-tide", article.QuerySelector(".tags a")!.GetAttribute("href"));
        Assert.Equal("/feeds/harbour/authors/ada-quay", article.QuerySelector(".byline a")!.GetAttribute("href"));
        using var posted = await _host.Client.PostAsync("/feeds/harbour/tags/high-tide", null);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (posted.StatusCode, string.Join(", ", posted.Content.Headers.Allow)));
    }

    [Fact]
    public async Task A_browser_sees_what_stands_in_a_closed_page()
    {
        var page = await PageAsync("/feeds/harbour/archive/2.atom");
        Assert.Equal("Archive, page 2", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["Ship 6", "Ship 5", "Ship 4"], page.QuerySelectorAll(".teaser h3").Select(title => title.TextContent).OrderDescending());
        Assert.Equal("https://feeds.example/feeds/harbour.rss", page.QuerySelector("#address-rss")!.GetAttribute("value"));
        Assert.Equal(["/feeds/harbour", "/feeds/harbour/archive/1"], page.QuerySelectorAll(".neighbours a").Select(link => link.GetAttribute("href")));
        var next = await _host.GetAsync("/feeds/harbour/archive/3.rss", s_browser);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, "https://feeds.example/feeds/harbour"), (next.StatusCode, next.Headers.Location!.AbsoluteUri));
        Assert.Equal("*", next.Headers.GetValues("Access-Control-Allow-Origin").Single());
        _host.Delete("harbour", "ship-005.md");
        await _host.PublishAsync("harbour");
        Assert.Equal(["Ship 6", "Ship 4"], (await PageAsync("/feeds/harbour/archive/2")).QuerySelectorAll(".teaser h3").Select(title => title.TextContent).OrderDescending());
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> PageAsync(string path)
    {
        using var answer = await _host.GetAsync(path, s_browser);
        Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        return await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
    }

    private void Write(int number, string title, string frontMatter = "") =>
        _host.Write("harbour", $"ship-{number:000}.md", $"---\ndate: {new DateTime(2025, 1, 1).AddHours(number):yyyy-MM-ddTHH:mm:ssZ}\n{frontMatter}---\n# {title}\n\nIt is number {number}.\n");
}
