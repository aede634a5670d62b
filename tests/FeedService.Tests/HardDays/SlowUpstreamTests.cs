using System.Net;
using FeedService.Scheduling;
using FeedService.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.HardDays;

/// <summary>Upstreams that take requests and never answer; those that do answer must not notice.</summary>
public sealed class SlowUpstreamTests : IAsyncLifetime
{
    // More than there may be requests at a time to servers that nobody knows.
    private const int Mute = 300;
    private const int Good = 10;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-slow-");
    private readonly CancellationTokenSource _over = new();
    private WebApplication _upstreams = null!;
    private int _mute;
    private volatile string _headline = "Tide";

    public async Task InitializeAsync() => _upstreams = await ListenAsync(AnswerAsync);

    /// <summary>A server that answers at every address of the loopback interface, so that it is as many hosts as wanted.</summary>
    internal static async Task<WebApplication> ListenAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 0));
        var server = builder.Build();
        server.Map("/{**path}", answer);
        await server.StartAsync();
        return server;
    }

    public async Task DisposeAsync()
    {
        await _over.CancelAsync();
        await _upstreams.StopAsync();
        await _upstreams.DisposeAsync();
        _root.Delete(recursive: true);
        _over.Dispose();
    }

    [Fact]
    public async Task Three_hundred_mute_upstreams_keep_no_other_feed_from_its_time()
    {
        for (var i = 1; i <= Good; i++) Define($"good-{i}", $"127.0.2.{i}");
        var settings = ServiceNode.Settings(_root.FullName, "sqlite:") with { AllowPrivateAddresses = true };
        // Mute for longer than this test has patience: whoever waits for them would wait for ever.
        var forever = TimeSpan.FromMinutes(10);
        var patient = FetchLimits.Default with { Gap = TimeSpan.Zero, Connect = forever, Headers = forever, Silence = forever, Total = forever };
        await using var node = await ServiceNode.StartAsync(settings, builder => builder.Services.AddSingleton(_ => new PoliteFetcher(settings, TimeProvider.System, patient)));
        await Eventually.HoldsAsync(() => AllSayAsync(node, "Tide"));

        for (var i = 0; i < Mute; i++) Define($"mute-{i}", $"127.0.{3 + (i / 200)}.{1 + (i % 200)}");
        await Eventually.HoldsAsync(() => Task.Run(() => Assert.True(Volatile.Read(ref _mute) >= FetchLimits.Default.Together)));
        _headline = "Storm";
        for (var i = 1; i <= Good; i++) await node.Get<FeedScheduler>().RunNowAsync($"good-{i}", default);

        await Eventually.HoldsAsync(() => AllSayAsync(node, "Storm"));
    }

    private static async Task AllSayAsync(ServiceNode node, string headline)
    {
        for (var i = 1; i <= Good; i++) Assert.Contains(headline, await node.TitlesAsync($"good-{i}"));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Connection.LocalIpAddress!.MapToIPv4().GetAddressBytes()[2] != 2)
        {
            Interlocked.Increment(ref _mute);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, context.RequestAborted);
            await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (context.Request.Path == "/robots.txt")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            context.Response.ContentType = "application/rss+xml";
            await context.Response.WriteAsync(
                $"<rss version='2.0'><channel><title>T</title><link>http://t.example/</link><description>D</description><item><title>{_headline}</title><guid isPermaLink='false'>{_headline}</guid><description>It rose.</description></item></channel></rss>");
        }
    }

    private void Define(string slug, string host)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root.FullName, "feeds", slug));
        File.WriteAllText(Path.Combine(folder.FullName, "feed.yaml"), $"title: {slug}\nsources: [{{feed: 'http://{host}:{new Uri(_upstreams.Urls.First()).Port}/rss'}}]\nschedule: {RunningService.Seldom}\n");
    }
}
