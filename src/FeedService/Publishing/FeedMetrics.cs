using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FeedService.Publishing;

/// <summary>Every instrument of the service. What is counted elsewhere anyway is read when somebody asks, so that it costs nothing until then.</summary>
public sealed class FeedMetrics : IDisposable
{
    /// <summary>The name of the meter and of the source of traces.</summary>
    public const string Name = "FeedService";

    /// <summary>What feeds beyond <see cref="MostFeeds"/> are told of together.</summary>
    public const string OtherFeeds = "_other";

    /// <summary>So many feeds have series of their own, in the order in which there was something to tell of them: collectors pay for each.</summary>
    public const int MostFeeds = 1_000;

    /// <summary>One publication is a trace; its sources and steps are spans of it.</summary>
    public static readonly ActivitySource Tracing = new(Name);

    private readonly Meter _meter;
    private readonly ConcurrentDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Counter<long> _publications;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _changed;
    private readonly Counter<long> _failures;
    private readonly ConcurrentDictionary<string, Func<long>> _queues = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, long> _waiting = new Dictionary<string, long>();
    private int _running;

    public FeedMetrics(SnapshotCache cache, PublishedFeeds feeds, FeedRuns runs, FeedTroubles troubles, Audience audience)
    {
        // The scope tells apart the services of one process: tests run several.
        _meter = new Meter(new MeterOptions(Name) { Scope = this });
        _publications = _meter.CreateCounter<long>("feedservice.publications", "{run}", "Runs of feeds, by outcome: changed, unchanged, kept (not good enough to go out) or failed.");
        _durations = _meter.CreateHistogram("feedservice.publication.duration", "s", "How long runs took.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60],
        });
        _changed = _meter.CreateCounter<long>("feedservice.articles.changed", "{article}", "Articles that were new, changed or removed.");
        _failures = _meter.CreateCounter<long>("feedservice.source.failures", "{look}", "Looks at sources that failed, by the kind of source.");

        _meter.CreateObservableUpDownCounter("feedservice.publications.running", () => Volatile.Read(ref _running), "{run}", "Runs under way.");
        _meter.CreateObservableGauge("feedservice.feeds", () => feeds.All.Count, "{feed}", "Feeds that are defined.");
        _meter.CreateObservableGauge("feedservice.feeds.degraded", () => runs.Degraded.Count, "{feed}", "Feeds that missed three runs.");
        _meter.CreateObservableGauge("feedservice.feeds.failing", () => troubles.Count, "{feed}", "Feeds with a definition, a source, an article or a document that is not in order.");
        _meter.CreateObservableGauge("feedservice.articles", () => ByFeed(feeds.All.Select(feed => (feed.Slug, (long)feed.State.Articles))), "{article}", "Articles in each feed.");
        _meter.CreateObservableGauge(
            "feedservice.subscribers", () => audience.IsOpen ? ByFeed(feeds.All.Select(feed => (feed.Slug, (long)audience.Subscribers(feed.Slug)))) : [], "{reader}", "Who reads each feed: stated by hosted readers, plus different readers a day.");
        _meter.CreateObservableCounter("feedservice.requests", () => Requests(cache.Traffic), "{request}", "Requests for documents of feeds, by format and outcome.");
        _meter.CreateObservableCounter("feedservice.response.bytes", () => Sum(cache.Traffic.Counters.Where(one => one.Bytes > 0).Select(one => (Tags(one), one.Bytes))), "By", "Bytes of feeds that went out.");
        _meter.CreateObservableCounter("feedservice.other.requests", () => Others(cache.Traffic), "{request}", "Answers besides finished feeds: pages, files, health, errors.");
        _meter.CreateObservableGauge("feedservice.snapshots.memory", () => cache.Size, "By", "Bytes of snapshots in memory.");
        _meter.CreateObservableGauge("feedservice.snapshots", () => cache.Count, "{snapshot}", "Snapshots, in memory or in the store only.");
        _meter.CreateObservableGauge("feedservice.queue.length", Queues, "{item}", "What waits to be done.");
    }

    public Meter Meter => _meter;

    /// <summary>Begins to tell how much waits in a queue.</summary>
    public void AddQueue(string queue, Func<long> length) => _queues[queue] = length;

    /// <summary>What waits in the store, by kind, as of the last look.</summary>
    public void Waiting(IReadOnlyDictionary<string, long> byKind) => Volatile.Write(ref _waiting, byKind);

    /// <summary>Begins to tell of something that is counted elsewhere.</summary>
    public void AddCounter(string name, Func<long> count, string unit, string description) => _meter.CreateObservableCounter(name, count, unit, description);

    /// <summary>Begins to tell what has happened between hubs and subscribers: how often, by outcome.</summary>
    public void AddHub(Func<IEnumerable<(string Outcome, long Count)>> counts) => _meter.CreateObservableCounter(
        "feedservice.hub.deliveries",
        () => counts().Select(each => new Measurement<long>(each.Count, Tag("outcome", each.Outcome))),
        "{delivery}",
        "Confirmations, deliveries and pings between hubs and subscribers, by outcome.");

    public void RunStarted() => Interlocked.Increment(ref _running);

    public void RunFinished(string feed, string outcome, TimeSpan took, int changed)
    {
        Interlocked.Decrement(ref _running);
        _publications.Add(1, Tag("feed", Label(feed)), Tag("outcome", outcome));
        _durations.Record(took.TotalSeconds, Tag("outcome", outcome));
        if (changed > 0) _changed.Add(changed, Tag("feed", Label(feed)));
    }

    public void SourceFailed(string feed, string kind) => _failures.Add(1, Tag("feed", Label(feed)), Tag("kind", kind));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    // A feed keeps the series that it was given, so that counters never go back.
    private string Label(string feed) =>
        _labels.TryGetValue(feed, out var label) ? label : _labels.Count < MostFeeds ? _labels.GetOrAdd(feed, feed) : OtherFeeds;

    private IEnumerable<Measurement<long>> ByFeed(IEnumerable<(string Feed, long Value)> values) =>
        Sum(values.Select(each => (new Series(Label(each.Feed)), each.Value)));

    private IEnumerable<Measurement<long>> Queues() => _queues.Select(queue => (queue.Key, Length: queue.Value()))
        .Concat(Volatile.Read(ref _waiting).Select(queue => (queue.Key, Length: queue.Value)))
        .Select(queue => new Measurement<long>(queue.Length, Tag("queue", queue.Key)));

    private IEnumerable<Measurement<long>> Requests(FeedTraffic traffic) => Sum(traffic.Counters.SelectMany(one => new[]
    {
        (Tags(one) with { Outcome = "full" }, one.Full),
        (Tags(one) with { Outcome = "not_modified" }, one.NotModified),
        (Tags(one) with { Outcome = "delta" }, one.Delta),
        (Tags(one) with { Outcome = "refused" }, one.Refused),
    }).Where(each => each.Item2 > 0));

    private static IEnumerable<Measurement<long>> Others(FeedTraffic traffic) => Enumerable.Range(1, 5)
        .Where(status => traffic.Others(status) > 0).Select(status => new Measurement<long>(traffic.Others(status), Tag("status", $"{status}xx")));

    // Nobody asks for a new feed before its series has a name; feeds that were never asked for take none.
    private Series Tags(TrafficCounter one) => new(one.Full + one.NotModified + one.Delta + one.Refused > 0 ? Label(one.Feed) : OtherFeeds, one.Document, one.Format);

    private static IEnumerable<Measurement<long>> Sum(IEnumerable<(Series Series, long Value)> values) => values
        .GroupBy(each => each.Series, each => each.Value)
        .Select(group => new Measurement<long>(group.Sum(), group.Key.Tags));

    private sealed record Series(string Feed, string? Document = null, string? Format = null, string? Outcome = null)
    {
        public IEnumerable<KeyValuePair<string, object?>> Tags =>
            new[] { Tag("feed", Feed), Tag("document", Document!), Tag("format", Format!), Tag("outcome", Outcome!) }.Where(tag => tag.Value is not null);
    }
}
