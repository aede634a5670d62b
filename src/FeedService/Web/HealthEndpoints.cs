using System.Globalization;
using System.Text;

namespace FeedService.Web;

/// <summary>For programs that watch over the service: whether it lives, and whether it does what it is there for.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        string[] read = ["GET", "HEAD"];
        app.MapMethods("/health/live", read, context => AnswerAsync(context, good: true, "ok\n"));
        app.MapMethods("/health/ready", read, ReadyAsync);
    }

    // A degraded feed is no reason to send readers elsewhere: the others are well, and no other node could do better.
    private static async Task ReadyAsync(HttpContext context, ServiceHealth service)
    {
        var health = await service.LookAsync(context.RequestAborted);
        var state = !health.IsReady ? "not ready" : health.Degraded.Count > 0 ? "degraded" : "ok";
        await AnswerAsync(context, health.IsReady, string.Create(
            CultureInfo.InvariantCulture,
            $"{state}\nstore: {Word(health.Store is null)}\nscheduler: {Word(health.Scheduler)}\nsnapshots: {Word(health.Snapshots is null)}\ndegraded feeds: {health.Degraded.Count}\n"));
    }

    private static string Word(bool good) => good ? "ok" : "failing";

    /// <summary>The reason itself is for the log and the status page: whoever asks here need not be an operator.</summary>
    private static Task AnswerAsync(HttpContext context, bool good, string answer)
    {
        var response = context.Response;
        response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = "no-store";
        SecurityHeaders.AddToData(response.Headers);
        response.ContentType = "text/plain; charset=utf-8";
        var text = Encoding.UTF8.GetBytes(answer);
        response.ContentLength = text.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(text).AsTask();
    }
}
