using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

/// <summary>A server on loopback that answers with exactly the bytes it is told, right or wrong.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    /// <summary>Bounds for fetching from such a server where time is not what a test is about: no busy machine reaches them, and there are no pauses.</summary>
    public static readonly FetchLimits Patient = FetchLimits.Default with
    {
        Gap = TimeSpan.Zero,
        Connect = TimeSpan.FromMinutes(1),
        Headers = TimeSpan.FromMinutes(1),
        Silence = TimeSpan.FromMinutes(1),
        Total = TimeSpan.FromMinutes(2),
    };

    /// <summary>And where a test has to wait for them.</summary>
    public static readonly FetchLimits Impatient = Patient with { Headers = TimeSpan.FromSeconds(1), Silence = TimeSpan.FromSeconds(1), Total = TimeSpan.FromSeconds(2) };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public RawServer()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Root => $"http://127.0.0.1:{Port}";

    /// <summary>How each path answers, whatever its query unless that is named too; everything else is 404.</summary>
    public ConcurrentDictionary<string, Func<Request, NetworkStream, CancellationToken, Task>> Paths { get; } = new();

    /// <summary>Heads of all requests, in order.</summary>
    public ConcurrentQueue<Request> Requests { get; } = new();

    public int Connections;

    public Uri Url(string path) => new(Root + path);

    /// <summary>Answers with a status, a body and more header lines.</summary>
    public void Map(string path, string body, string status = "200 OK", string type = "application/rss+xml", params string[] headers) =>
        Map(path, _ => Answer(status, type, Encoding.UTF8.GetBytes(body), headers));

    public void Map(string path, Func<Request, byte[]> answer) => Paths[path] = async (request, stream, token) => await stream.WriteAsync(answer(request), token);

    public int Hits(string path) => Requests.Count(r => r.Path == path);

    public static byte[] Answer(string status, string type, byte[] body, params string[] headers)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    /// <summary>A head without length: the body lasts until the connection ends.</summary>
    public static byte[] Head(params string[] headers) => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref Connections);
                open.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream, _stop.Token);
                if (request is null) return;
                Requests.Enqueue(request);
                if (Paths.TryGetValue(request.Path, out var answer) || Paths.TryGetValue(request.Path.Split('?')[0], out answer)) await answer(request, stream, _stop.Token);
                else await stream.WriteAsync(Answer("404 Not Found", "text/plain", "nothing here"u8.ToArray()), _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The other side hung up, which is what many tests are about.
            }
        }
    }

    private static async Task<Request?> ReadAsync(NetworkStream stream, CancellationToken token)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, token) == 0) return null;
            head.Add(one[0]);
        }
        var lines = Encoding.UTF8.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).ToLookup(h => h[0], h => h[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, token);
        return new Request(first[0], first[1], headers, body);
    }

    internal sealed record Request(string Method, string Path, ILookup<string, string> Headers, byte[] Body)
    {
        public string? this[string header] => Headers[header].FirstOrDefault();
    }
}
