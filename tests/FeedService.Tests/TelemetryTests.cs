using System.Collections.Concurrent;
using System.Text;
using FeedService.Tests.Publishing;
using FeedService.Tests.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FeedService.Tests;

/// <summary>What a collector gets; alone, since the environment of the whole process says whereto.</summary>
[Collection(nameof(Alone))]
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_collector_gets_metrics_and_the_trace_of_a_publication_source_by_source()
    {
        var received = new ConcurrentQueue<(string Path, string Text)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync();

        var environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_SERVICE_NAME"] = "harbour-feeds" };
        foreach (var (name, value) in environment) Environment.SetEnvironmentVariable(name, value);
        try
        {
            Assert.True(Telemetry.IsWanted);
            using var telemetry = new Telemetry();
            await telemetry.StartAsync(CancellationToken.None);
            await using var feeds = new FeedsOnDisk();
            feeds.Define("harbour", "title: Harbour News\nsources: [{folder: articles}, {folder: more}]\n");
            feeds.Write("harbour", "2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
            await feeds.PublishAsync("harbour");
            await telemetry.StopAsync(CancellationToken.None);
        }
        finally
        {
            foreach (var name in environment.Keys) Environment.SetEnvironmentVariable(name, null);
        }

        var metrics = string.Concat(received.Where(each => each.Path == "/v1/metrics").Select(each => each.Text));
        var traces = string.Concat(received.Where(each => each.Path == "/v1/traces").Select(each => each.Text));
        foreach (var part in (string[])["feedservice.publications", "feedservice.publication.duration", "feedservice.snapshots.memory", "harbour-feeds"])
            Assert.Contains(part, metrics, StringComparison.Ordinal);
        foreach (var part in (string[])["publish", "folder:articles", "folder:more", "render", "commit", "harbour-feeds"])
            Assert.Contains(part, traces, StringComparison.Ordinal);
    }
}
