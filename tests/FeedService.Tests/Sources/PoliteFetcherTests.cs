using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FeedService.Configuration;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

public sealed partial class PoliteFetcherTests : IAsyncDisposable
{
    private const string Body = "<rss version=\"2.0\"><channel><title>t</title></channel></rss>";

    /// <summary>200 MB in a few hundred kB, made before the clock runs.</summary>
    private static readonly Lazy<byte[]> Bomb = new(() =>
    {
        using var output = new MemoryStream();
        var zeros = new byte[1 << 20];
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            for (var i = 0; i < 200; i++) gzip.Write(zeros);
        return output.ToArray();
    });

    private readonly RawServer _server = new();
    private readonly PoliteFetcher _fetcher;

    public PoliteFetcherTests() => _fetcher = Fetcher();

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_comes_with_all_that_a_reader_needs()
    {
        _server.Map("/feed", Body, headers: ["ETag: \"v1\"", "Last-Modified: Mon, 02 Nov 2026 00:00:00 GMT", "Cache-Control: max-age=600", "Age: 60", "Link: <https://hub.example/>; rel=hub"]);

        var result = await GetAsync("/feed");

        Assert.Equal(200, result.Status);
        Assert.Equal(Body, Encoding.UTF8.GetString(result.Body));
        Assert.Equal(("\"v1\"", "Mon, 02 Nov 2026 00:00:00 GMT", "application/rss+xml"), (result.ETag, result.LastModified, result.ContentType));
        Assert.Equal(TimeSpan.FromSeconds(540), result.FreshFor);
        Assert.Equal("<https://hub.example/>; rel=hub", Assert.Single(result.Links));
    }

    [Fact]
    public async Task The_request_is_honest_and_carries_nothing_else()
    {
        _server.Map("/feed", Body, headers: ["Set-Cookie: a=b; Path=/"]);
        await GetAsync("/feed");
        await _fetcher.FetchAsync(new FetchRequest(_server.Root + "/feed") { Subscribers = 7, ETag = "W/\"x\"", LastModified = "yesterday" }, CancellationToken.None);

        var (first, second) = (_server.Requests.First(r => r.Path == "/feed"), _server.Requests.Last(r => r.Path == "/feed"));
        Assert.Matches(@"^FeedService/\d+\.\d+\.\d+ \(\+https://feeds\.example/\)$", first["User-Agent"]);
        Assert.Matches(@"^FeedService/\d+\.\d+\.\d+ \(\+https://feeds\.example/; 7 subscribers\)$", second["User-Agent"]);
        Assert.Equal(("W/\"x\"", "yesterday"), (second["If-None-Match"], second["If-Modified-Since"]));
        Assert.Equal(["Accept", "Accept-Encoding", "Host", "User-Agent"], first.Headers.Select(h => h.Key).Order(StringComparer.Ordinal));
        Assert.Null(second["Cookie"]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    public async Task Compressed_answers_are_read(string coding)
    {
        _server.Map("/feed", _ => RawServer.Answer("200 OK", "text/xml", Compress(coding, Encoding.UTF8.GetBytes(Body)), $"Content-Encoding: {coding}"));
        Assert.Equal(Body, Encoding.UTF8.GetString((await GetAsync("/feed")).Body));
    }

    /// <summary>Answers of servers that are broken or mean harm, and the failure that each must end in.</summary>
    public static TheoryData<string, FetchFailure> Faults => new()
    {
        { "gzip cut in half", FetchFailure.Broken },
        { "gzip without its trailer", FetchFailure.Broken },
        { "gzip with a wrong checksum", FetchFailure.Broken },
        { "gzip with a wrong length", FetchFailure.Broken },
        { "gzip twice", FetchFailure.Broken },
        { "gzip that is plain text", FetchFailure.Broken },
        { "brotli cut in half", FetchFailure.Broken },
        { "brotli that is noise", FetchFailure.Broken },
        { "brotli that turns into noise", FetchFailure.Broken },
        { "zstd that nobody asked for", FetchFailure.Broken },
        { "gzip bomb", FetchFailure.TooLarge },
        { "body without end", FetchFailure.TooLarge },
        { "chunks without end", FetchFailure.TooLarge },
        { "length of ten terabytes", FetchFailure.TooLarge },
        { "length beyond counting", FetchFailure.TooLarge },
        { "length below zero", FetchFailure.Broken },
        { "two lengths", FetchFailure.Broken },
        { "two lengths in one line", FetchFailure.Broken },
        { "body shorter than its length", FetchFailure.Broken },
        { "connection reset", FetchFailure.Broken },
        { "bad chunk", FetchFailure.Broken },
        { "no status line", FetchFailure.Broken },
        { "a hundred thousand headers", FetchFailure.TooLarge },
        { "one giant header", FetchFailure.TooLarge },
        { "interim answers without end", FetchFailure.Timeout },
        { "silence", FetchFailure.Timeout },
        { "head byte by byte", FetchFailure.Timeout },
        { "body byte by byte", FetchFailure.Timeout },
        { "body that falls silent", FetchFailure.Timeout },
    };

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("gopher://127.0.0.1:6379/_x")]
    [InlineData("data:text/xml,<rss/>")]
    [InlineData("javascript:1")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://[::1]:9/")]
    [InlineData("http://[::ffff:127.0.0.1]:9/")]
    [InlineData("http://2130706433:9/")]
    [InlineData("http://a:b@127.0.0.1:9/")]
    [InlineData("//127.0.0.1:9/")]
    [InlineData("http://[::1")]
    [InlineData("http://localhost:9\\@feeds.example/")]
    [InlineData("")]
    public async Task Every_hop_of_a_redirect_is_judged(string location)
    {
        _server.Map("/away", "", "302 Found", headers: [$"Location: {location}"]);
        Assert.Equal(FetchFailure.Refused, (await Assert.ThrowsAsync<FetchException>(() => GetAsync("/away"))).Failure);
    }

    [Theory]
    [InlineData("301 Moved Permanently", true)]
    [InlineData("308 Permanent Redirect", true)]
    [InlineData("302 Found", false)]
    [InlineData("303 See Other", false)]
    [InlineData("307 Temporary Redirect", false)]
    public async Task Redirects_are_followed_and_permanent_ones_told(string status, bool permanent)
    {
        _server.Map("/old", "", status, headers: ["Location: /new"]);
        _server.Map("/new", Body);
        var result = await GetAsync("/old");
        Assert.Equal(_server.Url("/new"), result.Url);
        Assert.Equal(permanent ? _server.Url("/new") : null, result.MovedTo);
    }

    [Fact]
    public async Task A_permanent_move_ends_where_the_chain_turns_temporary()
    {
        _server.Map("/a", "", "301 Moved Permanently", headers: ["Location: /b"]);
        _server.Map("/b", "", "302 Found", headers: ["Location: /c"]);
        _server.Map("/c", "", "301 Moved Permanently", headers: ["Location: /d"]);
        _server.Map("/d", Body);
        var result = await GetAsync("/a");
        Assert.Equal((_server.Url("/d"), _server.Url("/b")), (result.Url, result.MovedTo));
    }

    [Fact]
    public async Task Circles_and_long_chains_of_redirects_end()
    {
        _server.Map("/circle", "", "302 Found", headers: ["Location: /circle"]);
        Assert.Equal(FetchFailure.Redirects, (await Assert.ThrowsAsync<FetchException>(() => GetAsync("/circle"))).Failure);
        Assert.Equal(6, _server.Hits("/circle"));
    }

    [Fact]
    public async Task What_is_sent_is_not_sent_on()
    {
        _server.Map("/hub", "", "302 Found", headers: ["Location: /other"]);
        var request = new FetchRequest(_server.Root + "/hub") { Method = HttpMethod.Post, Body = "hub.mode=publish"u8.ToArray(), BodyType = "application/x-www-form-urlencoded", Robots = false };
        Assert.Equal(FetchFailure.Refused, (await Assert.ThrowsAsync<FetchException>(() => _fetcher.FetchAsync(request, CancellationToken.None))).Failure);
        Assert.Equal(302, (await _fetcher.FetchAsync(request with { MaxRedirects = 0 }, CancellationToken.None)).Status);
        Assert.Equal("hub.mode=publish", Encoding.UTF8.GetString(_server.Requests.Last().Body));
        Assert.Equal("application/x-www-form-urlencoded", _server.Requests.Last()["Content-Type"]);
        Assert.Equal(0, _server.Hits("/other"));
    }

    [Fact]
    public async Task Robots_txt_is_asked_once_and_obeyed()
    {
        _server.Map("/robots.txt", "User-agent: feedservice\nDisallow: /private\n", type: "text/plain");
        _server.Map("/open", Body);
        Assert.Equal(200, (await GetAsync("/open")).Status);
        Assert.Equal(FetchFailure.Robots, (await Assert.ThrowsAsync<FetchException>(() => GetAsync("/private/x"))).Failure);
        Assert.Equal((1, 0), (_server.Hits("/robots.txt"), _server.Hits("/private/x")));
    }

    [Fact]
    public async Task A_site_whose_robots_txt_fails_is_left_alone_until_it_can_be_read()
    {
        var time = new ManualClock(DateTimeOffset.UtcNow);
        using var fetcher = Fetcher(time);
        _server.Map("/robots.txt", "", "503 Service Unavailable");
        _server.Map("/feed", Body);
        Task<FetchResult> Ask() => fetcher.FetchAsync(new FetchRequest(_server.Root + "/feed"), CancellationToken.None);
        Assert.Equal(FetchFailure.Robots, (await Assert.ThrowsAsync<FetchException>(Ask)).Failure);

        _server.Paths.TryRemove("/robots.txt", out _);
        Assert.Equal(FetchFailure.Robots, (await Assert.ThrowsAsync<FetchException>(Ask)).Failure);
        time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(200, (await Ask()).Status);
    }

    [Fact]
    public async Task At_most_two_requests_at_a_time_go_to_a_host()
    {
        var (now, most) = (0, 0);
        var full = new TaskCompletionSource();
        _server.Paths["/slow"] = async (_, stream, token) =>
        {
            var count = Interlocked.Increment(ref now);
            lock (full) most = Math.Max(most, count);
            if (count == 2) full.TrySetResult();
            await full.Task.WaitAsync(token);
            await Task.Yield();
            Interlocked.Decrement(ref now);
            await stream.WriteAsync(RawServer.Answer("200 OK", "text/plain", "x"u8.ToArray()), token);
        };
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => GetAsync("/slow")));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task A_pause_lies_between_two_requests_to_a_host()
    {
        using var fetcher = Fetcher(limits: RawServer.Patient with { Gap = TimeSpan.FromMilliseconds(200) });
        _server.Map("/feed", Body);
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fetcher.FetchAsync(new FetchRequest(_server.Root + "/feed") { Robots = false }, CancellationToken.None)));
        // A lower bound only, of three pauses: how much longer a busy machine takes says nothing.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMilliseconds(550));
    }

    [Fact]
    public async Task A_slow_host_does_not_hold_up_others()
    {
        await using var stuck = new RawServer();
        var release = new TaskCompletionSource();
        stuck.Paths["/x"] = (_, _, token) => release.Task.WaitAsync(token);
        using var fetcher = Fetcher(allowed: [$"127.0.0.1:{stuck.Port}", $"127.0.0.1:{_server.Port}"]);
        var waiting = Enumerable.Range(0, 200).Select(_ => fetcher.FetchAsync(new FetchRequest(stuck.Root + "/x"), CancellationToken.None)).ToList();
        _server.Map("/feed", Body);

        Assert.Equal(200, (await fetcher.FetchAsync(new FetchRequest(_server.Root + "/feed"), CancellationToken.None)).Status);

        Assert.True(stuck.Hits("/x") <= 2);
        release.SetResult();
        await Task.WhenAll(waiting.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
    }

    [Fact]
    public async Task Who_cannot_be_connected_to_is_left_alone_after_a_few_times()
    {
        // Bound, so that nobody else gets the port, and not listening.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        using var fetcher = Fetcher(allowed: [$"127.0.0.1:{port}"]);
        string last = "";
        for (var i = 0; i < 8; i++)
        {
            var failure = await Assert.ThrowsAsync<FetchException>(() => fetcher.FetchAsync(new FetchRequest($"http://127.0.0.1:{port}/feed") { Robots = false }, CancellationToken.None));
            Assert.Equal(FetchFailure.Unreachable, failure.Failure);
            last = failure.Message;
        }
        Assert.Contains("left alone", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_never_asks_itself()
    {
        using var fetcher = new PoliteFetcher(Settings([], allowPrivate: true), TimeProvider.System);
        fetcher.Rules.OwnEndPoints = [new IPEndPoint(IPAddress.Any, _server.Port)];
        Assert.Equal(FetchFailure.Refused, (await Assert.ThrowsAsync<FetchException>(() => fetcher.FetchAsync(new FetchRequest(_server.Root + "/"), CancellationToken.None))).Failure);
        Assert.Equal(0, _server.Connections);
    }

    [Fact]
    public async Task Who_gives_up_is_not_told_of_a_time_out()
    {
        _server.Paths["/feed"] = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        using var cancel = new CancellationTokenSource();
        var asking = _fetcher.FetchAsync(new FetchRequest(_server.Root + "/feed") { Robots = false }, cancel.Token);
        while (_server.Hits("/feed") == 0) await Task.Yield();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private Task<FetchResult> GetAsync(string path) => _fetcher.FetchAsync(new FetchRequest(_server.Root + path), CancellationToken.None);

    private PoliteFetcher Fetcher(TimeProvider? time = null, FetchLimits? limits = null, string[]? allowed = null) =>
        new(Settings(allowed ?? [$"127.0.0.1:{_server.Port}"], allowPrivate: false), time ?? TimeProvider.System, limits ?? RawServer.Patient);

    internal static ServiceSettings Settings(string[] allowed, bool allowPrivate) => new()
    {
        FeedsFolder = "/nowhere",
        DataFolder = "/nowhere",
        Store = "sqlite:",
        PublicUrl = "https://feeds.example",
        AllowedHosts = allowed,
        AllowPrivateAddresses = allowPrivate,
    };
}
