using System.Net;
using System.Text.Json;
using FeedService.Publishing;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Web;

public sealed class StatusTests : IAsyncLifetime
{
    private readonly List<string> _orders = [];
    private WebHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await WebHost.StartAsync(
            configure: services => services.AddSingleton(new FeedControl(
                (_, _) => Task.FromResult<DateTimeOffset?>(DateTimeOffset.UtcNow.AddMinutes(5)), Order("run"), Order("pause"), Order("resume"))),
            statusToken: "open sesame");
        await _host.PublishSampleAsync();
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
