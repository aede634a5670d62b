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
    PublishedFeeds feeds, IArticleStore store, SnapshotCache cache, FeedRuns runs, Audience audience, ServiceHealth health, FeedControl control, TimeProvider clock)
{
    // More articles than this in the chart's days only make its bars as high as they can be.
    private const int ArticlesCounted = 300;
    private const int FindingsOfDocument = 10;

    private readonly ConcurrentDictionary<string, (long Revision, DateTime Day, FeedNumbers Numbers)> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTime Day, IReadOnlyList<(DateOnly, int)> Subscribers)> _history = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Feed, string Name), (string Tag, IReadOnlyList<DocumentFinding> Findings)> _findings = new();

    public long Memory => cache.Size;

    public DateTimeOffset Now => clock.GetUtcNow();

    public Task<Health> HealthAsync(CancellationToken cancellationToken) => health.LookAsync(cancellationToken);

    public async Task<(IReadOnlyList<FeedStatus> Feeds, int Total)> ReadAsync(int page, int size, CancellationToken cancellationToken)
    {
        // Without a store it says what it knows: that is when it is needed most.
        var reachable = (await health.LookAsync(cancellationToken)).Store is null;
        try
        {
            return await ReadAsync(page, size, reachable, cancellationToken);
        }
        catch (StoreException) when (reachable)
        {
            return await ReadAsync(page, size, reachable: false, cancellationToken);
        }
    }

    private async Task<(IReadOnlyList<FeedStatus> Feeds, int Total)> ReadAsync(int page, int size, bool reachable, CancellationToken cancellationToken)
    {
        var (all, now, degraded) = (feeds.All, Now, runs.Degraded);
        var read = new List<FeedStatus>();
        var shown = all.OrderByDescending(feed => degraded.Contains(feed.Slug)).ThenByDescending(feed => feed.IsFailing).ThenBy(feed => feed.Slug, StringComparer.Ordinal);
        foreach (var feed in shown.Skip((page - 1) * size).Take(size))
        {
            read.Add(FeedStatus.Of(
                feed,
                await control.NextRun(feed.Slug, cancellationToken),
                await NumbersAsync(feed, now, reachable, cancellationToken),
                await SubscribersAsync(feed.Slug, now, reachable, cancellationToken),
                await FindingsAsync(feed.Slug, reachable, cancellationToken),
                runs,
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

    private async Task<SubscriberStatus> SubscribersAsync(string feed, DateTimeOffset now, bool reachable, CancellationToken cancellationToken)
    {
        var day = now.UtcDateTime.Date;
        if (!_history.TryGetValue(feed, out var known)) known = (default, []);
        if (known.Day != day && reachable)
            _history[feed] = known = (day, await audience.HistoryAsync(feed, FeedStatus.Days - 1, cancellationToken));
        var today = audience.Today(feed);
        var daily = new int[FeedStatus.Days];
        foreach (var (date, subscribers) in known.Subscribers)
        {
            var age = DateOnly.FromDateTime(day).DayNumber - date.DayNumber;
            if (age is > 0 and < FeedStatus.Days) daily[FeedStatus.Days - 1 - age] = subscribers;
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
