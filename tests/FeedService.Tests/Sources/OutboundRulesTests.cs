using System.Net;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

/// <summary>Where requests may not go. The addresses come in every way of writing that URL parsers and resolvers understand.</summary>
public sealed class OutboundRulesTests
{
    private static readonly OutboundRules Rules = new(PoliteFetcherTests.Settings([], allowPrivate: false));

    public static TheoryData<string> Forbidden =>
    [
        // Loopback and "this host": short, long, decimal, octal, hexadecimal.
        "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://0/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
        "http://017700000001/", "http://0177.0.0.1/", "http://0x7F.0x00.0x00.0X01/", "http://127.000.000.001/", "http://localhost/", "http://LOCALHOST/",
        // IPv6: loopback, mapped, compatible, NAT64, 6to4, Teredo.
        "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:10.0.0.1]/", "http://[::127.0.0.1]/", "http://[::a9fe:a9fe]/", "http://[::a00:1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a9fe:a9fe]/",
        "http://[64:ff9b::a00:1]/", "http://[64:ff9b::808:808]/", "http://[64:ff9b:1::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2002:a9fe:a9fe::]/",
        "http://[2002:a00:1::]/", "http://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
        // IPv6: link-local, zones, site-local, unique local, multicast, discard, documentation, segment routing.
        "http://[fe80::1]/", "http://[fe80::1%25lo]/", "http://[::1%25lo]/", "http://[fec0::1]/", "http://[fc00::1]/", "http://[fd00:dead:beef::50]/",
        "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[100::1]/", "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[5f00::1]/",
        // IPv4: private, carrier-grade, link-local, protocol, documentation, benchmark, multicast, reserved, broadcast.
        "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/", "http://0300.0250.0.1/",
        "http://100.64.0.1/", "http://100.127.255.254/", "http://169.254.169.254/", "http://169.254.170.2/", "http://0xa9fea9fe/", "http://2852039166/",
        "http://192.0.0.192/", "http://192.0.2.1/", "http://192.88.99.1/", "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/",
        "http://224.0.0.1/", "http://239.255.255.254/", "http://240.0.0.1/", "http://255.255.255.255/",
        // Digits, letters and dots that only look like others.
        "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://127．0．0．1/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
        // Somebody else's host in front, and schemes that are none of ours.
        "http://1.1.1.1:80@127.0.0.1/", "http://example.com@127.0.0.1/", "http://127.0.0.1#@example.com/", "file:///etc/passwd", "ftp://127.0.0.1/",
        "gopher://127.0.0.1:6379/_x", "data:text/xml,<rss/>", "jar:http://127.0.0.1!/", "unix:/var/run/docker.sock", "//127.0.0.1/",
    ];

    public static TheoryData<string> Malformed =>
    [
        "http://127.0.0.1\\@example.com/", "http://example.com\\@127.0.0.1/", "http://127.0.0.1%00.example.com/", "http://127.0.0.1%2f.example.com/",
        "http://127.0.0.1\t/", "http://127.0.0.1\n.example.com/", "http://%31%32%37.0.0.1/", "http://127.0.0.1:99999/", "http://[::1/", "http:// 127.0.0.1/",
        "http://user:pw@example.com/", "http:///x", "http://", "", ":", " http://example.com/", "http://example.com/\u0000", "example.com/feed", "/feed",
    ];

    public static TheoryData<string> Open =>
    [
        "93.184.216.34", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "192.0.1.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "2606:4700:4700::1111", "2a00:1450:4001:830::200e", "2001:200::1", "2003::1", "::ffff:8.8.8.8",
    ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task A_forbidden_target_is_refused_by_the_rules_alone(string url)
    {
        var failure = await Assert.ThrowsAsync<FetchException>(async () =>
        {
            var parsed = OutboundRules.Parse(url);
            await Rules.ResolveAsync(parsed.IdnHost, parsed.Port, CancellationToken.None);
        });
        Assert.Equal(FetchFailure.Refused, failure.Failure);
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task The_fetcher_refuses_it_too(string url)
    {
        using var fetcher = new PoliteFetcher(PoliteFetcherTests.Settings([], allowPrivate: false), TimeProvider.System);
        Assert.Equal(FetchFailure.Refused, (await Assert.ThrowsAsync<FetchException>(() => fetcher.FetchAsync(new FetchRequest(url), CancellationToken.None))).Failure);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_url_is_none(string url) =>
        Assert.Equal(FetchFailure.Refused, Assert.Throws<FetchException>(() => OutboundRules.Parse(url)).Failure);

    [Theory]
    [InlineData("https://example.com/feed?q=a%20b#x")]
    [InlineData("http://example.com:8080/a@b")]
    [InlineData("https://bücher.example/%E2%82%AC")]
    [InlineData("https://[2606:4700:4700::1111]/x")]
    public void Ordinary_urls_are_accepted(string url) => Assert.NotNull(OutboundRules.Parse(url));

    [Theory]
    [MemberData(nameof(Open))]
    public void Addresses_of_the_public_internet_are_open(string address) => Assert.True(OutboundRules.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("192.168.7.7")]
    [InlineData("fd00::1")]
    public void Private_networks_can_be_opened(string address)
    {
        var open = new OutboundRules(PoliteFetcherTests.Settings([], allowPrivate: true));
        open.Check("intranet", new IPEndPoint(IPAddress.Parse(address), 80));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public void What_is_no_network_of_anybody_cannot(string address)
    {
        var open = new OutboundRules(PoliteFetcherTests.Settings([], allowPrivate: true));
        Assert.Throws<FetchException>(() => open.Check("metadata", new IPEndPoint(IPAddress.Parse(address), 80)));
    }

    [Fact]
    public void An_allowed_host_is_allowed_by_name_and_where_said_by_port()
    {
        var rules = new OutboundRules(PoliteFetcherTests.Settings(["wiki.local", "127.0.0.1:8080"], allowPrivate: false));
        rules.Check("WIKI.local", new IPEndPoint(IPAddress.Parse("10.0.0.7"), 8443));
        rules.Check("127.0.0.1", new IPEndPoint(IPAddress.Loopback, 8080));
        Assert.Throws<FetchException>(() => rules.Check("127.0.0.1", new IPEndPoint(IPAddress.Loopback, 8081)));
        Assert.Throws<FetchException>(() => rules.Check("other.local", new IPEndPoint(IPAddress.Parse("10.0.0.7"), 80)));
    }

    [Theory]
    [InlineData("https://example.com/", null, true)]
    [InlineData("http://example.com:6379/", null, false)]
    [InlineData("http://example.com:8080/feed", "http://example.com:8080/feed", true)]
    [InlineData("http://example.com:6379/", "http://example.com:8080/feed", false)]
    [InlineData("http://other.example:8080/", "http://example.com:8080/feed", false)]
    public void Only_usual_ports_and_those_of_a_definition_are_asked(string url, string? configured, bool allowed) =>
        Assert.Equal(allowed, Rules.IsPortAllowed(new Uri(url), configured is null ? null : new Uri(configured)));

    [Fact]
    public void A_refusal_does_not_tell_which_address_a_name_has()
    {
        var failure = Assert.Throws<FetchException>(() => Rules.Check("secret.example", new IPEndPoint(IPAddress.Parse("10.1.2.3"), 80)));
        Assert.DoesNotContain("10.1.2.3", failure.Message, StringComparison.Ordinal);
    }
}
