using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace FeedService.Sources;

/// <summary>One URL that is asked again and again: conditionally, where it moved to, not before it is due, and ever more seldom while it fails.</summary>
internal sealed class Upstream(PoliteFetcher fetcher, string url, int? subscribers)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    /// <summary>After so many failures in a row a move or a find is doubted, and the definition's URL asked again.</summary>
    private const int FailuresUntilDoubt = 5;

    /// <summary>Longer validators are not worth keeping.</summary>
    private const int MaxValidator = 1024;

    /// <summary>Asks, if it is time.</summary>
    /// <returns>The new body, or null where there is none, and the state to keep if nothing else fails.</returns>
    /// <exception cref="SourceException">It failed; with the state to keep and the time of the next try.</exception>
    public async Task<(FetchResult? Result, UpstreamState State)> AskAsync(UpstreamState state, string accept, int maxBytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (state.Gone) throw Gone(state);
        // Further off than anything we wait for means that the clock was set back.
        if (now < state.FreshUntil && state.FreshUntil - now <= PoliteFetcher.MaxWait) return (null, state);
        var asked = state.MovedTo ?? state.Found ?? url;
        FetchResult result;
        try
        {
            result = await fetcher.FetchAsync(new FetchRequest(asked)
            {
                Accept = accept,
                ETag = state.ETag,
                LastModified = state.LastModified,
                MaxBytes = maxBytes,
                Subscribers = subscribers,
                Configured = url,
            }, cancellationToken);
        }
        catch (FetchException e)
        {
            throw Failed(state, now, e.Message, inner: e);
        }
        switch (result.Status)
        {
            case 304 when state.ETag is not null || state.LastModified is not null:
                return (null, Good(state, result, now));
            case 304:
                throw Failed(state, now, $"{result.Url.IdnHost} answered 304 (not modified) although nothing was known");
            case 410:
                throw Gone(state with { Gone = true });
            case 401 or 403:
                throw Failed(state, now, $"{result.Url.IdnHost} answered {result.Status}: it wants a login or refuses programs", result.RetryAfter);
            case < 200 or >= 300:
                throw Failed(state, now, $"{result.Url.IdnHost} answered {result.Status} ({ReasonPhrases.GetReasonPhrase(result.Status)})", result.RetryAfter);
        }
        var digest = Convert.ToHexStringLower(SHA256.HashData(result.Body))[..32];
        var good = Good(state, result, now) with { ETag = Validator(result.ETag), LastModified = Validator(result.LastModified), Digest = digest };
        return (digest == state.Digest ? null : result, good);
    }

    /// <summary>The error for a look that failed, also one whose answer turned out useless; an earlier answer stays in force. The state is that from before the look.</summary>
    public SourceException Failed(UpstreamState state, DateTimeOffset now, string problem, TimeSpan? retryAfter = null, Exception? inner = null)
    {
        var failures = state.Failures + 1;
        var kept = state with { Failures = failures, FreshUntil = null };
        if (failures >= FailuresUntilDoubt && (state.MovedTo ?? state.Found) is not null)
            kept = kept with { MovedTo = null, Found = null, ETag = null, LastModified = null };
        return new SourceException($"{url}: {problem}", inner) { State = kept.ToJson(), RetryAt = now + (retryAfter ?? BackOff(failures)) };
    }

    /// <summary>A permanent move that the definition does not know of yet.</summary>
    public IReadOnlyList<string> Notes(UpstreamState before, UpstreamState after, FetchResult? result) =>
    [
        .. after.MovedTo is { } moved && moved != before.MovedTo ? [$"{url} has moved for good to {moved}; put the new URL into the definition"] : Array.Empty<string>(),
        .. result is { Downgraded: true } ? [$"{url} redirects from https to http: anybody on the way can read and change it"] : Array.Empty<string>(),
    ];

    private static UpstreamState Good(UpstreamState state, FetchResult result, DateTimeOffset now) => state with
    {
        Failures = 0,
        FreshUntil = result.FreshFor is { } fresh && fresh > TimeSpan.Zero ? now + Slack(fresh) : null,
        MovedTo = result is { MovedTo: { } moved, Downgraded: false } ? moved.AbsoluteUri : state.MovedTo,
    };

    // A run that comes a little early would else skip its turn.
    private static TimeSpan Slack(TimeSpan fresh) => fresh - (fresh < TimeSpan.FromMinutes(10) ? fresh * .05 : TimeSpan.FromSeconds(30));

    private static string? Validator(string? value) => value is { Length: > 0 and <= MaxValidator } ? value : null;

    // Half as much again at random, so that upstreams which failed together are not asked together.
    private static TimeSpan BackOff(int failures)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(failures - 1, 20)) * (1 + (Random.Shared.NextDouble() / 2));
        return wait < PoliteFetcher.MaxWait ? wait : PoliteFetcher.MaxWait;
    }

    private SourceException Gone(UpstreamState state) =>
        new($"{url} is gone for good (410) and not asked any more; take it out of the definition, its articles stay") { State = state.ToJson() };
}
