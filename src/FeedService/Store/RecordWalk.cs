using System.Runtime.CompilerServices;

namespace FeedService.Store;

/// <summary>Goes through records, however many there are, in portions.</summary>
public static class RecordWalk
{
    private const int Portion = 500;

    /// <summary>All records of a kind that have not expired, of one feed or of all, whose keys begin with <paramref name="prefix"/> and go on after it, by key.</summary>
    public static async IAsyncEnumerable<StoredRecord> WalkRecordsAsync(
        this IArticleStore store, string kind, string? feed, string prefix, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = prefix; ;)
        {
            var records = await store.ListRecordsAsync(kind, feed, after, Portion, now, cancellationToken);
            foreach (var record in records)
            {
                if (!record.Key.StartsWith(prefix, StringComparison.Ordinal)) yield break;
                yield return record;
            }
            if (records.Count < Portion) yield break;
            after = records[^1].Key;
        }
    }
}
