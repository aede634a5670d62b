using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FeedService.Web;

/// <summary>Adds and maps all that readers and people are served.</summary>
public static class WebSetup
{
    public static IServiceCollection AddFeedWeb(this IServiceCollection services, ServiceSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new PublicUrls(settings.PublicUrl, settings.Hub));
        services.TryAddSingleton<PublishedFeeds>();
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton(provider => new SnapshotCache(
            provider.GetRequiredService<IArticleStore>(), provider.GetRequiredService<PublicUrls>(), settings.SnapshotMemory));
        services.TryAddSingleton<Audience>();
        services.TryAddSingleton<FeedRuns>();
        services.TryAddSingleton<Definitions>();
        services.TryAddSingleton<FeedTroubles>();
        services.TryAddSingleton<FeedMetrics>();
        services.TryAddSingleton(settings);
        services.AddSingleton<VisitQueue>();
        services.AddHostedService<VisitCounter>();
        services.AddSingleton<MetricsText>();
        services.AddSingleton<FeedEndpoints>();
        services.AddSingleton<PageLinks>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<PartPages>();
        services.AddSingleton<ErrorPages>();
        services.AddSingleton(new OperatorAccess(settings));
        services.AddSingleton<ServiceHealth>();
        services.AddSingleton<StatusReader>();
        services.AddSingleton<Orders>();
        services.TryAddSingleton<AccessTokens>();
        services.TryAddSingleton<Inbox>();
        services.AddSingleton<TokenAccess>();
        services.AddSingleton<PrivateFeeds>();
        services.AddSingleton<InboxRequests>();
        services.Configure<ForwardedHeadersOptions>(options => Trust(options, new(settings.TrustedProxies)));
        // Its log of requests costs an activity for each, which nobody reads: metrics count them.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }

    /// <summary>Before anything else that answers: feeds at hand go no further than this.</summary>
    public static WebApplication UseFeedWeb(this WebApplication app)
    {
        var links = app.Services.GetRequiredService<PageLinks>();
        if (links.Base.Length > 0) app.UsePathBase(links.Base);
        var feeds = app.Services.GetRequiredService<FeedEndpoints>();
        app.Use(next => context => feeds.InvokeAsync(context, next));
        app.UseForwardedHeaders();
        // Listens from the start.
        app.Services.GetRequiredService<MetricsText>();
        var errors = app.Services.GetRequiredService<ErrorPages>();
        app.Use(next => context => errors.InvokeAsync(context, next));
        var operators = app.Services.GetRequiredService<OperatorAccess>();
        app.Use(next => context => operators.InvokeAsync(context, next));
        var subscribers = app.Services.GetRequiredService<PrivateFeeds>();
        app.Use(next => context => subscribers.InvokeAsync(context, next));
        app.UseRouting();
        return app;
    }

    public static WebApplication MapFeedWeb(this WebApplication app)
    {
        app.MapPages();
        app.MapHealth();
        app.MapMetrics();
        // Without a schedule (a single publication) there is nothing to operate.
        if (app.Services.GetService<FeedControl>() is null) return app;
        app.MapStatus();
        app.MapInbox();
        return app;
    }

    private static void Trust(ForwardedHeadersOptions options, TrustedProxies proxies)
    {
        options.ForwardedHeaders = proxies.Networks.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
        // Without the defaults, which trust loopback.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies.Networks) options.KnownIPNetworks.Add(network);
    }
}
