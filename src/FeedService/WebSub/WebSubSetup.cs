using System.Text;
using FeedService.Configuration;
using FeedService.Sources;
using Microsoft.AspNetCore.Http.Features;

namespace FeedService.WebSub;

/// <summary>Which sides of WebSub the service takes.</summary>
internal sealed record WebSubSettings(bool Hub, bool Subscribe);

/// <summary>Adds and maps the hub, and what other hubs deliver to.</summary>
public static class WebSubSetup
{
    /// <summary>A form with two URLs and a secret.</summary>
    private const int MaxForm = 16 << 10;

    private static readonly FormOptions Form = new() { BufferBodyLengthLimit = MaxForm, KeyLengthLimit = 256, ValueLengthLimit = 8 << 10, ValueCountLimit = 64 };

    public static IServiceCollection AddWebSub(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(new WebSubSettings(settings.Hub, settings.Subscribe));
        services.AddSingleton<WebSubCounts>();
        services.AddSingleton<HubLimits>();
        services.AddSingleton<Topics>();
        services.AddSingleton(provider => new HubClient(
            new PoliteFetcher(settings, provider.GetRequiredService<TimeProvider>(), HubLimits.Outbound, provider.GetRequiredService<PoliteFetcher>().Rules)));
        services.AddSingleton<Hub>();
        services.AddSingleton<Deliveries>();
        services.AddSingleton<Subscriber>();
        services.AddSingleton<SubscriberCallback>();
        services.AddSingleton<WebSubWorker>();
        // Without a hub of its own the service still tells those that definitions name.
        services.AddHostedService(provider => provider.GetRequiredService<WebSubWorker>());
        return services;
    }

    public static void MapWebSub(this IEndpointRouteBuilder app)
    {
        var settings = app.ServiceProvider.GetRequiredService<WebSubSettings>();
        if (settings.Hub) app.MapPost("/hub", AskedAsync);
        if (!settings.Subscribe) return;
        app.MapGet("/hub/callback/{name}", ConfirmAsync);
        app.MapPost("/hub/callback/{name}", ReceiveAsync);
    }

    private static async Task AskedAsync(HttpContext context, Hub hub, WebSubWorker worker)
    {
        Limit(context, MaxForm);
        if (context.Request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is not true)
        {
            await AnswerAsync(context, StatusCodes.Status415UnsupportedMediaType, "A form is expected: application/x-www-form-urlencoded");
            return;
        }
        IFormCollection form;
        try
        {
            form = await new FormFeature(context.Request, Form).ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException e)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, e.Message);
            return;
        }
        var (status, reason) = await hub.AcceptAsync(form, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "60";
        await AnswerAsync(context, status, reason);
        if (status == StatusCodes.Status202Accepted) worker.Wake();
    }

    private static async Task ConfirmAsync(HttpContext context, string name, SubscriberCallback callback)
    {
        if (await callback.ConfirmAsync(name, context.Request.Query, context.RequestAborted) is not { } challenge) context.Response.StatusCode = StatusCodes.Status404NotFound;
        else await AnswerAsync(context, StatusCodes.Status200OK, challenge);
    }

    private static async Task ReceiveAsync(HttpContext context, string name, SubscriberCallback callback)
    {
        // Counted where it is read: what is too large is ignored, not refused.
        Limit(context, null);
        var request = context.Request;
        var isKnown = await callback.ReceiveAsync(name, request.Headers[Signature.Header], request.ContentType, request.Body, context.RequestAborted);
        // Gone tells a hub to stop (WebSub, 7).
        await AnswerAsync(context, isKnown ? StatusCodes.Status202Accepted : StatusCodes.Status410Gone, "");
    }

    private static void Limit(HttpContext context, long? bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = bytes;
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "no-store";
        response.ContentType = "text/plain; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
