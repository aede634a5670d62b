using FeedService.Configuration;

namespace FeedService.Web;

/// <summary>Adds and maps all that readers and people are served.</summary>
public static class WebSetup
{
    public static IServiceCollection AddFeedWeb(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<FeedEndpoints>();
        // Its log of requests costs an activity for each, which nobody reads: metrics count them.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }

    public static WebApplication MapFeedWeb(this WebApplication app)
    {
        var feeds = app.Services.GetRequiredService<FeedEndpoints>();
        app.Use(next => context => feeds.InvokeAsync(context, next));
        return app;
    }
}
