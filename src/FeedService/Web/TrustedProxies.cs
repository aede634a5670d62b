using System.Net;

namespace FeedService.Web;

/// <summary>Addresses and ranges whose forwarded headers are believed.</summary>
internal sealed class TrustedProxies
{
    private readonly IReadOnlyList<IPNetwork> _networks;

    /// <exception cref="FormatException">An entry is neither an address nor a range.</exception>
    public TrustedProxies(IEnumerable<string> entries) => _networks = [.. entries.Select(Parse)];

    public IReadOnlyList<IPNetwork> Networks => _networks;

    public bool Contains(IPAddress address)
    {
        if (_networks.Count == 0) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(network => network.Contains(plain));
    }

    private static IPNetwork Parse(string entry)
    {
        if (IPNetwork.TryParse(entry, out var network)) return network;
        if (IPAddress.TryParse(entry, out var address)) return new(address, address.GetAddressBytes().Length * 8);
        throw new FormatException($"Trusted proxies: '{entry}' is neither an address (10.0.0.1) nor a range (10.0.0.0/8).");
    }
}
