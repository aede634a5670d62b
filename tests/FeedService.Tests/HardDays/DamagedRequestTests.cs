using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FeedService.Syndication.Tests.HardDays;
using FeedService.Tests.Web;

namespace FeedService.Tests.HardDays;

/// <summary>Damaged requests are refused or answered, never with an error of the service's own. <c>tests/fuzz</c> is the long form.</summary>
public sealed partial class DamagedRequestTests
{
    private const int Rounds = 300;

    private static readonly TimeSpan _hang = TimeSpan.FromMinutes(1);

    private static readonly byte[][] _requests = [.. ((string[])
    [
        "GET /feeds/harbour.rss HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br;q=0.5\r\nIf-None-Match: W/\"a\", \"b\"\r\nConnection: close\r\n\r\n",
        "GET /feeds/harbour.atom HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: Sat, 14 Mar 2026 12:00:00 GMT\r\nA-IM: feed\r\nConnection: close\r\n\r\n",
        "GET /feeds/harbour HTTP/1.1\r\nHost: a\r\nAccept: text/html;q=0.9, application/feed+json, */*;q=0.1\r\nConnection: close\r\n\r\n",
        "HEAD /feeds/harbour.json HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\nUser-Agent: Reader/1.0 (24 subscribers)\r\nConnection: close\r\n\r\n",
        "GET /feeds/harbour/articles/ship-1-is-in HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\nConnection: close\r\n\r\n",
        "GET /?page=2 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n",
        "POST /feeds/harbour/articles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{\"title\":\"a ship\"}",
        "POST /hub HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 23\r\nConnection: close\r\n\r\nhub.mode=subscribe&a=%41",
        "GET /status HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YTpi\r\nConnection: close\r\n\r\n",
        "POST /feeds/harbour.rss HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "GET /feeds.opml HTTP/1.1\r\nHost: a\r\n\r\nGET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ]).Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public async Task Damage_costs_nothing_but_the_request()
    {
        await using var host = await WebHost.StartAsync();
        await host.PublishSampleAsync();
        var seconds = int.Parse(Environment.GetEnvironmentVariable("FEEDSERVICE_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var seed = seconds > 0 ? Random.Shared.Next() : 20251208;
        var damage = new Damage(_requests, seed);
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < Rounds || clock.Elapsed.TotalSeconds < seconds; round++)
        {
            var request = damage.Next();
            var answer = await SendAsync(host, request);
            if (Errors().Match(answer) is { Success: true } error)
                Assert.Fail($"seed {seed}, round {round}: {error.Value}, to {Convert.ToBase64String(request)}");
        }

        using var honest = await host.GetAsync("/feeds/harbour.rss");
        Assert.True(honest.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("HeAD /feeds/harbour.json")]
    [InlineData("get /feeds/harbour.rss")]
    [InlineData("Head /")]
    [InlineData("head /feeds/harbour/articles/nothing")]
    public async Task A_method_in_other_letters_is_another_method(string line)
    {
        await using var host = await WebHost.StartAsync();
        await host.PublishSampleAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        using var answer = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 501 Not Implemented", await answer.ReadLineAsync());
    }

    /// <summary>Sends, says that nothing follows, and takes all that comes until the server closes.</summary>
    private static async Task<string> SendAsync(WebHost host, byte[] request)
    {
        using var late = new CancellationTokenSource(_hang);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.Address.Host, host.Address.Port, late.Token);
        var answer = new List<byte>();
        try
        {
            await socket.SendAsync(request, late.Token);
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16 * 1024];
            for (int length; (length = await socket.ReceiveAsync(buffer, late.Token)) > 0;) answer.AddRange(buffer.AsSpan(0, length));
        }
        catch (SocketException)
        {
            // Refused in the middle of it: what came before counts.
        }
        return Encoding.Latin1.GetString([.. answer]);
    }

    // 501 and 505 are about the request (RFC 9110, 15.6.2 and 15.6.6).
    [GeneratedRegex("^HTTP/1\\.1 5(?!01|05)..[^\r]*", RegexOptions.Multiline)]
    private static partial Regex Errors();
}
