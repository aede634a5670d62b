using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FeedService.Store;

/// <summary>Moves everything from one store to another, of whatever engine: ids, sequences, dates and snapshots stay as they are.</summary>
public static class StoreCopy
{
    // Some MB of articles or snapshots.
    private const int Batch = 500;

    /// <summary>Copies in one transaction, then reads both stores again and compares them.</summary>
    /// <param name="from">Open; nobody writes to it meanwhile.</param>
    /// <param name="to">Open and empty.</param>
    /// <param name="progress">Is told of each table's rows so far, and of each table, whole, before it is compared.</param>
    /// <param name="cancellationToken">Leaves the target empty where it comes before the end of copying.</param>
    /// <exception cref="StoreException">The target is not empty, or the two differ in the end.</exception>
    public static async Task<IReadOnlyList<CopiedTable>> CopyAsync(IArticleStore from, IArticleStore to, IProgress<CopiedTable>? progress, CancellationToken cancellationToken)
    {
        var (source, target) = ((SqlArticleStore)from, (SqlArticleStore)to);
        if ((await target.ListFeedsAsync(cancellationToken)).Count > 0)
            throw new StoreException("The store to copy to already holds feeds: name an empty one.");

        var written = new List<CopiedTable>();
        await target.ImportAsync(async upsert =>
        {
            // A transaction that is tried again starts from nothing.
            written.Clear();
            foreach (var table in StoreTable.All)
            {
                var rows = 0L;
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                await foreach (var batch in source.ExportAsync(table, Batch, cancellationToken))
                {
                    await upsert(table, batch);
                    Add(hash, batch);
                    rows += batch.Count;
                    progress?.Report(new CopiedTable(table.Name, rows, ""));
                }
                written.Add(new CopiedTable(table.Name, rows, Convert.ToHexStringLower(hash.GetHashAndReset())));
            }
        }, cancellationToken);

        foreach (var (table, copied) in StoreTable.All.Zip(written))
        {
            progress?.Report(copied);
            if (await DigestAsync(source, table, cancellationToken) != copied)
                throw new StoreException($"Table {table.Name} was written to while it was copied: stop the service, empty the copy, and copy again.");
            if (await DigestAsync(target, table, cancellationToken) != copied)
                throw new StoreException($"Table {table.Name} came out different: do not use the copy. Empty it, look to both databases' disks, and copy again.");
        }
        return written;
    }

    private static async Task<CopiedTable> DigestAsync(SqlArticleStore store, StoreTable table, CancellationToken cancellationToken)
    {
        var rows = 0L;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var batch in store.ExportAsync(table, Batch, cancellationToken))
        {
            rows += batch.Count;
            Add(hash, batch);
        }
        return new CopiedTable(table.Name, rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // Each value with its kind and length, so that no two rows look the same.
    private static void Add(IncrementalHash hash, IReadOnlyList<object?[]> rows)
    {
        Span<byte> head = stackalloc byte[9];
        foreach (var value in rows.SelectMany(row => row))
        {
            var (kind, number, bytes) = value switch
            {
                null => (0, 0L, []),
                string text => (1, 0L, Encoding.UTF8.GetBytes(text)),
                long whole => (2, whole, []),
                bool flag => (3, flag ? 1L : 0L, []),
                byte[] blob => (4, 0L, blob),
                _ => throw new ArgumentException($"No column holds a {value.GetType()}.", nameof(rows)),
            };
            head[0] = (byte)kind;
            BinaryPrimitives.WriteInt64LittleEndian(head[1..], kind is 1 or 4 ? bytes.Length : number);
            hash.AppendData(head);
            hash.AppendData(bytes);
        }
    }
}

/// <summary>A table that is copied.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Hash">Stands for all that is in it, the same on every engine; empty while it is under way.</param>
public sealed record CopiedTable(string Table, long Rows, string Hash);
