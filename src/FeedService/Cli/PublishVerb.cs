using System.CommandLine;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FeedService.Cli;

/// <summary><c>feedservice publish</c>.</summary>
internal static class PublishVerb
{
    // A file that was written just now is looked at twice before it counts as whole.
    private const int Looks = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public static Verb Create(CommonOptions options, Func<ServiceSettings, Action<WebApplicationBuilder>?, WebApplication> create)
    {
        var output = new Option<string>("--output") { Description = "The folder to write; files that nothing leads to any more are removed from it", HelpName = "DIR", Required = true };
        var publicUrl = new Option<string?>("--public-url") { Description = "Where the files will be: every absolute URL begins with it", HelpName = "URL" };
        var verb = new Verb("publish", "Publish all feeds once, as files for any web server: feeds, pages, pictures, with .gz and .br beside them.",
            "feedservice publish --output site --public-url https://feeds.example",
            "feedservice publish --feeds /srv/feeds --data /var/lib/feedservice --output /var/www/feeds --public-url https://feeds.example")
        {
            output,
            publicUrl,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            // Nobody else is to see the service that makes the pages.
            options.Settings(parsed, ("PublicUrl", parsed.GetValue(publicUrl))) with { Urls = ["http://127.0.0.1:0"], Hub = false },
            Path.GetFullPath(parsed.GetValue(output)!), create, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(
        ServiceSettings settings, string output, Func<ServiceSettings, Action<WebApplicationBuilder>?, WebApplication> create, CancellationToken cancellationToken)
    {
        await using var app = create(settings, builder =>
        {
            // One run each, now: no schedule and no watching of folders.
            builder.Services.RemoveAll<IHostedService>();
            builder.Logging.ClearProviders();
        });
        var definitions = app.Services.GetRequiredService<Definitions>();
        definitions.ReloadAll();
        var failed = false;
        foreach (var error in definitions.Errors.Values.SelectMany(errors => errors))
        {
            Terminal.Error(error.ToString());
            failed = true;
        }
        if (definitions.All.Count == 0 && !failed) throw new UsageException($"there are no feeds in {settings.DefinitionsFolder}; make one with feedservice init, or say --feeds DIR");

        await app.Services.GetRequiredService<IArticleStore>().OpenAsync(cancellationToken);
        await app.Services.GetRequiredService<SnapshotCache>().LoadAsync(slug => CacheLife.Of(definitions.Find(slug)), cancellationToken);
        var publisher = app.Services.GetRequiredService<FeedPublisher>();
        await Terminal.WithProgressAsync("Publishing", definitions.All.Count, async advance =>
        {
            foreach (var feed in definitions.All.Values.Where(feed => !feed.Paused))
            {
                var report = await PublishAsync(publisher, feed, cancellationToken);
                foreach (var problem in report.Problems) Terminal.Error($"{feed.Slug}: {problem}");
                failed |= report.Problems.Count > 0;
                advance();
            }
        });

        var published = app.Services.GetRequiredService<PublishedFeeds>();
        var states = (await app.Services.GetRequiredService<IArticleStore>().ListFeedsAsync(cancellationToken)).ToDictionary(state => state.Feed);
        foreach (var feed in definitions.All.Values) published.Update(feed, states.GetValueOrDefault(feed.Slug) ?? new FeedState(feed.Slug));
        app.Services.GetRequiredService<Readiness>().Problem = null;
        await app.StartAsync(cancellationToken);
        using var site = new StaticSite(app, output, settings.PublicUrl);
        await site.WriteAsync(cancellationToken);
        Console.Error.WriteLine($"{output}: {site.Count} files, {site.Changed} changed, {site.Removed} removed");
        return failed ? CommandLine.Findings : CommandLine.Good;
    }

    private static async Task<PublicationReport> PublishAsync(FeedPublisher publisher, FeedDefinition feed, CancellationToken cancellationToken)
    {
        var report = await publisher.PublishAsync(feed, cancellationToken);
        for (var look = 1; look < Looks && report.RunAgain - TimeProvider.System.GetUtcNow() is { } wait && wait < LongestWait; look++)
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellationToken);
            report = await publisher.PublishAsync(feed, cancellationToken);
        }
        return report;
    }
}
