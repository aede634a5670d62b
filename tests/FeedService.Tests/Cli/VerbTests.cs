using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.Cli;

public sealed partial class VerbTests : IDisposable
{
    private const string Text = "Ebb at the Slip\n\nThe water went out and stayed out for an hour.\n\nNobody had told the boats, which lay down one after the other.\n";

    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    private string Feed(string slug, string yaml, params (string Name, string Text)[] articles)
    {
        foreach (var (name, text) in articles) _program.Write($"feeds/{slug}/articles/{name}", text);
        return _program.Write($"feeds/{slug}/feed.yaml", yaml);
    }

    [Fact]
    public async Task Help_lists_every_verb_and_each_verb_shows_examples()
    {
        var help = await _program.RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        foreach (var verb in (string[])
        [
            "serve", "publish", "check", "read", "extract", "capture", "explain", "import", "export", "feeds", "token", "subscriber", "store", "init", "health",
        ])
        {
            Assert.Contains($"\n  {verb} ", help.Output, StringComparison.Ordinal);
            var own = await _program.RunAsync(verb, "--help");
            Assert.Equal(0, own.ExitCode);
            Assert.Contains($"\nExamples:\n  feedservice", own.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_bill_of_materials_names_the_packages_with_version_and_hash()
    {
        var bill = JsonNode.Parse((await _program.RunAsync("sbom")).Output)!;
        var named = bill["components"]!.AsArray().ToDictionary(component => (string)component!["name"]!, component => component!, StringComparer.OrdinalIgnoreCase);

        Assert.Equal(("CycloneDX", "1.6"), ((string?)bill["bomFormat"], (string?)bill["specVersion"]));
        foreach (var package in (string[])["AngleSharp", "Dapper", "Markdig", "Microsoft.Data.Sqlite", "Npgsql", "Quartz", "YamlDotNet"])
        {
            Assert.Equal($"pkg:nuget/{named[package]["name"]}@{named[package]["version"]}", (string?)named[package]["purl"]);
            Assert.Matches("^[0-9a-f]{128}$", (string?)named[package]["hashes"]![0]!["content"]);
        }
    }

    [Theory]
    [InlineData("there is no verb 'chekc': did you mean 'check'?", "chekc")]
    [InlineData("there is no option '--jsn': did you mean '--json'? (a file of that name can be given after --)", "check", "--jsn")]
    [InlineData("Option '--output' is required.", "publish")]
    [InlineData("FeedService:Store: has to be sqlite:PATH, sqlite: alone (feedservice.db in the data folder), or postgres://USER:PASSWORD@HOST/DATABASE", "check", "--store", "mysql://x")]
    [InlineData("--url is for a single file", "extract", "a.html", "b.html", "--url", "https://a.example/")]
    public async Task Wrong_usage_is_two_and_says_what_is_wrong(string error, params string[] args)
    {
        var outcome = await _program.RunAsync(args);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal($"feedservice: {error}", outcome.ErrorLines[0]);
        Assert.Empty(outcome.Output);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_come_from_the_file_then_the_environment_then_the_command_line()
    {
        foreach (var name in (string[])["one", "two", "three"]) _program.Write($"{name}/x/feed.yaml", "titel: X");
        _program.Write("appsettings.json", """{"FeedService": {"Feeds": "one"}}""");
        Assert.StartsWith("one/x/", (await _program.RunAsync("check")).Output, StringComparison.Ordinal);
        var environment = new Dictionary<string, string> { ["FeedService__Feeds"] = "two" };
        Assert.StartsWith("two/x/", (await _program.RunAsync(environment, "check")).Output, StringComparison.Ordinal);
        Assert.StartsWith("three/x/", (await _program.RunAsync(environment, "check", "--feeds", "three")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_reports_every_error_of_every_definition()
    {
        Feed("good", "title: G\nsources: [{folder: articles}]\n", ("a.txt", Text));
        Feed("bad", "titel: B\nsources: [{folder: articles}]\nschedule: hourly\n");
        var outcome = await _program.RunAsync("check");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
        [
            "feeds/bad/feed.yaml:1:1: unknown key 'titel': did you mean 'title'?",
            "feeds/bad/feed.yaml:1:1: 'title' is missing",
            "feeds/bad/feed.yaml:3:11: 'hourly' is not a span such as 15m, 1h30m or 1d, nor a cron expression such as 0 0/15 * * * ?",
        ], outcome.Lines);
        Assert.Equal(["2 definitions checked: 3 errors, 0 warnings"], outcome.ErrorLines);

        var json = (await _program.RunAsync("check", "--json")).Json.AsArray();
        Assert.Equal((3, "error"), ((int)json[2]!["line"]!, (string?)json[2]!["severity"]));
        Assert.Equal(0, (await _program.RunAsync("check", "feeds/good")).ExitCode);
        Assert.Equal(1, (await _program.RunAsync("check", "feeds/nowhere/feed.yaml")).ExitCode);
    }

    [Fact]
    public async Task Check_judges_any_feed()
    {
        var rss = _program.Write("a.rss", """
            <rss version="2.0"><channel><title>T</title><link>https://a.example/</link><description>D</description>
            <item><title>Ebb</title><pubDate>3 o'clock</pubDate></item>
            </channel></rss>
            """);
        var outcome = await _program.RunAsync("check", rss);
        Assert.Equal(1, outcome.ExitCode);
        var line = Assert.Single(outcome.Lines, line => line.Contains(": error: ", StringComparison.Ordinal));
        Assert.StartsWith($"{rss}:2:", line, StringComparison.Ordinal);
        Assert.EndsWith("[InvalidRFC2822Date]", line, StringComparison.Ordinal);
        Assert.StartsWith("1 feed checked: 1 error, ", outcome.ErrorLines[0], StringComparison.Ordinal);

        var finding = (await _program.RunAsync("check", "--json", rss)).Json.AsArray().First(each => (string?)each!["severity"] == "error")!;
        Assert.Equal("rss/channel/item[1]/pubDate", (string?)finding["where"]);
        Assert.NotEmpty((string)finding["fix"]!);
    }

    [Fact]
    public async Task The_sample_feeds_are_good()
    {
        var outcome = await _program.RunAsync("check", "--feeds", FeedServiceProgram.SampleFeeds);
        Assert.Equal("", outcome.Output);
        Assert.Equal(0, outcome.ExitCode);
    }

    [Fact]
    public async Task Init_makes_a_feed_that_is_good_and_never_overwrites_one()
    {
        Assert.Equal(0, (await _program.RunAsync("init", "garden-notes", "--title", "Garden: notes")).ExitCode);
        Assert.Equal(0, (await _program.RunAsync("check")).ExitCode);
        Assert.Contains("title: \"Garden: notes\"", _program.Read("feeds/garden-notes/feed.yaml"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_program.Folder, "feeds/feed.schema.json")));
        var item = (await _program.RunAsync("extract", Directory.GetFiles(Path.Combine(_program.Folder, "feeds/garden-notes/articles")).Single())).Json;
        Assert.Equal("Hello from Garden: notes", (string?)item["title"]);

        _program.Write("feeds/garden-notes/feed.yaml", "mine");
        var again = await _program.RunAsync("init", "garden-notes");
        Assert.Equal(1, again.ExitCode);
        Assert.Equal("mine", _program.Read("feeds/garden-notes/feed.yaml"));
        Assert.Equal(2, (await _program.RunAsync("init", "Garden Notes")).ExitCode);
    }

    [Fact]
    public async Task Publish_writes_files_that_are_left_alone_while_nothing_changes()
    {
        Feed("slip", "title: The Slip\nsources: [{folder: articles}]\n", ("2026-02-03-ebb.txt", Text), ("2026-02-04-flow.md", "# Flow\n\n![Waves](waves.svg)\n"), ("waves.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"));
        string[] args = ["publish", "--output", "site", "--public-url", "https://feeds.example/base"];
        var first = await _program.RunAsync(args);
        Assert.Equal((0, ""), (first.ExitCode, first.Output));
        foreach (var name in (string[])["index.html", "404.html", "feeds/slip.rss", "feeds/slip.atom", "feeds/slip.json", "feeds/slip/index.html", "feeds/slip/articles/ebb/index.html", "feeds/slip/articles/waves.svg"])
        {
            var bytes = File.ReadAllBytes(Path.Combine(_program.Folder, "site", name));
            Assert.NotEmpty(bytes);
            Assert.Equal(bytes, Unpack(File.ReadAllBytes(Path.Combine(_program.Folder, "site", name + ".gz")), packed => new GZipStream(packed, CompressionMode.Decompress)));
            Assert.Equal(bytes, Unpack(File.ReadAllBytes(Path.Combine(_program.Folder, "site", name + ".br")), packed => new BrotliStream(packed, CompressionMode.Decompress)));
        }
        var feed = JsonNode.Parse(_program.Read("site/feeds/slip.json"))!;
        Assert.Equal("https://feeds.example/base/feeds/slip.json", (string?)feed["feed_url"]);
        Assert.Equal(2, feed["items"]!.AsArray().Count);

        var second = await _program.RunAsync(args);
        Assert.Matches("0 changed, 0 removed", second.Errors);

        File.Delete(Path.Combine(_program.Folder, "feeds/slip/articles/2026-02-03-ebb.txt"));
        _program.Write("site/of-others.txt", "stays");
        await _program.RunAsync(args);
        Assert.False(File.Exists(Path.Combine(_program.Folder, "site/feeds/slip/articles/ebb/index.html")));
        Assert.True(File.Exists(Path.Combine(_program.Folder, "site/of-others.txt")));
    }

    [Fact]
    public async Task Explain_says_why_each_article_is_in_or_out()
    {
        Feed("slip", "title: The Slip\nsources: [{folder: articles}]\npublish: {items: 1}\n",
            ("2026-02-03-ebb.txt", Text), ("2026-02-04-flow.md", "# Flow\n\nAnd in it came again.\n"), ("draft.md", "---\ndraft: true\n---\n# Later\n\nNot yet.\n"),
            ("2999-01-01-far.md", "# Far\n\nA long way off.\n"), ("broken.txt", "\0"));
        Assert.Equal(1, (await _program.RunAsync("explain", "slip")).ExitCode);
        Assert.Equal(2, (await _program.RunAsync("explain", "nowhere")).ExitCode);
        await _program.RunAsync("publish", "--output", "site");

        var all = (await _program.RunAsync("explain", "slip", "--json")).Json.AsArray().ToDictionary(each => (string)each!["key"]!, each => each!);
        Assert.True((bool)all["2026-02-04-flow.md"]["in_feed"]!);
        Assert.Equal("file name", (string?)all["2026-02-04-flow.md"]["origins"]!["published"]);
        Assert.Equal("there is a newer one; it stands in the archive", (string?)all["2026-02-03-ebb.txt"]["why"]);
        Assert.Equal("it is a draft", (string?)all["draft.md"]["why"]);
        Assert.StartsWith("it is due on 2999-01-01", (string?)all["2999-01-01-far.md"]["why"], StringComparison.Ordinal);
        Assert.Contains("binary", (string)all["broken.txt"]["why"]!, StringComparison.Ordinal);

        var one = await _program.RunAsync("explain", "slip", "flow");
        Assert.StartsWith("in   2026-02-04  2026-02-04-flow.md  Flow", one.Lines[0], StringComparison.Ordinal);
        Assert.Equal(1, (await _program.RunAsync("explain", "slip", "no such article")).ExitCode);
    }

    [Fact]
    public async Task Explain_names_the_step_that_left_an_article_out_and_its_reason()
    {
        static string Article(string title, string more = "") => $"---\ntitle: {title}\n{more}---\nThe text of {title} and of nothing else in this place.\n";
        Feed("slip", """
            title: The Slip
            sources: [{folder: articles}]
            filters:
              - include: {category: [sea, land]}
              - exclude: {title: sponsored}
              - dedupe: [title]
              - exclude: {older_than: 3650d}
              - merge: {articles: 4}
              - sort: title
              - limit: 2
            """,
            ("2026-02-01-a.md", Article("Anchors", "tags: [sea]\n")), ("2026-02-02-b.md", Article("Anchors!", "tags: [land]\n")),
            ("2026-02-03-c.md", Article("Clouds", "tags: [air]\n")), ("2026-02-04-d.md", Article("Sponsored rope", "tags: [sea]\n")),
            ("2026-02-05-e.md", Article("Ebb", "tags: [sea]\n")), ("2026-02-06-f.md", Article("Flow", "tags: [sea]\n")), ("1902-02-06-g.md", Article("Galleys", "tags: [sea]\n")));
        // Files of one moment count by name.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_program.Folder, "feeds/slip/articles"))) File.SetLastWriteTimeUtc(file, new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc));
        await _program.RunAsync("publish", "--output", "site");
        var all = (await _program.RunAsync("explain", "slip", "--json")).Json.AsArray().ToDictionary(each => ((string)each!["key"]!)[11..12], each => (string)each!["why"]!);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["a"] = "it is among the newest",
                ["b"] = "left out: excluded by step 3, dedupe: its title is that of 'Anchors' from folder:articles",
                ["c"] = "left out: excluded by step 1, include: it is in none of 'sea', 'land'",
                ["d"] = "left out: excluded by step 2, exclude: the title contains 'sponsored'",
                ["e"] = "it is among the newest",
                ["f"] = "left out: excluded by step 7, limit: there are 2 articles before it",
                ["g"] = "left out: excluded by step 4, exclude: it is older than 3650 days",
            },
            all);

        // Nor is an article in that would make the feed too large.
        Feed("small", "title: Small\nsources: [{folder: articles}]\npublish: {max_size: 3kB}\n", ("2026-02-01-a.md", Article("Long", "") + new string('a', 3000)), ("2026-02-02-b.md", Article("Short")));
        await _program.RunAsync("publish", "--output", "site");
        Assert.Equal("with it the feed would be larger than 3000 bytes (max_size)", (string)(await _program.RunAsync("explain", "small", "--json")).Json[1]!["why"]!);

        // Nor one that may not go out as it is.
        Feed("songs", "title: Songs\nsources: [{folder: articles}]\n",
            ("2026-02-01-a.md", Article("Ebb", "enclosure: {url: https://slip.example/song.mp3, type: some song, length: 3}\n")), ("2026-02-02-b.md", Article("Flow")));
        await _program.RunAsync("publish", "--output", "site");
        var song = (await _program.RunAsync("explain", "songs", "ebb", "--json")).Json[0]!;
        Assert.False((bool)song["in_feed"]!);
        Assert.Matches("^left out: .*'some song'", (string)song["why"]!);
    }

    private static byte[] Unpack(byte[] packed, Func<Stream, Stream> open)
    {
        using var stream = open(new MemoryStream(packed));
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    [Fact]
    public async Task Serve_is_the_default_and_ends_when_told_to()
    {
        Feed("slip", "title: The Slip\nsources: [{folder: articles}]\n", ("2026-02-03-ebb.txt", Text));
        var process = _program.Start(new Dictionary<string, string>(), "--urls", "http://127.0.0.1:0");
        string? url = null;
        var published = false;
        while ((url is null || !published) && await process.StandardOutput.ReadLineAsync() is { } line)
        {
            published |= line.Contains("slip: published", StringComparison.Ordinal);
            url ??= ListeningOn().Match(line) is { Success: true } match ? match.Value : null;
        }
        Assert.NotNull(url);
        var rest = process.StandardOutput.ReadToEndAsync();

        var read = await _program.RunAsync("read", url + "/feeds/slip.atom");
        Assert.True(read.ExitCode == 0, read.Errors);
        Assert.Equal("The Slip", (string?)read.Json["title"]);

        using var terminate = System.Diagnostics.Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        await rest;
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Export_lists_our_feeds_or_where_they_come_from()
    {
        Feed("slip", "title: The Slip & Co\nsources: [{feed: https://a.example/rss}, {inbox: true}]\n");
        Feed("secret", "title: Secret\nprivate: true\nsources: [{inbox: true}]\n");
        var ours = System.Xml.Linq.XDocument.Parse((await _program.RunAsync("export")).Output);
        var outline = Assert.Single(ours.Descendants("outline"));
        Assert.Equal(("The Slip & Co", "http://localhost:8080/feeds/slip.rss"), ((string)outline.Attribute("text")!, (string)outline.Attribute("xmlUrl")!));
        var sources = System.Xml.Linq.XDocument.Parse((await _program.RunAsync("export", "--sources")).Output);
        Assert.Equal("https://a.example/rss", (string)Assert.Single(sources.Descendants("outline")).Attribute("xmlUrl")!);
    }

    [Fact]
    public async Task Health_asks_the_service_on_this_machine()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var service = builder.Build();
        var status = StatusCodes.Status200OK;
        service.MapGet("/health/live", () => Results.StatusCode(status));
        await service.StartAsync();
        var url = service.Urls.First();

        Assert.Equal(0, (await _program.RunAsync("health", "--url", url)).ExitCode);
        // As in a container that listens on every address.
        var everywhere = new Dictionary<string, string> { ["FeedService__Urls"] = url.Replace("127.0.0.1", "*", StringComparison.Ordinal) };
        Assert.Equal(0, (await _program.RunAsync(everywhere, "health")).ExitCode);

        status = StatusCodes.Status503ServiceUnavailable;
        var unwell = await _program.RunAsync("health", "--url", url);
        Assert.Equal((1, $"feedservice: {url} answers 503"), (unwell.ExitCode, unwell.ErrorLines[0]));

        await service.StopAsync();
        var gone = await _program.RunAsync("health", "--url", url);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("does not answer", Assert.Single(gone.ErrorLines), StringComparison.Ordinal);
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex ListeningOn();
}
