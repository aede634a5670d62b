using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FeedService.Publishing;
using Microsoft.AspNetCore.Routing;

namespace FeedService.Tests.Web;

/// <summary>Every address that the service has, as its own routes tell them, so that one that is added is looked at without a word here.</summary>
public sealed partial class AdmissionTests : IAsyncLifetime
{
    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

    /// <summary>What is for anybody; all else asks who it is.</summary>
    private static readonly HashSet<string> s_open =
    [
        "GET /", "HEAD /", "GET /feeds.opml", "HEAD /feeds.opml", "GET /icon.svg", "HEAD /icon.svg",
        "GET /health/live", "HEAD /health/live", "GET /health/ready", "HEAD /health/ready",
        // Confirmed at the callback; and known by a name that nobody can guess.
        "POST /hub", "GET /hub/callback/{name}", "POST /hub/callback/{name}",
    ];

    private PublishingHost _host = null!;
    private int _addresses;

    public async Task InitializeAsync()
    {
        _host = await PublishingHost.StartAsync(settings => settings with { StatusToken = "open sesame", Hub = true, Subscribe = true, TrustedProxies = ["127.0.0.1"] });
        _host.Define("open", "title: Open\nsources: [{folder: articles}, {inbox: true}]\n");
        _host.Define("closed", "title: Closed\nprivate: true\nsources: [{folder: articles}, {inbox: true}]\n");
        foreach (var slug in (string[])["open", "closed"])
        {
            _host.Write(slug, "tide.md", "---\ntags: [sea]\nauthor: Ada\n---\n# Tide\n\nThe water rose.\n");
            _host.Write(slug, "a.png", "picture");
            await _host.PublishAsync(slug);
        }
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Without_its_token_nothing_is_done_or_told_whatever_the_route_and_the_method()
    {
        var wrong = new List<string?> { null, "Bearer", "Bearer x", "Basic eA==", $"Basic {Convert.ToBase64String("me:x"u8)}", "Digest username=\"me\"" };
        foreach (var use in (TokenUse[])[TokenUse.Push, TokenUse.Read])
        {
            var tokens = _host.Get<AccessTokens>();
            // Of a feed that there is not, and one that has ended.
            foreach (var (slug, name, ends) in ((string, string, DateTimeOffset?)[])[("elsewhere", "a", null), ("open", "b", _host.Clock.GetUtcNow().AddSeconds(-1)), ("closed", "c", _host.Clock.GetUtcNow().AddSeconds(-1))])
            {
                var token = await tokens.AddAsync(use, slug, name, ends, CancellationToken.None);
                wrong.AddRange([$"Bearer {token}", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{token}"))}"]);
            }
        }

        var asked = new SortedSet<string>(StringComparer.Ordinal);
        var answers = new Dictionary<string, HashSet<string>>();
        foreach (var (pattern, path, methods) in Routes("closed"))
        {
            foreach (var method in methods.Where(method => !s_open.Contains($"{method} {pattern}") && !IsAsset(pattern)))
            {
                foreach (var authorization in wrong)
                {
                    var (status, head, body) = await AskAsync(method, path, authorization);
                    Assert.True(status == 401, $"{method} {pattern} was answered {status} to {authorization ?? "nobody"}");
                    asked.Add($"{method} {pattern}");
                    var realm = Realm().Match(head).Value;
                    if (!answers.TryGetValue(realm, out var bodies)) answers[realm] = bodies = [];
                    // A HEAD's answer says how long it would be.
                    bodies.Add(method == "HEAD" ? $"{Length().Match(head).Groups[1].Value}" : $"{body.Length}");
                    if (method != "HEAD") bodies.Add(body);
                }
            }
        }

        Assert.Subset(asked, new HashSet<string>([
            "GET /status", "HEAD /status.json", "GET /metrics", "POST /status/{slug}/run", "POST /status/{slug}/pause", "POST /status/{slug}/resume", "DELETE /status",
            "POST /feeds/{slug}/articles", "PUT /feeds/{slug}/articles/{name}", "DELETE /feeds/{slug}/articles/{name}", "GET /feeds/{slug}", "GET /feeds/{slug}/articles/{**path}",
        ]));
        // One body and its length for each kind of token.
        Assert.Equal(["Basic realm=\"closed\"", "Basic realm=\"status\"", "Bearer realm=\"articles\""], answers.Keys.Order(StringComparer.Ordinal));
        Assert.All(answers.Values, bodies => Assert.Equal(2, bodies.Count));
        Assert.Equal(["Tide"], await TitlesAsync());
    }

    [Theory]
    [InlineData("/STATUS")]
    [InlineData("/status/")]
    [InlineData("/%73tatus")]
    [InlineData("/status/anything/else")]
    [InlineData("/Metrics/")]
    [InlineData("/FEEDS/closed.rss")]
    [InlineData("/feeds/closed/")]
    [InlineData("/feeds/CLOSED/articles/a.png")]
    public async Task Another_spelling_opens_nothing(string path)
    {
        var (status, _, body) = await AskAsync("GET", path, null);
        // A name in other letters is that of no feed.
        Assert.Contains(status, new[] { 401, 404 });
        Assert.DoesNotContain("Tide", body, StringComparison.Ordinal);
        Assert.DoesNotContain("picture", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_answered_a_browser_may_do_no_more_with_it_than_it_is_meant_for()
    {
        var without = new SortedSet<string>(StringComparer.Ordinal);
        var statuses = new SortedSet<int>();
        foreach (var slug in (string[])["open", "closed", "none"])
        {
            foreach (var (_, path, _) in Routes(slug).Append(("", $"/feeds/{slug}.rss", s_methods)).Append(("", $"/feeds/{slug}/articles/a.png", s_methods)).Append(("", $"/feeds/{slug}/articles/tide", s_methods)).Append(("", "/none", s_methods)))
            {
                foreach (var method in s_methods.Append("get"))
                {
                    foreach (var header in (string[])["Accept: text/html", "Accept: */*", "If-Match: \"x\"", "Range: bytes=9-", "Sec-Fetch-Site: cross-site"])
                    {
                        var (status, head, _) = await AskAsync(method, path, "Bearer open sesame", header);
                        statuses.Add(status);
                        if (!head.Contains("\r\nX-Content-Type-Options: nosniff", StringComparison.Ordinal) || !head.Contains("\r\nContent-Security-Policy: default-src 'none'", StringComparison.Ordinal))
                            without.Add($"{status} {method} {path} {header}");
                    }
                }
            }
        }

        Assert.Empty(without);
        Assert.Superset(new HashSet<int>([200, 401, 403, 404, 405, 412, 415, 416, 501]), statuses);
    }

    private static bool IsAsset(string pattern) => pattern.EndsWith(".css", StringComparison.Ordinal) || pattern.EndsWith(".js", StringComparison.Ordinal);

    private IEnumerable<(string Pattern, string Path, IEnumerable<string> Methods)> Routes(string slug)
    {
        foreach (var endpoint in _host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";
            var path = Parameter().Replace(pattern.Replace("{slug}", slug, StringComparison.Ordinal), "tide");
            // What is for operators refuses methods that it does not know, too: that there is such an address is nobody's concern.
            var isOperators = pattern.StartsWith("/status", StringComparison.Ordinal) || pattern == "/metrics";
            yield return (pattern, path, isOperators ? s_methods : endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "HEAD"]);
        }
    }

    /// <summary>Asks from an address of its own, and announces a body that never comes: who waits for it before he says no would not be heard.</summary>
    private async Task<(int Status, string Head, string Body)> AskAsync(string method, string path, string? authorization, string header = "Accept: */*")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Client.BaseAddress!.Host, _host.Client.BaseAddress.Port);
        var stream = client.GetStream();
        var length = authorization == "Bearer open sesame" ? "0" : "900000";
        var body = method is "POST" or "PUT" or "DELETE" or "PATCH" ? $"Content-Length: {length}\r\n" : "";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 2001:db8:{++_addresses:x}::1\r\n{header}\r\n{(authorization is null ? "" : $"Authorization: {authorization}\r\n")}{body}\r\n"));
        var answer = new StringBuilder();
        var buffer = new byte[64 << 10];
        while (true)
        {
            var text = answer.ToString();
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var head = text[..(end + 2)];
                var whole = method == "HEAD" || !Length().IsMatch(head) ? 0 : int.Parse(Length().Match(head).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
                if (text.Length - end - 4 >= whole) return (int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), head, text[(end + 4)..]);
            }
            var read = await stream.ReadAsync(buffer);
            Assert.True(read > 0, $"{method} {path}: {text}");
            answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
    }

    private async Task<IEnumerable<string>> TitlesAsync()
    {
        await _host.PublishAsync("closed");
        return (await _host.Store.NewestAsync("closed", _host.Clock.GetUtcNow(), 9, CancellationToken.None)).Select(article => article.Article.Title!);
    }

    [GeneratedRegex("(Basic|Bearer) realm=\"[^\"]*\"")]
    private static partial Regex Realm();

    [GeneratedRegex("\r\nContent-Length: ([0-9]+)")]
    private static partial Regex Length();

    [GeneratedRegex("\\{[^}]*}")]
    private static partial Regex Parameter();
}
