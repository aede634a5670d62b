using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FeedService.Tests.Web;

/// <summary>Paths, files and headers from people who mean no good.</summary>
public sealed class HostilePathTests : IAsyncLifetime
{
    private WebHost _host = null!;
    private string _articles = null!;

    public async Task InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        await _host.PublishSampleAsync();
        _articles = Directory.CreateDirectory(Path.Combine(_host.Folder, "harbour", "articles", "pictures")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(_host.Folder, "harbour", "feed.yaml"), "title: secret");
        await File.WriteAllTextAsync(Path.Combine(_host.Folder, "outside.png"), "secret");
        await File.WriteAllTextAsync(Path.Combine(_articles, "pictures", "a.png"), "picture");
        foreach (var name in (string[])["draft.md", "draft.txt", "page.html", ".hidden.png", "notes.yaml", "a.png~", "run.sh", "a.php", "empty.png"])
            await File.WriteAllTextAsync(Path.Combine(_articles, name), name == "empty.png" ? "" : "secret");
        File.CreateSymbolicLink(Path.Combine(_articles, "link.png"), Path.Combine(_host.Folder, "outside.png"));
        Directory.CreateSymbolicLink(Path.Combine(_articles, "up"), _host.Folder);
        Directory.CreateDirectory(Path.Combine(_articles, "folder.png"));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/feeds/harbour/articles/../feed.yaml")]
    [InlineData("/feeds/harbour/articles/../../outside.png")]
    [InlineData("/feeds/harbour/articles/%2e%2e/%2e%2e/outside.png")]
    [InlineData("/feeds/harbour/articles/..%2f..%2foutside.png")]
    [InlineData("/feeds/harbour/articles/..%5c..%5coutside.png")]
    [InlineData("/feeds/harbour/articles/pictures/..%2f..%2f..%2foutside.png")]
    [InlineData("/feeds/harbour/articles/%252e%252e/outside.png")]
    [InlineData("/feeds/harbour/articles//etc/hostname.png")]
    [InlineData("/feeds/harbour/articles/%2fetc%2fpasswd.png")]
    [InlineData("/feeds/harbour/articles/a.png%00.txt")]
    [InlineData("/feeds/harbour/articles/draft.md")]
    [InlineData("/feeds/harbour/articles/draft.txt")]
    [InlineData("/feeds/harbour/articles/page.html")]
    [InlineData("/feeds/harbour/articles/notes.yaml")]
    [InlineData("/feeds/harbour/articles/.hidden.png")]
    [InlineData("/feeds/harbour/articles/a.png~")]
    [InlineData("/feeds/harbour/articles/run.sh")]
    [InlineData("/feeds/harbour/articles/a.php")]
    [InlineData("/feeds/harbour/articles/empty.png")]
    [InlineData("/feeds/harbour/articles/link.png")]
    [InlineData("/feeds/harbour/articles/up/outside.png")]
    [InlineData("/feeds/harbour/articles/folder.png")]
    [InlineData("/feeds/harbour/articles/C:%5cwindows%5cwin.png")]
    [InlineData("/feeds/../feeds/harbour/feed.yaml")]
    [InlineData("/feeds/%2e%2e.rss")]
    [InlineData("/feeds/-.rss")]
    [InlineData("/feeds/CON.rss")]
    [InlineData("/feeds/caf%C3%A9.rss")]
    [InlineData("/feeds/cafe%CC%81.rss")]
    [InlineData("/feeds/%ff%fe.rss")]
    public async Task Nothing_outside_is_reached(string path)
    {
        // Straight to the socket: clients of good manners would tidy the path first.
        var answer = await RawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (404|400) ", answer);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_no_file_can_have_are_just_not_found()
    {
        using var answer = await _host.GetAsync($"/feeds/harbour/articles/{new string('a', 2000)}.png");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using var feed = await _host.GetAsync($"/feeds/{new string('a', 2000)}");
        Assert.Equal(HttpStatusCode.NotFound, feed.StatusCode);
    }

    [Fact]
    public async Task A_file_beside_the_articles_is_served_and_can_do_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_articles, "pictures", "b.svg"), "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
        foreach (var (path, type) in ((string, string)[])[("a.png", "image/png"), ("b.svg", "image/svg+xml")])
        {
            using var answer = await _host.GetAsync($"/feeds/harbour/articles/pictures/{path}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal("default-src 'none'; sandbox", answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.NotNull(answer.Headers.ETag);
        }
    }

    [Fact]
    public async Task A_file_comes_whole_in_part_or_not_again()
    {
        const string path = "/feeds/harbour/articles/pictures/a.png";
        using var whole = await _host.GetAsync(path);
        Assert.Equal("picture", await whole.Content.ReadAsStringAsync());
        using var part = await _host.GetAsync(path, ("Range", "bytes=1-3"), ("If-Range", whole.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("ict", await part.Content.ReadAsStringAsync());
        Assert.Equal("bytes 1-3/7", part.Content.Headers.ContentRange!.ToString());
        using var changed = await _host.GetAsync(path, ("Range", "bytes=1-3"), ("If-Range", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var beyond = await _host.GetAsync(path, ("Range", "bytes=99-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using var known = await _host.GetAsync(path, ("If-None-Match", whole.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var head = await _host.SendAsync(HttpMethod.Head, path);
        Assert.Equal(7, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Who_asks_decides_no_address()
    {
        foreach (var path in (string[])["/", "/feeds/harbour", "/feeds/harbour.rss", "/feeds/harbour/articles/ship-1-is-in", "/feeds.opml"])
        {
            using var answer = await _host.GetAsync(
                path, ("Accept", "text/html"), ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "evil"),
                ("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "host=evil.example"), ("X-Original-URL", "/evil"), ("X-Forwarded-Prefix", "/evil"));
            var text = answer.ToString() + await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Failures_say_nothing_of_what_is_inside_and_are_guarded_too()
    {
        foreach (var accept in (string[])["text/html", "*/*"])
        {
            foreach (var (path, status) in ((string, int)[])[("/throws", 500), ("/nothing", 404), ("/feeds/none.rss", 404)])
            {
                using var answer = await _host.GetAsync(path, ("Accept", accept));
                var text = await answer.Content.ReadAsStringAsync();
                Assert.Equal(status, (int)answer.StatusCode);
                Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
                Assert.NotEmpty(text);
                Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("GET /{0} HTTP/1.1\r\nHost: a\r\n\r\n", 9_000, "414")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: {0}\r\n\r\n", 40_000, "431")]
    [InlineData("POST /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n{0}", 1, "404")]
    public async Task What_is_too_large_is_refused(string request, int size, string status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await RawAsync(request.Replace("{0}", new string('a', size), StringComparison.Ordinal)), StringComparison.Ordinal);

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
