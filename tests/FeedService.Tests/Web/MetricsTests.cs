using System.Diagnostics.Metrics;
using System.Net;
using FeedService.Configuration;
using FeedService.Publishing;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Web;

public sealed class MetricsTests : IAsyncLifetime
{
    private WebHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await WebHost.StartAsync(trustedProxies: "127.0.0.1");
        await _host.PublishSampleAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Requests_are_counted_by_feed_format_and_outcome()
    {
        using var first = await _host.GetAsync("/feeds/harbour.rss");
        var length = (await first.Content.ReadAsByteArrayAsync()).Length;
        for (var i = 0; i < 3; i++) (await _host.GetAsync("/feeds/harbour.rss", ("If-None-Match", first.Headers.ETag!.ToString()))).Dispose();
        (await _host.SendAsync(HttpMethod.Head, "/feeds/harbour.atom")).Dispose();
        (await _host.SendAsync(HttpMethod.Delete, "/feeds/harbour.json")).Dispose();
        (await _host.GetAsync("/nowhere")).Dispose();

        var metrics = await MetricsAsync();
        Assert.Equal("1", metrics["feedservice_requests_total{feed=\"harbour\",document=\"feed\",format=\"rss\",outcome=\"full\"}"]);
        Assert.Equal("3", metrics["feedservice_requests_total{feed=\"harbour\",document=\"feed\",format=\"rss\",outcome=\"not_modified\"}"]);
        Assert.Equal("1", metrics["feedservice_requests_total{feed=\"harbour\",document=\"feed\",format=\"atom\",outcome=\"full\"}"]);
        Assert.Equal("1", metrics["feedservice_requests_total{feed=\"harbour\",document=\"feed\",format=\"json\",outcome=\"refused\"}"]);
        Assert.Equal($"{length}", metrics["feedservice_response_bytes_total{feed=\"harbour\",document=\"feed\",format=\"rss\"}"]);
        Assert.Equal("1", metrics["feedservice_other_requests_total{status=\"4xx\"}"]);
        Assert.Equal("1", metrics["feedservice_feeds"]);
        Assert.Contains(metrics.Keys, name => name.StartsWith("dotnet_gc_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counts_go_on_when_a_feed_is_published_anew()
    {
        (await _host.GetAsync("/feeds/harbour.rss")).Dispose();
        await _host.PublishAsync(_host.Define("harbour", "Harbour Times"), WebHost.Sample(1));
        (await _host.GetAsync("/feeds/harbour.rss")).Dispose();
        Assert.Equal("2", (await MetricsAsync())["feedservice_requests_total{feed=\"harbour\",document=\"feed\",format=\"rss\",outcome=\"full\"}"]);
    }

    [Fact]
    public async Task Whoever_is_no_operator_sees_no_metrics()
    {
        using var answer = await _host.GetAsync("/metrics", ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain("feedservice_", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_behind_a_proxy_of_ours_are_told_apart()
    {
        foreach (var client in (string[])["203.0.113.1", "203.0.113.2", "198.51.100.9, 203.0.113.2", "203.0.113.2", "2001:db8::1", "2001:db8::2"])
            (await _host.GetAsync("/feeds/harbour.rss", ("User-Agent", "Pier/3.2"), ("X-Forwarded-For", client))).Dispose();
        (await _host.GetAsync("/feeds/harbour.rss", ("User-Agent", "Feedbin feed-id:1 - 40 subscribers"), ("X-Forwarded-For", "203.0.113.7"))).Dispose();
        await _host.CountedAsync("harbour", readers: 43);
        Assert.Equal("43", (await MetricsAsync())["feedservice_subscribers{feed=\"harbour\"}"]);
    }

    [Fact]
    public async Task Runs_and_failures_of_sources_are_counted_and_labels_are_escaped()
    {
        var metrics = _host.Services.GetRequiredService<FeedMetrics>();
        metrics.RunStarted();
        metrics.RunStarted();
        metrics.RunFinished("a \"quoted\\\nfeed", "changed", TimeSpan.FromSeconds(0.02), changed: 3);
        metrics.RunFinished("harbour", "unchanged", TimeSpan.FromSeconds(90), changed: 0);
        metrics.SourceFailed("harbour", "feed");
        metrics.AddQueue("deliveries", () => 7);
        metrics.Waiting(new Dictionary<string, long> { ["announcement"] = 3 });
        metrics.AddHub(() => [("delivered", 5), ("failed", 2)]);
        var values = await MetricsAsync();
        Assert.Equal("1", values["feedservice_publications_total{feed=\"a \\\"quoted\\\\\\nfeed\",outcome=\"changed\"}"]);
        Assert.Equal("3", values["feedservice_articles_changed_total{feed=\"a \\\"quoted\\\\\\nfeed\"}"]);
        Assert.Equal("1", values["feedservice_source_failures_total{feed=\"harbour\",kind=\"feed\"}"]);
        Assert.Equal("0", values["feedservice_publication_duration_seconds_bucket{outcome=\"changed\",le=\"0.01\"}"]);
        Assert.Equal("1", values["feedservice_publication_duration_seconds_bucket{outcome=\"changed\",le=\"0.025\"}"]);
        Assert.Equal("0", values["feedservice_publication_duration_seconds_bucket{outcome=\"unchanged\",le=\"60\"}"]);
        Assert.Equal("1", values["feedservice_publication_duration_seconds_bucket{outcome=\"unchanged\",le=\"+Inf\"}"]);
        Assert.Equal("90", values["feedservice_publication_duration_seconds_sum{outcome=\"unchanged\"}"]);
        Assert.Equal("3", values["feedservice_queue_length{queue=\"announcement\"}"]);
        Assert.Equal("5", values["feedservice_hub_deliveries_total{outcome=\"delivered\"}"]);
        Assert.Equal("7", values["feedservice_queue_length{queue=\"deliveries\"}"]);
        Assert.Equal("0", values["feedservice_publications_running"]);
    }

    [Fact]
    public void The_readme_names_every_metric_and_every_setting()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        var metrics = _host.Services.GetRequiredService<FeedMetrics>();
        metrics.AddHub(() => []);
        var names = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter == metrics.Meter) names.Add(instrument.Name); } };
        listener.Start();
        Assert.True(names.Count > 15);
        Assert.All(names.Concat(SettingsLoader.Keys), name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_feeds_share_a_series_beyond_the_first_thousand()
    {
        var metrics = _host.Services.GetRequiredService<FeedMetrics>();
        for (var i = 0; i < 3 * FeedMetrics.MostFeeds; i++)
        {
            metrics.RunStarted();
            metrics.RunFinished($"feed-{i}", "unchanged", TimeSpan.Zero, changed: 0);
        }
        var series = (await MetricsAsync()).Where(each => each.Key.StartsWith("feedservice_publications_total", StringComparison.Ordinal)).ToList();
        Assert.InRange(series.Count, FeedMetrics.MostFeeds - 10, FeedMetrics.MostFeeds + 1);
        Assert.Equal(3 * FeedMetrics.MostFeeds, series.Sum(each => int.Parse(each.Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Asked for on the machine itself, without a proxy.</summary>
    private async Task<Dictionary<string, string>> MetricsAsync()
    {
        using var answer = await _host.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => line[(line.LastIndexOf(' ') + 1)..]);
    }
}
