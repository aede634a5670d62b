using System.Data.Common;
using Dapper;
using FeedService.Syndication;

namespace FeedService.Store;

/// <summary>The store in SQL that every engine understands; an engine adds its connections, its migrations and its way to write many rows.</summary>
internal abstract partial class SqlArticleStore(TimeProvider clock) : IArticleStore
{
    private static readonly string _article = StoreTable.Articles.ColumnList;

    private const string Listing = "feed, name, media_type, tag, last_modified, length";

    // The range first, by the index: a long archive is not walked through to find the few others.
    private const string OwnName = "(name < 'archive/' or name >= 'archive0') and name not like '%/%'";

    public abstract Task OpenAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    public abstract IAsyncEnumerable<SnapshotChange> WatchAsync(CancellationToken cancellationToken);

    public async Task<FeedState?> FindFeedAsync(string feed, CancellationToken cancellationToken) =>
        await ListAsync("select version, state from feeds where feed = @feed", new { feed }, ReadFeed, cancellationToken) is [var state] ? state : null;

    public Task<IReadOnlyList<FeedState>> ListFeedsAsync(CancellationToken cancellationToken) =>
        ListAsync("select version, state from feeds order by feed", null, ReadFeed, cancellationToken);

    public Task<IReadOnlyList<StoredItem>> ItemsAsync(string feed, string source, CancellationToken cancellationToken) => ListAsync(
        "select key, stamp, problem from items where feed = @feed and source = @source",
        new { feed, source = Columns.Text(source) },
        row => new StoredItem(source, row.GetString(0), row.GetString(1), row.TextOrNull(2)),
        cancellationToken);

    public async Task<IReadOnlyList<StoredArticle>> FindAsync(string feed, ArticleLookup lookup, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, StoredArticle>(StringComparer.Ordinal);
        foreach (var keys in lookup.Keys.GroupBy(pair => pair.Source, pair => pair.Key))
            await AddAsync($"source = @source and {AnyOf("key")}", keys, keys.Key);
        await AddAsync(AnyOf("id"), lookup.Ids);
        await AddAsync(AnyOf("path"), lookup.Paths);
        await AddAsync(AnyOf("content_hash"), lookup.ContentHashes);
        return [.. found.Values];

        async Task AddAsync(string condition, IEnumerable<string> texts, string? source = null)
        {
            foreach (var chunk in texts.Distinct(StringComparer.Ordinal).Chunk(LookupLimit))
            {
                var articles = await ListAsync(
                    $"select {_article} from articles where feed = @feed and {condition}",
                    new { feed, source = source is null ? null : Columns.Text(source), texts = TextList(chunk) },
                    ArticleRow.Read,
                    cancellationToken);
                foreach (var article in articles) found.TryAdd(article.Id, article);
            }
        }
    }

    public Task<IReadOnlyList<StoredArticle>> NewestAsync(string feed, DateTimeOffset now, int count, CancellationToken cancellationToken) => ListAsync(
        $"select {_article} from articles where feed = @feed and {ArticleRow.Visible} and {ArticleRow.Due} order by published desc, id limit @count",
        new { feed, now = Columns.Instant(now), count },
        ArticleRow.Read,
        cancellationToken);

    public Task<IReadOnlyList<ArticleHead>> NewestHeadsAsync(string feed, DateTimeOffset now, int count, CancellationToken cancellationToken) => ListAsync(
        $"select {ArticleRow.Head} from articles where feed = @feed and {ArticleRow.Visible} and {ArticleRow.Due} order by published desc, id limit @count",
        new { feed, now = Columns.Instant(now), count },
        ArticleRow.ReadHead,
        cancellationToken);

    public async Task<IReadOnlyList<ArticleHead>> HistoryAsync(
        string feed, long after, DateTimeOffset now, DateTimeOffset? archived, int count, CancellationToken cancellationToken)
    {
        var live = await HeadsAsync($"{ArticleRow.Visible} and {ArticleRow.Due}", now);
        var withdrawn = archived is { } last ? await HeadsAsync($"{ArticleRow.Withdrawn} and first_seen <= @now", last) : [];
        return withdrawn.Count == 0 ? live : [.. live.Concat(withdrawn).OrderBy(head => head.Sequence).Take(count)];

        Task<IReadOnlyList<ArticleHead>> HeadsAsync(string condition, DateTimeOffset instant) => ListAsync(
            $"select {ArticleRow.Head} from articles where feed = @feed and sequence > @after and {condition} order by sequence limit @count",
            new { feed, after, now = Columns.Instant(instant), count },
            ArticleRow.ReadHead,
            cancellationToken);
    }

    public Task<IReadOnlyList<StoredArticle>> UnseenAsync(string feed, long until, DateTimeOffset now, int count, CancellationToken cancellationToken) => ListAsync(
        $"select {_article} from articles where feed = @feed and {ArticleRow.Visible} and not shown and published <= @now and sequence <= @until order by published, id limit @count",
        new { feed, until, now = Columns.Instant(now), count },
        ArticleRow.Read,
        cancellationToken);

    public Task<IReadOnlyList<StoredArticle>> BySequenceAsync(string feed, long after, int count, CancellationToken cancellationToken) => ListAsync(
        $"select {_article} from articles where feed = @feed and sequence > @after order by sequence limit @count",
        new { feed, after, count },
        ArticleRow.Read,
        cancellationToken);

    public Task<IReadOnlyList<StoredArticle>> BacklogAsync(string feed, DateTimeOffset now, int count, CancellationToken cancellationToken) => ListAsync(
        $"select {_article} from articles where feed = @feed and {ArticleRow.Listed} and not released and published <= @now order by published, id limit @count",
        new { feed, now = Columns.Instant(now), count },
        ArticleRow.Read,
        cancellationToken);

    public async Task<DateTimeOffset?> NextDueAsync(string feed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await ScalarAsync<long?>(
            $"select min(published) from articles where feed = @feed and {ArticleRow.Visible} and published > @now and not shown",
            new { feed, now = Columns.Instant(now) },
            cancellationToken);
        return due is { } instant ? Columns.Instant(instant) : null;
    }

    public Task<IReadOnlyList<Tombstone>> TombstonesAsync(string feed, DateTimeOffset since, CancellationToken cancellationToken) => ListAsync(
        "select id, removed from articles where feed = @feed and removed is not null and shown and removed >= @since order by removed desc, id",
        new { feed, since = Columns.Instant(since) },
        row => new Tombstone(row.GetString(0), Columns.Instant(row.GetInt64(1))),
        cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> DedupeHoldersAsync(string feed, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var chunk in keys.Distinct(StringComparer.Ordinal).Chunk(LookupLimit))
        {
            var rows = await ListAsync(
                $"""
                select k.key, a.id from dedupe_keys k join articles a on a.feed = k.feed and a.id = k.id
                where k.feed = @feed and {AnyOf("k.key")} and {ArticleRow.Listed}
                order by a.first_seen, a.id
                """,
                new { feed, texts = TextList(chunk) },
                row => (Key: row.GetString(0), Id: row.GetString(1)),
                cancellationToken);
            foreach (var (key, id) in rows) holders.TryAdd(key, id);
        }
        return holders;
    }

    // The total is kept with the feed, so that counting costs the same however many there are; only those to come are counted.
    public Task<long> CountAsync(string feed, DateTimeOffset now, CancellationToken cancellationToken) => ScalarAsync<long>(
        $"""
        select coalesce((select visible from feeds where feed = @feed), 0)
             - (select count(*) from articles where feed = @feed and {ArticleRow.Visible} and published > @now and not shown)
        """,
        new { feed, now = Columns.Instant(now) },
        cancellationToken);

    public Task<IReadOnlyList<StoredSnapshot>> ListSnapshotsAsync(CancellationToken cancellationToken) => ListAsync(
        $"select {Listing} from snapshots where {OwnName} order by feed, name",
        null,
        ReadSnapshot,
        cancellationToken);

    public Task<IReadOnlyList<StoredSnapshot>> ListSnapshotsAsync(string feed, CancellationToken cancellationToken) => ListAsync(
        $"select {Listing} from snapshots where feed = @feed and {OwnName} order by name",
        new { feed },
        ReadSnapshot,
        cancellationToken);

    public Task<IReadOnlyList<StoredSnapshot>> ListSnapshotsAsync(string feed, IReadOnlyCollection<string> names, CancellationToken cancellationToken) => ListAsync(
        $"select {Listing} from snapshots where feed = @feed and {AnyOf("name")} order by name",
        new { feed, texts = TextList(names) },
        ReadSnapshot,
        cancellationToken);

    public async Task<StoredSnapshot?> FindSnapshotAsync(string feed, string name, CancellationToken cancellationToken) => await ListAsync(
        $"select {Listing}, gzip, brotli from snapshots where feed = @feed and name = @name",
        new { feed, name = Columns.Text(name) },
        row => ReadSnapshot(row) with { Gzip = row.Bytes(6), Brotli = row.Bytes(7) },
        cancellationToken) is [var snapshot] ? snapshot : null;

    public Task PingAsync(CancellationToken cancellationToken) => ScalarAsync<long?>("select max(version) from feeds where feed = ''", null, cancellationToken);

    /// <summary>How many texts one statement looks for.</summary>
    protected const int LookupLimit = 5000;

    /// <summary>The condition that a column is one of the texts in the parameter <c>@texts</c>.</summary>
    protected abstract string AnyOf(string column);

    /// <summary>The value of the parameter <c>@texts</c>.</summary>
    protected abstract object TextList(IEnumerable<string> texts);

    /// <summary>Lends a connection for reading.</summary>
    protected abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Lends a connection within a transaction, which is committed when the work returns and undone when it throws.</summary>
    protected abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken cancellationToken);

    /// <summary>Inserts rows and replaces those whose key is there already.</summary>
    protected abstract Task UpsertAsync(DbConnection connection, StoreTable table, IReadOnlyCollection<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Tells other processes, with the commit, that a feed's snapshots have changed.</summary>
    protected abstract Task AnnounceAsync(DbConnection connection, string feed, CancellationToken cancellationToken);

    private Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        ReadAsync(connection => ListAsync(connection, sql, parameters, map, cancellationToken), cancellationToken);

    private static async Task<IReadOnlyList<T>> ListAsync<T>(
        DbConnection connection, string sql, object? parameters, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        // Not "await using": Dapper's reader then leaves its command to the garbage collector, and SQLite a closed connection half open until then.
        using var rows = await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken)) list.Add(map(rows));
        return list;
    }

    private Task<T?> ScalarAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) => ReadAsync(
        connection => connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
        cancellationToken);

    private static FeedState ReadFeed(DbDataReader row) => StoreJson.ReadState(row.Bytes(1)) with { Version = row.GetInt64(0) };

    private static StoredSnapshot ReadSnapshot(DbDataReader row) => new(row.GetString(0), row.GetString(1))
    {
        MediaType = row.GetString(2),
        Tag = row.GetString(3),
        LastModified = Columns.Instant(row.GetInt64(4)),
        Length = (int)row.GetInt64(5),
    };
}
