using System.Security.Cryptography;
using System.Text;

namespace FeedService.WebSub;

/// <summary>Proof that who sends a delivery knows the subscription's secret (WebSub, 7.1): <c>method=hex</c>, an HMAC of the body.</summary>
internal static class Signature
{
    public const string Header = "X-Hub-Signature";

    /// <summary>The standard wants fewer bytes than this.</summary>
    public const int SecretLimit = 200;

    public static string Sign(ReadOnlySpan<byte> body, string secret) => $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    /// <summary>Whether a signature is right and strong: SHA-1 proves nothing any more.</summary>
    public static bool IsValid(string? signature, ReadOnlySpan<byte> body, string secret)
    {
        if (signature?.Split('=') is not [var method, var hex] || hex.Length > 2 * SHA512.HashSizeInBytes || hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit)) return false;
        var key = Encoding.UTF8.GetBytes(secret);
        var expected = method.ToLowerInvariant() switch
        {
            "sha256" => HMACSHA256.HashData(key, body),
            "sha384" => HMACSHA384.HashData(key, body),
            "sha512" => HMACSHA512.HashData(key, body),
            _ => [],
        };
        return expected.Length > 0 && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(hex), expected);
    }
}
