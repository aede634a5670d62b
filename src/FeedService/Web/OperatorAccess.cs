using System.Net;
using System.Security.Cryptography;
using System.Text;
using FeedService.Configuration;

namespace FeedService.Web;

/// <summary>Who may see the status page and press its buttons: whoever knows the token, and, on the machine itself, everybody.</summary>
internal sealed class OperatorAccess(ServiceSettings settings)
{
    private readonly byte[]? _token = settings.StatusToken is { Length: > 0 } token ? SHA256.HashData(Encoding.UTF8.GetBytes(token)) : null;

    /// <summary>
    /// Before anything is looked up, whatever the method, and whether there is such an address or not: what is added below these is guarded too.
    /// </summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next) => !IsForOperators(context.Request.Path) || Admits(context) ? next(context) : Task.CompletedTask;

    private static bool IsForOperators(PathString path) => path.StartsWithSegments("/status") || path.StartsWithSegments("/status.json") || path.StartsWithSegments("/metrics");

    // Answers 401 or 403 itself where it says no.
    private bool Admits(HttpContext context)
    {
        if (IsLocal(context) || HasToken(context.Request))
        {
            // Another site's page may not press our buttons.
            if (!HttpMethods.IsPost(context.Request.Method) || IsOwnPage(context.Request)) return true;
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return false;
        }
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"status\", charset=\"UTF-8\"";
        return false;
    }

    // A proxy on this machine speaks for others, and says so; and a name that leads here from elsewhere is not ours.
    private static bool IsLocal(HttpContext context)
    {
        var (connection, headers) = (context.Connection, context.Request.Headers);
        if (connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return false;
        if (headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("X-Original-For") || headers.ContainsKey("Forwarded") || headers.ContainsKey("Via")) return false;
        var host = context.Request.Host.Host;
        return host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }

    private bool HasToken(HttpRequest request)
    {
        if (_token is null) return false;
        var given = Credentials.Bearer(request) ?? Credentials.Password(request);
        // Hashes are of one length, so that the comparison tells nothing by its time.
        return given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _token);
    }

    private static bool IsOwnPage(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is "same-origin" or "none";
        // Programs send neither; browsers always send the origin with a form.
        return request.Headers.Origin is not [{ } origin] || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);
    }
}
