using System.Security.Cryptography;
using System.Text;

namespace FeedService.Syndication;

/// <summary>UUIDs that are computed from a name, so that every node mints the same one (RFC 9562, 5.5).</summary>
public static class NameUuid
{
    /// <summary>The version 5 UUID of a name.</summary>
    /// <param name="ns">The name space, itself a UUID, such as those of RFC 9562, 6.6.</param>
    /// <param name="name">Any text; it is taken as UTF-8, without normalization.</param>
    public static Guid Create(Guid ns, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        ns.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 prescribes SHA-1 for version 5; nothing here depends on its strength.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
