using FeedService.Publishing;
using Microsoft.AspNetCore.Http.Extensions;

namespace FeedService.Web;

/// <summary>
/// Lets only its subscribers to a private feed: its documents, pages, articles and files, by a key in the address or by Basic authentication.
/// Documents are the same for all of them and hold nobody's key.
/// </summary>
internal sealed class PrivateFeeds(PublishedFeeds feeds, TokenAccess access, FeedEndpoints documents, PublicUrls urls)
{
    private const string Prefix = "/feeds/";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        // Whoever writes brings a token, which the inbox looks at.
        if (HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method)) return next(context);
        var path = context.Request.Path.Value!;
        // Routes do not mind the case.
        if (!path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return next(context);
        var end = path.AsSpan(Prefix.Length).IndexOfAny('/', '.');
        var slug = end < 0 ? path[Prefix.Length..] : path.Substring(Prefix.Length, end);
        return (feeds.Find(slug) ?? feeds.FindFormer(slug)) is { Definition.Private: true } feed ? AdmitAsync(context, next, feed, slug) : next(context);
    }

    private async Task AdmitAsync(HttpContext context, RequestDelegate next, PublishedFeed feed, string slug)
    {
        var (request, response) = (context.Request, context.Response);
        response.OnStarting(KeepFromOthersAsync, context);
        var given = request.Query[PageLinks.KeyName] is [{ Length: > 0 } key] ? key : Credentials.Password(request);
        // Subscribers stay when a feed is renamed.
        response.StatusCode = await access.JudgeAsync(context, TokenUse.Read, [feed.Slug, .. feed.Definition.FormerSlugs], given);
        if (response.StatusCode != StatusCodes.Status200OK)
        {
            if (response.StatusCode == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = $"Basic realm=\"{feed.Slug}\", charset=\"UTF-8\"";
            return;
        }
        context.Items[FeedEndpoints.Admitted] = feed.Slug;
        if (slug == feed.Slug)
        {
            await documents.InvokeAsync(context, next);
            return;
        }
        response.StatusCode = StatusCodes.Status301MovedPermanently;
        response.Headers.Location = UriHelper.Encode(new Uri(urls.Page(feed.Slug) + request.Path.Value![(Prefix.Length + slug.Length)..] + request.QueryString));
        SecurityHeaders.AddToData(response.Headers);
    }

    // Whatever makes the answer thinks of everybody.
    private static Task KeepFromOthersAsync(object state)
    {
        var headers = ((HttpContext)state).Response.Headers;
        var policy = headers.CacheControl.ToString();
        headers.CacheControl = policy.Length == 0 ? "private, no-cache" : policy.StartsWith("public", StringComparison.Ordinal) ? $"private{policy["public".Length..]}" : $"private, {policy}";
        // The address that leads from here elsewhere may hold a key.
        headers["Referrer-Policy"] = "no-referrer";
        SecurityHeaders.CloseToOtherSites(headers);
        return Task.CompletedTask;
    }
}
