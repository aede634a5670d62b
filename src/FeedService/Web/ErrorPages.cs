using System.Text;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Web;

/// <summary>Gives every failure an answer: a page for people, a line for programs, and never a word of what is inside.</summary>
internal sealed partial class ErrorPages(PageRenderer pages, Readiness readiness, ILogger<ErrorPages> logger)
{
    // In seconds.
    internal const string Retry = "10";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
            return;
        }
        catch (BadHttpRequestException e) when (!response.HasStarted)
        {
            response.Clear();
            response.StatusCode = e.StatusCode;
        }
        catch (StoreException e) when (!response.HasStarted)
        {
            Log.NoStore(logger, context.Request.Method, context.Request.Path, e.Message);
            response.Clear();
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = Retry;
        }
        catch (Exception e) when (!response.HasStarted)
        {
            Log.Failed(logger, e, context.Request.Method, context.Request.Path);
            response.Clear();
            response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        if (response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false } && readiness.Problem is not null)
        {
            // What was published before is not known yet: a reader who was told that it is gone might believe it.
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = Retry;
        }
        if (response.StatusCode < StatusCodes.Status400BadRequest || response.HasStarted || response.ContentLength is not null || response.ContentType is not null) return;
        await AnswerAsync(context);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var code = context.Response.StatusCode;
        var (heading, text) = code switch
        {
            StatusCodes.Status401Unauthorized => ("Not for everybody", "This needs an address with a key, or a name and a password, from whoever runs it."),
            StatusCodes.Status404NotFound => ("Nothing here", "This address leads nowhere: it may have been mistyped, or what was here has been renamed or taken away."),
            StatusCodes.Status405MethodNotAllowed => ("Not this way", context.Response.Headers.Allow.ToString().Contains("GET", StringComparison.Ordinal)
                ? "This address can be read, but nothing can be sent to it this way."
                : "There is nothing to read at this address: it takes what programs send to it."),
            StatusCodes.Status410Gone => ("Gone for good", "What was here has ended. Readers may stop asking for it."),
            StatusCodes.Status429TooManyRequests => ("A little slower", "That was too much in too short a time. Try again in a while."),
            StatusCodes.Status500InternalServerError => ("This failed", "Something went wrong on our side. It has been written down; try again in a while."),
            StatusCodes.Status503ServiceUnavailable => ("Not just now", "The service cannot answer for a moment. Try again in a while."),
            _ => ($"Error {code}", "The request could not be answered as it was made."),
        };
        if (!Negotiation.PrefersPage(context.Request.Headers.Accept, out _))
        {
            SecurityHeaders.AddToData(context.Response.Headers);
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.ContentType = "text/plain; charset=utf-8";
            var line = Encoding.UTF8.GetBytes($"{code} {heading}. {text}\n");
            context.Response.ContentLength = line.Length;
            if (!HttpMethods.IsHead(context.Request.Method)) await Bytes.WriteAsync(context.Response, line);
            return;
        }
        if (await pages.KeptAsync($"!{code} {text}", 0, async () => await PageEndpoints.MessageAsync(pages, code, heading, text)) is { } page) await page.SendAsync(context);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string path);

        [LoggerMessage(2, LogLevel.Error, "{Method} {Path} was answered 503: {Reason}")]
        public static partial void NoStore(ILogger logger, string method, string path, string reason);
    }
}
