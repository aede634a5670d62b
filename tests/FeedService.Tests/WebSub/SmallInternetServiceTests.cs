using System.Net;
using System.Text;
using System.Xml.Linq;
using FeedService.Tests.Sources;
using FeedService.WebSub;
using Microsoft.AspNetCore.WebUtilities;
using static FeedService.Tests.Sources.SmallInternet;

namespace FeedService.Tests.WebSub;

/// <summary>The running service in a small internet on loopback, one port a host: all that it is to take articles from, and all that can go wrong with it, at once.</summary>
public sealed class SmallInternetServiceTests : IAsyncDisposable
{
    private static readonly XNamespace s_atom = "http://www.w3.org/2005/Atom";
    private readonly RawServer _blog = new();
    private readonly RawServer _magazine = new();
    private readonly RawServer _town = new();
    private readonly RawServer _hub = new();
    private readonly RawServer _inside = new();
    private readonly Dictionary<string, RawServer> _troubles = Misbehaviour.Outcomes.Keys.ToDictionary(fault => fault, _ => new RawServer());
    private readonly HubHost _host;

    public SmallInternetServiceTests() => _host = new HubHost
    {
        AllowPrivateAddresses = false,
        AllowedHosts = [.. new[] { _blog, _magazine, _town, _hub }.Concat(_troubles.Values).Select(server => $"127.0.0.1:{server.Port}")],
        // Those who keep silent or drip have to be waited for.
        Limits = RawServer.Patient with { Headers = TimeSpan.FromSeconds(15), Silence = TimeSpan.FromSeconds(15), Total = TimeSpan.FromSeconds(20) },
    };

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        foreach (var server in new[] { _blog, _magazine, _town, _hub, _inside }.Concat(_troubles.Values)) await server.DisposeAsync();
    }

    [Fact]
    public async Task Feeds_pages_sitemaps_and_hubs_come_together_while_every_kind_of_trouble_stays_where_it_is()
    {
        MapGoodHosts();
        foreach (var (fault, server) in _troubles)
        {
            server.Map("/feed", Rss("one"));
            _host.Define(Slug(fault), $"title: Trouble\npaused: true\nsources: [{{feed: '{server.Root}/feed'}}]\n");
        }
        _host.Define("all", $"""
            title: All of it
            schedule: 30d
            sources:
              - feed: {_blog.Root}/
                full_text: true
              - page: {_magazine.Root}/news
              - sitemap: {_town.Root}/sitemap.xml
            """);
        var node = await _host.StartAsync();

        // All is well: each source gives what it has, and robots.txt keeps back what it does.
        await Task.WhenAll(_troubles.Keys.Select(fault => HubHost.RunAsync(node.Services, Slug(fault))));
        await HubHost.RunAsync(node.Services, "all");
        Assert.Equal(["Bridge", "Cranes", "Lamps", "Ropes"], await TitlesAsync(node, "all"));
        Assert.Equal(0, _town.Hits("/council/secret"));
        var before = new Dictionary<string, byte[]>();
        foreach (var fault in _troubles.Keys) before[fault] = await node.Client.GetByteArrayAsync($"/feeds/{Slug(fault)}.atom");

        // The blog's hub is asked, confirms, and tells of something new: it is out without a request to the blog's feed.
        await Eventually.HoldsAsync(() => Assert.Equal(1, _hub.Hits("/hub")));
        var asked = QueryHelpers.ParseQuery(Encoding.ASCII.GetString(_hub.Requests.Single(r => r.Path == "/hub").Body));
        Assert.Equal(("subscribe", $"{_blog.Root}/atom.xml"), (asked["hub.mode"].ToString(), asked["hub.topic"].ToString()));
        var callback = new Uri(asked["hub.callback"].ToString()).AbsolutePath;
        Assert.Equal("yes", await node.Client.GetStringAsync(QueryHelpers.AddQueryString(callback, new Dictionary<string, string?>
        {
            ["hub.mode"] = "subscribe",
            ["hub.topic"] = asked["hub.topic"],
            ["hub.challenge"] = "yes",
            ["hub.lease_seconds"] = "864000",
        })));
        var fetched = _blog.Hits("/atom.xml");
        var body = Encoding.UTF8.GetBytes(Atom(_blog.Root, ("urn:blog:2", "Lanterns", "/lanterns")));
        using (var delivery = new ByteArrayContent(body))
        {
            delivery.Headers.TryAddWithoutValidation("Content-Type", "application/atom+xml");
            delivery.Headers.TryAddWithoutValidation(Signature.Header, Signature.Sign(body, asked["hub.secret"].ToString()));
            Assert.Equal(HttpStatusCode.Accepted, (await node.Client.PostAsync(callback, delivery)).StatusCode);
        }
        await Eventually.HoldsAsync(async () => Assert.Equal(["Bridge", "Cranes", "Lamps", "Lanterns", "Ropes"], await TitlesAsync(node, "all")));
        Assert.Equal((fetched, 1), (_blog.Hits("/atom.xml"), _blog.Hits("/lanterns")));

        // Then every server misbehaves in its own way, all at once: nothing is lost, each problem is told where it is, and nobody is led inside.
        foreach (var (fault, server) in _troubles)
            server.Paths["/feed"] = (_, stream, token) => Misbehaviour.RunAsync(fault, Encoding.UTF8.GetBytes(Rss("one", "two")), Encoding.UTF8.GetBytes(Rss()), _inside.Port, stream, token);
        var reports = await Task.WhenAll(_troubles.Select(async trouble => (trouble.Key, Report: await HubHost.RunAsync(node.Services, Slug(trouble.Key)))));
        Assert.All(reports, report => Misbehaviour.AssertOutcome(report.Key, report.Report.Problems, $"{_troubles[report.Key].Root}/feed"));
        foreach (var fault in _troubles.Keys) Assert.Equal(before[fault], await node.Client.GetByteArrayAsync($"/feeds/{Slug(fault)}.atom"));
        Assert.Equal(0, _inside.Connections);
        await HubHost.RunAsync(node.Services, "all");
        Assert.Equal(["Bridge", "Cranes", "Lamps", "Lanterns", "Ropes"], await TitlesAsync(node, "all"));

        // Who failed is left alone for a while; once all is well again all goes on, but for what was said to be gone.
        var hits = _troubles.ToDictionary(trouble => trouble.Key, trouble => trouble.Value.Hits("/feed"));
        await Task.WhenAll(_troubles.Keys.Select(fault => HubHost.RunAsync(node.Services, Slug(fault))));
        Assert.All(_troubles.Where(trouble => Misbehaviour.Outcomes[trouble.Key] is not null), trouble => Assert.Equal(hits[trouble.Key], trouble.Value.Hits("/feed")));
        foreach (var server in _troubles.Values) server.Map("/feed", Rss("one", "two"));
        _host.Clock.Advance(TimeSpan.FromHours(9));
        await Task.WhenAll(_troubles.Keys.Select(fault => HubHost.RunAsync(node.Services, Slug(fault))));
        foreach (var fault in _troubles.Keys) Assert.Equal(fault == "410" ? ["one"] : ["one", "two"], await TitlesAsync(node, Slug(fault)));
    }

    private void MapGoodHosts()
    {
        _blog.Map("/", "<!doctype html><head><link rel=alternate type=application/atom+xml href=/atom.xml><title>Blog</title></head><p>Welcome.", type: "text/html");
        _blog.Map("/atom.xml", Atom(_blog.Root, ("urn:blog:1", "Lamps", "/lamps")), type: "application/atom+xml",
            headers: [$"Link: <{_hub.Root}/hub>; rel=\"hub\", <{_blog.Root}/atom.xml>; rel=\"self\"", "Cache-Control: max-age=3600"]);
        _blog.Map("/lamps", Page("Lamps", "The lamps along the quay"), type: "text/html");
        _blog.Map("/lanterns", Page("Lanterns", "The lanterns that hang in the bow"), type: "text/html");
        _magazine.Map("/news", Listing(("Cranes", "/news/cranes-are-painted"), ("Ropes", "/news/ropes-are-spliced")), type: "text/html");
        _magazine.Map("/news/cranes-are-painted", Page("Cranes", "The cranes on the north side"), type: "text/html");
        _magazine.Map("/news/ropes-are-spliced", Page("Ropes", "The ropes in the long shed"), type: "text/html");
        _town.Map("/robots.txt", "User-agent: *\nDisallow: /council/secret\n", type: "text/plain");
        _town.Map("/sitemap.xml", $"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{_town.Root}/council/bridge</loc></url><url><loc>{_town.Root}/council/secret</loc></url></urlset>", type: "application/xml");
        _town.Map("/council/bridge", Page("Bridge", "The bridge over the old lock"), type: "text/html");
        _town.Map("/council/secret", Page("Secret", "What nobody should have read"), type: "text/html");
        _hub.Map("/hub", _ => RawServer.Answer("202 Accepted", "text/plain", []));
    }

    private static string Slug(string fault) => "trouble-" + fault.ToLowerInvariant().Replace(' ', '-').Replace("'", "", StringComparison.Ordinal);

    private static async Task<IEnumerable<string>> TitlesAsync(HubHost.Node node, string slug) =>
        XDocument.Parse(await node.Client.GetStringAsync($"/feeds/{slug}.atom")).Descendants(s_atom + "entry").Select(e => e.Element(s_atom + "title")!.Value).Order(StringComparer.Ordinal);
}
