using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace FeedService.Tests.HardDays;

/// <summary>
/// Requests that two servers in a row might take apart differently, with another hidden in them. They go to a feed's inbox with its token, where what
/// is taken is answered with 201, so that nothing is refused but for what is wrong with it.
/// </summary>
public sealed partial class AmbiguousRequestTests(RunningService service) : IClassFixture<RunningService>
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n";
    private const string Hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Post = "POST INBOX HTTP/1.1\r\nHost: a\r\n";
    private const string Chunked = Post + "Transfer-Encoding: chunked\r\n\r\n";

    private static readonly Dictionary<string, string> s_refused = new()
    {
        ["two lengths"] = Post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        ["a length with a plus"] = Post + "Content-Length: +4\r\n\r\nabcd",
        ["a negative length"] = Post + "Content-Length: -1\r\n\r\nabcd",
        ["a hexadecimal length"] = Post + "Content-Length: 0x4\r\n\r\nabcd",
        ["a length with a space in it"] = Post + "Content-Length: 4 4\r\n\r\nabcd",
        ["a length beyond counting"] = Post + "Content-Length: 99999999999999999999\r\n\r\nabcd",
        ["a length with an underscore"] = Post + "Content-Length: 1_0\r\n\r\naaaaaaaaaa",
        ["a space before the colon of the coding"] = Post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + Hidden,
        ["a space before the colon of the length"] = Post + "Content-Length : 4\r\n\r\nabcd" + Hidden,
        ["a coding that is none"] = Post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + Hidden,
        ["identity"] = Post + "Transfer-Encoding: identity\r\n\r\n" + Hidden,
        ["chunked, then identity"] = Post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Hidden,
        ["chunked, and in another line identity"] = Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + Hidden,
        ["a vertical tab before the coding"] = Post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" + Hidden,
        ["a coding in quotes"] = Post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + Hidden,
        ["a folded header"] = Get + "X: a\r\n b\r\n\r\n",
        ["a folded first header"] = "GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n",
        ["a bare CR in a value"] = Get + "X: a\rTransfer-Encoding: chunked\r\n\r\n",
        ["NUL in a value"] = Get + "X: a\0b\r\n\r\n",
        ["NUL in a name"] = Get + "X\0Y: a\r\n\r\n",
        ["no colon"] = Get + "Xab\r\n\r\n",
        ["no name"] = Get + ": x\r\n\r\n",
        ["a control character in a name"] = Get + "X\u0001: x\r\n\r\n",
        ["a bracket in a name"] = Get + "X(Y: x\r\n\r\n",
        ["a letter beyond ASCII in a name"] = Get + "X\u00e9: x\r\n\r\n",
        ["LF in a chunk's extension"] = Chunked + "2;\nxx\r\nab\r\n0\r\n\r\n",
        ["LF in a chunk's extension, and another request"] = Chunked + "1;\n\r\na\r\n40\r\n0\r\n\r\n" + Hidden + "\r\n0\r\n\r\n",
        ["CR in a chunk's extension"] = Chunked + "2;\rxx\r\nab\r\n0\r\n\r\n",
        ["a chunk's size with 0x"] = Chunked + "0x2\r\nab\r\n0\r\n\r\n",
        ["a chunk's size below zero"] = Chunked + "-2\r\nab\r\n0\r\n\r\n",
        ["a chunk's size beyond counting"] = Chunked + "ffffffffffffffff2\r\nab\r\n0\r\n\r\n",
        ["a chunk that does not end where it says"] = Chunked + "2\r\nabXX0\r\n\r\n",
        ["no host"] = "GET / HTTP/1.1\r\n\r\n",
        ["two hosts"] = "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        ["a host with a space"] = "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        ["a host with a path"] = "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        ["HTTP/2.0 in a line"] = "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        ["a control character in the method"] = "G\u0001T / HTTP/1.1\r\nHost: a\r\n\r\n",
        ["a space in the target"] = "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        ["a line of 16 kB"] = $"GET /{new string('a', 16384)} HTTP/1.1\r\nHost: a\r\n\r\n",
        ["a header of 64 kB"] = $"{Get}X: {new string('a', 65536)}\r\n\r\n",
        ["a thousand headers"] = $"{Get}{string.Concat(Enumerable.Repeat("X: y\r\n", 1000))}\r\n",
        ["CONNECT"] = "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
        ["TRACE"] = "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
        ["another protocol's beginning"] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Hidden,
    };

    // Refused or answered once: that is a server's choice, and what is hidden is no request in any case.
    private static readonly Dictionary<string, string> s_once = new()
    {
        ["the same length twice"] = Post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
        ["the same length twice in a line"] = Post + "Content-Length: 4, 4\r\n\r\nabcd",
        ["a length and a coding"] = Post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden,
        ["a coding and a length"] = Post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + Hidden,
        ["a coding in HTTP/1.0"] = "POST INBOX HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden,
        ["lines that end with LF"] = "GET / HTTP/1.1\nHost: a\n\n",
        ["a chunk's size that ends with LF"] = Chunked + "2\nab\r\n0\r\n\r\n",
        ["a chunk's extension of 1 MB"] = $"{Chunked}2;{new string('x', 1_000_000)}\r\nab\r\n0\r\n\r\n",
        ["trailers of 1 MB"] = $"{Chunked}0\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 200_000))}\r\n",
        ["another host in the target"] = "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        ["HTTP/1.9"] = "GET / HTTP/1.9\r\nHost: a\r\n\r\n",
        ["NUL in the target"] = "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        ["an expectation that is none"] = Post + "Expect: 200-ok\r\nContent-Length: 1\r\n\r\na",
        ["empty lines first"] = $"\r\n\r\n{Get}\r\n",
    };

    private static readonly Dictionary<string, (string Request, int Times)> s_taken = new()
    {
        ["a tab before the coding"] = (Post + "Transfer-Encoding:\tchunked\r\n\r\n4\r\nTide\r\n0\r\n\r\n", 1),
        ["a chunk's extension"] = (Chunked + "4;a=b\r\nTide\r\n0\r\n\r\n", 1),
        ["a length in a trailer"] = (Chunked + "4\r\nTide\r\n0\r\nContent-Length: 50\r\n\r\n", 1),
        ["two requests at once"] = ($"{Get}\r\n{Get}\r\n", 2),
        ["a body that nobody reads, then a request"] = ($"{Get}Content-Length: 3\r\n\r\nabc{Get}\r\n", 2),
    };

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    public static TheoryData<string> Once => [.. s_once.Keys];

    public static TheoryData<string> Taken => [.. s_taken.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused(string what)
    {
        var answers = await AskAsync(s_refused[what]);
        Assert.InRange(answers.Count, 0, 1);
        Assert.All(answers, status => Assert.InRange(status, 400, 505));
    }

    [Theory]
    [MemberData(nameof(Once))]
    public async Task It_is_one_request_at_most(string what) => Assert.InRange((await AskAsync(s_once[what])).Count, 0, 1);

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task It_is_taken_as_it_is_meant(string what)
    {
        var answers = await AskAsync(s_taken[what].Request);
        Assert.Equal(s_taken[what].Times, answers.Count);
        Assert.All(answers, status => Assert.InRange(status, 200, 299));
    }

    /// <summary>Sends it, and when there is an answer a last request: what else was answered before that one was in the first.</summary>
    private async Task<IReadOnlyList<int>> AskAsync(string request)
    {
        const string Last = "\r\n\r\nok\n";
        var slug = await service.DefineAsync("sources: [{inbox: true}]");
        var token = await service.TokenAsync(slug);
        request = request.Replace("INBOX", $"/feeds/{slug}/articles", StringComparison.Ordinal)
            .Replace("\r\nHost: a\r\n", $"\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: text/plain\r\n", StringComparison.Ordinal);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var answer = new StringBuilder();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request));
            var buffer = new byte[16 << 10];
            for (int length; (length = await socket.ReceiveAsync(buffer)) > 0;)
            {
                if (answer.Length == 0) await socket.SendAsync("GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray());
                answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }
        catch (SocketException)
        {
            // Refused in the middle of it: what came before counts.
        }
        var text = answer.ToString();
        var statuses = Status().Matches(text).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).Where(status => status != 100).ToList();
        return text.EndsWith(Last, StringComparison.Ordinal) ? statuses[..^1] : statuses;
    }

    // Not at the beginning of a line: a page before it need not end with one.
    [GeneratedRegex("HTTP/1\\.[01] ([0-9]{3}) ")]
    private static partial Regex Status();
}
