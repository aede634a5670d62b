using System.Collections.Concurrent;
using System.Text.Json;
using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>
/// When feeds ran last and how that went. A run that finds nothing new leaves no trace in the store, so it is kept here and written down once a
/// minute for all, which tells restarts and other nodes of it.
/// </summary>
public sealed class FeedRuns(IArticleStore store, TimeProvider time)
{
    private const string Kind = "run";
    private const int Portion = 1_000;

    /// <summary>A feed that has missed so many runs is degraded.</summary>
    public const int MissedRuns = 3;

    /// <summary>Runs need a moment to come about.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly DateTimeOffset _since = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, FeedRun> _last = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, DateTimeOffset>> _answered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTimeOffset From, FeedSchedule Schedule, DateTimeOffset? Until)> _patience = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, bool> _unsaved = new(StringComparer.Ordinal);
    private IReadOnlySet<string> _degraded = new HashSet<string>();

    /// <summary>Feeds that should have run and did not, as of the last look.</summary>
    public IReadOnlySet<string> Degraded => Volatile.Read(ref _degraded);

    /// <summary>The feed's last finished run; null where none is known.</summary>
    public FeedRun? Last(string feed) => _last.GetValueOrDefault(feed);

    /// <summary>When the source last answered well.</summary>
    public DateTimeOffset? LastSuccess(string feed, string source) => _answered.TryGetValue(feed, out var sources) && sources.TryGetValue(source, out var at) ? at : null;

    public void Finished(string feed, FeedRun run)
    {
        _last[feed] = run;
        _unsaved[feed] = true;
    }

    public void Answered(string feed, string source) => Answers(feed)[source] = time.GetUtcNow();

    public void Forget(string feed)
    {
        _last.TryRemove(feed, out _);
        _patience.TryRemove(feed, out _);
        _answered.TryRemove(feed, out _);
    }

    /// <summary>Whether the feed has missed its runs: the third moment of its schedule since the last one that came to its end has passed.</summary>
    public bool HasMissedRuns(FeedDefinition feed)
    {
        var from = Last(feed.Slug)?.At is { } last && last > _since ? last : _since;
        if (!_patience.TryGetValue(feed.Slug, out var patience) || patience.From != from || patience.Schedule != feed.Schedule)
        {
            DateTimeOffset? until = from;
            for (var i = 0; i < MissedRuns && until is not null; i++) until = ScheduleParser.Next(feed.Schedule, until.Value);
            _patience[feed.Slug] = patience = (from, feed.Schedule, until + s_grace);
        }
        return time.GetUtcNow() > patience.Until;
    }

    /// <summary>Looks which feeds have missed their runs; those that somebody paused miss none.</summary>
    public async Task LookAsync(IEnumerable<FeedDefinition> feeds, Func<string, CancellationToken, Task<bool>> isScheduled, CancellationToken cancellationToken)
    {
        var degraded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var feed in feeds.Where(feed => !feed.Paused && HasMissedRuns(feed)))
        {
            if (await isScheduled(feed.Slug, cancellationToken)) degraded.Add(feed.Slug);
        }
        Volatile.Write(ref _degraded, degraded);
    }

    /// <summary>Writes down the runs of this node, and learns of the others'.</summary>
    public async Task SynchronizeAsync(CancellationToken cancellationToken)
    {
        var unsaved = Interlocked.Exchange(ref _unsaved, new(StringComparer.Ordinal));
        try
        {
            foreach (var portion in unsaved.Keys.Chunk(Portion))
                await store.PutRecordsAsync([.. portion.Where(_last.ContainsKey).Select(Record)], cancellationToken);
        }
        catch (StoreException)
        {
            foreach (var feed in unsaved.Keys) _unsaved[feed] = true;
            throw;
        }
        await foreach (var record in store.WalkRecordsAsync(Kind, null, "", time.GetUtcNow(), cancellationToken)) Learn(record);
    }

    private void Learn(StoredRecord record)
    {
        if (JsonSerializer.Deserialize<SavedRun>(record.Value, s_json) is not { Run: { } run } saved) return;
        _last.AddOrUpdate(record.Key, run, (_, known) => known.At >= run.At ? known : run);
        foreach (var (source, at) in saved.Answered) Answers(record.Key).AddOrUpdate(source, at, (_, known) => known >= at ? known : at);
    }

    private ConcurrentDictionary<string, DateTimeOffset> Answers(string feed) => _answered.GetOrAdd(feed, static _ => new(StringComparer.Ordinal));

    private StoredRecord Record(string feed) => new(Kind, feed)
    {
        Feed = feed,
        Value = JsonSerializer.Serialize(new SavedRun(_last[feed], Answers(feed)), s_json),
    };

    private sealed record SavedRun(FeedRun Run, IReadOnlyDictionary<string, DateTimeOffset> Answered);
}

/// <summary>A run that came to its end.</summary>
/// <param name="At">When it began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Changed">Articles that were new, changed or removed.</param>
/// <param name="Problems">What an operator should read about it, in words.</param>
public sealed record FeedRun(DateTimeOffset At, TimeSpan Took, int Changed, IReadOnlyList<string> Problems);
