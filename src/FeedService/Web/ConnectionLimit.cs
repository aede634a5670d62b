using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace FeedService.Web;

/// <summary>
/// So many connections from one address at a time. A limit over all alone would let one client lock out everybody. Trusted proxies and the
/// machine's own processes, a reverse proxy among them, speak for many and are not counted.
/// </summary>
internal sealed class ConnectionLimit(int most, TrustedProxies proxies)
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    public int Addresses => _open.Count;

    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if ((connection.RemoteEndPoint as IPEndPoint)?.Address is not { } remote || IPAddress.IsLoopback(remote) || proxies.Contains(remote))
        {
            await next(connection);
            return;
        }
        var client = Client(remote);
        if (_open.AddOrUpdate(client, 1, static (_, count) => count + 1) > most)
        {
            Leave(client);
            connection.Abort();
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(client);
        }
    }

    private void Leave(IPAddress client)
    {
        var left = _open.AddOrUpdate(client, 0, static (_, count) => count - 1);
        // Only if nobody came meanwhile.
        if (left <= 0) _open.TryRemove(new(client, left));
    }

    // Who has an IPv6 address has 2^64 of them.
    private static IPAddress Client(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }
}
