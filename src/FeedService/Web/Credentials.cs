using System.Text;

namespace FeedService.Web;

/// <summary>The secret that a request's Authorization header carries.</summary>
internal static class Credentials
{
    /// <summary>A bearer token (RFC 6750, 2.1); null where there is none.</summary>
    public static string? Bearer(HttpRequest request) => After("Bearer ", request);

    /// <summary>The password of Basic authentication (RFC 7617), whatever the name; null where there is none.</summary>
    public static string? Password(HttpRequest request)
    {
        if (After("Basic ", request) is not { } credentials) return null;
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var written)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, written);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }

    private static string? After(string scheme, HttpRequest request) =>
        request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? authorization[scheme.Length..].Trim() : null;
}
