using System.Text;
using Dapper;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Tests.Sources;
using FeedService.WebSub;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FeedService.Tests.WebSub;

/// <summary>What becomes of a delivery when subscribers, hubs, the service itself or its nodes do not do as they should.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly RawServer _server = new();
    private readonly HubHost _host = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Who_answers_410_is_not_told_again()
    {
        var node = await _host.StartWithFeedAsync();
        var callback = new Callback(_server, "/cb") { Answer = _ => "410 Gone" };
        await node.SubscribeAsync(callback);
        await _host.PublishAsync();
        await Eventually.HoldsAsync(async () => Assert.Empty(await node.ListAsync(Subscription.Kind)));
        await _host.PublishAsync();
        await node.SettledAsync();
        Assert.Single(callback.Deliveries);
        Assert.Equal(1, node.Counts[WebSubEvent.Dropped]);
    }

    [Theory]
    [InlineData("500 Oh No")]
    [InlineData("404 Not Found")]
    [InlineData("302 Found")]
    [InlineData("429 Too Many Requests")]
    [InlineData("silence")]
    public async Task What_was_not_taken_is_sent_again_later_as_it_is_then(string answer)
    {
        if (answer == "silence") _host.Outbound = RawServer.Patient with { Headers = TimeSpan.FromSeconds(4) };
        var node = await _host.StartWithFeedAsync();
        var callback = new Callback(_server, "/cb") { Answer = _ => answer };
        if (answer == "silence")
        {
            var usual = _server.Paths["/cb"];
            _server.Paths["/cb"] = async (request, stream, token) =>
            {
                if (request.Method == "POST" && _server.Requests.Count(r => r.Method == "POST") == 1) await Task.Delay(Timeout.Infinite, token);
                else await usual(request, stream, token);
            };
        }
        await node.SubscribeAsync(callback);
        await _host.PublishAsync();
        await Eventually.HoldsAsync(() => Assert.Equal(1, node.Counts[WebSubEvent.Failed]));
        await node.SettledAsync();
        callback.Answer = _ => "200 OK";
        // A new article meanwhile is no reason to hurry.
        await _host.PublishAsync();
        await node.SettledAsync();
        Assert.Single(callback.Deliveries);

        _host.Clock.Advance(TimeSpan.FromSeconds(6));
        await Eventually.HoldsAsync(() => Assert.Equal(2, callback.Deliveries.Count));
        await node.SettledAsync();
        Assert.Equal(await node.Client.GetByteArrayAsync("/feeds/harbour.rss"), callback.Deliveries[1].Body);
        _host.Clock.Advance(TimeSpan.FromHours(1));
        await node.SettledAsync();
        Assert.Equal(2, callback.Deliveries.Count);
    }

    [Fact]
    public async Task A_delivery_is_tried_for_a_day_and_a_dead_subscriber_dropped_after_three()
    {
        var node = await _host.StartWithFeedAsync();
        var callback = new Callback(_server, "/cb") { Answer = _ => "500 Oh No" };
        await node.SubscribeAsync(callback);
        await _host.PublishAsync();
        for (var hour = 0; hour < 30; hour++)
        {
            await node.SettledAsync();
            _host.Clock.Advance(TimeSpan.FromHours(1));
        }
        await node.SettledAsync();
        Assert.InRange(callback.Deliveries.Count, 7, 12);
        Assert.Null(Assert.Single(await node.ListAsync(Subscription.Kind)).Due);

        _host.Clock.Advance(TimeSpan.FromDays(3));
        await _host.PublishAsync();
        await Eventually.HoldsAsync(async () => Assert.Empty(await node.ListAsync(Subscription.Kind)));
        Assert.Equal(1, node.Counts[WebSubEvent.Dropped]);
    }

    [Fact]
    public async Task A_subscriber_that_hangs_holds_up_neither_others_nor_the_feed()
    {
        var node = await _host.StartWithFeedAsync();
        var (slow, quick) = (new Callback(_server, "/slow"), new Callback(_server, "/quick"));
        await node.SubscribeAsync(slow);
        await node.SubscribeAsync(quick);
        var released = new TaskCompletionSource();
        _server.Paths["/slow"] = async (_, stream, token) =>
        {
            await released.Task.WaitAsync(token);
            await stream.WriteAsync(RawServer.Answer("200 OK", "text/plain", []), token);
        };
        await _host.PublishAsync();
        await Eventually.HoldsAsync(() => Assert.Single(slow.Deliveries));
        await Eventually.HoldsAsync(() => Assert.Single(quick.Deliveries));
        await _host.PublishAsync();
        await Eventually.HoldsAsync(() => Assert.Equal(2, quick.Deliveries.Count));
        released.SetResult();
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(async () => Assert.Equal(await node.Client.GetByteArrayAsync("/feeds/harbour.rss"), slow.Deliveries[^1].Body));
    }

    [Fact]
    public async Task What_was_published_when_the_service_died_is_delivered_by_the_next()
    {
        var node = await _host.StartWithFeedAsync();
        var callback = new Callback(_server, "/cb");
        await node.SubscribeAsync(callback);
        await _host.StopAsync(node);

        // A service that gets as far as its commit: it publishes, and nothing of it delivers.
        _host.Write("harbour");
        var services = new ServiceCollection();
        services.AddLogging();
        ServiceHost.AddPublishing(services, new ServiceSettings { FeedsFolder = _host.Feeds, DataFolder = Path.Combine(_host.Feeds, "..", "data"), Store = "sqlite:", PublicUrl = HubHost.PublicUrl, Hub = true });
        services.AddSingleton<TimeProvider>(_host.Clock);
        await using (var dying = services.BuildServiceProvider())
        {
            await dying.GetRequiredService<IArticleStore>().OpenAsync(CancellationToken.None);
            var definitions = dying.GetRequiredService<Definitions>();
            definitions.ReloadAll();
            Assert.NotEmpty((await dying.GetRequiredService<FeedPublisher>().PublishAsync(definitions.Find("harbour")!, CancellationToken.None)).Documents);
            // It had begun with them.
            Assert.NotEmpty(await dying.GetRequiredService<IArticleStore>().LeaseAnnouncementsAsync(_host.Clock.GetUtcNow(), TimeSpan.FromMinutes(1), 100, CancellationToken.None));
        }
        Assert.Empty(callback.Deliveries);

        var next = await _host.StartAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(() => Assert.Single(callback.Deliveries));
        await next.SettledAsync();
        Assert.Equal(await next.Client.GetByteArrayAsync("/feeds/harbour.rss"), Assert.Single(callback.Deliveries).Body);
    }

    [Fact]
    public async Task Hubs_that_a_definition_names_are_told_of_each_format()
    {
        var answer = "500 Oh No";
        _server.Map("/hub", _ => RawServer.Answer(answer, "text/plain", []));
        var node = await _host.StartWithFeedAsync($"publish: {{websub: ['{_server.Root}/hub']}}\n");
        await Eventually.HoldsAsync(() => Assert.Equal(3, node.Counts[WebSubEvent.Failed]));
        answer = "204 No Content";
        await node.SettledAsync();
        _host.Clock.Advance(TimeSpan.FromSeconds(6));
        await Eventually.HoldsAsync(() => Assert.Equal(3, node.Counts[WebSubEvent.Delivered]));
        await node.SettledAsync();

        Assert.Equal(6, _server.Requests.Count);
        var pings = _server.Requests.Skip(3).ToList();
        Assert.All(pings, ping => Assert.Equal("application/x-www-form-urlencoded", ping["Content-Type"]));
        Assert.Equal(
            new[] { "atom", "json", "rss" }.Select(format => $"hub.mode=publish&hub.url={Uri.EscapeDataString($"{HubHost.PublicUrl}/feeds/harbour.{format}")}"),
            pings.Select(ping => Encoding.ASCII.GetString(ping.Body)).Select(body => body[..body.IndexOf("&hub.topic", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public Task Two_nodes_on_one_file_tell_everybody_once() => TellOnceAsync(_host);

    [ConditionalFact]
    [Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
    public async Task Two_nodes_on_one_database_tell_everybody_once()
    {
        var schema = $"test_{Guid.NewGuid():N}";
        var url = Environment.GetEnvironmentVariable(NeedsAttribute.Postgres)!;
        await using var connection = new NpgsqlConnection(PostgresUrl.Parse(url).ConnectionString);
        await connection.ExecuteAsync($"create schema {schema}");
        try
        {
            await using var host = new HubHost { Store = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}search_path={schema}" };
            await TellOnceAsync(host);
        }
        finally
        {
            await connection.ExecuteAsync($"drop schema {schema} cascade");
        }
    }

    private async Task TellOnceAsync(HubHost host)
    {
        const int Subscribers = 12, Publications = 3;
        var first = await host.StartWithFeedAsync();
        var second = await host.StartAsync();
        var callbacks = Enumerable.Range(0, Subscribers).Select(i => new Callback(_server, $"/cb{i}")).ToList();
        foreach (var callback in callbacks)
            await (callbacks.IndexOf(callback) % 2 == 0 ? first : second).SubscribeAsync(callback);
        for (var i = 1; i <= Publications; i++)
        {
            await host.PublishAsync(i % 2 == 0 ? first : second);
            await Eventually.HoldsAsync(() =>
            {
                // Those that wait for their host's turn wait for the clock.
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                Assert.All(callbacks, callback => Assert.Equal(i, callback.Deliveries.Count));
            });
            await first.SettledAsync();
        }
        Assert.All(callbacks, callback => Assert.Equal(Publications, callback.Deliveries.Count));
        // Counted once the callback's answer is there, which may be a moment after the callback has made it.
        await Eventually.HoldsAsync(() => Assert.Equal(Subscribers * Publications, first.Counts[WebSubEvent.Delivered] + second.Counts[WebSubEvent.Delivered]));
    }
}
