using System.Net;
using System.Net.Sockets;

namespace FeedService.Web;

/// <summary>What stands for a client where clients are told apart by their addresses.</summary>
internal static class ClientAddress
{
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        // Who has an IPv6 address has 2^64 of them.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }
}
