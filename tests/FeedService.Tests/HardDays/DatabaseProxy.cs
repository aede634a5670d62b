using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FeedService.Store;

namespace FeedService.Tests.HardDays;

/// <summary>Stands between a service and its PostgreSQL, which is then there, gone, slow, cut off, or has no connection left, as a test wants it.</summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;

    private readonly (string Host, int Port) _database;
    private readonly int _port = FreePort.Find();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private volatile bool _full;
    private volatile bool _resets;
    private TaskCompletionSource? _silence;
    private long _delay;

    public DatabaseProxy(string url)
    {
        var settings = PostgresUrl.Parse(url);
        _database = (settings.Host!, settings.Port);
        Url = Through(url);
    }

    public string Url { get; }

    /// <summary>How long what either side sends is on its way.</summary>
    public TimeSpan Delay
    {
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    /// <summary>The same way to another schema.</summary>
    public string Through(string url) => new UriBuilder(url) { Host = "127.0.0.1", Port = _port }.Uri.AbsoluteUri;

    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>As when the server ends at once: connections break, and new ones are refused.</summary>
    public async Task StopAsync()
    {
        _listener?.Stop();
        Break();
        await _accepting;
    }

    /// <summary>New connections get the server's own answer that there are too many.</summary>
    public void Fill(bool full)
    {
        _full = full;
        Break();
    }

    /// <summary>As when the network lets nothing through: connections stay, and neither side hears of the other until what was sent arrives at last.</summary>
    public void Silence() => Volatile.Write(ref _silence, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>As when a firewall forgets its connections: whatever anybody says, it says no (RST), also to those who come anew.</summary>
    public void Reset()
    {
        _resets = true;
        Break();
    }

    public void Heal()
    {
        _resets = false;
        Interlocked.Exchange(ref _silence, null)?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Heal();
        await StopAsync();
    }

    private void Break()
    {
        foreach (var client in _open.Keys) End(client);
        _open.Clear();
    }

    private void End(TcpClient client)
    {
        try
        {
            if (_resets) client.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side was faster.
        }
        client.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _open[client] = true;
        try
        {
            if (_resets) return;
            if (_full)
            {
                await RefuseAsync(client.GetStream());
                return;
            }

            using var server = new TcpClient();
            await server.ConnectAsync(_database.Host, _database.Port);
            await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream()), PassAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken, as asked for.
        }
        finally
        {
            End(client);
            _open.TryRemove(client, out _);
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                if (Interlocked.Read(ref _delay) is > 0 and var delay) await Task.Delay(TimeSpan.FromTicks(delay));
                await Heard();
                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        finally
        {
            // That one side hung up is not heard of either.
            await Heard();
        }

        Task Heard() => Volatile.Read(ref _silence)?.Task ?? Task.CompletedTask;
    }

    // https://www.postgresql.org/docs/current/protocol-flow.html: after the startup message an ErrorResponse, as the server sends it.
    private static async Task RefuseAsync(NetworkStream stream)
    {
        var head = new byte[8];
        while (true)
        {
            await stream.ReadExactlyAsync(head);
            if (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) is not (SslRequest or GssRequest)) break;
            await stream.WriteAsync("N"u8.ToArray());
        }
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(head) - head.Length]);
        var fields = Encoding.ASCII.GetBytes("SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0");
        var answer = new byte[5 + fields.Length];
        answer[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(1), 4 + fields.Length);
        fields.CopyTo(answer, 5);
        await stream.WriteAsync(answer);
    }
}
