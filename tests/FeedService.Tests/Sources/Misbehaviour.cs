using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace FeedService.Tests.Sources;

/// <summary>What a server may do after it was good once, and what is then said of it.</summary>
internal static class Misbehaviour
{
    /// <summary>Each fault with words of the problem that it makes; null where it makes none.</summary>
    public static IReadOnlyDictionary<string, string?> Outcomes { get; } = new Dictionary<string, string?>
    {
        ["silence"] = "took too long with the answer's head",
        ["dripping head"] = "took too long with the answer's head",
        ["dripping"] = "took too long with the answer's body",
        ["endless"] = "sent more than",
        ["endless in chunks"] = "sent more than",
        ["bomb"] = "sent more than",
        ["giant length"] = "sent more than",
        ["giant head"] = "32 kB of headers",
        ["cut"] = "cut off",
        ["cut compression"] = "damaged or cut off",
        ["no compression"] = "damaged or cut off",
        ["wrong sum"] = "damaged or cut off",
        ["compressed twice"] = "coding that was not asked for",
        ["unasked coding"] = "coding that was not asked for",
        ["reset"] = "the connection broke",
        ["two lengths"] = "Content-Length that cannot be",
        ["length below zero"] = "Content-Length that cannot be",
        ["bad chunk"] = "not proper HTTP",
        ["no head"] = "127.0.0.1: the answer",
        ["noise"] = "not a feed",
        ["web page"] = "a web page instead of a feed",
        ["empty"] = "empty",
        ["no items"] = null,
        ["too many items"] = "more than 20000 items",
        ["half a feed"] = "ends before its first item does",
        ["401"] = "401: it wants a login",
        ["403"] = "403: it wants a login or refuses programs",
        ["404"] = "404 (Not Found)",
        ["410"] = "gone for good",
        ["429"] = "429 (Too Many Requests)",
        ["500"] = "500 (Internal Server Error)",
        ["503"] = "503 (Service Unavailable)",
        ["304"] = "304 (not modified) although nothing was known",
        ["nowhere"] = "the URL is empty",
        ["circle"] = "more than 5 redirects",
        ["another port"] = "is not one that is fetched from",
        ["inside"] = "not on the public internet",
        ["inside by name"] = "not on the public internet",
        ["inside in IPv6"] = "not on the public internet",
        ["inside for good"] = "not on the public internet",
        ["private"] = "not on the public internet",
        ["link-local"] = "not on the public internet",
        ["carrier's network"] = "not on the public internet",
        ["multicast"] = "not on the public internet",
        ["NAT64"] = "not on the public internet",
        ["6to4"] = "not on the public internet",
        ["unique local"] = "not on the public internet",
        ["one number"] = "not on the public internet",
        ["file"] = "only http and https are fetched, not file",
        ["credentials"] = "user name",
        ["nothing listens"] = "cut off",
    };

    public static void AssertOutcome(string fault, IEnumerable<string> problems, string url)
    {
        if (Outcomes[fault] is not { } words)
        {
            Assert.Empty(problems);
            return;
        }
        var problem = Assert.Single(problems);
        Assert.StartsWith(url, problem, StringComparison.Ordinal);
        // On a busy machine time may run out before anything else does.
        if (!problem.Contains("took too long", StringComparison.Ordinal)) Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    /// <param name="fault">A key of <see cref="Outcomes"/>.</param>
    /// <param name="good">A feed with something new, which must not come through.</param>
    /// <param name="without">The same feed without items.</param>
    /// <param name="inside">A port of this machine that nobody may be led to.</param>
    /// <param name="stream">The client.</param>
    /// <param name="token">Ends what would last for ever.</param>
    public static async Task RunAsync(string fault, byte[] good, byte[] without, int inside, NetworkStream stream, CancellationToken token)
    {
        await (fault switch
        {
            "silence" => Task.Delay(Timeout.Infinite, token),
            "dripping head" => Forever("HTTP/1.1 200 OK\r\nX: "u8.ToArray(), "y"u8.ToArray(), 100),
            "dripping" => Forever(RawServer.Head(), " "u8.ToArray(), 100),
            "endless" => Forever(RawServer.Head(), new byte[1 << 16], 0),
            "endless in chunks" => Forever(RawServer.Head("Transfer-Encoding: chunked"), [.. "10000\r\n"u8, .. new byte[1 << 16], .. "\r\n"u8], 0),
            "bomb" => Send(RawServer.Answer("200 OK", "text/xml", Gzip(new byte[64 << 20]), "Content-Encoding: gzip")),
            "giant length" => Send([.. RawServer.Head("Content-Length: 10000000000000"), .. good]),
            "giant head" => Send([.. RawServer.Head($"X: {new string('y', 1 << 20)}"), .. good]),
            "cut" => Send([.. RawServer.Head($"Content-Length: {good.Length + 9}"), .. good]),
            "cut compression" => Send(RawServer.Answer("200 OK", "text/xml", Gzip(good)[..^8], "Content-Encoding: gzip")),
            "no compression" => Send(RawServer.Answer("200 OK", "text/xml", good, "Content-Encoding: gzip")),
            "wrong sum" => Send(RawServer.Answer("200 OK", "text/xml", [.. Gzip(good)[..^8], 0, 0, 0, 0, .. Gzip(good)[^4..]], "Content-Encoding: gzip")),
            "compressed twice" => Send(RawServer.Answer("200 OK", "text/xml", Gzip(Gzip(good)), "Content-Encoding: gzip, gzip")),
            "unasked coding" => Send(RawServer.Answer("200 OK", "text/xml", good, "Content-Encoding: zstd")),
            "reset" => Reset(),
            "two lengths" => Send([.. RawServer.Head("Content-Length: 7", $"Content-Length: {good.Length}"), .. good]),
            "length below zero" => Send([.. RawServer.Head("Content-Length: -1"), .. good]),
            "bad chunk" => Send([.. RawServer.Head("Transfer-Encoding: chunked"), .. "zz\r\nabc\r\n"u8]),
            "no head" => Send(good),
            "noise" => Send([.. RawServer.Head(), 1, 2, 3, 0xFF, 0xFE, 0, 0x81]),
            "web page" => Send(RawServer.Answer("200 OK", "text/html", "<!doctype html><title>Hotel</title><a href=/login>Log in</a>"u8.ToArray())),
            "empty" => Send(RawServer.Answer("200 OK", "text/xml", [])),
            "no items" => Send(RawServer.Answer("200 OK", "text/xml", without)),
            "too many items" => Send(RawServer.Answer("200 OK", "text/xml", Encoding.UTF8.GetBytes(SmallInternet.Rss([.. Enumerable.Range(0, 20_001).Select(i => $"{i}")])))),
            "half a feed" => Send(RawServer.Answer("200 OK", "text/xml", good[..150])),
            "429" or "503" => Send(RawServer.Answer($"{fault} X", "text/plain", [], "Retry-After: 60")),
            "nowhere" => Send(RawServer.Answer("302 Found", "text/plain", [])),
            "circle" => Send(Redirect("?again")),
            "another port" => Send(Redirect($"http://127.0.0.1:{inside}/")),
            "inside" => Send(Redirect("http://127.0.0.2/")),
            "inside by name" => Send(Redirect("http://localhost/")),
            "inside in IPv6" => Send(Redirect("http://[::ffff:127.0.0.1]/")),
            "inside for good" => Send(RawServer.Answer("301 Moved Permanently", "text/plain", [], "Location: http://127.0.0.2/")),
            "private" => Send(Redirect("http://10.0.0.1/")),
            "link-local" => Send(Redirect("http://169.254.169.254/latest/meta-data/")),
            "carrier's network" => Send(Redirect("http://100.64.0.1/")),
            "multicast" => Send(Redirect("http://224.0.0.1/")),
            "NAT64" => Send(Redirect("http://[64:ff9b::7f00:1]/")),
            "6to4" => Send(Redirect("http://[2002:7f00:1::]/")),
            "unique local" => Send(Redirect("http://[fd00::1]/")),
            "one number" => Send(Redirect("http://2130706433/")),
            "file" => Send(Redirect("file:///etc/hostname")),
            "credentials" => Send(Redirect($"http://user:secret@127.0.0.1:{inside}/feed")),
            "nothing listens" => Task.CompletedTask,
            _ => Send(RawServer.Answer($"{fault} X", "text/plain", [])),
        });

        Task Send(byte[] bytes) => stream.WriteAsync(bytes, token).AsTask();

        static byte[] Redirect(string to) => RawServer.Answer("302 Found", "text/plain", [], $"Location: {to}");

        async Task Forever(byte[] head, byte[] piece, int pause)
        {
            await Send(head);
            while (true)
            {
                await Send(piece);
                if (pause > 0) await Task.Delay(pause, token);
            }
        }

        async Task Reset()
        {
            await Send(RawServer.Head("Content-Length: 99999"));
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest)) gzip.Write(bytes);
        return output.ToArray();
    }
}
