using System.Collections.Concurrent;

namespace FeedService.Publishing;

/// <summary>What was asked of each feed since the process began. Counters are found when a snapshot is made, so that a request only adds to them.</summary>
public sealed class FeedTraffic
{
    private readonly ConcurrentDictionary<(string Feed, string Document, string Format), TrafficCounter> _counters = new();

    // By status class, for all that is no finished feed: pages, files, health.
    private readonly long[] _others = new long[6];

    public IEnumerable<TrafficCounter> Counters => _counters.Values;

    /// <summary>The counter of a snapshot; those of one kind, such as archive pages, share one.</summary>
    public TrafficCounter Of(string feed, string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var document = slash < 0 ? "feed" : name[..slash];
        var format = name[(name.LastIndexOf('.') + 1)..];
        return _counters.GetOrAdd((feed, document, format), static key => new(key.Feed, key.Document, key.Format));
    }

    public void CountOther(int status) => Interlocked.Increment(ref _others[status is >= 100 and < 600 ? status / 100 : 0]);

    /// <summary>Answers besides finished feeds, by the first digit of their status.</summary>
    public long Others(int statusClass) => Volatile.Read(ref _others[statusClass]);

    public void Remove(string feed)
    {
        foreach (var key in _counters.Keys.Where(key => key.Feed == feed)) _counters.TryRemove(key, out _);
    }
}

/// <summary>What happened to requests for documents of one kind.</summary>
public sealed class TrafficCounter(string feed, string document, string format)
{
    private long _full;
    private long _notModified;
    private long _delta;
    private long _refused;
    private long _bytes;

    public string Feed => feed;

    /// <summary><c>feed</c>, <c>archive</c>, <c>tags</c> or <c>authors</c>.</summary>
    public string Document => document;

    /// <summary><c>rss</c>, <c>atom</c> or <c>json</c>.</summary>
    public string Format => format;

    public long Full => Volatile.Read(ref _full);

    public long NotModified => Volatile.Read(ref _notModified);

    public long Delta => Volatile.Read(ref _delta);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Bytes of bodies.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public void CountFull(int bytes)
    {
        Interlocked.Increment(ref _full);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void CountNotModified() => Interlocked.Increment(ref _notModified);

    /// <summary>226 with the articles that the reader lacked.</summary>
    public void CountDelta(int bytes)
    {
        Interlocked.Increment(ref _delta);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>A method that documents do not know, or a precondition that failed.</summary>
    public void CountRefused() => Interlocked.Increment(ref _refused);
}
