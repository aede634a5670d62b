using System.IO.Compression;
using System.Net;
using System.Text;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Tests.Web;

public sealed class FeedEndpointsTests : IAsyncLifetime
{
    private WebHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        await _host.PublishSampleAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("rss", "application/rss+xml; charset=utf-8")]
    [InlineData("atom", "application/atom+xml; charset=utf-8")]
    [InlineData("json", "application/feed+json; charset=utf-8")]
    public async Task A_feed_comes_with_all_that_caches_and_readers_need(string format, string mediaType)
    {
        using var answer = await _host.GetAsync($"/feeds/harbour.{format}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(WebHost.Noon, answer.Content.Headers.LastModified);
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl!.ToString());
        Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
        Assert.False(answer.Headers.ETag!.IsWeak);
        Assert.Equal($"<{WebHost.PublicUrl}/feeds/harbour.{format}>; rel=\"self\"", answer.Headers.GetValues("Link").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Contains("Ship 1 is in", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Each_coding_has_its_own_tag_and_the_same_text()
    {
        using var plain = await _host.GetAsync("/feeds/harbour.rss");
        using var gzip = await _host.GetAsync("/feeds/harbour.rss", ("Accept-Encoding", "gzip"));
        using var brotli = await _host.GetAsync("/feeds/harbour.rss", ("Accept-Encoding", "br, gzip"));
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("gzip", gzip.Content.Headers.ContentEncoding.Single());
        Assert.Equal("br", brotli.Content.Headers.ContentEncoding.Single());
        Assert.Equal(3, new[] { plain, gzip, brotli }.Select(answer => answer.Headers.ETag!.Tag).Distinct().Count());
        var text = await plain.Content.ReadAsStringAsync();
        Assert.Equal(text, await Decoded(new GZipStream(await gzip.Content.ReadAsStreamAsync(), CompressionMode.Decompress)));
        Assert.Equal(text, await Decoded(new BrotliStream(await brotli.Content.ReadAsStreamAsync(), CompressionMode.Decompress)));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Nothing_new_is_said_without_a_body(string coding)
    {
        using var first = await _host.GetAsync("/feeds/harbour.atom", ("Accept-Encoding", coding));
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using var second = await _host.SendAsync(method, "/feeds/harbour.atom", ("Accept-Encoding", coding), ("If-None-Match", first.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Equal(first.Headers.ETag, second.Headers.ETag);
            Assert.Equal(first.Headers.CacheControl, second.Headers.CacheControl);
            Assert.Equal(first.Headers.Vary, second.Headers.Vary);
            Assert.NotNull(second.Headers.Date);
            Assert.Null(second.Content.Headers.ContentType);
            Assert.Empty(second.Content.Headers.ContentEncoding);
            Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Head_says_what_get_would()
    {
        using var get = await _host.GetAsync("/feeds/harbour.json");
        using var head = await _host.SendAsync(HttpMethod.Head, "/feeds/harbour.json");
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("POST", "/feeds/harbour.rss")]
    [InlineData("DELETE", "/feeds/harbour.rss")]
    [InlineData("OPTIONS", "/feeds/harbour.rss")]
    [InlineData("PUT", "/feeds/harbour")]
    [InlineData("DELETE", "/")]
    [InlineData("DELETE", "/feeds/harbour/articles/ship-1-is-in")]
    [InlineData("DELETE", "/feeds.opml")]
    public async Task Other_methods_are_told_which_ones_work(string method, string path)
    {
        using var answer = await _host.SendAsync(new(method), path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow.Order());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8")]
    [InlineData("application/atom+xml", "application/atom+xml; charset=utf-8")]
    [InlineData("application/json", "application/feed+json; charset=utf-8")]
    [InlineData("*/*", "application/rss+xml; charset=utf-8")]
    public async Task The_plain_address_gives_what_is_asked_for(string accept, string mediaType)
    {
        using var answer = await _host.GetAsync("/feeds/harbour", ("Accept", accept));
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("Accept", answer.Headers.Vary);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("/feeds/harbour.rss", "Sec-Fetch-Dest", "document", true)]
    [InlineData("/feeds/harbour.atom", "Upgrade-Insecure-Requests", "1", true)]
    [InlineData("/feeds/harbour.json", "Upgrade-Insecure-Requests", "1", true)]
    [InlineData("/feeds/harbour.rss?utm_source=x&rawness=1", "Sec-Fetch-Dest", "document", true)]
    [InlineData("/feeds/harbour.rss?raw", "Sec-Fetch-Dest", "document", false)]
    [InlineData("/feeds/harbour.rss?utm_source=x&raw=1", "Upgrade-Insecure-Requests", "1", false)]
    [InlineData("/feeds/harbour.rss", "Sec-Fetch-Dest", "empty", false)]
    [InlineData("/feeds/harbour.rss", "Upgrade-Insecure-Requests", "0", false)]
    [InlineData("/feeds/harbour.rss", "X-Other", "1", false)]
    public async Task A_browser_that_opens_a_document_sees_something_readable(string path, string header, string value, bool readable)
    {
        using var answer = await _host.GetAsync(path, ("Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"), (header, value));
        Assert.Equal(readable, answer.Content.Headers.ContentType!.MediaType == "text/html");
        Assert.Equal(readable, answer.Headers.CacheControl!.Private);
        Assert.Equal(readable ? ["Accept", "Accept-Encoding", "Sec-Fetch-Dest", "Upgrade-Insecure-Requests"] : ["Accept-Encoding"], answer.Headers.Vary);
        Assert.Equal(readable, (await answer.Content.ReadAsStringAsync()).Contains("You have opened a feed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_feed_reader_gets_the_document_whatever_else_it_sends()
    {
        foreach (var headers in new (string, string)[][]
        {
            [("Accept", "application/rss+xml, application/xml;q=0.9, text/html;q=0.8"), ("Upgrade-Insecure-Requests", "1")],
            [("Accept", "text/html, */*"), ("Sec-Fetch-Dest", "iframe"), ("Upgrade-Insecure-Requests", "1")],
            [("Upgrade-Insecure-Requests", "1")],
        })
        {
            using var answer = await _host.GetAsync("/feeds/harbour.rss", headers);
            Assert.Equal("application/rss+xml", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("/feeds/harbour.rss/", "/feeds/harbour.rss")]
    [InlineData("/feeds/harbour.json/?a=1", "/feeds/harbour.json?a=1")]
    [InlineData("/FEEDS/harbour.atom", "/feeds/harbour.atom")]
    public async Task Another_spelling_of_a_documents_address_leads_to_it(string path, string location)
    {
        using var answer = await _host.GetAsync(path);
        Assert.Equal((HttpStatusCode.MovedPermanently, WebHost.PublicUrl + location), (answer.StatusCode, answer.Headers.Location!.AbsoluteUri));
    }

    [Fact]
    public async Task Pages_of_other_sites_may_read_feeds_lists_and_where_they_went()
    {
        await _host.PublishAsync(_host.Define("quay") with { FormerSlugs = ["port"] }, WebHost.Sample(1));
        _host.Feeds.Update(_host.Define("away") with { MovedTo = "https://elsewhere.example/feed" }, new FeedState("away"));
        _host.Feeds.Update(_host.Define("ended") with { Gone = true }, new FeedState("ended"));
        foreach (var (path, status) in new[]
        {
            ("/feeds/quay.rss", HttpStatusCode.OK), ("/feeds/port.rss", HttpStatusCode.MovedPermanently), ("/feeds/away.atom", HttpStatusCode.MovedPermanently),
            ("/feeds/ended.json", HttpStatusCode.Gone), ("/feeds.opml", HttpStatusCode.OK), ("/feeds/quay.opml", HttpStatusCode.OK),
        })
        {
            using var answer = await _host.GetAsync(path, ("Origin", "https://reader.example"));
            Assert.Equal((path, status), (path, answer.StatusCode));
            Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Equal("ETag, Link", answer.Headers.GetValues("Access-Control-Expose-Headers").Single());
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }
        using var page = await _host.GetAsync("/feeds/quay", ("Accept", "text/html"));
        Assert.False(page.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_failed_precondition_is_told()
    {
        using var answer = await _host.GetAsync("/feeds/harbour.rss", ("If-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
    }

    [Fact]
    public async Task A_new_publication_is_served_at_once()
    {
        using var before = await _host.GetAsync("/feeds/harbour.rss");
        await _host.PublishAsync(_host.Define("harbour"), WebHost.Sample(7));
        using var after = await _host.GetAsync("/feeds/harbour.rss", ("If-None-Match", before.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Contains("Ship 7 is in", await after.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Documents_in_a_folder_are_served_and_closed_ones_for_good()
    {
        var bytes = Encoding.UTF8.GetBytes("<rss/>");
        var state = (await _host.Store.FindFeedAsync("harbour", default))!;
        await _host.Store.CommitAsync(new("harbour")
        {
            ExpectedVersion = state.Version,
            State = state,
            Snapshots = [new("harbour", "archive/3.rss")
            {
                MediaType = "application/rss+xml", Tag = "t", LastModified = WebHost.Noon, Length = bytes.Length, Gzip = Compression.Gzip([bytes]), Brotli = Compression.Brotli([bytes]),
            }],
        }, default);
        using var answer = await _host.GetAsync("/feeds/harbour/archive/3.rss");
        Assert.Equal("<rss/>", await answer.Content.ReadAsStringAsync());
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
        Assert.Equal($"<{WebHost.PublicUrl}/feeds/harbour/archive/3.rss>; rel=\"self\"", answer.Headers.GetValues("Link").Single());
    }

    [Theory]
    [InlineData("/feeds/harbour/rss")]
    [InlineData("/feeds/harbour.archive/3.rss")]
    [InlineData("/feeds/harbour.")]
    [InlineData("/feeds/.rss")]
    [InlineData("/feeds/Harbour.rss")]
    [InlineData("/feeds/other.rss")]
    [InlineData("/feeds/")]
    [InlineData("/feeds")]
    public async Task A_document_has_one_address_only(string path)
    {
        using var answer = await _host.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Who_asks_for_a_feed_before_it_was_first_published_is_told_to_come_again()
    {
        _host.Feeds.Update(_host.Define("quay"), new FeedState("quay"));
        foreach (var path in (string[])["/feeds/quay.rss", "/feeds/quay.atom", "/feeds/quay.json", "/feeds/quay"])
        {
            using var answer = await _host.GetAsync(path);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (answer.StatusCode, answer.Headers.RetryAfter!.Delta));
        }
        using var page = await _host.GetAsync("/feeds/quay", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var other = await _host.GetAsync("/feeds/quay.xml");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using var published = await _host.GetAsync("/feeds/harbour/");
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
    }

    private static async Task<string> Decoded(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
