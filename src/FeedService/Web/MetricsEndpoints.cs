using System.Text;

namespace FeedService.Web;

/// <summary>For collectors of metrics; they know what operators know, and come in the same way.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder app) => app.MapMethods("/metrics", ["GET", "HEAD"], (HttpContext context, MetricsText metrics) =>
    {
        var response = context.Response;
        var bytes = Encoding.UTF8.GetBytes(metrics.Write());
        response.Headers.CacheControl = "no-store";
        SecurityHeaders.AddToData(response.Headers);
        response.ContentType = MetricsText.ContentType;
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : Bytes.WriteAsync(response, bytes);
    });
}
