using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeedService.Store;

namespace FeedService.WebSub;

/// <summary>How this part keeps its things in the store's records.</summary>
internal static class Records
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(this StoredRecord record) => JsonSerializer.Deserialize<T>(record.Value, Options)!;

    /// <summary>A short name that stands for longer ones.</summary>
    public static string Hash(params ReadOnlySpan<string> names) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names)))[..16]);

    /// <summary>Changes a record as it stands by now; where somebody else was faster, as that left it.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="known">As it was last read.</param>
    /// <param name="change">What is to be there instead: null to delete it, the same to leave it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is there afterwards.</returns>
    public static async Task<StoredRecord?> ChangeAsync(
        this IArticleStore store, StoredRecord known, Func<StoredRecord, StoredRecord?> change, TimeProvider time, CancellationToken cancellationToken)
    {
        for (StoredRecord? current = known; current is not null; current = await store.FindRecordAsync(known.Kind, known.Key, time.GetUtcNow(), cancellationToken))
        {
            var next = change(current);
            if (next == current || await store.ReplaceRecordAsync(current, next, cancellationToken)) return next;
        }
        return null;
    }
}
