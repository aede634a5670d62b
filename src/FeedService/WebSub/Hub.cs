using System.Globalization;
using System.Net;
using System.Text;
using FeedService.Sources;
using FeedService.Store;
using Microsoft.Extensions.Primitives;

namespace FeedService.WebSub;

/// <summary>The hub of our own feeds: takes what subscribers ask for, and does it once their callback confirms that they meant it.</summary>
internal sealed class Hub(IArticleStore store, Topics topics, HubClient client, HubLimits limits, WebSubCounts counts, TimeProvider time)
{
    private const int MaxCallback = 2048;

    /// <summary>Writes down what is asked for; it is looked at after the answer.</summary>
    /// <returns>202, or another status with the reason in words.</returns>
    public async Task<(int Status, string Reason)> AcceptAsync(IEnumerable<KeyValuePair<string, StringValues>> form, IPAddress? from, CancellationToken cancellationToken)
    {
        // Parameters that nobody knows are no error (WebSub, 5.1).
        var given = form.Where(field => field.Key.StartsWith("hub.", StringComparison.Ordinal)).ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal);
        if (given.FirstOrDefault(field => field.Value.Count > 1) is { Key: { } twice }) return Bad($"{twice} is given more than once");
        string? Given(string name) => given.TryGetValue(name, out var value) && value is [{ Length: > 0 } text] ? text : null;

        if (Given("hub.mode") is not { } mode) return Bad("hub.mode is missing: subscribe or unsubscribe");
        if (mode is not ("subscribe" or "unsubscribe")) return Bad("hub.mode has to be subscribe or unsubscribe; this hub takes no publications of others");
        if (Given("hub.callback") is not { } callback) return Bad("hub.callback is missing: the URL to deliver to");
        if (callback.Length > MaxCallback) return Bad($"hub.callback has more than {MaxCallback} characters");
        Uri url;
        try
        {
            url = OutboundRules.Parse(callback.Split('#')[0]);
        }
        catch (FetchException e)
        {
            return Bad($"hub.callback: {e.Message}");
        }
        if (Given("hub.topic") is not { } topic) return Bad("hub.topic is missing: the URL that the feed gives as its rel=self");
        if (Given("hub.secret") is { } secret && Encoding.UTF8.GetByteCount(secret) >= Signature.SecretLimit) return Bad($"hub.secret has to have less than {Signature.SecretLimit} bytes");
        if (topics.Find(topic) is not var (feed, name)) return (StatusCodes.Status404NotFound, "hub.topic is not a feed that is published here; it has to be exactly what the feed gives as its rel=self");
        if (!limits.Admits(from, url.IdnHost)) return (StatusCodes.Status429TooManyRequests, "Too many requests from here or for this host; try again in a minute");

        var request = new HubRequest
        {
            Mode = mode,
            Topic = topic,
            Callback = callback.Split('#')[0],
            Secret = Given("hub.secret"),
            Lease = Lease(Given("hub.lease_seconds")),
            Number = Guid.NewGuid(),
        };
        // In the place of an older request for the same: there is never more to confirm than was asked for.
        await store.PutRecordsAsync([request.ToRecord(feed, name, time.GetUtcNow())], cancellationToken);
        return (StatusCodes.Status202Accepted, "");

        static (int, string) Bad(string reason) => (StatusCodes.Status400BadRequest, reason);
    }

    /// <summary>Asks the callback, once, and does what was asked for where it confirms.</summary>
    public async Task ConfirmAsync(StoredRecord record, CancellationToken cancellationToken)
    {
        var request = record.Read<HubRequest>();
        var confirmed = topics.Find(request.Topic) is not null && !await IsFullAsync(record, request, cancellationToken) && await client.ConfirmsAsync(request, cancellationToken);
        // Somebody may have asked for something else meanwhile; that counts, and is confirmed by itself.
        var current = await store.FindRecordAsync(record.Kind, record.Key, time.GetUtcNow(), cancellationToken);
        if (current?.Value == record.Value)
        {
            if (confirmed) await DoAsync(record, request, cancellationToken);
            await store.ReplaceRecordAsync(current, null, cancellationToken);
        }
        counts.Count(confirmed ? WebSubEvent.Confirmed : WebSubEvent.NotConfirmed);
    }

    private async Task DoAsync(StoredRecord record, HubRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = await store.FindRecordAsync(Subscription.Kind, record.Key, now, cancellationToken);
        if (request.Mode == "unsubscribe")
        {
            if (known is not null) await store.ChangeAsync(known, _ => null, time, cancellationToken);
            return;
        }
        var subscription = new Subscription { Callback = request.Callback, Secret = request.Secret };
        var added = new StoredRecord(Subscription.Kind, record.Key) { Feed = record.Feed, Value = Records.Text(subscription), Expires = now + request.Lease };
        if (await store.TryAddRecordAsync(added, now, cancellationToken)) return;
        known ??= await store.FindRecordAsync(Subscription.Kind, record.Key, now, cancellationToken);
        // What is under way to the subscriber goes on.
        if (known is not null)
        {
            await store.ChangeAsync(
                known,
                was => was with { Value = Records.Text(was.Read<Subscription>() with { Callback = request.Callback, Secret = request.Secret, IsHub = false }), Expires = added.Expires },
                time,
                cancellationToken);
        }
    }

    // Whoever makes up callbacks at a host by the thousand shall not have us call it a thousand times for each article.
    private async Task<bool> IsFullAsync(StoredRecord record, HubRequest request, CancellationToken cancellationToken)
    {
        if (request.Mode != "subscribe" || await store.FindRecordAsync(Subscription.Kind, record.Key, time.GetUtcNow(), cancellationToken) is not null) return false;
        var host = record.Key[..(record.Key.LastIndexOf(' ') + 1)];
        var there = await store.ListRecordsAsync(Subscription.Kind, record.Feed, host, HubLimits.PerTopicAndHost, time.GetUtcNow(), cancellationToken);
        return there.Count == HubLimits.PerTopicAndHost && there[^1].Key.StartsWith(host, StringComparison.Ordinal);
    }

    private static TimeSpan Lease(string? seconds)
    {
        if (!decimal.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var asked)) return HubLimits.DefaultLease;
        return TimeSpan.FromSeconds((double)Math.Clamp(asked, (decimal)HubLimits.ShortestLease.TotalSeconds, (decimal)HubLimits.LongestLease.TotalSeconds));
    }
}
