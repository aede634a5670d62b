using System.Diagnostics.CodeAnalysis;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Formats;

namespace FeedService.Web;

/// <summary>
/// Hands out snapshots. A middleware before routing, so that a feed at hand costs no allocation; it runs on the socket's thread, and whatever
/// is not finished bytes goes to the pool first.
/// </summary>
internal sealed class FeedEndpoints(SnapshotCache cache, PublishedFeeds feeds, VisitQueue visits, ServiceSettings settings)
{
    private readonly bool _behindProxies = settings.TrustedProxies.Count > 0;

    /// <summary>Set on requests that may see the private feed they ask for; the value is its slug.</summary>
    public static readonly object Admitted = new();

    /// <summary>Set on requests of browsers that opened a document's own address, and get its page; the value is the format.</summary>
    public static readonly object Opened = new();

    /// <summary>What the answer depends on where a page may come in place of a document.</summary>
    public const string VaryOfPages = "Accept, Accept-Encoding, Sec-Fetch-Dest, Upgrade-Insecure-Requests";

    private const string Prefix = "/feeds/";
    private const string AllowedMethods = "GET, HEAD";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Methods mind their case (RFC 9110, 9.1), routes and helpers do not: what they would answer as HEAD the server takes for another method.
        if (HttpMethods.GetCanonicalizedValue(context.Request.Method) != context.Request.Method)
        {
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            SecurityHeaders.AddToData(context.Response.Headers);
            cache.Traffic.CountOther(StatusCodes.Status501NotImplemented);
            return Task.CompletedTask;
        }
        var path = context.Request.Path.Value.AsSpan();
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return HopAsync(context, next);
        var rest = path[Prefix.Length..];
        var headers = context.Request.Headers;
        CachedSnapshot? snapshot;

        var slash = rest.IndexOf('/');
        if (slash >= 0)
        {
            if (OpenedByBrowser(context) && IsFor(context, rest[..slash]) && IsPart(rest[(slash + 1)..], out var extension))
                return PageAsync(context, next, extension);
            // A feed's parts stand in folders of their own; those not at hand are asked for by an endpoint. A delta is an answer, and has no address.
            return !Deltas.IsDelta(rest[(slash + 1)..]) && cache.TryGetPart(rest, out snapshot) && IsFor(context, rest[..slash])
                ? ServeAsync(context, snapshot, Vary.Coding)
                : HopAsync(context, next);
        }

        var dot = rest.LastIndexOf('.');
        if (dot >= 0)
        {
            if (!TryGet(context, rest[..dot], rest[(dot + 1)..], out snapshot)) return HopAsync(context, next);
            return OpenedByBrowser(context) ? PageAsync(context, next, snapshot.Name) : ServeAsync(context, snapshot, Vary.Coding);
        }

        return !Negotiation.PrefersPage(headers.Accept, out var format) && TryGet(context, rest, format.Extension(), out snapshot)
            ? ServeAsync(context, snapshot, Vary.TypeAndCoding)
            : HopAsync(context, next);
    }

    // What is not for anybody goes on to where subscribers are told from others, and comes back from there.
    private bool TryGet(HttpContext context, ReadOnlySpan<char> slug, ReadOnlySpan<char> name, [NotNullWhen(true)] out CachedSnapshot? snapshot) =>
        cache.TryGet(slug, name, out snapshot) && IsFor(context, slug);

    private bool IsFor(HttpContext context, ReadOnlySpan<char> slug) => feeds.IsForAnybody(slug) || context.Items.ContainsKey(Admitted);

    /// <summary>Hands out a part of a feed that may have to be read from the store first.</summary>
    /// <returns>False where there is no such part; nothing is answered then.</returns>
    public async Task<bool> TryServePartAsync(HttpContext context, string feed, string name)
    {
        if (await cache.FindPartAsync(feed, name, context.RequestAborted) is not { } snapshot) return false;
        await ServeAsync(context, snapshot, Vary.Coding);
        return true;
    }

    private Task ServeAsync(HttpContext context, CachedSnapshot snapshot, string vary)
    {
        var request = context.Request;
        var response = context.Response;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = AllowedMethods;
            snapshot.Traffic.CountRefused();
            SecurityHeaders.AddToData(response.Headers);
            return Task.CompletedTask;
        }

        var bodies = snapshot.Bodies;
        var coding = Negotiation.Coding(request.Headers.AcceptEncoding, bodies?.HasBrotli ?? true);
        var etag = snapshot.ETag(coding);
        switch (ConditionalGet.Evaluate(request.Headers, etag, snapshot.LastModified, snapshot.LastModifiedText))
        {
            case Precondition.NotModified:
                Visited(context, snapshot);
                snapshot.Traffic.CountNotModified();
                // What a cache holds keeps its other headers (RFC 9110, 15.4.5).
                response.StatusCode = StatusCodes.Status304NotModified;
                response.Headers.ETag = etag;
                response.Headers.CacheControl = snapshot.CacheControl;
                response.Headers.Vary = vary;
                return Task.CompletedTask;
            case Precondition.Failed:
                response.StatusCode = StatusCodes.Status412PreconditionFailed;
                snapshot.Traffic.CountRefused();
                SecurityHeaders.AddToData(response.Headers);
                return Task.CompletedTask;
            default:
                if (settings.Deltas && request.Headers.IfNoneMatch.Count > 0 && Delta.IsAskedFor(request.Headers)) return DeltaOrServeAsync(context, snapshot, vary);
                if (bodies is null || (coding == ContentCoding.Identity && bodies.Identity is null)) return FillAndServeAsync(context, snapshot, vary);
                return SendAsync(context, snapshot, bodies, coding, vary);
        }
    }

    // What changed since the client's version was made at publication; off the socket's thread, since it may have to be read.
    private async Task DeltaOrServeAsync(HttpContext context, CachedSnapshot snapshot, string vary)
    {
        await Task.Yield();
        foreach (var name in Delta.Names(context.Request.Headers, snapshot.Name))
        {
            if (!cache.TryGetPart($"{snapshot.Feed}/{name}", out var delta) && (delta = await cache.FindPartAsync(snapshot.Feed, name, context.RequestAborted)) is null) continue;
            var coding = Negotiation.Coding(context.Request.Headers.AcceptEncoding, brotli: true);
            if (await cache.FillAsync(delta, coding == ContentCoding.Identity, context.RequestAborted) is not { } filled) continue;
            await SendAsync(context, filled.Snapshot, filled.Bodies, coding, vary, whole: snapshot);
            return;
        }
        await FillAndServeAsync(context, snapshot, vary);
    }

    private Task SendAsync(HttpContext context, CachedSnapshot snapshot, SnapshotBodies bodies, ContentCoding coding, string vary, CachedSnapshot? whole = null)
    {
        var response = context.Response;
        var headers = response.Headers;
        var bytes = coding switch
        {
            ContentCoding.Brotli => bodies.Brotli,
            ContentCoding.Gzip => bodies.Gzip,
            _ => bodies.Identity.GetValueOrDefault(),
        };
        headers.ContentType = snapshot.ContentType;
        headers.ContentLength = bytes.Length;
        if (coding != ContentCoding.Identity) headers.ContentEncoding = coding == ContentCoding.Brotli ? "br" : "gzip";
        headers.ETag = snapshot.ETag(coding);
        headers.LastModified = snapshot.LastModifiedText;
        headers.CacheControl = snapshot.CacheControl;
        headers.Vary = vary;
        headers.Link = snapshot.Link;
        SecurityHeaders.OpenToOtherSites(headers);
        SecurityHeaders.AddToData(headers);
        if (whole is not null) Delta.Mark(response, whole.ETag(coding), whole.Link);
        var head = HttpMethods.IsHead(context.Request.Method);
        if (whole is null) snapshot.Traffic.CountFull(head ? 0 : bytes.Length);
        else whole.Traffic.CountDelta(head ? 0 : bytes.Length);
        if (head) return Task.CompletedTask;
        Visited(context, whole ?? snapshot);
        return Bytes.WriteAsync(response, bytes);
    }

    // Only hands on what the request holds anyway: who it was is found out elsewhere.
    private void Visited(HttpContext context, CachedSnapshot snapshot)
    {
        var headers = context.Request.Headers;
        visits.Add(new(snapshot.Traffic, context.Connection.RemoteIpAddress, _behindProxies ? headers["X-Forwarded-For"].ToString() : null, headers.UserAgent));
    }

    private async Task FillAndServeAsync(HttpContext context, CachedSnapshot snapshot, string vary)
    {
        await Task.Yield();
        var acceptEncoding = context.Request.Headers.AcceptEncoding;
        var identity = Negotiation.Coding(acceptEncoding, brotli: true) == ContentCoding.Identity;
        FilledSnapshot? filled;
        try
        {
            filled = await cache.FillAsync(snapshot, identity, context.RequestAborted);
        }
        catch (StoreException)
        {
            // Not asked for in so long that its bytes made way, and the store is away.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = ErrorPages.Retry;
            SecurityHeaders.AddToData(context.Response.Headers);
            return;
        }
        if (filled is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            SecurityHeaders.AddToData(context.Response.Headers);
            return;
        }
        var coding = Negotiation.Coding(acceptEncoding, filled.Bodies.HasBrotli);
        if (coding == ContentCoding.Identity && !identity) filled = await cache.FillAsync(filled.Snapshot, identity: true, context.RequestAborted) ?? filled;
        await SendAsync(context, filled.Snapshot, filled.Bodies, coding, vary);
    }

    // Browsers make neither XML nor JSON readable, so that a person who follows a link to a document gets the page of it. Only a browser's
    // navigation says so, never a reader's request, and ?raw shows the document all the same. Without TLS,
    // and not from the machine itself, a browser says no more than that it would rather have TLS, which no reader does that asks for pages.
    private static bool OpenedByBrowser(HttpContext context)
    {
        var headers = context.Request.Headers;
        return (headers["Sec-Fetch-Dest"] is [var destination] ? destination == "document" : headers.UpgradeInsecureRequests == "1")
            && HttpMethods.IsGet(context.Request.Method)
            && Negotiation.PrefersPage(headers.Accept, out _)
            && !context.Request.Query.ContainsKey("raw");
    }

    private static bool IsPart(ReadOnlySpan<char> path, [NotNullWhen(true)] out string? extension)
    {
        extension = null;
        if (path.IndexOf('/') is not (> 0 and var slash) || path[..slash] is not (FeedPart.ArchiveFolder or StoredTerm.Tags or StoredTerm.Authors)) return false;
        foreach (var format in FeedFormats.All)
        {
            if (path.EndsWith(format.Extension()) && path.Length > format.Extension().Length && path[^(format.Extension().Length + 1)] == '.') extension = format.Extension();
        }
        return extension is not null;
    }

    private static async Task PageAsync(HttpContext context, RequestDelegate next, string extension)
    {
        await Task.Yield();
        context.Items[Opened] = extension;
        var path = context.Request.Path.Value!;
        context.Request.Path = path[..^(extension.Length + 1)];
        await next(context);
    }

    private async Task HopAsync(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        var admitted = context.Items.ContainsKey(Admitted);
        await next(context);
        // Who was let in to a private feed on the way came here once more, and was counted then.
        if (context.Items.ContainsKey(Admitted) == admitted) cache.Traffic.CountOther(context.Response.StatusCode);
    }

    private static class Vary
    {
        public const string Coding = "Accept-Encoding";
        public const string TypeAndCoding = "Accept, Accept-Encoding";
    }
}
