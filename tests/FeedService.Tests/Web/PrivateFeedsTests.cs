using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using FeedService.Publishing;

namespace FeedService.Tests.Web;

/// <summary>Feeds that only their subscribers may read, over HTTP.</summary>
public sealed class PrivateFeedsTests(RunningService service) : IClassFixture<RunningService>
{
    private const string Private = "private: true\nsources: [{folder: articles}]";
    private static readonly (string, string)[] s_articles = [("2026-01-02-tide.md", "# The hidden tide\n\nIt rose at night.\n"), ("chart.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")];

    private static readonly string[] s_paths = [".rss", ".atom", ".json", "", "/icon.svg", "/articles/tide", "/articles/chart.svg"];

    [Fact]
    public async Task Strangers_see_nothing_of_it()
    {
        var slug = await service.DefineAsync(Private, s_articles);
        var other = await service.TokenAsync(await service.DefineAsync(Private, s_articles), TokenUse.Read);
        var push = await service.TokenAsync(slug);
        foreach (var path in (string[])[.. s_paths.Select(path => $"/feeds/{slug}{path}"), $"/FEEDS/{slug}", $"/Feeds/{slug}/articles/tide", $"/feeds/{slug}.rss?raw", $"/feeds/{slug}/archive/1.rss", $"/feeds/{slug}.html"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using var answer = await service.SendAsync(method, path);
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, answer.StatusCode));
                Assert.Equal($"Basic realm=\"{slug}\", charset=\"UTF-8\"", answer.Headers.WwwAuthenticate.ToString());
                Assert.True(answer.Headers.CacheControl!.Private);
                Assert.DoesNotContain("tide", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
            }
        }
        foreach (var key in (string[])["wrong", other, push])
        {
            using var answer = await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}.rss?key={key}");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        foreach (var path in (string[])["/", "/feeds.opml"])
            Assert.DoesNotContain(slug, await (await service.Client.GetAsync(path)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscriber_reads_all_of_it_by_key_or_by_password_and_no_cache_keeps_it_for_others()
    {
        var slug = await service.DefineAsync(Private, s_articles);
        var (anna, ben) = (await service.TokenAsync(slug, TokenUse.Read, "anna"), await service.TokenAsync(slug, TokenUse.Read, "ben"));
        foreach (var path in s_paths)
        {
            using var byKey = await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}{path}?key={anna}", headers: ("Accept", path.Length == 0 ? "text/html" : "*/*"));
            using var byPassword = await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}{path}", headers: [Basic(ben), ("Accept", path.Length == 0 ? "text/html" : "*/*")]);
            foreach (var answer in (HttpResponseMessage[])[byKey, byPassword])
            {
                Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
                Assert.True(answer.Headers.CacheControl!.Private);
                Assert.False(answer.Headers.CacheControl.Public);
                Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
                Assert.False(answer.Headers.Contains("Access-Control-Expose-Headers"));
                Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            }
            Assert.DoesNotContain(anna, byKey.Headers.ToString(), StringComparison.Ordinal);
            var text = await byKey.Content.ReadAsStringAsync();
            // Pages lead on with the key that they were opened with.
            var isPage = byKey.Content.Headers.ContentType!.MediaType == "text/html";
            Assert.Equal(isPage, text.Contains(anna, StringComparison.Ordinal));
            if (!isPage) Assert.Equal(text, await byPassword.Content.ReadAsStringAsync());
        }
        using var first = await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}.atom?key={anna}");
        Assert.Contains("The hidden tide", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var known = await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}.atom?key={ben}", headers: ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.True(known.Headers.CacheControl!.Private);
        Assert.DoesNotContain(anna.Split('.')[1], service.Logged, StringComparison.Ordinal);
        Assert.DoesNotContain(ben.Split('.')[1], service.Logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_page_opened_with_a_key_leads_to_opens_with_it_and_no_other_site_learns_it()
    {
        var body = "---\ntags: [Night]\n---\n# The hidden tide\n\nIt rose, says [the chart](chart.svg#low), unlike [elsewhere](https://elsewhere.example/a?b=1&c=2).\n\n![A chart](chart.svg)\n";
        var slug = await service.DefineAsync(Private, ("2026-01-02-tide.md", body), s_articles[1]);
        var key = await service.TokenAsync(slug, TokenUse.Read, "anna");
        foreach (var path in new[] { "", ".rss", "/articles/tide", "/tags/night", "/tags/night.atom" })
        {
            using var answer = await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}{path}?key={key}", headers: [("Accept", "text/html"), ("Upgrade-Insecure-Requests", "1")]);
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            using var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
            var links = page.QuerySelectorAll("body [href], body [src], link[rel=icon]").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!).ToList();
            Assert.Contains(links, link => link.StartsWith($"/feeds/{slug}/icon.svg", StringComparison.Ordinal));
            foreach (var link in links)
            {
                Assert.Equal((link, link.Contains($"/feeds/{slug}", StringComparison.Ordinal)), (link, link.Contains(key, StringComparison.Ordinal)));
                if (!link.StartsWith($"/feeds/{slug}", StringComparison.Ordinal)) continue;
                using var followed = await service.SendAsync(HttpMethod.Get, link);
                Assert.Equal((link, HttpStatusCode.OK), (link, followed.StatusCode));
            }
            Assert.Equal($"{RunningService.PublicUrl}/feeds/{slug}{(path.StartsWith("/tags", StringComparison.Ordinal) ? "/tags/night" : "")}.rss?key={key}", page.QuerySelector("#address-rss")!.GetAttribute("value"));
            Assert.DoesNotContain(links, link => link.Contains("feedly.com", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task One_subscriber_is_taken_out_and_the_others_stay()
    {
        var slug = await service.DefineAsync(Private, s_articles);
        var (anna, ben) = (await service.TokenAsync(slug, TokenUse.Read, "anna"), await service.TokenAsync(slug, TokenUse.Read, "ben"));
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}.rss?key={anna}")).StatusCode);
        Assert.True(await service.Tokens.RevokeAsync(TokenUse.Read, slug, "anna", CancellationToken.None));
        await Task.Delay(AccessTokens.Believed + TimeSpan.FromMilliseconds(200));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}.rss?key={anna}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}.rss?key={ben}")).StatusCode);
    }

    [Fact]
    public async Task A_feed_becomes_private_and_public_again_while_the_service_runs()
    {
        var slug = await service.DefineAsync("sources: [{folder: articles}]", s_articles);
        await Eventually.HoldsAsync(async () => Assert.Single(await service.TitlesAsync(slug)));
        service.Redefine(slug, Private);
        await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync($"/feeds/{slug}.rss")).StatusCode));
        service.Redefine(slug, "sources: [{folder: articles}]");
        await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync($"/feeds/{slug}.rss")).StatusCode));
        await Eventually.HoldsAsync(async () => Assert.Single(await service.TitlesAsync(slug)));
    }

    [Fact]
    public async Task A_renamed_feed_takes_its_subscribers_along()
    {
        var token = await service.TokenAsync("old-letter", TokenUse.Read);
        var slug = await service.DefineAsync($"{Private}\nformer_slugs: [old-letter]", s_articles);
        using var stranger = await service.SendAsync(HttpMethod.Get, "/feeds/old-letter.rss");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        using var moved = await service.SendAsync(HttpMethod.Get, $"/feeds/old-letter.rss?key={token}");
        Assert.Equal((HttpStatusCode.MovedPermanently, $"{RunningService.PublicUrl}/feeds/{slug}.rss?key={token}"), (moved.StatusCode, moved.Headers.Location!.AbsoluteUri));
        using var there = await service.SendAsync(HttpMethod.Get, moved.Headers.Location.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    private static (string, string) Basic(string password) => ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{password}"))}");
}
