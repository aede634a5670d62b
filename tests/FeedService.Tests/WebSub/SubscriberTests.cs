using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using FeedService.Sources;
using FeedService.Tests.Sources;
using FeedService.WebSub;
using Microsoft.AspNetCore.WebUtilities;

namespace FeedService.Tests.WebSub;

/// <summary>The service as a subscriber: an upstream and its hub on loopback, and feeds that take their articles from there.</summary>
public sealed class SubscriberTests : IAsyncLifetime
{
    private static readonly XNamespace s_atom = "http://www.w3.org/2005/Atom";
    private readonly RawServer _upstream = new();
    private readonly HubHost _host = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task What_the_hub_delivers_is_out_without_asking_the_upstream()
    {
        var (node, asked) = await SubscribedAsync();
        Assert.Equal(("subscribe", $"{_upstream.Root}/self", "864000"), (asked["hub.mode"], asked["hub.topic"], asked["hub.lease_seconds"]));
        Assert.InRange(Encoding.UTF8.GetByteCount(asked["hub.secret"]), 32, 199);
        var fetched = _upstream.Hits("/feed");

        Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(node, asked, Atom("one", "two")));
        await Eventually.HoldsAsync(async () => Assert.Equal(["one", "two"], await TitlesAsync(node)));
        Assert.Equal(fetched, _upstream.Hits("/feed"));
        Assert.Equal(1, node.Counts[WebSubEvent.Received]);

        // A part is as good as the whole: what is not in it stays.
        await DeliverAsync(node, asked, Atom("three"));
        await Eventually.HoldsAsync(async () => Assert.Equal(["one", "three", "two"], await TitlesAsync(node)));
    }

    [Theory]
    [InlineData("unsigned")]
    [InlineData("signed with another secret")]
    [InlineData("signed with SHA-1")]
    [InlineData("a signature that is none")]
    [InlineData("another body")]
    [InlineData("too large")]
    public async Task A_delivery_that_cannot_be_trusted_is_answered_like_any_other_and_ignored(string how)
    {
        var (node, asked) = await SubscribedAsync();
        var body = how == "too large" ? Atom([.. Enumerable.Repeat(new string('x', 1000), SubscriberCallback.MaxBody / 1000)]) : Atom("forged");
        var secret = Encoding.UTF8.GetBytes(asked["hub.secret"]);
        var signature = how switch
        {
            "unsigned" => null,
            "signed with another secret" => Signature.Sign(body, "guess"),
#pragma warning disable CA5350 // A weak algorithm, to be refused.
            "signed with SHA-1" => $"sha1={Convert.ToHexStringLower(HMACSHA1.HashData(secret, body))}",
#pragma warning restore CA5350
            "a signature that is none" => "sha256=zz",
            "another body" => Signature.Sign(Atom("another"), asked["hub.secret"]),
            _ => Signature.Sign(body, asked["hub.secret"]),
        };
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(node, asked, body, signature));
        Assert.Equal((1, 0), (node.Counts[WebSubEvent.Ignored], node.Counts[WebSubEvent.Received]));

        // What comes after it, and is good, is all that gets in.
        await DeliverAsync(node, asked, Atom("one", "two"));
        await Eventually.HoldsAsync(async () => Assert.Equal(["one", "two"], await TitlesAsync(node)));
    }

    [Fact]
    public async Task A_delivery_that_is_repeated_is_ignored()
    {
        var (node, asked) = await SubscribedAsync();
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(node, asked, Atom("two")));
        await DeliverAsync(node, asked, Atom("three"));
        Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(node, asked, Atom("two")));
        Assert.Equal((3, 2), (node.Counts[WebSubEvent.Ignored], node.Counts[WebSubEvent.Received]));
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha384")]
    [InlineData("SHA512")]
    public async Task Every_strong_signature_is_understood(string method)
    {
        var (node, asked) = await SubscribedAsync();
        var (secret, body) = (Encoding.UTF8.GetBytes(asked["hub.secret"]), Atom("one", "two"));
        var hash = method switch { "sha256" => HMACSHA256.HashData(secret, body), "sha384" => HMACSHA384.HashData(secret, body), _ => HMACSHA512.HashData(secret, body) };
        await SendAsync(node, asked, body, $"{method}={Convert.ToHexString(hash)}");
        Assert.Equal(1, node.Counts[WebSubEvent.Received]);
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_confirmed()
    {
        var (node, asked) = await StartAsync();
        var path = new Uri(asked["hub.callback"]).AbsolutePath;
        var topic = asked["hub.topic"];
        Assert.Equal(HttpStatusCode.NotFound, (await ConfirmAsync(node, path, "subscribe", topic + "x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ConfirmAsync(node, path, "unsubscribe", topic)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ConfirmAsync(node, path, "publish", topic)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ConfirmAsync(node, path[..^1] + (path[^1] == '0' ? '1' : '0'), "subscribe", topic)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ConfirmAsync(node, "/hub/callback/nothing", "subscribe", topic)).Status);
        using var nothing = new ByteArrayContent([]);
        Assert.Equal(HttpStatusCode.Gone, (await node.Client.PostAsync("/hub/callback/nothing.at-all", nothing)).StatusCode);
        Assert.Equal((HttpStatusCode.OK, "echo <this>"), await ConfirmAsync(node, path, "subscribe", topic, "echo <this>"));
    }

    [Fact]
    public async Task A_lease_is_renewed_before_it_ends()
    {
        var (node, asked) = await SubscribedAsync(lease: 100_000);
        _host.Clock.Advance(TimeSpan.FromSeconds(70_000));
        await Eventually.HoldsAsync(async () => Assert.True(Assert.Single(await node.ListAsync(UpstreamSubscription.Kind)).Due > _host.Clock.GetUtcNow()));
        Assert.Equal(1, _upstream.Hits("/hub"));
        _host.Clock.Advance(TimeSpan.FromSeconds(11_000));
        await Eventually.HoldsAsync(() => Assert.Equal(2, _upstream.Hits("/hub")));
        var again = Form(_upstream.Requests.Last(r => r.Path == "/hub"));
        Assert.Equal(("subscribe", asked["hub.callback"], asked["hub.topic"]), (again["hub.mode"], again["hub.callback"], again["hub.topic"]));
    }

    [Fact]
    public async Task A_hub_that_does_not_take_it_is_asked_again_ever_later()
    {
        _upstream.Map("/hub", _ => RawServer.Answer("500 Oh No", "text/plain", []));
        var (node, _) = await StartAsync();
        for (var hour = 0; hour < 24; hour++)
        {
            await Eventually.HoldsAsync(async () =>
            {
                var due = Assert.Single(await node.ListAsync(UpstreamSubscription.Kind)).Due - _host.Clock.GetUtcNow();
                // What is lent is due two minutes later.
                Assert.True(due > TimeSpan.Zero && due != TimeSpan.FromMinutes(2));
            });
            _host.Clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.InRange(_upstream.Hits("/hub"), 4, 12);
        Assert.Equal(["one"], await TitlesAsync(node));
    }

    [Fact]
    public async Task Where_a_hub_refuses_or_is_not_there_the_next_one_is_asked()
    {
        _upstream.Map("/busy", _ => RawServer.Answer("403 Forbidden", "text/plain", []));
        var (node, asked) = await StartAsync("http://127.0.0.1:1/gone", $"{_upstream.Root}/busy", $"{_upstream.Root}/hub", $"{_upstream.Root}/spare");
        Assert.Equal((HttpStatusCode.OK, "yes"), await ConfirmAsync(node, new Uri(asked["hub.callback"]).AbsolutePath, "subscribe", asked["hub.topic"]));
        Assert.Equal((1, 0), (_upstream.Hits("/busy"), _upstream.Hits("/spare")));
        await DeliverAsync(node, asked, Atom("one", "two"));
        await Eventually.HoldsAsync(async () => Assert.Equal(["one", "two"], await TitlesAsync(node)));
        // The one that did it is the one that is asked for more time.
        _host.Clock.Advance(TimeSpan.FromDays(9));
        await Eventually.HoldsAsync(() => Assert.Equal((1, 2, 0), (_upstream.Hits("/busy"), _upstream.Hits("/hub"), _upstream.Hits("/spare"))));
    }

    [Fact]
    public async Task Where_a_hub_denies_or_never_confirms_the_next_one_is_asked()
    {
        _upstream.Map("/mute", _ => RawServer.Answer("202 Accepted", "text/plain", []));
        _upstream.Map("/last", _ => RawServer.Answer("202 Accepted", "text/plain", []));
        var (node, asked) = await StartAsync($"{_upstream.Root}/hub", $"{_upstream.Root}/mute", $"{_upstream.Root}/last");
        var path = new Uri(asked["hub.callback"]).AbsolutePath;
        await ConfirmAsync(node, path, "subscribe", asked["hub.topic"]);
        Assert.Equal(HttpStatusCode.OK, (await ConfirmAsync(node, path, "denied", asked["hub.topic"])).Status);
        await Eventually.HoldsAsync(async () =>
            Assert.True(Assert.Single(await node.ListAsync(UpstreamSubscription.Kind)).Read<UpstreamSubscription>() is { IsTaken: true, Hub: var hub } && hub.EndsWith("/mute", StringComparison.Ordinal)));
        Assert.Equal(0, _upstream.Hits("/last"));
        _host.Clock.Advance(Subscriber.TimeToConfirm * 2);
        await Eventually.HoldsAsync(() => Assert.Equal((1, 1, 1), (_upstream.Hits("/hub"), _upstream.Hits("/mute"), _upstream.Hits("/last"))));
        Assert.Equal((HttpStatusCode.OK, "yes"), await ConfirmAsync(node, path, "subscribe", asked["hub.topic"]));
    }

    [Fact]
    public async Task A_denied_subscription_is_tried_another_day()
    {
        var (node, asked) = await SubscribedAsync();
        Assert.Equal(HttpStatusCode.OK, (await ConfirmAsync(node, new Uri(asked["hub.callback"]).AbsolutePath, "denied", asked["hub.topic"])).Status);
        _host.Clock.Advance(TimeSpan.FromHours(25));
        await Eventually.HoldsAsync(() => Assert.Equal(2, _upstream.Hits("/hub")));
    }

    [Fact]
    public async Task A_subscription_outlasts_the_service()
    {
        var (node, asked) = await SubscribedAsync();
        await _host.StopAsync(node);
        node = await _host.StartAsync();
        await DeliverAsync(node, asked, Atom("one", "two"));
        await Eventually.HoldsAsync(async () => Assert.Equal(["one", "two"], await TitlesAsync(node)));
        Assert.Equal(1, _upstream.Hits("/hub"));
    }

    [Fact]
    public async Task A_feed_that_is_taken_away_ends_its_subscription()
    {
        var (node, asked) = await SubscribedAsync();
        Directory.Delete(Path.Combine(_host.Feeds, "quay"), recursive: true);
        await Eventually.HoldsAsync(() => Assert.Equal(2, _upstream.Hits("/hub")));
        var end = Form(_upstream.Requests.Last(r => r.Path == "/hub"));
        Assert.Equal(("unsubscribe", asked["hub.callback"], asked["hub.topic"]), (end["hub.mode"], end["hub.callback"], end["hub.topic"]));
        var path = new Uri(asked["hub.callback"]).AbsolutePath;
        Assert.Equal(HttpStatusCode.NotFound, (await ConfirmAsync(node, path, "subscribe", asked["hub.topic"])).Status);
        Assert.Equal((HttpStatusCode.OK, "yes"), await ConfirmAsync(node, path, "unsubscribe", asked["hub.topic"]));
        Assert.Equal(HttpStatusCode.Gone, await DeliverAsync(node, asked, Atom("two")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("There is something new.")]
    public async Task A_hub_that_only_says_that_there_is_something_new_has_the_upstream_asked(string body)
    {
        var (node, asked) = await SubscribedAsync();
        _upstream.Map("/feed", _ => RawServer.Answer("200 OK", "application/atom+xml", Atom("one", "two"), Links()));
        await DeliverAsync(node, asked, Encoding.UTF8.GetBytes(body), type: "text/plain");
        await Eventually.HoldsAsync(async () => Assert.Equal(["one", "two"], await TitlesAsync(node)));
    }

    [Theory]
    [InlineData("<https://hub.example/>; rel=hub", "https://hub.example/")]
    [InlineData("<https://a.example/>; rel=\"self\", </hub>; title=\"a, b; rel=self\"; rel=\"alternate hub\"", "https://site.example/hub")]
    [InlineData("<https://a.example/>; REL = HUB; rel=self,<https://b.example/>;rel=hub", "https://a.example/ https://b.example/")]
    [InlineData("<javascript:alert(1)>; rel=hub, <https://u:p@a.example/>; rel=hub", "")]
    [InlineData("<https://a.example/>; rel=hubs, <https://b.example/; rel=hub", "")]
    [InlineData("<<<>>>;;;===,,,\"\\", "")]
    public void Link_headers_are_read_as_the_standard_has_it(string header, string hubs) =>
        Assert.Equal(hubs.Split(' ', StringSplitOptions.RemoveEmptyEntries), LinkHeader.Targets([header], "hub", new Uri("https://site.example/feed")));

    private async Task<(HubHost.Node Node, Dictionary<string, string> Asked)> StartAsync(params string[] hubs)
    {
        _upstream.Map("/feed", _ => RawServer.Answer("200 OK", "application/atom+xml", Atom("one"), Links(hubs)));
        if (!_upstream.Paths.ContainsKey("/hub")) _upstream.Map("/hub", _ => RawServer.Answer("202 Accepted", "text/plain", []));
        _host.Define("quay", $"title: Quay\nschedule: 30d\nsources: [{{feed: '{_upstream.Root}/feed'}}]\n");
        var node = await _host.StartAsync();
        await HubHost.RunAsync(node.Services, "quay");
        await Eventually.HoldsAsync(() => Assert.Equal(1, _upstream.Hits("/hub")));
        return (node, Form(_upstream.Requests.Single(r => r.Path == "/hub")));
    }

    private async Task<(HubHost.Node Node, Dictionary<string, string> Asked)> SubscribedAsync(long lease = 864_000)
    {
        var (node, asked) = await StartAsync();
        Assert.Equal((HttpStatusCode.OK, "yes"), await ConfirmAsync(node, new Uri(asked["hub.callback"]).AbsolutePath, "subscribe", asked["hub.topic"], lease: lease));
        return (node, asked);
    }

    private static async Task<(HttpStatusCode Status, string Body)> ConfirmAsync(HubHost.Node node, string path, string mode, string topic, string challenge = "yes", long lease = 864_000)
    {
        var answer = await node.Client.GetAsync(QueryHelpers.AddQueryString(path, new Dictionary<string, string?>
        {
            ["hub.mode"] = mode,
            ["hub.topic"] = topic,
            ["hub.challenge"] = challenge,
            ["hub.lease_seconds"] = $"{lease}",
        }));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task<HttpStatusCode> DeliverAsync(HubHost.Node node, Dictionary<string, string> asked, byte[] body, string type = "application/atom+xml") =>
        SendAsync(node, asked, body, Signature.Sign(body, asked["hub.secret"]), type);

    private static async Task<HttpStatusCode> SendAsync(HubHost.Node node, Dictionary<string, string> asked, byte[] body, string? signature, string type = "application/atom+xml")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (signature is not null) content.Headers.TryAddWithoutValidation("X-Hub-Signature", signature);
        using var answer = await node.Client.PostAsync(new Uri(asked["hub.callback"]).AbsolutePath, content);
        return answer.StatusCode;
    }

    private static async Task<IEnumerable<string>> TitlesAsync(HubHost.Node node) =>
        XDocument.Parse(await node.Client.GetStringAsync("/feeds/quay.atom")).Descendants(s_atom + "entry").Select(e => e.Element(s_atom + "title")!.Value).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Form(RawServer.Request request) =>
        QueryHelpers.ParseQuery(Encoding.ASCII.GetString(request.Body)).ToDictionary(p => p.Key, p => p.Value.ToString());

    private string[] Links(params string[] hubs) =>
    [
        .. (hubs.Length > 0 ? hubs : [$"{_upstream.Root}/hub"]).Select(hub => $"Link: <{hub}>; rel=\"hub\""),
        $"Link: <{_upstream.Root}/self>; rel=\"self\"",
        "Cache-Control: max-age=3600",
    ];

    private static byte[] Atom(params string[] titles) => Encoding.UTF8.GetBytes(
        $"""<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:example:quay</id><title>Quay</title><updated>2026-01-01T00:00:00Z</updated><author><name>Q</name></author>"""
        + string.Concat(titles.Select(title => $"<entry><id>urn:example:{title}</id><title>{title}</title><updated>2026-01-01T00:00:00Z</updated><link href=\"https://quay.example/{title}\"/></entry>"))
        + "</feed>");
}
