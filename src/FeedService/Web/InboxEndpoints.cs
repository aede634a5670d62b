using System.Security.Cryptography;
using System.Text;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Formats;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace FeedService.Web;

/// <summary>Articles that are pushed: POST to a feed's articles, PUT and DELETE on one of them (in the manner of RFC 5023, 9).</summary>
internal static class InboxEndpoints
{
    public static void MapInbox(this IEndpointRouteBuilder app)
    {
        app.MapPost("/feeds/{slug}/articles", (HttpContext context, string slug, InboxRequests requests) => requests.PostAsync(context, slug));
        app.MapPut("/feeds/{slug}/articles/{name}", (HttpContext context, string slug, string name, InboxRequests requests) => requests.PutAsync(context, slug, name));
        app.MapDelete("/feeds/{slug}/articles/{name}", (HttpContext context, string slug, string name, InboxRequests requests) => requests.DeleteAsync(context, slug, name));
    }
}

/// <summary>Answers requests to inboxes. Who asks is judged before anything is read or looked up.</summary>
internal sealed partial class InboxRequests(
    TokenAccess access, Inbox inbox, PublishedFeeds feeds, FeedControl control, PublicUrls urls, ILogger<InboxRequests> logger)
{
    /// <summary>In bytes; pictures and sound belong elsewhere, with a link to them.</summary>
    public const int MaxBytes = 1_000_000;

    private const int MaxKey = 255;
    private const string Accepted = "application/feed+json, application/json, application/atom+xml, text/markdown, text/plain";

    public async Task PostAsync(HttpContext context, string slug)
    {
        if (await AdmitAsync(context, slug) is not { } source) return;
        if (!TryKey(context.Request, out var key))
        {
            await Problem.SendAsync(context, StatusCodes.Status400BadRequest, $"Idempotency-Key has to be one text of at most {MaxKey} visible characters.", "Idempotency-Key");
            return;
        }
        if (await ReadAsync(context, slug) is not var (document, bytes)) return;
        var sent = key is null ? null : new IdempotencyKey(key, Hash([.. Encoding.UTF8.GetBytes(context.Request.ContentType ?? ""), 0, .. bytes]));
        var pushed = await inbox.AddAsync(slug, document, sent, context.RequestAborted);
        if (pushed.Name.Length > 0) context.Response.Headers.Location = urls.Article(slug, Uri.EscapeDataString(pushed.Name));
        await AnswerAsync(context, slug, source, pushed.Outcome, StatusCodes.Status201Created);
    }

    public async Task PutAsync(HttpContext context, string slug, string name)
    {
        if (await AdmitAsync(context, slug) is not { } source || await ReadAsync(context, slug) is not var (document, _)) return;
        await AnswerAsync(context, slug, source, (await inbox.ReplaceAsync(slug, name, document, context.RequestAborted)).Outcome, StatusCodes.Status204NoContent);
    }

    public async Task DeleteAsync(HttpContext context, string slug, string name)
    {
        if (await AdmitAsync(context, slug) is not { } source) return;
        await AnswerAsync(context, slug, source, (await inbox.RemoveAsync(slug, name, context.RequestAborted)).Outcome, StatusCodes.Status204NoContent);
    }

    // The same answer for a feed that there is not, one without an inbox, and one that the token is not for.
    private async Task<SourceDefinition?> AdmitAsync(HttpContext context, string slug)
    {
        switch (await access.JudgeAsync(context, TokenUse.Push, [slug], Credentials.Bearer(context.Request)))
        {
            case StatusCodes.Status401Unauthorized:
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"articles\"";
                await Problem.SendAsync(context, StatusCodes.Status401Unauthorized, "Articles are pushed with a token for the feed, in the header: Authorization: Bearer TOKEN.");
                return null;
            case StatusCodes.Status429TooManyRequests:
                await Problem.SendAsync(context, StatusCodes.Status429TooManyRequests, "That was too much in too short a time; Retry-After says when to go on.");
                return null;
        }
        if (feeds.Find(slug) is { Definition: { Gone: false, MovedTo: null } feed } && feed.Sources.FirstOrDefault(each => each.Kind == SourceKind.Inbox) is { } source) return source;
        await Problem.SendAsync(context, StatusCodes.Status404NotFound, $"The feed '{slug}' has no inbox; its definition needs the source 'inbox: true'.");
        return null;
    }

    private async Task AnswerAsync(HttpContext context, string slug, SourceDefinition source, PushOutcome outcome, int good)
    {
        if (outcome != PushOutcome.Done)
        {
            var (status, detail, field) = Describe(outcome);
            await Problem.SendAsync(context, status, detail, field);
            return;
        }
        if (source.Publish == InboxPublish.AtOnce) await PublishAsync(slug);
        context.Response.StatusCode = good;
        context.Response.Headers.CacheControl = "no-store";
        SecurityHeaders.AddToData(context.Response.Headers);
        if (good == StatusCodes.Status201Created) context.Response.ContentLength = 0;
    }

    private static (int Status, string Detail, string? Field) Describe(PushOutcome outcome) => outcome switch
    {
        PushOutcome.AlreadyThere => (StatusCodes.Status409Conflict, "The feed has this article already; PUT to its address to change it.", "id"),
        PushOutcome.AnotherSource => (StatusCodes.Status409Conflict, "This article comes from another source of the feed; change it there.", "id"),
        PushOutcome.AnotherId => (StatusCodes.Status409Conflict, "The article at this address has another id, which does not change; leave the id out, or POST a new article.", "id"),
        PushOutcome.KeyUsedOtherwise => (StatusCodes.Status422UnprocessableEntity, "This key came before with something else; a new request needs a new key.", "Idempotency-Key"),
        PushOutcome.Gone => (StatusCodes.Status410Gone, "This article was removed; POST it to bring it back.", null),
        _ => (StatusCodes.Status404NotFound, "There is no article of this name that was pushed.", null),
    };

    private async Task PublishAsync(string slug)
    {
        try
        {
            await control.RunNow(slug, CancellationToken.None);
        }
        // The article is stored, and that is what was asked; the feed's next run takes it.
        catch (Exception e)
        {
            Log.NotRun(logger, e, slug);
        }
    }

    // Null where the answer is made: 415, 413 or 400.
    private static async Task<(Document Document, byte[] Bytes)?> ReadAsync(HttpContext context, string slug)
    {
        var request = context.Request;
        if (Reader(request.ContentType) is not { } read || request.Headers.ContentEncoding.Count > 0)
        {
            context.Response.Headers.Accept = Accepted;
            await Problem.SendAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Send the article as {Accepted.Replace(", text/plain", " or text/plain", StringComparison.Ordinal)}, not compressed.", "Content-Type");
            return null;
        }
        if (await BodyAsync(context) is not { } bytes)
        {
            await Problem.SendAsync(context, StatusCodes.Status413PayloadTooLarge, $"An article may have {MaxBytes / 1000} kB; link to pictures and sound instead of sending them along.");
            return null;
        }
        try
        {
            return (read(bytes, $"{PublicUrls.Placeholder}/feeds/{slug}/articles/"), bytes);
        }
        catch (DocumentException e)
        {
            await Problem.SendAsync(context, StatusCodes.Status400BadRequest, $"The article was not taken: {e.Message}.", e.Field);
            return null;
        }
    }

    private static Func<byte[], string, Document>? Reader(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type)
        ? type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/feed+json" or "application/json" => (bytes, baseUrl) => EntryReader.ReadJson(bytes, baseUrl),
            "application/atom+xml" => (bytes, baseUrl) => EntryReader.ReadAtom(bytes, contentType, baseUrl),
            "text/markdown" => (bytes, baseUrl) => DocumentReader.Read(bytes, ".md", new DocumentOptions { BaseUrl = baseUrl }),
            "text/plain" => (bytes, baseUrl) => DocumentReader.Read(bytes, ".txt", new DocumentOptions { BaseUrl = baseUrl }),
            _ => null,
        }
        : null;

    private static async Task<byte[]?> BodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBytes) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBytes;
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return body.ToArray();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static bool TryKey(HttpRequest request, out string? key)
    {
        var given = request.Headers["Idempotency-Key"];
        key = given.Count == 0 ? null : given[0];
        return given.Count == 0 || (given.Count == 1 && key is { Length: > 0 and <= MaxKey } && key.All(c => c is >= ' ' and <= '~'));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Feed}: an article was pushed, but the feed could not be run at once; its next run takes it")]
        public static partial void NotRun(ILogger logger, Exception exception, string feed);
    }
}
