using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FeedService.Tests.Sources;
using FeedService.WebSub;

namespace FeedService.Tests.WebSub;

/// <summary>The hub, as subscribers know it: over HTTP, with callbacks that listen on loopback.</summary>
public sealed class HubTests : IAsyncLifetime
{
    private readonly RawServer _server = new();
    private readonly HubHost _host = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("rss", "application/rss+xml; charset=utf-8")]
    [InlineData("atom", "application/atom+xml; charset=utf-8")]
    [InlineData("json", "application/feed+json; charset=utf-8")]
    [InlineData("tags/news.rss", "application/rss+xml; charset=utf-8")]
    public async Task A_subscriber_is_sent_the_whole_document_once_and_signed(string name, string type)
    {
        var node = await _host.StartWithFeedAsync("filters: [{tag: {tags: [News]}}]\n");
        var document = HubHost.Document(name);
        var callback = new Callback(_server, "/cb", "?a=b&x=%2F");
        await node.SubscribeAsync(callback, name, secret: "what we know");
        var confirmed = Assert.Single(callback.Confirmations);
        Assert.Equal(("subscribe", HubHost.PublicUrl + document, "864000", "b", "/"),
            (confirmed["hub.mode"], confirmed["hub.topic"], confirmed["hub.lease_seconds"], confirmed["a"], confirmed["x"]));
        Assert.StartsWith("/cb?a=b&x=%2F&hub.", _server.Requests.First().Path, StringComparison.Ordinal);

        await _host.PublishAsync();
        await Eventually.HoldsAsync(() => Assert.NotEmpty(callback.Deliveries));
        await node.SettledAsync();

        var delivery = Assert.Single(callback.Deliveries);
        Assert.Equal(await node.Client.GetByteArrayAsync(document), delivery.Body);
        Assert.Equal(type, delivery["Content-Type"]);
        Assert.Equal($"<{HubHost.PublicUrl}/hub>; rel=\"hub\", <{HubHost.PublicUrl}{document}>; rel=\"self\"", delivery["Link"]);
        Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("what we know"u8, delivery.Body))}", delivery["X-Hub-Signature"]);
        Assert.Equal("/cb?a=b&x=%2F", delivery.Path);
    }

    [Fact]
    public async Task Documents_name_the_hub_where_there_is_one()
    {
        var node = await _host.StartWithFeedAsync("publish: {websub: ['https://other.example/']}\n");
        var answer = await node.Client.GetAsync("/feeds/harbour.atom");
        Assert.Equal(
            $"<{HubHost.PublicUrl}/hub>; rel=\"hub\", <https://other.example/>; rel=\"hub\", <{HubHost.PublicUrl}/feeds/harbour.atom>; rel=\"self\"",
            answer.Headers.GetValues("Link").Single());
        Assert.Contains($"<link rel=\"hub\" href=\"{HubHost.PublicUrl}/hub\"/>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains($"\"url\":\"{HubHost.PublicUrl}/hub\"", (await node.Client.GetStringAsync("/feeds/harbour.json")).Replace("\\/", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await node.Client.GetAsync("/hub")).StatusCode);
    }

    [Fact]
    public async Task Without_a_hub_nothing_names_one()
    {
        await using var host = new HubHost { IsHub = false };
        var node = await host.StartWithFeedAsync();
        Assert.Equal($"<{HubHost.PublicUrl}/feeds/harbour.rss>; rel=\"self\"", (await node.Client.GetAsync("/feeds/harbour.rss")).Headers.GetValues("Link").Single());
        Assert.Equal(HttpStatusCode.NotFound, (await node.AskAsync(("mode", "subscribe"))).StatusCode);
        Assert.Empty(await node.Records.LeaseAnnouncementsAsync(host.Clock.GetUtcNow(), TimeSpan.Zero, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData(null, "864000")]
    [InlineData("7200", "7200")]
    [InlineData("0", "3600")]
    [InlineData("-1", "3600")]
    [InlineData("315360000", "2592000")]
    [InlineData("99999999999999999999999999", "2592000")]
    [InlineData("a while", "864000")]
    public async Task A_lease_is_within_bounds_whatever_is_asked_for(string? asked, string given)
    {
        var node = await _host.StartWithFeedAsync();
        var callback = new Callback(_server, "/cb");
        await node.SubscribeAsync(callback, lease: asked);

        Assert.Equal(given, Assert.Single(callback.Confirmations)["hub.lease_seconds"]);
        Assert.Equal(_host.Clock.GetUtcNow() + TimeSpan.FromSeconds(long.Parse(given, CultureInfo.InvariantCulture)), Assert.Single(await node.ListAsync(Subscription.Kind)).Expires!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_lease_ends_unless_it_is_renewed()
    {
        var node = await _host.StartWithFeedAsync();
        var (lazy, eager) = (new Callback(_server, "/lazy"), new Callback(_server, "/eager"));
        await node.SubscribeAsync(lazy);
        await node.SubscribeAsync(eager);
        _host.Clock.Advance(TimeSpan.FromDays(9));
        await node.SubscribeAsync(eager);
        _host.Clock.Advance(TimeSpan.FromDays(2));

        await _host.PublishAsync();
        await Eventually.HoldsAsync(() => Assert.Single(eager.Deliveries));
        await node.SettledAsync();
        Assert.Empty(lazy.Deliveries);
    }

    [Theory]
    [InlineData("another text")]
    [InlineData("more than the challenge")]
    [InlineData("404")]
    [InlineData("500")]
    [InlineData("302")]
    [InlineData("silence")]
    [InlineData("a gigabyte")]
    public async Task What_is_not_confirmed_is_not_done(string answer)
    {
        var node = await _host.StartWithFeedAsync();
        var callback = new Callback(_server, "/cb");
        var elsewhere = new Callback(_server, "/elsewhere");
        callback.Confirm = parameters => answer switch
        {
            "another text" => RawServer.Answer("200 OK", "text/plain", "certainly"u8.ToArray()),
            "more than the challenge" => RawServer.Answer("200 OK", "text/plain", Encoding.ASCII.GetBytes(parameters["hub.challenge"] + "\n")),
            "302" => RawServer.Answer("302 Found", "text/plain", [], $"Location: {elsewhere.Url}?hub.challenge={parameters["hub.challenge"]}"),
            "silence" => Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 48\r\n\r\n"),
            "a gigabyte" => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{parameters["hub.challenge"]}"),
            _ => RawServer.Answer($"{answer} No", "text/plain", Encoding.ASCII.GetBytes(parameters["hub.challenge"])),
        };
        await node.SubscribeAsync(callback);

        Assert.Empty(await node.ListAsync(Subscription.Kind));
        Assert.Single(callback.Confirmations);
        Assert.Empty(elsewhere.Confirmations);
        Assert.Equal(1, node.Counts[WebSubEvent.NotConfirmed]);
    }

    [Fact]
    public async Task What_fails_to_be_confirmed_leaves_the_subscription_as_it_was()
    {
        var node = await _host.StartWithFeedAsync();
        var callback = new Callback(_server, "/cb");
        await node.SubscribeAsync(callback, secret: "the first");
        var confirm = callback.Confirm;
        callback.Confirm = _ => RawServer.Answer("404 Not Found", "text/plain", []);
        await node.SubscribeAsync(callback, secret: "the second");
        await node.SubscribeAsync(callback, mode: "unsubscribe");
        await _host.PublishAsync();
        await Eventually.HoldsAsync(() => Assert.Single(callback.Deliveries));
        Assert.True(Signature.IsValid(callback.Deliveries[0]["X-Hub-Signature"], callback.Deliveries[0].Body, "the first"));

        callback.Confirm = confirm;
        await node.SubscribeAsync(callback, secret: "the third");
        await _host.PublishAsync();
        await Eventually.HoldsAsync(() => Assert.Equal(2, callback.Deliveries.Count));
        Assert.True(Signature.IsValid(callback.Deliveries[1]["X-Hub-Signature"], callback.Deliveries[1].Body, "the third"));

        await node.SubscribeAsync(callback, mode: "unsubscribe");
        await _host.PublishAsync();
        await node.SettledAsync();
        Assert.Equal(2, callback.Deliveries.Count);
    }

    [Theory]
    [InlineData("mode", null)]
    [InlineData("mode", "publish")]
    [InlineData("topic", null)]
    [InlineData("topic", "https://feeds.example/feeds/other.rss")]
    [InlineData("topic", "https://feeds.example/feeds/harbour")]
    [InlineData("topic", "https://feeds.example/feeds/harbour.RSS")]
    [InlineData("topic", "https://elsewhere.example/feeds/harbour.rss")]
    [InlineData("topic", "https://feeds.example/feeds/secret.rss")]
    [InlineData("topic", "https://feeds.example/hub")]
    [InlineData("callback", null)]
    [InlineData("callback", "nowhere")]
    [InlineData("callback", "ftp://files.example/")]
    [InlineData("callback", "javascript:alert(1)")]
    [InlineData("callback", "https://user:word@reader.example/cb")]
    [InlineData("callback", "https://reader.example/a b")]
    [InlineData("secret", "200 bytes")]
    public async Task A_request_that_cannot_be_met_is_refused_at_once(string field, string? value)
    {
        _host.Define("secret", "title: Secret\nprivate: true\nsources: [{folder: articles}]\n");
        _host.Write("secret");
        var node = await _host.StartWithFeedAsync();
        var form = new Dictionary<string, string?> { ["mode"] = "subscribe", ["topic"] = $"{HubHost.PublicUrl}/feeds/harbour.rss", ["callback"] = $"{_server.Root}/cb" };
        form[field] = value == "200 bytes" ? new string('x', 200) : value;

        var answer = await node.AskAsync([.. form.Select(f => (f.Key, f.Value))]);

        Assert.Equal(field == "topic" && value is not null ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync());
        Assert.Empty(await node.ListAsync(HubRequest.Kind));
        Assert.Equal(0, _server.Connections);
    }

    [Fact]
    public async Task A_request_that_is_no_form_is_refused()
    {
        var node = await _host.StartWithFeedAsync();
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await node.Client.PostAsync("/hub", json)).StatusCode);
        using var large = new FormUrlEncodedContent([KeyValuePair.Create("hub.mode", new string('x', 100_000))]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await node.Client.PostAsync("/hub", large)).StatusCode);
        using var twice = new FormUrlEncodedContent([KeyValuePair.Create("hub.mode", "subscribe"), KeyValuePair.Create("hub.mode", "unsubscribe")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await node.Client.PostAsync("/hub", twice)).StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/cb")]
    [InlineData("http://localhost:{0}/cb")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/cb")]
    [InlineData("http://2130706433:{0}/cb")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://192.0.2.1:6379/")]
    public async Task A_callback_inside_is_taken_with_thanks_and_never_called(string callback)
    {
        await using var host = new HubHost { AllowPrivateAddresses = false };
        var node = await host.StartWithFeedAsync();
        var answer = await node.AskAsync(
            ("mode", "subscribe"), ("topic", $"{HubHost.PublicUrl}/feeds/harbour.rss"), ("callback", string.Format(CultureInfo.InvariantCulture, callback, _server.Port)));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
        await Eventually.HoldsAsync(() => Assert.Equal(1, node.Counts[WebSubEvent.NotConfirmed]));
        Assert.Empty(await node.ListAsync(Subscription.Kind));
        Assert.Equal(0, _server.Connections);
    }

    [Fact]
    public async Task Nobody_is_called_more_often_than_a_host_can_bear_whoever_asks_for_it()
    {
        var node = await _host.StartWithFeedAsync();
        var victim = new Callback(_server, "/victim") { Confirm = _ => RawServer.Answer("404 Not Found", "text/plain", []) };
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 10_000; i++)
        {
            using var answer = await node.AskAsync(("mode", "subscribe"), ("topic", $"{HubHost.PublicUrl}/feeds/harbour.{(i % 2 == 0 ? "rss" : "atom")}"), ("callback", $"{victim.Url}?{i}"));
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.NotNull(answer.Headers.RetryAfter);
        }
        await Eventually.HoldsAsync(async () =>
        {
            // Those that wait for their host's turn wait for the clock.
            _host.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Empty(await node.ListAsync(HubRequest.Kind));
        });

        Assert.All(answers.Distinct(), status => Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.TooManyRequests));
        Assert.InRange(answers.Count(status => status == HttpStatusCode.Accepted), 100, 300);
        Assert.InRange(victim.Confirmations.Count, 1, answers.Count(status => status == HttpStatusCode.Accepted));
    }

    [Fact]
    public async Task One_host_has_so_many_subscriptions_of_a_document_and_no_more()
    {
        var node = await _host.StartWithFeedAsync();
        await node.Records.PutRecordsAsync(
            [
                .. Enumerable.Range(0, HubLimits.PerTopicAndHost).Select(i => new Uri($"{_server.Root}/{i}")).Select(url =>
                    new FeedService.Store.StoredRecord(Subscription.Kind, Subscription.Key("harbour", "rss", url)) { Feed = "harbour", Value = Records.Text(new Subscription { Callback = url.AbsoluteUri }) }),
            ],
            CancellationToken.None);
        await node.AskAsync(("mode", "subscribe"), ("topic", $"{HubHost.PublicUrl}/feeds/harbour.rss"), ("callback", $"{_server.Root}/one-more"));
        await Eventually.HoldsAsync(() => Assert.Equal(1, node.Counts[WebSubEvent.NotConfirmed]));
        Assert.Equal(0, _server.Connections);

        await node.SubscribeAsync(new Callback(_server, "/one-more"), "atom");
        await node.SubscribeAsync(new Callback(_server, "/5"));
        Assert.Equal(HubLimits.PerTopicAndHost + 1, (await node.ListAsync(Subscription.Kind)).Count);
    }
}
