using System.Net.Sockets;
using System.Text;
using FeedService.Configuration;

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
