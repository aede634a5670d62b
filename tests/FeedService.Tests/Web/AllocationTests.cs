using System.Net.Sockets;
using System.Text;

namespace FeedService.Tests.Web;

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a request costs in memory, on a connection that is kept; alone, since the whole process is counted.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private const int Rounds = 30;
    private const int RequestsPerRound = 200;

    // In the service a request costs nothing. A test's sockets complete on the pool instead of the thread that woke, since the test host has
    // opened sockets before the switch could be thrown: that is all that may come on top, and less than any string or task of ours.
    private const int CostOfThePool = 200;

    [Theory]
    [InlineData("known")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task A_feed_at_hand_costs_no_allocation(string kind)
    {
        await using var host = await WebHost.StartAsync();
        await host.PublishAsync(host.Define("harbour"), [.. Enumerable.Range(1, 50).Select(Large)]);
        var headers = kind == "identity" ? "" : "Accept-Encoding: gzip\r\n";
        using (var first = await host.GetAsync("/feeds/harbour.rss", kind == "identity" ? [] : [("Accept-Encoding", "gzip")]))
        {
            if (kind == "known") headers += $"If-None-Match: {first.Headers.ETag}\r\n";
        }
        var request = Encoding.ASCII.GetBytes($"GET /feeds/harbour.rss HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        var buffer = new byte[1 << 20];
        var length = Exchange(socket, request, buffer, null);

        // The compiler's tiers, timers and Kestrel's heartbeat allocate now and then: the best round is what a request costs.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < RequestsPerRound; i++) Exchange(socket, request, buffer, length);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / RequestsPerRound);
        }
        Assert.InRange(least, 0, CostOfThePool);
    }

    private static FeedService.Syndication.Article Large(int number) =>
        WebHost.Sample(number) with { Content = string.Concat(Enumerable.Range(0, 60).Select(i => $"<p>Paragraph {i} of report {number} on the tide.</p>")) };

    // Reads until the length that the first answer had, or, for the first, until nothing more comes.
    private static int Exchange(Socket socket, byte[] request, byte[] buffer, int? length)
    {
        socket.Send(request);
        var read = 0;
        if (length is { } whole)
        {
            while (read < whole) read += socket.Receive(buffer, read, whole - read, SocketFlags.None);
            return read;
        }
        do read += socket.Receive(buffer, read, buffer.Length - read, SocketFlags.None);
        while (socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectRead));
        return read;
    }
}
