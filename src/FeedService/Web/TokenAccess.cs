using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using FeedService.Publishing;

namespace FeedService.Web;

/// <summary>
/// Whether a request brings a token that opens a feed. Wrong ones are counted by address; a right one is let in whatever others at the same
/// address do, so that nobody can lock anybody out.
/// </summary>
internal sealed class TokenAccess(AccessTokens tokens) : IDisposable
{
    /// <summary>Wrong tokens from one address within a minute; further ones are told to wait.</summary>
    public const int WrongPerMinute = 20;

    /// <summary>Requests with one token at a time, and how many more each second: enough to move a whole site in, too few to keep others waiting.</summary>
    public const int Burst = 600;
    public const int PerSecond = 10;

    // Both are made for the first token that comes: while they exist they look about ten times a second.
    private readonly Lazy<PartitionedRateLimiter<IPAddress>> _wrong = new(() => PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = WrongPerMinute, Window = TimeSpan.FromMinutes(1) })));

    private readonly Lazy<PartitionedRateLimiter<string>> _right = new(() => PartitionedRateLimiter.Create<string, string>(token =>
        RateLimitPartition.GetTokenBucketLimiter(token, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        })));

    /// <summary>Says 200 where the token opens the feed, else 401, or 429 with <c>Retry-After</c>; it depends on the token alone, not on the feed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="use">What is asked for.</param>
    /// <param name="names">The feed, under all its names.</param>
    /// <param name="given">The token that came with the request; null for none.</param>
    public async ValueTask<int> JudgeAsync(HttpContext context, TokenUse use, IReadOnlyList<string> names, string? given)
    {
        if (given is null) return StatusCodes.Status401Unauthorized;
        foreach (var name in names)
        {
            if (await tokens.FindAsync(use, name, given, context.RequestAborted) is not { } token) continue;
            // Polling costs no more than any reader's; writing does.
            return use == TokenUse.Read || HasRoom(context, _right.Value.AttemptAcquire(token.Id)) ? StatusCodes.Status200OK : StatusCodes.Status429TooManyRequests;
        }
        return HasRoom(context, _wrong.Value.AttemptAcquire(ClientAddress.Of(context.Connection.RemoteIpAddress ?? IPAddress.None)))
            ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status429TooManyRequests;
    }

    public void Dispose()
    {
        if (_wrong.IsValueCreated) _wrong.Value.Dispose();
        if (_right.IsValueCreated) _right.Value.Dispose();
    }

    private static bool HasRoom(HttpContext context, RateLimitLease lease)
    {
        using (lease)
        {
            if (lease.IsAcquired) return true;
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.Zero;
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return false;
        }
    }
}
