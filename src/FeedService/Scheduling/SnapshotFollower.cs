using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Scheduling;

/// <summary>Takes over what other processes publish, as soon as the store tells of it: every node serves every feed.</summary>
public sealed partial class SnapshotFollower(
    IArticleStore store, Definitions definitions, SnapshotCache cache, PublishedFeeds published, Readiness readiness, TimeProvider time, ILogger<SnapshotFollower> logger) : StoreWorker
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nothing is there to follow before the store was opened.
        while (readiness.Problem is not null)
            await Task.Delay(s_retry, time, stoppingToken);
        while (true)
        {
            try
            {
                await foreach (var change in store.WatchAsync(stoppingToken))
                {
                    // Names that are told are hints: what counts is the difference from what the store has.
                    foreach (var feed in change.Feed is { } one ? [one] : await cache.OutdatedAsync(stoppingToken))
                        await TakeOverAsync(feed, stoppingToken);
                }
            }
            catch (StoreException failure)
            {
                Log.NotFollowed(logger, failure.Message);
            }

            // Whatever was told meanwhile: a new watch begins with a comparison of all.
            await Task.Delay(s_retry, time, stoppingToken);
        }
    }

    private async Task TakeOverAsync(string slug, CancellationToken cancellationToken)
    {
        if (definitions.Find(slug) is not { } feed)
            return;
        if (feed.IsServed)
            await cache.RenewAsync(slug, CacheLife.Of(feed), cancellationToken);
        if (await store.FindFeedAsync(slug, cancellationToken) is { } state && state.Version > (published.Find(slug)?.State.Version ?? 0))
            published.TakeOver(feed, state);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "What other nodes publish cannot be seen for now: {Reason}")]
        public static partial void NotFollowed(ILogger logger, string reason);
    }
}
