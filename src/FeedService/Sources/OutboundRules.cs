using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FeedService.Configuration;

namespace FeedService.Sources;

/// <summary>Where requests may go: which URLs are well-formed and which addresses are public. The same answer for feeds, pages, sitemaps, icons, hubs and callbacks.</summary>
public sealed class OutboundRules(ServiceSettings settings)
{
    public const int MaxUrlLength = 4096;

    /// <summary>What an operator may open: networks that people run. Link-local ones, where clouds keep their secrets, are not among them.</summary>
    private static readonly IPNetwork[] Private =
    [
        .. Ranges("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    ];

    /// <summary>IANA's registry of special-purpose addresses, what is not global in it.</summary>
    private static readonly IPNetwork[] SpecialV4 =
    [
        .. Ranges(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    ];

    /// <summary>All that is handed out as global unicast. NAT64, 6to4's relatives, local, mapped, multicast and future ranges lie outside.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Within it: IETF protocols with Teredo, documentation, 6to4.</summary>
    private static readonly IPNetwork[] SpecialV6 = [.. Ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")];

    private readonly HashSet<string> _allowed = new(settings.AllowedHosts.Select(h => h.Trim().TrimEnd('.')), StringComparer.OrdinalIgnoreCase);

    /// <summary>Where this service itself listens; it never asks itself, wherever private addresses are allowed.</summary>
    public IReadOnlyCollection<IPEndPoint> OwnEndPoints { get; set; } = [];

    /// <summary>Reads a URL that may be asked, absolute or relative to another: http or https, with a host, without credentials or tricks.</summary>
    /// <exception cref="FetchException">It may not; the message says why.</exception>
    public static Uri Parse(string text, Uri? baseUrl = null)
    {
        if (text.Length == 0) throw Refuse("the URL is empty");
        if (text.Length > MaxUrlLength) throw Refuse($"the URL has more than {MaxUrlLength} characters");
        // Programs disagree about where a host ends when these are in a URL.
        if (text.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || text.AsSpan().ContainsAny('\\', '\u007f')) throw Refuse("the URL contains a space, a backslash or a control character");
        if (!(baseUrl is null ? Uri.TryCreate(text, UriKind.Absolute, out var url) : Uri.TryCreate(baseUrl, text, out url))) throw Refuse("it is not a URL");
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) throw Refuse($"only http and https are fetched, not {url.Scheme}");
        if (url.UserInfo.Length > 0) throw Refuse("a URL with a user name or password is not fetched; take the part before the @ away");
        if (url.Host.Length == 0 || url.IdnHost.Length > 255) throw Refuse("the URL has no proper host");
        var start = text.IndexOf("//", StringComparison.Ordinal);
        var authority = start is >= 0 and < 8 ? text.AsSpan(start + 2) : default;
        var end = authority.IndexOfAny('/', '?', '#');
        if (end >= 0) authority = authority[..end];
        if (authority.ContainsAny('%', '@')) throw Refuse("the URL's host contains % or @");
        return url;
    }

    /// <summary>Whether a URL's port may be asked: the usual ones, and those that the operator named.</summary>
    public bool IsPortAllowed(Uri url, Uri? configured) =>
        url.Port is 80 or 443 || settings.AllowPrivateAddresses || IsHostAllowed(url.IdnHost, url.Port)
        || (configured is not null && configured.Port == url.Port && string.Equals(configured.IdnHost, url.IdnHost, StringComparison.OrdinalIgnoreCase));

    /// <summary>The addresses of a host, all of which may be connected to.</summary>
    /// <exception cref="FetchException">The name does not resolve, or to an address that is not public.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new FetchException(FetchFailure.Unreachable, $"the name {host} cannot be resolved", e);
        }
        if (addresses.Length == 0) throw new FetchException(FetchFailure.Unreachable, $"the name {host} cannot be resolved");
        // One bad address among good ones is a trick, or soon will be.
        foreach (var address in addresses) Check(host, new IPEndPoint(address, port));
        return addresses;
    }

    /// <summary>Judges the very address that is connected to.</summary>
    /// <exception cref="FetchException">It is not public, and not allowed either.</exception>
    public void Check(string host, IPEndPoint endPoint)
    {
        if (IsOwn(endPoint)) throw Refuse($"{host} is this service itself");
        if (!IsPublic(endPoint.Address) && !IsHostAllowed(host, endPoint.Port) && !(settings.AllowPrivateAddresses && Private.Any(range => range.Contains(Unmapped(endPoint.Address)))))
            throw Refuse($"{host} is not on the public internet; where it is meant, allow it in FeedService:AllowedHosts");
    }

    /// <summary>Whether an address is one that anybody on the internet can reach.</summary>
    public static bool IsPublic(IPAddress address)
    {
        address = Unmapped(address);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !SpecialV4.Any(range => range.Contains(address))
            : address.ScopeId == 0 && GlobalV6.Contains(address) && !SpecialV6.Any(range => range.Contains(address));
    }

    private bool IsHostAllowed(string host, int port) => _allowed.Contains(host) || _allowed.Contains($"{host}:{port}");

    private bool IsOwn(IPEndPoint target)
    {
        var address = Unmapped(target.Address);
        return OwnEndPoints.Any(own => own.Port == target.Port
            && (own.Address.Equals(address) || ((own.Address.Equals(IPAddress.Any) || own.Address.Equals(IPAddress.IPv6Any)) && IsOfThisMachine(address))));
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IEnumerable<IPNetwork> Ranges(params IEnumerable<string> ranges) => ranges.Select(range => IPNetwork.Parse(range));

    private static bool IsOfThisMachine(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || NetworkInterface.GetAllNetworkInterfaces().Any(i => i.GetIPProperties().UnicastAddresses.Any(a => a.Address.Equals(address)));

    private static FetchException Refuse(string message) => new(FetchFailure.Refused, message);
}
