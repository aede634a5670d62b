using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace FeedService.Web;

/// <summary>
/// So many connections at a time, and so many from one address. A limit over all alone would let one client lock out everybody. Trusted proxies
/// and the machine's own processes, a reverse proxy among them, speak for many and are not counted by address.
/// </summary>
internal sealed class ConnectionLimit(int most, int mostOfOne, TrustedProxies proxies)
{
    private readonly ConcurrentDictionary<IPAddress, int> _ofOne = new();
    private int _open;

    /// <summary>How many addresses have a connection that counts.</summary>
    public int Addresses => _ofOne.Count;

    public async Task OnConnectionAsync(BaseConnectionContext connection, Func<Task> next)
    {
        var client = Counted(connection);
        if (Interlocked.Increment(ref _open) > most || (client is not null && _ofOne.AddOrUpdate(client, 1, static (_, count) => count + 1) > mostOfOne))
        {
            connection.Abort();
            Leave(client);
            return;
        }
        try
        {
            await next();
        }
        finally
        {
            Leave(client);
        }
    }

    private void Leave(IPAddress? client)
    {
        Interlocked.Decrement(ref _open);
        if (client is null) return;
        var left = _ofOne.AddOrUpdate(client, 0, static (_, count) => count - 1);
        // Only if nobody came meanwhile.
        if (left <= 0) _ofOne.TryRemove(new(client, left));
    }

    private IPAddress? Counted(BaseConnectionContext connection)
    {
        if ((connection.RemoteEndPoint as IPEndPoint)?.Address is not { } address || IPAddress.IsLoopback(address) || proxies.Contains(address)) return null;
        return ClientAddress.Of(address);
    }
}
