using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FeedService.Store;

namespace FeedService.Tests.HardDays;

/// <summary>Stands between a service and its PostgreSQL, which is then there, gone, or has no connection left, as a test wants it.</summary>
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

    public DatabaseProxy(string url)
    {
        var settings = PostgresUrl.Parse(url);
        _database = (settings.Host!, settings.Port);
        Url = new UriBuilder(url) { Host = "127.0.0.1", Port = _port }.Uri.AbsoluteUri;
    }

    public string Url { get; }

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

    public async ValueTask DisposeAsync() => await StopAsync();

    private void Break()
    {
        foreach (var client in _open.Keys) client.Dispose();
        _open.Clear();
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
            if (_full)
            {
                await RefuseAsync(client.GetStream());
                return;
            }

            using var server = new TcpClient();
            await server.ConnectAsync(_database.Host, _database.Port);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken, as asked for.
        }
        finally
        {
            client.Dispose();
            _open.TryRemove(client, out _);
        }
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
