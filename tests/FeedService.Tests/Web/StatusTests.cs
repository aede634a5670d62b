using System.Net;
using System.Text.Json;
using AngleSharp.Html.Parser;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Linting;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Web;

public sealed class StatusTests : IAsyncLifetime
{
    private readonly List<string> _orders = [];
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private WebHost _host = null!;
    private bool _running = true;

    public async Task InitializeAsync() => _host = await StartAsync(_ => { });

    private async Task<WebHost> StartAsync(Action<IServiceCollection> configure)
    {
        var host = await WebHost.StartAsync(
            configure: services => configure(services.AddSingleton(new FeedControl(
                (_, _) => Task.FromResult<DateTimeOffset?>(DateTimeOffset.UtcNow.AddMinutes(5)), Order("run"), Order("pause"), Order("resume"))
            {
                IsRunning = _ => Task.FromResult(_running),
            }).AddSingleton<TimeProvider>(_clock)),
            statusToken: "open sesame");
        host.Services.GetRequiredService<Readiness>().Problem = null;
        await host.PublishSampleAsync();
        return host;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Operators_see_how_feeds_stand_as_a_page_and_as_json()
    {
        using var page = await _host.GetAsync("/status");
        var text = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Contains("Harbour News", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await _host.Client.GetStringAsync("/status.json"));
        var feed = json.RootElement.GetProperty("feeds")[0];
        Assert.Equal("harbour", feed.GetProperty("slug").GetString());
        Assert.Equal(3, feed.GetProperty("articles").GetInt32());
        Assert.Equal(["atom", "json", "rss"], feed.GetProperty("documents").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_feed_that_not_everybody_gets_is_marked()
    {
        await _host.PublishAsync(_host.Define("away") with { MovedTo = "https://elsewhere.example/feed" }, WebHost.Sample(1));
        await _host.PublishAsync(_host.Define("ended") with { Gone = true, Private = true }, WebHost.Sample(1));
        using var json = JsonDocument.Parse(await _host.Client.GetStringAsync("/status.json"));
        Assert.Equal(
            ["away: moved", "ended: private gone", "harbour: "],
            json.RootElement.GetProperty("feeds").EnumerateArray()
                .Select(feed => $"{feed.GetProperty("slug")}: {string.Join(' ', feed.GetProperty("marks").EnumerateArray())}").Order(StringComparer.Ordinal));
        var page = await new HtmlParser().ParseDocumentAsync(await _host.Client.GetStringAsync("/status"));
        Assert.Equal(["private", "gone"], page.QuerySelectorAll("#state-ended .badge").Skip(1).Select(badge => badge.TextContent));
    }

    [Fact]
    public async Task Operators_see_who_reads_a_feed_and_what_the_linter_says()
    {
        (await _host.GetAsync("/feeds/harbour.atom", ("User-Agent", "Feedbin feed-id:1 - 40 subscribers"))).Dispose();
        (await _host.GetAsync("/feeds/harbour.rss", ("User-Agent", "curl/8.5.0"))).Dispose();
        await _host.CountedAsync("harbour", readers: 41);
        using var json = JsonDocument.Parse(await _host.Client.GetStringAsync("/status.json"));
        var feed = json.RootElement.GetProperty("feeds")[0];
        var subscribers = feed.GetProperty("subscribers");
        Assert.Equal(40, subscribers.GetProperty("count").GetInt32());
        Assert.Equal(40, subscribers.GetProperty("daily").EnumerateArray().Last().GetInt32());
        Assert.Equal(
            ["Feedbin hosted atom 40", "curl bot rss 1"],
            subscribers.GetProperty("readers").EnumerateArray().Select(one => $"{one.GetProperty("reader")} {one.GetProperty("kind")} {one.GetProperty("format")} {one.GetProperty("count")}"));
        var findings = FeedLinter.Lint(await _host.Client.GetByteArrayAsync("/feeds/harbour.rss"), new LintContext { ContentType = "application/rss+xml" });
        Assert.Equal(
            findings.Select(finding => finding.Rule),
            feed.GetProperty("findings").EnumerateArray().Where(one => one.GetProperty("document").GetString() == "rss").Select(one => one.GetProperty("rule").GetString()));
        Assert.Contains("hosted, as it says", await _host.Client.GetStringAsync("/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_others_wrote_becomes_markup()
    {
        const string Hostile = "<script>alert(1)</script>\"' onload=x";
        await _host.PublishAsync(_host.Define("bakery", $"Bakery {Hostile}"), WebHost.Sample(1) with { Title = Hostile });
        _host.Services.GetRequiredService<FeedRuns>().Finished("bakery", new(_clock.GetUtcNow(), TimeSpan.FromSeconds(1), 0, [$"problem {Hostile}"]));
        (await _host.GetAsync("/feeds/bakery.rss", ("User-Agent", $"Reader/1.0 {Hostile} 7 subscribers"))).Dispose();
        await _host.CountedAsync("bakery", readers: 1);

        var page = await _host.Client.GetStringAsync("/status");

        Assert.Contains("Bakery &lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.Contains("problem &lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"' onload", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_missed_its_runs_is_degraded_and_the_service_still_ready()
    {
        var definition = await _host.PublishAsync(_host.Define("bakery", "Bakery"), WebHost.Sample(1));
        Assert.Equal((HttpStatusCode.OK, "ok"), await ReadyAsync());
        _clock.Advance(TimeSpan.FromHours(2));
        var runs = _host.Services.GetRequiredService<FeedRuns>();
        runs.Finished("harbour", new(_clock.GetUtcNow(), TimeSpan.FromSeconds(1), 0, ["folder: unreadable"]));
        await runs.LookAsync([definition], (_, _) => Task.FromResult(true), CancellationToken.None);
        Assert.Equal((HttpStatusCode.OK, "degraded"), await ReadyAsync());
        using var json = JsonDocument.Parse(await _host.Client.GetStringAsync("/status.json"));
        var feeds = json.RootElement.GetProperty("feeds").EnumerateArray().ToList();
        Assert.Equal(["bakery degraded", "harbour failing"], feeds.Select(feed => $"{feed.GetProperty("slug")} {feed.GetProperty("health")}"));
        Assert.Equal("folder: unreadable", feeds[1].GetProperty("problems")[0].GetString());
        Assert.Contains("feedservice_feeds_degraded 1\n", await _host.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_definitions_is_said_and_comes_first()
    {
        await _host.PublishAsync(_host.Define("bakery", "Bakery"), WebHost.Sample(1));
        foreach (var (slug, yaml) in (ReadOnlySpan<(string, string)>)[("harbour", "title: Harbour\nsourcs: []\n"), ("lighthouse", "title: [\n")])
        {
            Directory.CreateDirectory(Path.Combine(_host.Folder, slug));
            File.WriteAllText(Path.Combine(_host.Folder, slug, "feed.yaml"), yaml);
        }
        _host.Services.GetRequiredService<Definitions>().ReloadAll();
        using var json = JsonDocument.Parse(await _host.Client.GetStringAsync("/status.json"));
        var feeds = json.RootElement.GetProperty("feeds").EnumerateArray().ToList();
        Assert.Equal(["harbour failing", "bakery new"], feeds.Select(feed => $"{feed.GetProperty("slug")} {feed.GetProperty("health")}"));
        Assert.Contains(feeds[0].GetProperty("problems").EnumerateArray(), problem => problem.GetString()!.Contains("harbour/feed.yaml:2:1: ", StringComparison.Ordinal) && problem.GetString()!.Contains("sources", StringComparison.Ordinal));
        Assert.Contains("lighthouse/feed.yaml:", Assert.Single(json.RootElement.GetProperty("undefined").EnumerateArray()).GetString(), StringComparison.Ordinal);
        var page = await _host.Client.GetStringAsync("/status");
        Assert.Contains("lighthouse/feed.yaml:", page, StringComparison.Ordinal);
        Assert.Contains("sourcs", page, StringComparison.Ordinal);
        Assert.Contains("feedservice_feeds_failing 2\n", await _host.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribers_are_told_for_as_many_days_as_are_kept()
    {
        using var json = JsonDocument.Parse(await _host.Client.GetStringAsync("/status.json?days=400"));
        Assert.Equal(400, json.RootElement.GetProperty("feeds")[0].GetProperty("subscribers").GetProperty("daily").GetArrayLength());
    }

    [Fact]
    public async Task A_schedule_that_stands_still_makes_the_service_not_ready()
    {
        _running = false;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready"), await ReadyAsync());
        Assert.Contains("The scheduler does not run", await _host.Client.GetStringAsync("/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_store_the_status_page_says_so()
    {
        await _host.DisposeAsync();
        // Nobody listens at port 1.
        var unreachable = new ServiceSettings { FeedsFolder = "feeds", DataFolder = "data", Store = "postgres://nobody:none@127.0.0.1:1/none", PublicUrl = WebHost.PublicUrl };
        _host = await StartAsync(services => services.AddSingleton(StoreFactory.Create(unreachable, TimeProvider.System)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready"), await ReadyAsync());
        var page = await _host.Client.GetStringAsync("/status");
        Assert.Contains("The store cannot be used", page, StringComparison.Ordinal);
        Assert.Contains("Harbour News", page, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode, string)> ReadyAsync()
    {
        using var answer = await _host.GetAsync("/health/ready");
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Split('\n')[0]);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "rebound.example")]
    [InlineData("Host", "localhost.evil.example")]
    public async Task Whoever_comes_from_elsewhere_needs_the_token(string header, string value)
    {
        foreach (var (path, method) in ((string, HttpMethod)[])[("/status", HttpMethod.Get), ("/status.json", HttpMethod.Get), ("/status/harbour/run", HttpMethod.Post), ("/status/none/run", HttpMethod.Post)])
        {
            using var without = await _host.SendAsync(method, path, (header, value));
            Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
            Assert.DoesNotContain("Harbour", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var wrong = await _host.SendAsync(method, path, (header, value), ("Authorization", "Bearer open"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        Assert.Empty(_orders);
        using var bearer = await _host.GetAsync("/status", (header, value), ("Authorization", "Bearer open sesame"));
        Assert.Equal(HttpStatusCode.OK, bearer.StatusCode);
        using var basic = await _host.GetAsync("/status", (header, value), ("Authorization", $"Basic {Convert.ToBase64String("me:open sesame"u8)}"));
        Assert.Equal(HttpStatusCode.OK, basic.StatusCode);
    }

    [Fact]
    public async Task Buttons_reach_the_schedule_and_lead_back()
    {
        foreach (var order in (string[])["run", "pause", "resume"])
        {
            using var answer = await _host.SendAsync(HttpMethod.Post, $"/status/harbour/{order}", ("Sec-Fetch-Site", "same-origin"));
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.Equal("/status", answer.Headers.Location!.ToString());
        }
        Assert.Equal(["run harbour", "pause harbour", "resume harbour"], _orders);
        using var unknown = await _host.SendAsync(HttpMethod.Post, "/status/none/run");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Another_sites_page_presses_no_button(string header, string value)
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/status/harbour/run", (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(_orders);
    }

    private Func<string, CancellationToken, Task> Order(string name) => (slug, _) =>
    {
        _orders.Add($"{name} {slug}");
        return Task.CompletedTask;
    };
}
