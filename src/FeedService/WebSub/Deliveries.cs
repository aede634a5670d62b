using System.Collections.Concurrent;
using FeedService.Publishing;
using FeedService.Sources;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>Brings changes to subscribers and hubs: each announcement makes its topic's subscriptions due, and a due one is delivered until it succeeds or is given up.</summary>
internal sealed partial class Deliveries(IArticleStore store, Topics topics, PublicUrls urls, HubClient client, WebSubCounts counts, TimeProvider time, ILogger<Deliveries> logger)
{
    private const int AnnouncementsAtOnce = 20;
    private const int ContentsKept = 16;

    private static readonly TimeSpan AnnouncementLease = TimeSpan.FromMinutes(1);

    /// <summary>How long a failed delivery waits, ever longer.</summary>
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(8)];

    /// <summary>After so long what was to be delivered is given up; the next change is tried again.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(1);

    /// <summary>A subscriber that has failed for so long, at every try, is not coming back.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromDays(3);

    /// <summary>A hub that nothing was announced to for so long is forgotten until something is.</summary>
    private static readonly TimeSpan HubLife = TimeSpan.FromDays(30);

    // Many subscribers are sent the same.
    private readonly ConcurrentDictionary<(string Feed, string Name, long Announced), Task<TopicContent?>> _contents = new();

    /// <summary>Makes what was published due for those who wait for it.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> AnnounceAsync(CancellationToken cancellationToken)
    {
        var announcements = await store.LeaseAnnouncementsAsync(time.GetUtcNow(), AnnouncementLease, AnnouncementsAtOnce, cancellationToken);
        foreach (var announcement in announcements.Where(announcement => Topics.IsTopic(announcement.Name)))
        {
            await AddHubsAsync(announcement, cancellationToken);
            await foreach (var subscription in OfTopicAsync(announcement.Feed, announcement.Name, cancellationToken))
                await store.ChangeAsync(subscription, was => Due(was, announcement.Id), time, cancellationToken);
        }
        // Only now: whoever dies before leaves them to others, and to be told of one again changes nothing.
        if (announcements.Count > 0) await store.CompleteAnnouncementsAsync([.. announcements.Select(announcement => announcement.Id)], cancellationToken);
        return announcements.Count == AnnouncementsAtOnce;
    }

    /// <summary>Delivers what is due to one subscriber, whose record was lent to us.</summary>
    public async Task DeliverAsync(StoredRecord lent, CancellationToken cancellationToken)
    {
        var subscription = lent.Read<Subscription>();
        var (feed, name, host) = Subscription.Parts(lent.Key);
        if (_contents.Count > ContentsKept) _contents.Clear();
        TopicContent? content;
        try
        {
            content = await _contents.GetOrAdd((feed, name, subscription.Announced), _ => topics.LoadAsync(feed, name, cancellationToken));
        }
        catch
        {
            _contents.Clear();
            throw;
        }
        if (content is null || content.Tag == subscription.Told)
        {
            await EndAsync(lent, was => Delivered(was, subscription.Announced, subscription.Told), cancellationToken);
            return;
        }
        var (status, problem, retryAfter) = await SendAsync(subscription, urls.Document(feed, name), content, cancellationToken);
        if (status is >= 200 and < 300)
        {
            counts.Count(WebSubEvent.Delivered);
            await EndAsync(lent, was => Delivered(was, subscription.Announced, content.Tag), cancellationToken);
        }
        else if (status == StatusCodes.Status410Gone && !subscription.IsHub)
        {
            counts.Count(WebSubEvent.Dropped);
            Log.Gone(logger, feed, name, host);
            await store.ChangeAsync(lent, _ => null, time, cancellationToken);
        }
        else
        {
            counts.Count(WebSubEvent.Failed);
            Log.Failed(logger, feed, name, host, problem);
            if (await EndAsync(lent, was => Failed(was, retryAfter), cancellationToken) is null)
            {
                counts.Count(WebSubEvent.Dropped);
                Log.Dead(logger, feed, name, host, problem);
            }
        }
    }

    /// <summary>Lets go of the documents that were delivered last.</summary>
    public void Forget() => _contents.Clear();

    private async Task<(int Status, string Problem, TimeSpan? RetryAfter)> SendAsync(Subscription subscription, string topic, TopicContent content, CancellationToken cancellationToken)
    {
        try
        {
            var answer = subscription.IsHub
                ? await client.PingAsync(subscription.Callback, topic, cancellationToken)
                : await client.DeliverAsync(subscription.Callback, subscription.Secret, content, cancellationToken);
            return (answer.Status, $"answered {answer.Status}", answer.RetryAfter);
        }
        catch (FetchException e)
        {
            return (0, e.Message, null);
        }
    }

    // The outcome, unless the record has been lent to somebody else meanwhile: then theirs counts.
    private Task<StoredRecord?> EndAsync(StoredRecord lent, Func<StoredRecord, StoredRecord?> outcome, CancellationToken cancellationToken) =>
        store.ChangeAsync(lent, was => was.Due == lent.Due ? outcome(was) : was, time, cancellationToken);

    private StoredRecord Due(StoredRecord was, long announcement)
    {
        var subscription = was.Read<Subscription>();
        var now = time.GetUtcNow();
        // Whoever is waited for, or is being told just now, is not told any sooner: it gets the newest then.
        return subscription.Announced >= announcement ? was : was with
        {
            Value = Records.Text(subscription with { Announced = announcement, Since = was.Due is null ? now : subscription.Since ?? now }),
            Due = was.Due ?? now,
            Expires = subscription.IsHub ? now + HubLife : was.Expires,
        };
    }

    private StoredRecord Delivered(StoredRecord was, long announced, string? tag)
    {
        var subscription = was.Read<Subscription>();
        var isLast = subscription.Announced <= announced;
        var now = time.GetUtcNow();
        return was with
        {
            Value = Records.Text(subscription with { Told = tag, Announced = isLast ? 0 : subscription.Announced, Since = isLast ? null : now, Failures = 0, FailingSince = null }),
            Due = isLast ? null : now,
        };
    }

    private StoredRecord? Failed(StoredRecord was, TimeSpan? retryAfter)
    {
        var subscription = was.Read<Subscription>();
        var now = time.GetUtcNow();
        var failed = subscription with { Failures = subscription.Failures + 1, FailingSince = subscription.FailingSince ?? now };
        if (!subscription.IsHub && now - failed.FailingSince >= DeadAfter) return null;
        var wait = Waits[Math.Min(failed.Failures, Waits.Length) - 1] * (1 + (Random.Shared.NextDouble() / 10));
        if (retryAfter > wait) wait = retryAfter.Value;
        // The last try is when the day is over.
        var left = (subscription.Since ?? now) + GivenUpAfter - now;
        if (wait > left) wait = left;
        return left <= TimeSpan.Zero
            ? was with { Value = Records.Text(failed with { Announced = 0, Since = null }), Due = null }
            : was with { Value = Records.Text(failed), Due = now + wait };
    }

    /// <summary>Hubs that the definition names have records like subscribers; those that it names no more lose theirs.</summary>
    private async Task AddHubsAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        var hubs = topics.IsPublic(announcement.Feed) ? topics.OtherHubs(announcement.Feed) : [];
        var keys = hubs.ToDictionary(hub => Subscription.Key(announcement.Feed, announcement.Name, new Uri(hub)), StringComparer.Ordinal);
        foreach (var (key, hub) in keys)
        {
            var now = time.GetUtcNow();
            var record = new StoredRecord(Subscription.Kind, key)
            {
                Feed = announcement.Feed,
                Value = Records.Text(new Subscription { Callback = hub, IsHub = true }),
                Expires = now + HubLife,
            };
            await store.TryAddRecordAsync(record, now, cancellationToken);
        }
        await foreach (var known in OfTopicAsync(announcement.Feed, announcement.Name, cancellationToken))
            if (!keys.ContainsKey(known.Key) && known.Read<Subscription>().IsHub)
                await store.ChangeAsync(known, _ => null, time, cancellationToken);
    }

    private IAsyncEnumerable<StoredRecord> OfTopicAsync(string feed, string name, CancellationToken cancellationToken) =>
        store.WalkRecordsAsync(Subscription.Kind, feed, Subscription.Prefix(feed, name), time.GetUtcNow(), cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Feed}: {Name} was not taken by {Host}: {Problem}")]
        public static partial void Failed(ILogger logger, string feed, string name, string host, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Feed}: a subscriber of {Name} at {Host} has ended its subscription (410)")]
        public static partial void Gone(ILogger logger, string feed, string name, string host);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Feed}: a subscriber of {Name} at {Host} has not answered for days and is dropped: {Problem}")]
        public static partial void Dead(ILogger logger, string feed, string name, string host, string problem);
    }
}
