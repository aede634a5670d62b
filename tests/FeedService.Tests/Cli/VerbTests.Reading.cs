using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FeedService.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.Cli;

// Verbs that read what others wrote.
public sealed partial class VerbTests
{
    [Fact]
    public async Task Extract_prints_an_item_for_a_text()
    {
        var item = (await _program.RunAsync("extract", _program.Write("2026-02-03-ebb.txt", Text))).Json;
        Assert.Equal("Ebb at the Slip", (string?)item["title"]);
        Assert.Equal("The water went out and stayed out for an hour.", (string?)item["summary"]);
        Assert.Equal("2026-02-03T00:00:00Z", (string?)item["date_published"]);
        Assert.Equal("file name", (string?)item["_feedservice"]!["origins"]!["published"]);
    }

    [Fact]
    public async Task Extract_prints_a_line_a_file_in_order_and_one_bad_file_never_stops_the_rest()
    {
        var files = Enumerable.Range(0, 60).Select(i => _program.Write(string.Create(CultureInfo.InvariantCulture, $"many/{i:00}.txt"), i % 7 == 3 ? "\0\0\0" : $"Title {i}\n\n{Text}")).ToArray();
        var outcome = await _program.RunAsync("extract", "--jsonl", "many", "missing.txt");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Errors);
        Assert.Equal(61, outcome.Lines.Length);
        for (var i = 0; i < 60; i++)
        {
            var line = JsonNode.Parse(outcome.Lines[i])!;
            Assert.Equal(Path.GetFileName(files[i]), Path.GetFileName((string)line["file"]!));
            if (i % 7 == 3) Assert.Contains("binary", (string)line["error"]!, StringComparison.Ordinal);
            else Assert.Equal($"Title {i}", (string?)line["item"]!["title"]);
        }
        Assert.Equal("there is no such file", (string?)JsonNode.Parse(outcome.Lines[60])!["error"]);
    }

    [Fact]
    public async Task Extract_reads_pages_compressed_too_and_resolves_their_links()
    {
        var paragraph = string.Concat(Enumerable.Repeat("The tide tables were printed a day late, and for a day nobody knew when the ferry would go. ", 4));
        var page = $"<html lang=en><head><title>Tables</title></head><body><nav><a href=/>Home</a></nav><article><h1>Tide tables</h1><p>{paragraph}</p><p>{paragraph}<a href='late.html'>late</a></p></article></body></html>";
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write(Encoding.UTF8.GetBytes(page));
        var item = (await _program.RunAsync("extract", _program.Write("page.html.gz", packed.ToArray()), "--url", "https://harbour.example/news/tables")).Json;
        Assert.Equal("Tide tables", (string?)item["title"]);
        Assert.Equal("https://harbour.example/news/tables", (string?)item["url"]);
        Assert.Contains("href=\"https://harbour.example/news/late.html\"", (string)item["content_html"]!, StringComparison.Ordinal);

        var cut = await _program.RunAsync("extract", _program.Write("cut.html.gz", packed.ToArray()[..^6]));
        Assert.Equal(1, cut.ExitCode);
        Assert.Single(cut.ErrorLines);
    }

    [Fact]
    public async Task Read_prints_any_feed_as_JSON_Feed()
    {
        var rss = "<rss version='2.0'><channel><title>Tides &amp; Times</title><item><title>Ebb</title><guid>a1</guid><description>out</description></item></channel></rss>";
        var feed = (await _program.RunAsync("read", _program.Write("a.rss", rss))).Json;
        Assert.Equal("https://jsonfeed.org/version/1.1", (string?)feed["version"]);
        Assert.Equal("Tides & Times", (string?)feed["title"]);
        Assert.Equal("a1", (string?)feed["items"]![0]!["id"]);
        Assert.Equal("rss20", (string?)feed["_feedservice"]!["format"]);

        var lines = await _program.RunAsync("read", "--jsonl", "a.rss", _program.Write("b.rss", "not a feed"), "a.rss");
        Assert.Equal(1, lines.ExitCode);
        Assert.Equal([true, false, true], lines.Lines.Select(line => JsonNode.Parse(line)!["feed"] is not null));
    }

    [Fact]
    public async Task Read_tells_what_a_document_says_in_its_own_words_and_resolves_links_against_where_it_came_from()
    {
        var atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>Ebb</title><generator version='7'>Loom</generator><entry><id>e</id><title>Out</title><link href='/out' type='text/html'/></entry></feed>";
        var feed = (await _program.RunAsync("read", "--url", "https://ebb.example/feed", _program.Write("a.atom", atom))).Json;
        Assert.Equal("https://ebb.example/out", (string?)feed["items"]![0]!["url"]);
        Assert.Equal("https://ebb.example/out", (string?)feed["items"]![0]!["_feedservice"]!["links"]![0]!["href"]);
        Assert.Equal("text/html", (string?)feed["_feedservice"]!["texts"]!["title"]!["type"]);
        Assert.Equal("7", (string?)feed["_feedservice"]!["generator_version"]);
        Assert.Equal(2, (await _program.RunAsync("read", "--url", "here", "a.atom")).ExitCode);
    }

    [Fact]
    public async Task What_comes_from_outside_cannot_command_the_terminal()
    {
        const string escape = "\u001b[2J";
        var rss = _program.Write("a.json", $$"""{"version":"https://jsonfeed.org/version/1.1","title":"\u001b[2J\u009b31m\u202egnp","items":[]}""");
        _program.Write($"{escape}.txt", "\0");
        Feed("evil", $"\"{"\\e"}[2J\": 1\ntitle: \"{"\\e"}]0;x\"\nsources: [{{\"folder\\e[2J\": a}}]\n");
        foreach (var outcome in (FeedServiceProgram.Outcome[])[
            await _program.RunAsync("read", rss), await _program.RunAsync("extract", $"{escape}.txt"), await _program.RunAsync("check"), await _program.RunAsync($"{escape}verb")])
        {
            Assert.DoesNotContain(outcome.Output + outcome.Errors, c => char.IsControl(c) && c is not '\n' and not '\r');
        }
    }

    [Fact]
    public void Reordering_characters_are_spelled_out() => Assert.Equal("a\\u202eb c", Terminal.Safe("a\u202Eb\nc"));

    [Fact]
    public async Task Capture_drafts_a_definition_from_a_feed_a_list_or_a_sitemap()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var site = builder.Build();
        var url = "";
        string Page(string body, string head = "") => $"<html><head><title>Tide Office</title>{head}</head><body>{body}</body></html>";
        var list = string.Concat(Enumerable.Range(1, 8).Select(i => $"<article><h2><a href='/2026/0{i}/a-long-name-for-day-{i}'>The long name of day {i}</a></h2><time datetime='2026-0{i}-01'>1st</time><p>What happened on that day in some words.</p></article>"));
        site.MapGet("/with-feed", () => Results.Content(Page("<p>Hello</p>", "<link rel='alternate' type='application/rss+xml' href='/feed.rss'>"), "text/html"));
        site.MapGet("/feed.rss", () => Results.Content("<rss version='2.0'><channel><title>Tides</title><link>https://tides.example/</link><language>en</language><item><title>Ebb</title><link>https://tides.example/ebb</link></item></channel></rss>", "application/rss+xml"));
        site.MapGet("/list", () => Results.Content(Page(list), "text/html"));
        site.MapGet("/plain", () => Results.Content(Page("<p>Nothing here.</p>"), "text/html"));
        site.MapGet("/robots.txt", () => $"User-agent: *\nDisallow: /forbidden/\nSitemap: {url}/list\nSitemap: {url}/map.xml\n");
        site.MapGet("/forbidden/list", () => Results.Content(Page(list), "text/html"));
        site.MapGet("/moved", () => Results.Redirect("/with-feed", permanent: true));
        site.MapGet("/map.xml", () => Results.Content("<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>" + url + "/part.xml</loc></sitemap></sitemapindex>", "application/xml"));
        site.MapGet("/part.xml", () => Results.Content("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://tides.example/ebb</loc></url></urlset>", "application/xml"));

        await site.StartAsync();
        url = site.Urls.First();

        var feed = await _program.RunAsync("capture", url + "/with-feed");
        Assert.True(feed.ExitCode == 0, feed.Errors);
        Assert.Equal($"# yaml-language-server: $schema=../feed.schema.json\ntitle: Tides\nsite: \"https://tides.example/\"\nlanguage: en\nsources:\n  - feed: {url}/feed.rss\n    full_text: true\n".Replace("\"", "", StringComparison.Ordinal), feed.Output);
        Assert.Contains("Ebb", feed.Errors, StringComparison.Ordinal);

        Assert.Contains($"- page: {url}/list\n", (await _program.RunAsync("capture", url + "/list")).Output, StringComparison.Ordinal);
        Assert.Equal(feed.Output, (await _program.RunAsync("capture", url + "/moved")).Output);
        // What robots.txt names may be something else; of an index what its files list is shown.
        var sitemap = await _program.RunAsync("capture", url + "/plain");
        Assert.Contains($"- sitemap: {url}/map.xml\n", sitemap.Output, StringComparison.Ordinal);
        Assert.Contains("https://tides.example/ebb", sitemap.Errors, StringComparison.Ordinal);
        var nowhere = await _program.RunAsync("capture", url + "/nowhere");
        Assert.Equal((1, "", $"feedservice: {url}/nowhere: the server answers 404"), (nowhere.ExitCode, nowhere.Output, nowhere.ErrorLines[0]));
        // A definition of it would give nothing.
        var forbidden = await _program.RunAsync("capture", url + "/forbidden/list");
        Assert.Equal((1, ""), (forbidden.ExitCode, forbidden.Output));
        Assert.Contains("robots.txt", forbidden.Errors, StringComparison.Ordinal);

        Assert.Equal(0, (await _program.RunAsync("capture", url + "/list", "--name", "tide-office")).ExitCode);
        Assert.Equal(0, (await _program.RunAsync("check")).ExitCode);
        Assert.Equal(1, (await _program.RunAsync("capture", url + "/list", "--name", "tide-office")).ExitCode);
    }

    [Theory]
    [InlineData("capture")]
    [InlineData("read")]
    [InlineData("check")]
    public async Task What_a_page_names_is_not_fetched_from_private_addresses_that_nobody_typed(string verb)
    {
        await using var server = new Sources.RawServer();
        await using var inner = new Sources.RawServer();
        inner.Map("/feed.rss", "<rss version='2.0'><channel><title>Inner</title></channel></rss>");
        server.Map("/", $"<html><head><link rel='alternate' type='application/rss+xml' href='http://localhost:{inner.Port}/feed.rss'></head></html>", type: "text/html");
        var outcome = await _program.RunAsync(verb, server.Root + "/");
        Assert.Equal(1, outcome.ExitCode);
        Assert.DoesNotContain("Inner", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("localhost", outcome.Errors + outcome.Output, StringComparison.Ordinal);
        Assert.Equal(0, inner.Connections);
    }

    [Fact]
    public async Task Extract_joins_the_pages_of_an_article()
    {
        await using var server = new Sources.RawServer();
        server.Map("/tides", Sources.SmallInternet.Page("Tides", "The first of the tides", "<a rel=next href=/tides/2>Next page</a>"), type: "text/html");
        server.Map("/tides/2", Sources.SmallInternet.Page("Tides", "The second of the tides"), type: "text/html");
        var outcome = await _program.RunAsync("extract", server.Root + "/tides");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var content = (string)outcome.Json["content_html"]!;
        Assert.Contains("The first of the tides", content, StringComparison.Ordinal);
        Assert.Contains("The second of the tides", content, StringComparison.Ordinal);
        Assert.Equal(server.Root + "/tides", (string?)outcome.Json["url"]);
    }

    [Fact]
    public async Task Proxies_of_the_environment_are_not_used()
    {
        await using var server = new Sources.RawServer();
        server.Map("/feed", "<rss version='2.0'><channel><title>Tides</title></channel></rss>");
        var outcome = await _program.RunAsync(new Dictionary<string, string> { ["http_proxy"] = "http://127.0.0.1:9/", ["ALL_PROXY"] = "http://127.0.0.1:9/" }, "read", server.Root + "/feed");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }
}
