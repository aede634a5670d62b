using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FeedService.Publishing;
using FeedService.Sources;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>What hubs find under the URL that a subscription of ours gave them.</summary>
internal sealed partial class SubscriberCallback(IArticleStore store, FeedControl control, WebSubCounts counts, TimeProvider time, ILogger<SubscriberCallback> logger)
{
    /// <summary>A larger delivery is not taken; polling brings it.</summary>
    public const int MaxBody = 4 << 20;

    private static readonly TimeSpan UsualLease = TimeSpan.FromDays(10);
    private static readonly TimeSpan ShortestLease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(365);

    /// <summary>Confirms what was asked for, and nothing else (WebSub, 5.3).</summary>
    /// <returns>The challenge to answer with, empty for a denial; null where the answer is 404.</returns>
    public async Task<string?> ConfirmAsync(string name, IQueryCollection query, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken) is not { } record) return null;
        var subscription = record.Read<UpstreamSubscription>();
        var now = time.GetUtcNow();
        if (query["hub.topic"] is not [{ } topic] || topic != subscription.Topic || subscription.Asked is null || query["hub.mode"] is not [{ } mode]) return null;
        var challenge = query["hub.challenge"] is [{ Length: > 0 } given] ? given : null;
        switch (mode)
        {
            case "subscribe" when challenge is not null && !subscription.IsEnding:
                var lease = LeaseOf(query["hub.lease_seconds"].ToString());
                await store.ChangeAsync(record, was => Confirmed(was, now, lease), time, cancellationToken);
                Log.Subscribed(logger, record.Feed, subscription.Hub, now + lease);
                return challenge;
            case "unsubscribe" when challenge is not null && subscription.IsEnding:
                await store.ChangeAsync(record, was => was.Read<UpstreamSubscription>().IsEnding ? null : was, time, cancellationToken);
                return challenge;
            case "denied":
                await store.ChangeAsync(record, was => Denied(was, now), time, cancellationToken);
                Log.Denied(logger, record.Feed, subscription.Hub);
                return "";
            default:
                return null;
        }
    }

    /// <summary>Takes a delivery: checks it, keeps it for the feed's next run, and has that run now.</summary>
    /// <returns>False where there is no such subscription. All else is answered alike, so that nobody learns what is wrong with a forgery.</returns>
    public async Task<bool> ReceiveAsync(string name, string? signature, string? contentType, Stream body, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken) is not { } record) return false;
        var subscription = record.Read<UpstreamSubscription>();
        var bytes = await ReadAsync(body, cancellationToken);
        var digest = bytes is null ? "" : Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
        if (subscription.IsEnding || bytes is null || !Signature.IsValid(signature, bytes, subscription.Secret) || subscription.Seen.Contains(digest))
        {
            counts.Count(WebSubEvent.Ignored);
            Log.Ignored(logger, record.Feed, subscription.Hub);
            return true;
        }
        // First what is to last, so that a delivery that was answered with success is not lost; to take one twice does no harm.
        await HubDelivery.KeepAsync(store, record.Feed, subscription.Source, new PushedDocument(bytes, contentType), time.GetUtcNow(), cancellationToken);
        await store.ChangeAsync(record, was => Seen(was, digest), time, cancellationToken);
        counts.Count(WebSubEvent.Received);
        await control.RunNow(record.Feed, cancellationToken);
        return true;
    }

    private async Task<StoredRecord?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Split('.') is not [{ Length: > 0 and < 100 } key, { } token]) return null;
        var record = await store.FindRecordAsync(UpstreamSubscription.Kind, key, time.GetUtcNow(), cancellationToken);
        return record is not null && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(record.Read<UpstreamSubscription>().Token))) ? record : null;
    }

    private static StoredRecord Confirmed(StoredRecord was, DateTimeOffset now, TimeSpan lease)
    {
        var subscription = was.Read<UpstreamSubscription>();
        // Well before the end, so that there is time to ask more than once.
        return subscription.IsEnding ? was : was with { Value = Records.Text(subscription with { Until = now + lease, Failures = 0, IsTaken = false }), Due = now + (lease * .8) };
    }

    // It may be granted by another hub, or another day (WebSub, 5.2).
    private static StoredRecord Denied(StoredRecord was, DateTimeOffset now)
    {
        var subscription = was.Read<UpstreamSubscription>();
        if (subscription.IsEnding) return was;
        var next = subscription.AtNextHub() with { Until = null };
        return was with { Value = Records.Text(next), Due = next.HasUntriedHub ? now : now + TimeSpan.FromDays(1) };
    }

    private static StoredRecord Seen(StoredRecord was, string digest)
    {
        var subscription = was.Read<UpstreamSubscription>();
        return was with { Value = Records.Text(subscription with { Seen = [digest, .. subscription.Seen.Take(UpstreamSubscription.Remembered - 1)] }) };
    }

    private static TimeSpan LeaseOf(string seconds)
    {
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var given)) return UsualLease;
        return TimeSpan.FromSeconds(Math.Clamp(given, (long)ShortestLease.TotalSeconds, (long)LongestLease.TotalSeconds));
    }

    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var piece = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (bytes.Length + read > MaxBody) return null;
            bytes.Write(piece, 0, read);
        }
        return bytes.ToArray();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Feed}: subscribed at {Hub} until {Until:u}")]
        public static partial void Subscribed(ILogger logger, string feed, string hub, DateTimeOffset until);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Feed}: the hub {Hub} denies the subscription; the feed is polled as before")]
        public static partial void Denied(ILogger logger, string feed, string hub);

        [LoggerMessage(Level = LogLevel.Debug, Message = "{Feed}: something was delivered in the name of {Hub} that cannot be taken")]
        public static partial void Ignored(ILogger logger, string feed, string hub);
    }
}
