using System.Security.Cryptography;
using System.Text.Json;
using FeedService.Sources;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>What an upstream's hub delivered, kept until a run of the feed takes it.</summary>
/// <param name="Source">The key of the source that subscribed.</param>
/// <param name="ContentType">The Content-Type header.</param>
/// <param name="Length">Of the document, in bytes.</param>
/// <param name="Gzip">The document.</param>
public sealed record HubDelivery(string Source, string? ContentType, int Length, byte[] Gzip)
{
    private const string Kind = "hub-delivery";

    /// <summary>So many may wait for a run; then the feed is asked itself.</summary>
    public const int MostWaiting = 20;

    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Writes a delivery down for the feed's next run; false where too many wait already.</summary>
    public static async Task<bool> KeepAsync(IArticleStore store, string feed, string source, PushedDocument document, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await store.ListRecordsAsync(Kind, feed, "", MostWaiting, now, cancellationToken)).Count == MostWaiting) return false;
        var delivery = new HubDelivery(source, document.ContentType, document.Body.Length, Compression.Gzip([document.Body]));
        // Their names are in the order in which they came.
        var record = new StoredRecord(Kind, $"{now.UtcTicks:d19} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}")
        {
            Feed = feed,
            Value = JsonSerializer.Serialize(delivery),
            Expires = now + Life,
        };
        await store.PutRecordsAsync([record], cancellationToken);
        return true;
    }

    /// <summary>What waits for a run of the feed, oldest first, with the records to forget once it is taken.</summary>
    public static async Task<IReadOnlyList<(StoredRecord Record, HubDelivery Delivery)>> WaitingAsync(IArticleStore store, string feed, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. (await store.ListRecordsAsync(Kind, feed, "", MostWaiting, now, cancellationToken)).Select(record => (record, JsonSerializer.Deserialize<HubDelivery>(record.Value)!))];

    public PushedDocument ToDocument() => new(Compression.Expand(Gzip, Length), ContentType);
}
