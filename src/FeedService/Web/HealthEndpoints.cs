using FeedService.Publishing;

namespace FeedService.Web;

/// <summary>For programs that watch over the service: whether it lives, and whether it does what it is there for.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        string[] read = ["GET", "HEAD"];
        app.MapMethods("/health/live", read, context => AnswerAsync(context, null));
        app.MapMethods("/health/ready", read, context => AnswerAsync(context, context.RequestServices.GetRequiredService<Readiness>().Problem));
    }

    /// <summary>The reason itself is for the log and the status page: whoever asks here need not be an operator.</summary>
    private static Task AnswerAsync(HttpContext context, string? problem)
    {
        var response = context.Response;
        response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = "no-store";
        SecurityHeaders.AddToData(response.Headers);
        response.ContentType = "text/plain; charset=utf-8";
        var text = problem is null ? "ok\n"u8.ToArray() : "not ready\n"u8.ToArray();
        response.ContentLength = text.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(text).AsTask();
    }
}
