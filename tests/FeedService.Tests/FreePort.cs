using System.Net;
using System.Net.Sockets;

namespace FeedService.Tests;

/// <summary>A port of this machine that nobody listens at, and that is below those that the system gives to who asks for any: it stays free until it is used.</summary>
internal static class FreePort
{
    public static int Find()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody has it: another.
            }
        }
    }
}
