using System.Diagnostics;
using System.Net;
using System.Text.Json;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Scheduling;
using FeedService.Sources;
using FeedService.Store;
using FeedService.Web;
using FeedService.WebSub;
using Microsoft.Extensions.Logging.Console;
using Quartz;

namespace FeedService;

/// <summary>Puts the service together. What is added here, and in which order, is the whole of it.</summary>
public static class ServiceHost
{
    /// <summary>Runs of so many feeds at a time; most of them wait for an upstream, and only those that do not are held back by <see cref="WorkPlaces"/>.</summary>
    private const int ConcurrentRuns = 1000;

    /// <summary>Requests and running publications have so long to finish when the service is stopped.</summary>
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan s_end = s_shutdown + TimeSpan.FromSeconds(2.5);

    /// <summary>Runs until it is told to stop.</summary>
    public static async Task<int> RunAsync(ServiceSettings settings, CancellationToken cancellationToken)
    {
        await using var app = Create(settings);
        await app.StartAsync(cancellationToken);
        app.Lifetime.ApplicationStopping.Register(EndInTime);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    // A database that takes connections and says nothing holds up whoever tells its driver to stop, in his own thread, and the end of the process with
    // it. Killed at any moment a process leaves nothing half; so it is not waited for until somebody else has no more patience.
    private static void EndInTime() => new Thread(() =>
    {
        Thread.Sleep(s_end);
        Process.GetCurrentProcess().Kill();
    })
    {
        IsBackground = true,
    }.Start();

    public static WebApplication Create(ServiceSettings settings, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            // Settings are read once. A watch over their file would be one of few that the system gives, and where there is none left the end of the start.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.WebHost.ConfigureKestrel(settings.TrustedProxies);
        builder.WebHost.Listen(settings);
        // At the same time: a reader who is slow to take his feed leaves publications no less time to end well.
        builder.Services.Configure<HostOptions>(host => (host.ShutdownTimeout, host.ServicesStopConcurrently) = (s_shutdown, true));
        AddLogging(builder.Logging);
        AddPublishing(builder.Services, settings);
        AddScheduling(builder.Services, settings);
        builder.Services.AddTelemetry();
        builder.Services.AddSingleton(Control);
        builder.Services.AddFeedWeb(settings);
        builder.Services.AddWebSub(settings);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseFeedWeb();
        app.MapFeedWeb();
        app.MapWebSub();
        var hub = app.Services.GetRequiredService<WebSubCounts>();
        app.Services.GetRequiredService<FeedMetrics>().AddHub(() => Enum.GetValues<WebSubEvent>().Select(what => (JsonNamingPolicy.SnakeCaseLower.ConvertName(what.ToString()), hub[what])));
        // A feed that took its articles from this very service would go round in a circle.
        app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<PoliteFetcher>().Rules.OwnEndPoints = OwnEndPoints(app));
        return app;
    }

    private static List<IPEndPoint> OwnEndPoints(WebApplication app) =>
    [
        .. from url in app.Urls
           let address = BindingAddress.Parse(url)
           where !address.IsUnixPipe && !address.IsNamedPipe
           select new IPEndPoint(address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any, address.Port),
    ];

    /// <summary>Everything between sources and snapshots: what the commands need that publish without serving.</summary>
    public static void AddPublishing(IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new PublicUrls(settings.PublicUrl, settings.Hub));
        services.AddSingleton(provider => StoreFactory.Create(settings, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Definitions>();
        services.AddSingleton<StoredDefinitions>();
        services.AddSingleton(provider => new PoliteFetcher(settings, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SourceFactory(provider.GetRequiredService<PoliteFetcher>(), PublicUrls.Placeholder)
        {
            Subscribers = feed => provider.GetRequiredService<Audience>().Subscribers(feed) is > 0 and var readers ? readers : null,
        });
        services.AddSingleton<WorkPlaces>();
        services.AddSingleton<SourceCollector>();
        services.AddSingleton<ArticleFilters>();
        services.AddSingleton<FeedRenderer>();
        services.AddSingleton<WrittenArticles>();
        services.AddSingleton<FeedLint>();
        services.AddSingleton<Archive>();
        services.AddSingleton<FeedSelection>();
        services.AddSingleton<TermIndex>();
        services.AddSingleton<TermFeeds>();
        services.AddSingleton<Deltas>();
        services.AddSingleton(provider => new SnapshotCache(provider.GetRequiredService<IArticleStore>(), provider.GetRequiredService<PublicUrls>(), settings.SnapshotMemory)
        {
            Hubs = slug => provider.GetRequiredService<Definitions>().Find(slug) is { } feed ? provider.GetRequiredService<PublicUrls>().Hubs(feed) : [],
        });
        services.AddSingleton<PublishedFeeds>();
        services.AddSingleton<FeedPublisher>();
        services.AddSingleton<FeedRuns>();
        services.AddSingleton<FeedTroubles>();
        services.AddSingleton<Audience>();
        services.AddSingleton<FeedMetrics>();
        services.AddSingleton<RunObserver>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<Inbox>();
    }

    private static FeedControl Control(IServiceProvider provider)
    {
        var scheduler = provider.GetRequiredService<FeedScheduler>();
        return new(
            scheduler.NextRunAsync,
            scheduler.RunNowAsync,
            scheduler.PauseAsync,
            scheduler.ResumeAsync)
        {
            IsRunning = scheduler.IsRunningAsync,
        };
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        // In a container lines are read by programs, on a terminal by people.
        if (Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true")
            logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "O"));
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
                .AddConsoleFormatter<LogLines, ConsoleFormatterOptions>()
                .AddConsole(console => console.FormatterName = LogLines.Form);
        // How Quartz sets itself up is of no interest to those who run feeds; what goes wrong in it is.
        logging.AddFilter("Quartz", LogLevel.Warning);
        // A database that is down is told of by whoever needs it, not with every attempt.
        logging.AddFilter("Quartz.Impl.AdoJobStore", LogLevel.Error);
        // Two lines a request would be all there is to read.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    }

    private static void AddScheduling(IServiceCollection services, ServiceSettings settings)
    {
        services.AddQuartz(quartz =>
        {
            quartz.UseDefaultThreadPool(ConcurrentRuns);
            quartz.UseStoreOf(settings);
        });
        services.AddSingleton<FeedScheduler>();
        services.AddSingleton(provider => new FolderWatcher(settings.DefinitionsFolder, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<Housekeeping>();
        services.AddHostedService<FeedsWorker>();
        services.AddHostedService<SnapshotFollower>();
    }
}
