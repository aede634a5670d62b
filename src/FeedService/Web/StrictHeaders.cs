using System.Buffers;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace FeedService.Web;

/// <summary>
/// Refuses headers that Kestrel takes and a proxy before it may read otherwise. Kestrel asks for the encoding of each header whose value is not that
/// of the last request on the connection, and answers 400 to what is thrown then: the one place where a name can be judged before it is forgotten.
/// </summary>
internal static class StrictHeaders
{
    // RFC 9110, 5.6.2. The colon is for :path and its like of HTTP/2 and 3; in HTTP/1 no name can hold it.
    private static readonly SearchValues<char> s_name = SearchValues.Create(":!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly Digits s_digits = new();

    /// <returns>Null for Kestrel's own.</returns>
    public static Encoding? Encoding(string name)
    {
        if (name.AsSpan().ContainsAnyExcept(s_name)) throw new InvalidOperationException("The name of a header holds what no name may.");
        return name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? s_digits : null;
    }

    /// <summary>A length is digits and nothing else (RFC 9110, 8.6); Kestrel would take "+4" for 4.</summary>
    private sealed class Digits : ASCIIEncoding
    {
        public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars) =>
            bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? throw new DecoderFallbackException("A length is digits and nothing else.") : base.GetChars(bytes, chars);
    }
}
