using FeedService.Publishing;
using FeedService.Sources;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>Keeps a subscription at a hub of every upstream that names any, for as long as it does and a feed takes articles from it.</summary>
internal sealed partial class Subscriber(IArticleStore store, PublishedFeeds feeds, PublicUrls urls, HubClient client, TimeProvider time, ILogger<Subscriber> logger)
{
    /// <summary>How long a hub has to confirm what it was asked for.</summary>
    public static readonly TimeSpan TimeToConfirm = TimeSpan.FromMinutes(10);

    /// <summary>What is asked for; a hub may give less.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromDays(10);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(12);

    private readonly Dictionary<string, (long Revision, IReadOnlyList<StoredRecord> Wanted)> _wanted = new(StringComparer.Ordinal);
    private long _revision = -1;
    private bool _isCompared;

    public string Callback(StoredRecord record, UpstreamSubscription subscription) => $"{urls.Root}/hub/callback/{record.Key}.{subscription.Token}";

    /// <summary>Begins and ends subscriptions as feeds and their upstreams have it by now.</summary>
    public async Task CompareAsync(CancellationToken cancellationToken)
    {
        var revision = feeds.Revision;
        if (revision == _revision) return;
        var now = time.GetUtcNow();
        var all = feeds.All.ToDictionary(feed => feed.Slug, StringComparer.Ordinal);
        foreach (var feed in all.Values)
        {
            if (_wanted.TryGetValue(feed.Slug, out var before) && before.Revision == feed.Revision) continue;
            var wanted = Wanted(feed, now);
            foreach (var record in wanted.Where(record => !Contains(before.Wanted, record.Key)))
                await BeginAsync(record, cancellationToken);
            foreach (var record in before.Wanted?.Where(record => !Contains(wanted, record.Key)) ?? [])
                await EndAsync(record, cancellationToken);
            _wanted[feed.Slug] = (feed.Revision, wanted);
        }
        foreach (var slug in _wanted.Keys.Where(slug => !all.ContainsKey(slug)).ToList())
        {
            foreach (var record in _wanted[slug].Wanted) await EndAsync(record, cancellationToken);
            _wanted.Remove(slug);
        }
        // Once, for what came to an end while the service did not run.
        if (!_isCompared) await EndOthersAsync(cancellationToken);
        (_revision, _isCompared) = (revision, true);
    }

    /// <summary>Asks the hub for what is due: to begin, to go on, or to end.</summary>
    public async Task AskAsync(StoredRecord record, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Before it is sent: the hub may confirm before it answers.
        var asked = await store.ChangeAsync(record, was => was.Due == record.Due ? Asking(was, now) : was, time, cancellationToken);
        if (asked is null || asked.Due != record.Due) return;
        var subscription = asked.Read<UpstreamSubscription>();
        string? problem;
        try
        {
            var answer = await client.AskAsync(subscription.IsEnding ? "unsubscribe" : "subscribe", subscription, Callback(record, subscription), Lease, cancellationToken);
            problem = answer.IsSuccess ? null : $"it answered {answer.Status}";
        }
        catch (FetchException e)
        {
            problem = e.Message;
        }
        if (problem is not null) Log.NotTaken(logger, record.Feed, subscription.Hub, problem);
        var current = await store.FindRecordAsync(record.Kind, record.Key, now, cancellationToken);
        if (current is null) return;
        await store.ChangeAsync(current, was => Asked(was, record, problem is null, now), time, cancellationToken);
    }

    // A hub that took it and never confirmed had its turn.
    private static StoredRecord Asking(StoredRecord was, DateTimeOffset now)
    {
        var subscription = was.Read<UpstreamSubscription>();
        return was with { Value = Records.Text((subscription is { IsTaken: true, IsEnding: false } ? subscription.AtNextHub() : subscription) with { Asked = now }) };
    }

    // A confirmation that came meanwhile has said when to ask again, and another wish makes the record due at once.
    private static StoredRecord Asked(StoredRecord was, StoredRecord lent, bool isTaken, DateTimeOffset now)
    {
        if (was.Due != lent.Due) return was;
        var subscription = was.Read<UpstreamSubscription>();
        // What is ending is asked for once: where the hub does not hear of it, the lease ends it.
        if (subscription.IsEnding) return was with { Due = null, Expires = now + TimeToConfirm };
        if (isTaken) return was with { Value = Records.Text(subscription with { IsTaken = true }), Due = now + Longer(TimeToConfirm, Wait(subscription.Rounds + 1)) };
        var next = subscription.AtNextHub();
        return was with { Value = Records.Text(next), Due = next.HasUntriedHub ? now : now + Wait(next.Rounds) };
    }

    private static TimeSpan Wait(int rounds)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(rounds, 16)) * (1 + (Random.Shared.NextDouble() / 4));
        return wait < LongestWait ? wait : LongestWait;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static List<StoredRecord> Wanted(PublishedFeed feed, DateTimeOffset now)
    {
        if (feed.Definition is { Paused: true } or { Gone: true }) return [];
        var wanted = new List<StoredRecord>();
        foreach (var source in feed.Definition.Sources)
        {
            if (feed.State.Sources.GetValueOrDefault(source.Key)?.State is not { } notes) continue;
            if (UpstreamState.Parse(notes) is { Gone: false, Topic: { } topic, Hubs: [_, ..] hubs }) wanted.Add(UpstreamSubscription.New(feed.Slug, source.Key, topic, hubs, now));
        }
        return wanted;
    }

    private async Task BeginAsync(StoredRecord record, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await store.TryAddRecordAsync(record, now, cancellationToken) || await store.FindRecordAsync(record.Kind, record.Key, now, cancellationToken) is not { } known) return;
        // It was about to end; or it goes on as it is.
        await store.ChangeAsync(
            known,
            was => was.Read<UpstreamSubscription>() is { IsEnding: true } ending
                ? was with { Value = Records.Text(ending with { IsEnding = false, IsTaken = false, Until = null, Failures = 0 }), Due = now, Expires = null }
                : was,
            time,
            cancellationToken);
    }

    private async Task EndAsync(StoredRecord record, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await store.FindRecordAsync(record.Kind, record.Key, now, cancellationToken) is not { } known) return;
        await store.ChangeAsync(
            known,
            was => was.Read<UpstreamSubscription>() is { IsEnding: false } subscription
                ? was with { Value = Records.Text(subscription with { IsEnding = true, Asked = null }), Due = now, Expires = now + TimeSpan.FromDays(1) }
                : was,
            time,
            cancellationToken);
    }

    private async Task EndOthersAsync(CancellationToken cancellationToken)
    {
        var wanted = _wanted.Values.SelectMany(feed => feed.Wanted).Select(record => record.Key).ToHashSet(StringComparer.Ordinal);
        await foreach (var record in store.WalkRecordsAsync(UpstreamSubscription.Kind, null, "", time.GetUtcNow(), cancellationToken))
            if (!wanted.Contains(record.Key)) await EndAsync(record, cancellationToken);
    }

    private static bool Contains(IReadOnlyList<StoredRecord>? records, string key) => records?.Any(record => record.Key == key) ?? false;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Feed}: the hub {Hub} does not take the subscription, the feed is polled as before: {Problem}")]
        public static partial void NotTaken(ILogger logger, string feed, string hub, string problem);
    }
}
