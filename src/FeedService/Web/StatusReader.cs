using System.Collections.Concurrent;
using System.IO.Compression;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Linting;

namespace FeedService.Web;

/// <summary>
/// Reads how feeds stand; those that need somebody come first. The page asks every few seconds: what a feed's articles and documents give is
/// kept until they change.
/// </summary>
internal sealed class StatusReader(
    PublishedFeeds feeds, IArticleStore store, SnapshotCache cache, FeedRuns runs, FeedTroubles troubles, Audience audience, ServiceHealth health, FeedControl control, TimeProvider clock)
{
    // More articles than this in the chart's days only make its bars as high as they can be.
    private const int ArticlesCounted = 300;
    private const int FindingsOfDocument = 10;

    private readonly ConcurrentDictionary<string, (long Revision, DateTime Day, FeedNumbers Numbers)> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTime Day, int Days, IReadOnlyList<(DateOnly, int)> Subscribers)> _history = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Feed, string Name), (string Tag, IReadOnlyList<DocumentFinding> Findings)> _findings = new();

    /// <summary>What is wrong with definitions that no feed could be made of.</summary>
    public IReadOnlyList<string> Undefined => troubles.Undefined;

    public long Memory => cache.Size;

    public DateTimeOffset Now => clock.GetUtcNow();

    public Task<Health> HealthAsync(CancellationToken cancellationToken) => health.LookAsync(cancellationToken);

    /// <param name="page">From 1.</param>
    /// <param name="size">Feeds of a page.</param>
    /// <param name="days">For how many days to say how many subscribers there were.</param>
    /// <param name="cancellationToken">Ends the reading of the store.</param>
    public async Task<(IReadOnlyList<FeedStatus> Feeds, int Total)> ReadAsync(int page, int size, int days, CancellationToken cancellationToken)
    {
        // Without a store it says what it knows: that is when it is needed most.
        var reachable = (await health.LookAsync(cancellationToken)).Store is null;
        try
        {
            return await ReadAsync(page, size, days, reachable, cancellationToken);
        }
        catch (StoreException) when (reachable)
        {
            return await ReadAsync(page, size, days, reachable: false, cancellationToken);
        }
    }

    private async Task<(IReadOnlyList<FeedStatus> Feeds, int Total)> ReadAsync(int page, int size, int days, bool reachable, CancellationToken cancellationToken)
    {
        var (all, now, degraded) = (feeds.All, Now, runs.Degraded);
        var read = new List<FeedStatus>();
        var shown = all.OrderByDescending(feed => degraded.Contains(feed.Slug)).ThenByDescending(troubles.Has).ThenBy(feed => feed.Slug, StringComparer.Ordinal);
        foreach (var feed in shown.Skip((page - 1) * size).Take(size))
        {
            read.Add(FeedStatus.Of(
                feed,
                await control.NextRun(feed.Slug, cancellationToken),
                await NumbersAsync(feed, now, reachable, cancellationToken),
                await SubscribersAsync(feed.Slug, days, now, reachable, cancellationToken),
                await FindingsAsync(feed.Slug, reachable, cancellationToken),
                runs,
                troubles.Of(feed),
                cache,
                now));
        }
        return (read, all.Count);
    }

    private async Task<FeedNumbers> NumbersAsync(PublishedFeed feed, DateTimeOffset now, bool reachable, CancellationToken cancellationToken)
    {
        if (_numbers.TryGetValue(feed.Slug, out var known) && known.Revision == feed.Revision && known.Day == now.UtcDateTime.Date) return known.Numbers;
        if (!reachable) return known.Numbers ?? new(feed.State.Articles, new int[FeedStatus.Days]);
        var daily = new int[FeedStatus.Days];
        foreach (var article in await store.NewestAsync(feed.Slug, now, ArticlesCounted, cancellationToken))
        {
            var age = (now.UtcDateTime.Date - article.Published.UtcDateTime.Date).Days;
            if (age is >= 0 and < FeedStatus.Days) daily[FeedStatus.Days - 1 - age]++;
        }
        var numbers = new FeedNumbers(await store.CountAsync(feed.Slug, now, cancellationToken), daily);
        _numbers[feed.Slug] = (feed.Revision, now.UtcDateTime.Date, numbers);
        return numbers;
    }

    private async Task<SubscriberStatus> SubscribersAsync(string feed, int days, DateTimeOffset now, bool reachable, CancellationToken cancellationToken)
    {
        var day = now.UtcDateTime.Date;
        if (!_history.TryGetValue(feed, out var known)) known = (default, 0, []);
        if ((known.Day != day || known.Days < days) && reachable)
            _history[feed] = known = (day, days, await audience.HistoryAsync(feed, days - 1, cancellationToken));
        var today = audience.Today(feed);
        var daily = new int[days];
        foreach (var (date, subscribers) in known.Subscribers)
        {
            var age = DateOnly.FromDateTime(day).DayNumber - date.DayNumber;
            if (age > 0 && age < days) daily[days - 1 - age] = subscribers;
        }
        daily[^1] = today.Where(reader => reader.IsSubscriber).Sum(reader => reader.Count);
        return new(audience.Subscribers(feed), daily, [.. today.Select(reader => new ReaderStatus(reader.Name, reader.Kind.ToString().ToLowerInvariant(), reader.Format, reader.Count))]);
    }

    // Of the feed itself; archive pages and the like are made of the same articles.
    private async Task<IReadOnlyList<DocumentFinding>> FindingsAsync(string feed, bool reachable, CancellationToken cancellationToken)
    {
        var all = new List<DocumentFinding>();
        foreach (var snapshot in cache.OfFeed(feed).Where(one => !one.Name.Contains('/', StringComparison.Ordinal)).OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            var key = (feed, snapshot.Name);
            if (!_findings.TryGetValue(key, out var known)) known = ("", []);
            if (known.Tag != snapshot.Tag && reachable)
                _findings[key] = known = (snapshot.Tag, await LintAsync(snapshot, cancellationToken));
            all.AddRange(known.Findings);
        }
        return all;
    }

    // From the store: what operators look at makes nothing warm that readers do not ask for.
    private async Task<IReadOnlyList<DocumentFinding>> LintAsync(CachedSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (await store.FindSnapshotAsync(snapshot.Feed, snapshot.Name, cancellationToken) is not { } stored) return [];
        var bytes = new byte[stored.Length];
        using (var gzip = new GZipStream(new MemoryStream(stored.Gzip.ToArray()), CompressionMode.Decompress)) gzip.ReadExactly(bytes);
        return
        [
            .. FeedLinter.Lint(bytes, new LintContext { ContentType = stored.MediaType }).Take(FindingsOfDocument)
                .Select(finding => new DocumentFinding(snapshot.Name, finding.Severity.ToString().ToLowerInvariant(), finding.Rule, finding.Message, finding.Where, finding.Fix)),
        ];
    }
}
