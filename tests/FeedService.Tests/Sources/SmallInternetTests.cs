using System.Text;
using FeedService.Tests.Publishing;
using static FeedService.Tests.Sources.SmallInternet;

namespace FeedService.Tests.Sources;

/// <summary>A whole small internet on loopback, one port a host, and everything between its bytes and ours: sources, filters, ledger, documents.</summary>
public sealed class SmallInternetTests : IAsyncDisposable
{
    private readonly RawServer _blog = new();
    private readonly RawServer _magazine = new();
    private readonly RawServer _town = new();
    private readonly RawServer _trouble = new();
    private readonly RawServer _inside = new();
    private readonly FeedsOnDisk _feeds;

    public SmallInternetTests() =>
        _feeds = new FeedsOnDisk { AllowedHosts = [.. new[] { _blog, _magazine, _town, _trouble }.Select(s => $"127.0.0.1:{s.Port}")] };

    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        foreach (var server in new[] { _blog, _magazine, _town, _trouble, _inside }) await server.DisposeAsync();
    }

    [Fact]
    public async Task All_kinds_of_sources_come_together_in_one_feed_and_stay_apart_in_their_troubles()
    {
        _blog.Map("/", "<!doctype html><head><link rel=alternate type=application/atom+xml href=/atom.xml><title>Blog</title></head><p>Welcome.", type: "text/html");
        _blog.Map("/atom.xml", request => request["If-None-Match"] == "\"1\""
            ? RawServer.Answer("304 Not Modified", "text/plain", [])
            : RawServer.Answer("200 OK", "application/atom+xml", Encoding.UTF8.GetBytes(Atom(_blog.Root, ("urn:blog:1", "Lamps", "/lamps"))), "ETag: \"1\""));
        _blog.Map("/lamps", Page("Lamps", "The lamps along the quay"), type: "text/html");
        _magazine.Map("/news", Listing(("Cranes", "/news/cranes-are-painted"), ("Ropes", "/news/ropes-are-spliced")), type: "text/html");
        _magazine.Map("/news/cranes-are-painted", Page("Cranes", "The cranes on the north side"), type: "text/html");
        _magazine.Map("/news/ropes-are-spliced", Page("Ropes", "The ropes in the long shed"), type: "text/html");
        _town.Map("/robots.txt", "User-agent: *\nDisallow: /council/secret\n", type: "text/plain");
        _town.Map("/sitemap.xml", $"<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{_town.Root}/council.xml</loc></sitemap></sitemapindex>", type: "application/xml");
        _town.Map("/council.xml", $"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{_town.Root}/council/bridge</loc></url><url><loc>{_town.Root}/council/secret</loc></url></urlset>", type: "application/xml");
        _town.Map("/council/bridge", Page("Bridge", "The bridge over the old lock"), type: "text/html");
        _town.Map("/council/secret", Page("Secret", "What nobody should have read"), type: "text/html");
        _trouble.Map("/feed", "", "500 Internal Server Error");
        _feeds.Define("all", $"""
            title: All of it
            sources:
              - folder: articles
              - feed: {_blog.Root}/
                full_text: true
              - page: {_magazine.Root}/news
              - sitemap: {_town.Root}/sitemap.xml
              - feed: {_trouble.Root}/feed
            """);
        _feeds.Write("all", "2026-02-01-tar.md", "# Tar\n\nIt smells.\n");

        var first = await _feeds.PublishAsync("all");
        Assert.False(first.KeptLastGood, string.Join("\n", first.Problems));
        var bytes = await _feeds.BytesAsync("all", "atom");
        var entries = await _feeds.EntriesAsync("all");

        Assert.Equal(["Bridge", "Cranes", "Lamps", "Ropes", "Tar"], entries.Select(e => e.Title).Order(StringComparer.Ordinal));
        Assert.Contains("The lamps along the quay", entries.Single(e => e.Title == "Lamps").Content, StringComparison.Ordinal);
        Assert.Contains("The cranes on the north side", entries.Single(e => e.Title == "Cranes").Content, StringComparison.Ordinal);
        Assert.Contains(first.Problems, p => p.Contains("/council/secret", StringComparison.Ordinal) && p.Contains("robots.txt", StringComparison.Ordinal));
        Assert.Contains(first.Problems, p => p.Contains("500", StringComparison.Ordinal));
        Assert.Equal(0, _town.Hits("/council/secret"));

        var hits = _magazine.Requests.Count;
        await _feeds.PublishAsync("all");
        await _feeds.RestartAsync();
        await _feeds.PublishAsync("all");

        Assert.Equal(bytes, await _feeds.BytesAsync("all", "atom"));
        Assert.Equal(1, _blog.Hits("/lamps"));
        Assert.Equal(hits + 2 + 1, _magazine.Requests.Count);
        Assert.All(_blog.Requests.Where(r => r.Path == "/atom.xml").Skip(1), r => Assert.Equal("\"1\"", r["If-None-Match"]));

        _blog.Map("/atom.xml", Atom(_blog.Root, ("urn:blog:2", "Lanterns", "/lanterns"), ("urn:blog:1", "Lamps", "/lamps")), type: "application/atom+xml");
        _blog.Map("/lanterns", Page("Lanterns", "The lanterns that hang in the bow"), type: "text/html");
        _trouble.Map("/feed", Rss("better"));
        await _feeds.PublishAsync("all");

        var after = await _feeds.EntriesAsync("all");
        Assert.Equal(entries.Select(e => e.Id).Append("urn:blog:2").Order(StringComparer.Ordinal), after.Where(e => e.Title != "better").Select(e => e.Id).Order(StringComparer.Ordinal));
        Assert.Contains(after, e => e.Title == "better");
    }

    /// <summary>All but the one that is for good.</summary>
    public static TheoryData<string> Faults => [.. Misbehaviour.Outcomes.Keys.Where(fault => fault != "410")];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_a_server_does_the_last_good_feed_stays(string fault)
    {
        _trouble.Map("/feed", Rss("one"), headers: ["Cache-Control: no-cache"]);
        _feeds.Define("watch", $"title: Watch\nsources: [{{feed: \"{_trouble.Root}/feed\"}}]\n");
        await _feeds.PublishAsync("watch");
        var before = await _feeds.BytesAsync("watch", "atom");
        Assert.Single(await _feeds.EntriesAsync("watch"));

        _feeds.Limits = RawServer.Impatient;
        await _feeds.RestartAsync();
        _trouble.Paths["/feed"] = (_, stream, token) => Misbehaviour.RunAsync(fault, Encoding.UTF8.GetBytes(Rss("one", "two")), Encoding.UTF8.GetBytes(Rss()), _inside.Port, stream, token);
        var report = await _feeds.PublishAsync("watch");

        Assert.Equal(before, await _feeds.BytesAsync("watch", "atom"));
        Misbehaviour.AssertOutcome(fault, report.Problems, $"{_trouble.Root}/feed");
        Assert.Equal(0, _inside.Connections);

        _feeds.Limits = RawServer.Patient;
        await _feeds.RestartAsync();
        _trouble.Map("/feed", Rss("one", "two"));
        _feeds.Clock.Advance(TimeSpan.FromHours(9));
        Assert.Empty((await _feeds.PublishAsync("watch")).Problems);
        Assert.Equal(["one", "two"], (await _feeds.EntriesAsync("watch")).Select(e => e.Title).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_says_that_a_feed_is_gone_is_believed_and_left_alone()
    {
        _trouble.Map("/feed", Rss("one"));
        _feeds.Define("watch", $"title: Watch\nsources: [{{feed: \"{_trouble.Root}/feed\"}}]\n");
        await _feeds.PublishAsync("watch");
        _trouble.Map("/feed", "", "410 Gone");
        for (var look = 0; look < 4; look++)
        {
            Assert.Contains("410", Assert.Single((await _feeds.PublishAsync("watch")).Problems), StringComparison.Ordinal);
            _feeds.Clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal(2, _trouble.Hits("/feed"));
        Assert.Single(await _feeds.EntriesAsync("watch"));
    }

    [Fact]
    public async Task Who_asks_to_be_left_alone_is_left_alone_over_a_restart()
    {
        _trouble.Map("/feed", Rss("one"));
        _feeds.Define("watch", $"title: Watch\nsources: [{{feed: \"{_trouble.Root}/feed\"}}]\n");
        await _feeds.PublishAsync("watch");
        _trouble.Map("/feed", "", "429 Too Many Requests", headers: ["Retry-After: 7200"]);
        await _feeds.PublishAsync("watch");
        await _feeds.RestartAsync();
        for (var look = 0; look < 7; look++) await _feeds.PublishAsync("watch");
        Assert.Equal(2, _trouble.Hits("/feed"));
        await _feeds.PublishAsync("watch");
        Assert.Equal(3, _trouble.Hits("/feed"));
    }

    [Fact]
    public async Task A_feed_that_moved_for_good_is_asked_at_its_new_place_after_a_restart_too()
    {
        _blog.Map("/feed", "", "301 Moved Permanently", headers: [$"Location: {_town.Root}/feed"]);
        _town.Map("/feed", Rss("one"));
        _feeds.Define("watch", $"title: Watch\nsources: [{{feed: \"{_blog.Root}/feed\"}}]\n");
        Assert.Contains($"moved for good to {_town.Root}/feed", Assert.Single((await _feeds.PublishAsync("watch")).Problems), StringComparison.Ordinal);
        await _feeds.RestartAsync();
        _town.Map("/feed", Rss("one", "two"));
        await _feeds.PublishAsync("watch");
        Assert.Equal((1, 2), (_blog.Hits("/feed"), (await _feeds.EntriesAsync("watch")).Count));
    }

    [Fact]
    public async Task Nothing_that_executes_gets_through_from_any_source()
    {
        const string bad = "<p onmouseover=\"run()\">Text <a href=\"jav&#x09;ascript:run()\">link</a><img src=x onerror=run()><svg onload=run()></svg><iframe srcdoc=\"<script>run()</script>\"></iframe></p><script>run()</script>";
        _blog.Map("/feed", $"<rss version=\"2.0\"><channel><title>t</title><item><guid>1</guid><link>javascript:run()</link><title>&lt;script&gt;run()&lt;/script&gt; one</title><description><![CDATA[{bad}]]></description><enclosure url=\"javascript:run()\" type=\"audio/mpeg\" length=\"1\"/></item></channel></rss>");
        _magazine.Map("/news", Listing(("Cranes", "/news/cranes-are-painted"), ("Ropes", "/news/ropes-are-spliced")), type: "text/html");
        foreach (var path in new[] { "/news/cranes-are-painted", "/news/ropes-are-spliced" }) _magazine.Map(path, Page("Cranes", "The cranes on the north side", bad), type: "text/html");
        _feeds.Define("all", $"title: All\nsources: [{{feed: \"{_blog.Root}/feed\"}}, {{page: \"{_magazine.Root}/news\"}}]\n");
        await _feeds.PublishAsync("all");
        foreach (var name in new[] { "rss", "atom", "json" })
        {
            var text = await _feeds.TextAsync("all", name);
            Assert.DoesNotContain("onmouseover", text, StringComparison.Ordinal);
            Assert.DoesNotContain("onerror", text, StringComparison.Ordinal);
            Assert.DoesNotContain("javascript:run", text, StringComparison.Ordinal);
            Assert.DoesNotContain("srcdoc", text, StringComparison.Ordinal);
        }
    }
}
