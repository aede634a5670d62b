using System.Globalization;
using System.Text.Json;
using FeedService.Publishing;
using FeedService.Web.Pages;

namespace FeedService.Web;

/// <summary>For operators, whom <see cref="OperatorAccess"/> lets in: how every feed stands, and the buttons.</summary>
internal static class StatusEndpoints
{
    private const int FeedsPerPage = 50;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void MapStatus(this IEndpointRouteBuilder app)
    {
        string[] read = ["GET", "HEAD"];
        app.MapMethods("/status", read, PageAsync);
        app.MapMethods("/status.json", read, JsonAsync);
        app.MapPost("/status/{slug}/run", (HttpContext context, string slug, Orders orders) => orders.GiveAsync(context, slug, orders.Control.RunNow));
        app.MapPost("/status/{slug}/pause", (HttpContext context, string slug, Orders orders) => orders.GiveAsync(context, slug, orders.Control.Pause));
        app.MapPost("/status/{slug}/resume", (HttpContext context, string slug, Orders orders) => orders.GiveAsync(context, slug, orders.Control.Resume));
    }

    private static async Task PageAsync(HttpContext context, StatusReader reader, PageRenderer pages)
    {
        var page = Page(context.Request);
        var (feeds, total) = await reader.ReadAsync(page, FeedsPerPage, FeedStatus.Days, context.RequestAborted);
        var html = await pages.RenderAsync<StatusPage>(new()
        {
            [nameof(StatusPage.Feeds)] = feeds,
            [nameof(StatusPage.Page)] = page,
            [nameof(StatusPage.HasNext)] = total > page * FeedsPerPage,
            [nameof(StatusPage.Memory)] = reader.Memory,
            [nameof(StatusPage.Total)] = total,
            [nameof(StatusPage.Undefined)] = reader.Undefined,
            [nameof(StatusPage.Service)] = await reader.HealthAsync(context.RequestAborted),
            [nameof(StatusPage.Now)] = reader.Now,
        });
        SecurityHeaders.AddToPage(context.Response.Headers);
        await SendAsync(context, html, "text/html; charset=utf-8");
    }

    private static async Task JsonAsync(HttpContext context, StatusReader reader)
    {
        var page = Page(context.Request);
        var days = Number(context.Request, "days", most: (int)Audience.Kept.TotalDays) ?? FeedStatus.Days;
        var (feeds, total) = await reader.ReadAsync(page, FeedsPerPage, days, context.RequestAborted);
        SecurityHeaders.AddToData(context.Response.Headers);
        await SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(new { page, total, snapshotMemory = reader.Memory, service = await reader.HealthAsync(context.RequestAborted), undefined = reader.Undefined, feeds }, Json), "application/json; charset=utf-8");
    }

    // What an operator sees is never kept.
    private static Task SendAsync(HttpContext context, byte[] bytes, string contentType)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : Bytes.WriteAsync(response, bytes);
    }

    private static int Page(HttpRequest request) => Number(request, "page", most: 10_000) ?? 1;

    private static int? Number(HttpRequest request, string name, int most) =>
        int.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number : null;
}

/// <summary>The buttons of the status page.</summary>
internal sealed class Orders(PublishedFeeds feeds, PageLinks links, FeedControl control)
{
    public FeedControl Control => control;

    public async Task GiveAsync(HttpContext context, string slug, Func<string, CancellationToken, Task> order)
    {
        if (feeds.Find(slug) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await order(slug, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = links.Status;
        SecurityHeaders.AddToData(context.Response.Headers);
    }
}
