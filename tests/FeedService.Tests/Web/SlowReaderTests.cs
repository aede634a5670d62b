using System.Net;
using System.Net.Sockets;
using System.Text;
using FeedService.Configuration;
using FeedService.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Web;

/// <summary>Readers who take their time, and readers who leave: each gets one whole version of what he asked for, or nothing more.</summary>
public sealed class SlowReaderTests
{
    // Far more than a socket takes at once.
    private const int Articles = 200;
    private const int Paragraphs = 1000;

    [Fact]
    public async Task A_slow_reader_gets_the_version_that_he_asked_for_though_a_newer_one_comes_out_meanwhile()
    {
        await using var host = await WebHost.StartAsync();
        await PublishLargeAsync(host);
        var expected = await host.Client.GetByteArrayAsync("/feeds/harbour.rss");
        Assert.True(expected.Length > 8 << 20);

        using var socket = await AskAsync(host, "/feeds/harbour.rss", times: 1);
        var beginning = await ReadAsync(socket, 100_000);
        await host.PublishSampleAsync();
        var answer = (byte[])[.. beginning, .. await ReadToEndAsync(socket)];

        Assert.Equal(expected, Body(answer));
        Assert.NotEqual(expected, await host.Client.GetByteArrayAsync("/feeds/harbour.rss"));
    }

    [Fact]
    public async Task Requests_sent_in_one_go_are_answered_one_after_the_other_and_whole()
    {
        await using var host = await WebHost.StartAsync();
        await host.PublishSampleAsync();
        var feed = await host.Client.GetByteArrayAsync("/feeds/harbour.rss");
        var index = await host.Client.GetByteArrayAsync("/");

        using var socket = await AskAsync(host, "/feeds/harbour.rss", times: 300, between: "/");
        var answers = await ReadToEndAsync(socket);

        Assert.Equal(300, Count(answers, feed));
        Assert.Equal(299, Count(answers, index));
    }

    [Fact]
    public async Task Readers_who_leave_in_the_middle_cost_the_others_nothing()
    {
        await using var host = await WebHost.StartAsync();
        await PublishLargeAsync(host);
        for (var i = 0; i < 20; i++)
        {
            using var socket = await AskAsync(host, "/feeds/harbour.rss", times: 3);
            await ReadAsync(socket, 5000 * i);
            // Without a goodbye.
            socket.LingerState = new(true, 0);
        }

        var feed = await host.Client.GetByteArrayAsync("/feeds/harbour.rss");
        Assert.EndsWith("</rss>", Encoding.UTF8.GetString(feed).TrimEnd(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Slow =>
    [
        "GET /feeds/harbour.rss HTTP/1.1\r\nHost: a\r\nX: ",
        "POST /feeds/harbour/articles HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\na",
        "GET /feeds/harbour.rss HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Slow))]
    public async Task Who_neither_speaks_nor_listens_is_let_go_of_and_others_are_served_meanwhile(string beginning)
    {
        const int Clients = 100;
        await using var host = await WebHost.StartAsync();
        await PublishLargeAsync(host);
        var sockets = new List<Socket>();
        for (var i = 0; i < Clients; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 << 10 };
            await socket.ConnectAsync(host.Address.Host, host.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(beginning));
            sockets.Add(socket);
        }

        var limit = host.Services.GetRequiredService<ConnectionPlaces>();
        await Eventually.HoldsAsync(() => Assert.InRange(limit.Taken, Clients, int.MaxValue));
        // The pool's own connection stays. Whoever sends or takes nothing has five seconds, a connection without a request thirty.
        await Eventually.HoldsAsync(async () =>
        {
            using var honest = await host.GetAsync("/feeds/harbour.atom");
            Assert.Equal(HttpStatusCode.OK, honest.StatusCode);
            Assert.InRange(limit.Taken, 0, 10);
        });
        foreach (var socket in sockets) socket.Dispose();
    }

    [Fact]
    public async Task One_address_takes_no_places_from_others()
    {
        var limit = new ConnectionLimit(10, 3, new(["192.0.2.9"]));
        var release = new TaskCompletionSource();
        // An IPv6 client has all addresses of its network.
        var let = new Dictionary<string, int>();
        var connections = new List<DefaultConnectionContext>();
        var going = new List<Task>();
        foreach (var address in (string[])["203.0.113.1", "::ffff:203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.9"])
        {
            for (var i = 0; i < 3; i++)
            {
                var connection = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1000 + i) };
                connections.Add(connection);
                going.Add(limit.OnConnectionAsync(connection, async () =>
                {
                    let[address] = let.GetValueOrDefault(address) + 1;
                    await release.Task;
                }));
            }
        }

        // Ten in all, and three of one; who speaks for many counts as one of the ten.
        Assert.Equal(["2001:db8:0:1::1 1", "2001:db8::1 3", "203.0.113.1 3", "203.0.113.2 3"], let.Select(one => $"{one.Key} {one.Value}").Order(StringComparer.Ordinal));
        // The others are turned away, each on a thread of the pool.
        await Eventually.HoldsAsync(() => Assert.Equal(connections.Count - let.Values.Sum(), connections.Count(connection => connection.ConnectionClosed.IsCancellationRequested)));
        release.SetResult();
        await Task.WhenAll(going);
        Assert.Equal(0, limit.Addresses);
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    private static Task<FeedDefinition> PublishLargeAsync(WebHost host) =>
        host.PublishAsync(host.Define("harbour"), [.. Enumerable.Range(1, Articles).Select(number => WebHost.Sample(number) with
        {
            Content = string.Concat(Enumerable.Range(0, Paragraphs).Select(i => $"<p>Paragraph {i} of the long report {number}.</p>")),
        })]);

    private static async Task<Socket> AskAsync(WebHost host, string path, int times, string? between = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 << 10 };
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        var one = $"GET {path} HTTP/1.1\r\nHost: localhost\r\n";
        var another = between is null ? "" : $"GET {between} HTTP/1.1\r\nHost: localhost\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"{one}\r\n{another}", times - 1)) + $"{one}Connection: close\r\n\r\n"));
        return socket;
    }

    // In small pieces.
    private static async Task<byte[]> ReadAsync(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;) read += await socket.ReceiveAsync(bytes.AsMemory(read, Math.Min(1000, length - read)));
        return bytes;
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await socket.ReceiveAsync(buffer) is > 0 and var read) whole.Write(buffer, 0, read);
        return whole.ToArray();
    }

    private static byte[] Body(byte[] answer) => answer[(answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    private static int Count(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (var at = bytes.IndexOf(part); at >= 0; at = bytes.IndexOf(part))
        {
            count++;
            bytes = bytes[(at + part.Length)..];
        }
        return count;
    }
}
