using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

// Upstreams that answer badly.
public sealed partial class PoliteFetcherTests
{
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_ends_in_a_clear_error(string fault, FetchFailure expected)
    {
        _ = Bomb.Value;
        _server.Paths["/feed"] = (_, stream, token) => FailAsync(fault, stream, token);
        // Only what ends by the clock is hurried: a busy machine would end the rest by it, too.
        using var fetcher = Fetcher(limits: expected == FetchFailure.Timeout ? RawServer.Impatient : null);

        var failure = await Assert.ThrowsAsync<FetchException>(() => fetcher.FetchAsync(new FetchRequest(_server.Root + "/feed") { MaxBytes = 1 << 20 }, CancellationToken.None));

        Assert.Equal(expected, failure.Failure);
        Assert.Contains("127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bomb_is_not_unpacked()
    {
        var answer = RawServer.Answer("200 OK", "text/xml", Bomb.Value, "Content-Encoding: gzip");
        _server.Map("/feed", _ => answer);
        await GetAsync("/robots.txt");
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await Assert.ThrowsAsync<FetchException>(() => _fetcher.FetchAsync(new FetchRequest(_server.Root + "/feed") { MaxBytes = 1 << 20 }, CancellationToken.None));

        // Growing a buffer to the cap takes twice the cap, and the server's side of the test takes some too.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 << 20);
    }

    private static byte[] Compress(string coding, byte[] bytes)
    {
        using var output = new MemoryStream();
        using (Stream stream = coding == "br" ? new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(bytes);
        return output.ToArray();
    }

    private static async Task FailAsync(string fault, NetworkStream stream, CancellationToken token)
    {
        var noise = new byte[6000];
        new Random(7).NextBytes(noise);
        var text = Encoding.ASCII.GetBytes(Convert.ToHexString(noise));
        var (gzip, brotli) = (Compress("gzip", text), Compress("br", text));
        byte[] Coded(string coding, byte[] bytes) => RawServer.Answer("200 OK", "text/xml", bytes, $"Content-Encoding: {coding}");
        byte[] Changed(byte[] bytes, Index at)
        {
            var copy = bytes.ToArray();
            copy[at] ^= 0x55;
            return copy;
        }

        async Task Forever(byte[] head, byte[] piece, TimeSpan pause)
        {
            await stream.WriteAsync(head, token);
            while (true)
            {
                await stream.WriteAsync(piece, token);
                if (pause != TimeSpan.Zero) await Task.Delay(pause, token);
            }
        }

        var chunk = "10000\r\n"u8.ToArray().Concat(new byte[65536]).Concat("\r\n"u8.ToArray()).ToArray();
        await (fault switch
        {
            "gzip cut in half" => Send(Coded("gzip", gzip[..(gzip.Length / 2)])),
            "gzip without its trailer" => Send(Coded("gzip", gzip[..^8])),
            "gzip with a wrong checksum" => Send(Coded("gzip", Changed(gzip, ^8))),
            "gzip with a wrong length" => Send(Coded("gzip", Changed(gzip, ^4))),
            "gzip twice" => Send(Coded("gzip, gzip", Compress("gzip", gzip))),
            "gzip that is plain text" => Send(Coded("gzip", text)),
            "brotli cut in half" => Send(Coded("br", brotli[..(brotli.Length / 2)])),
            "brotli that is noise" => Send(Coded("br", [0x0B, .. noise])),
            "brotli that turns into noise" => Send(Coded("br", [.. brotli[..^200], .. noise])),
            "zstd that nobody asked for" => Send(Coded("zstd", noise)),
            "gzip bomb" => Send(Coded("gzip", Bomb.Value)),
            "body without end" => Forever(RawServer.Head(), new byte[65536], TimeSpan.Zero),
            "chunks without end" => Forever(RawServer.Head("Transfer-Encoding: chunked"), chunk, TimeSpan.Zero),
            "length of ten terabytes" => Send(RawServer.Head("Content-Length: 10000000000000")),
            "length beyond counting" => Send(RawServer.Head("Content-Length: 99999999999999999999999")),
            "length below zero" => Send([.. RawServer.Head("Content-Length: -1"), .. text]),
            "two lengths" => Send([.. RawServer.Head("Content-Length: 10", $"Content-Length: {text.Length}"), .. text]),
            "two lengths in one line" => Send([.. RawServer.Head($"Content-Length: 10, {text.Length}"), .. text]),
            "body shorter than its length" => Send([.. RawServer.Head($"Content-Length: {text.Length + 500}"), .. text]),
            "connection reset" => Reset(),
            "bad chunk" => Send([.. RawServer.Head("Transfer-Encoding: chunked"), .. "zz\r\nabc\r\n"u8]),
            "no status line" => Send(text),
            "a hundred thousand headers" => Send(RawServer.Head([.. Enumerable.Range(0, 100_000).Select(i => $"X-{i}: y")])),
            "one giant header" => Send(RawServer.Head($"X: {new string('y', 5_000_000)}")),
            "interim answers without end" => Forever([], "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"u8.ToArray(), TimeSpan.FromMilliseconds(50)),
            "silence" => Task.Delay(Timeout.Infinite, token),
            "head byte by byte" => Forever("HTTP/1.1 200 OK\r\nX: "u8.ToArray(), "a"u8.ToArray(), TimeSpan.FromMilliseconds(50)),
            "body byte by byte" => Forever(RawServer.Head(), " "u8.ToArray(), TimeSpan.FromMilliseconds(50)),
            "body that falls silent" => Forever(RawServer.Head(), " "u8.ToArray(), Timeout.InfiniteTimeSpan),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        });

        Task Send(byte[] bytes) => stream.WriteAsync(bytes, token).AsTask();

        async Task Reset()
        {
            await Send([.. RawServer.Head("Content-Length: 99999"), .. text[..60]]);
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
        }
    }
}
