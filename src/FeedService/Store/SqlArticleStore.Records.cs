using System.Data.Common;

namespace FeedService.Store;

internal abstract partial class SqlArticleStore
{
    private static readonly string _record = StoreTable.Records.ColumnList;

    private const string Unchanged = "kind = @kind and key = @key and value = @value and coalesce(due, 0) = coalesce(@due, 0)";

    public async Task<StoredRecord?> FindRecordAsync(string kind, string key, DateTimeOffset now, CancellationToken cancellationToken) => await ListAsync(
        $"select {_record} from records where kind = @kind and key = @key and (expires is null or expires > @now)",
        new { kind, key = Columns.Text(key), now = Columns.Instant(now) },
        ReadRecord,
        cancellationToken) is [var record] ? record : null;

    public Task<IReadOnlyList<StoredRecord>> ListRecordsAsync(
        string kind, string? feed, string after, int count, DateTimeOffset now, CancellationToken cancellationToken) => ListAsync(
        $"""
        select {_record} from records
        where kind = @kind and key > @after {(feed is null ? "" : "and feed = @feed")} and (expires is null or expires > @now)
        order by key limit @count
        """,
        new { kind, feed, after = Columns.Text(after), now = Columns.Instant(now), count },
        ReadRecord,
        cancellationToken);

    public Task PutRecordsAsync(IReadOnlyCollection<StoredRecord> records, CancellationToken cancellationToken) => WriteAsync(async connection =>
    {
        await UpsertAsync(connection, StoreTable.Records, [.. LastOfEach(records, record => (record.Kind, Columns.Text(record.Key))).Values.Select(Row)], cancellationToken);
        return true;
    }, cancellationToken);

    public Task<bool> TryAddRecordAsync(StoredRecord record, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        async connection => await ExecuteAsync(
            connection,
            $"""
            insert into records({_record}) values (@kind, @key, @feed, @value, @due, @expires)
            on conflict (kind, key) do update set feed = excluded.feed, value = excluded.value, due = excluded.due, expires = excluded.expires
            where records.expires <= @now
            """,
            new
            {
                kind = record.Kind,
                key = Columns.Text(record.Key),
                feed = record.Feed,
                value = Columns.Text(record.Value),
                due = Instant(record.Due),
                expires = Instant(record.Expires),
                now = Columns.Instant(now),
            },
            cancellationToken) > 0,
        cancellationToken);

    public Task<bool> ReplaceRecordAsync(StoredRecord expected, StoredRecord? replacement, CancellationToken cancellationToken) => WriteAsync(
        async connection =>
        {
            if (replacement is null) return await DeleteRecordAsync(connection, expected, cancellationToken);
            if ((replacement.Kind, replacement.Key) != (expected.Kind, expected.Key)) throw new ArgumentException("A record is replaced by one of the same name.", nameof(replacement));
            return await ExecuteAsync(
                connection,
                $"update records set feed = @feed, value = @newValue, due = @newDue, expires = @expires where {Unchanged}",
                new
                {
                    kind = expected.Kind,
                    key = Columns.Text(expected.Key),
                    value = Columns.Text(expected.Value),
                    due = Instant(expected.Due),
                    feed = replacement.Feed,
                    newValue = Columns.Text(replacement.Value),
                    newDue = Instant(replacement.Due),
                    expires = Instant(replacement.Expires),
                },
                cancellationToken) > 0;
        },
        cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> LeaseRecordsAsync(string kind, DateTimeOffset now, TimeSpan lease, int count, CancellationToken cancellationToken) =>
        WriteAsync<IReadOnlyList<StoredRecord>>(
            async connection =>
            {
                var leased = await ListAsync(
                    connection,
                    $"""
                    update records set due = @until
                    where kind = @kind and key in (
                        select key from records where kind = @kind and due <= @now and (expires is null or expires > @now) order by due, key limit @count {SkipLocked})
                    returning {_record}
                    """,
                    new { kind, now = Columns.Instant(now), until = Columns.Instant(now + lease), count },
                    ReadRecord,
                    cancellationToken);
                return [.. leased.OrderBy(record => record.Key, StringComparer.Ordinal)];
            },
            cancellationToken);

    public async Task<IReadOnlyDictionary<string, long>> CountWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken) => (await ListAsync(
        """
        select 'announcement', count(*) from outbox
        union all
        select kind, count(*) from records where due <= @now and (expires is null or expires > @now) group by kind
        """,
        new { now = Columns.Instant(now) },
        row => (Kind: row.GetString(0), Count: row.GetInt64(1)),
        cancellationToken)).ToDictionary(waiting => waiting.Kind, waiting => waiting.Count);

    public Task DeleteExpiredRecordsAsync(DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        connection => ExecuteAsync(connection, "delete from records where expires <= @now", new { now = Columns.Instant(now) }, cancellationToken),
        cancellationToken);

    private static async Task<bool> DeleteRecordAsync(DbConnection connection, StoredRecord expected, CancellationToken cancellationToken) => await ExecuteAsync(
        connection,
        $"delete from records where {Unchanged}",
        new { kind = expected.Kind, key = Columns.Text(expected.Key), value = Columns.Text(expected.Value), due = Instant(expected.Due) },
        cancellationToken) > 0;

    // Typed, so that PostgreSQL knows what a null is.
    private static long? Instant(DateTimeOffset? instant) => instant is { } value ? Columns.Instant(value) : null;

    private static object?[] Row(StoredRecord record) =>
        [record.Kind, Columns.Text(record.Key), record.Feed, Columns.Text(record.Value), Instant(record.Due), Instant(record.Expires)];

    private static StoredRecord ReadRecord(DbDataReader row) => new(row.GetString(0), row.GetString(1))
    {
        Feed = row.GetString(2),
        Value = row.GetString(3),
        Due = row.IsDBNull(4) ? null : Columns.Instant(row.GetInt64(4)),
        Expires = row.IsDBNull(5) ? null : Columns.Instant(row.GetInt64(5)),
    };
}
