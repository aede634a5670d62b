using System.Data.Common;
using Dapper;

namespace FeedService.Store;

internal abstract partial class SqlArticleStore
{
    public async Task CommitAsync(Publication publication, CancellationToken cancellationToken)
    {
        // Whatever can be made without the database is made before its lock is taken.
        var articles = LastOfEach(publication.Articles, article => Columns.Text(article.Id));
        var rows = articles.Values.Select(article => ArticleRow.Write(publication.Feed, article)).ToList();
        await WriteAsync(async connection =>
        {
            // First, so that on an engine with many writers the feed's row is held until the end.
            await TakeVersionAsync(connection, publication, cancellationToken);
            await WriteArticlesAsync(connection, publication, articles, rows, cancellationToken);
            await WriteTermsAsync(connection, publication, articles, cancellationToken);
            await WriteItemsAsync(connection, publication, cancellationToken);
            await WriteSnapshotsAsync(connection, publication, cancellationToken);
            foreach (var used in publication.UsedRecords) await DeleteRecordAsync(connection, used, cancellationToken);
            if (publication.Snapshots.Count + publication.RemovedSnapshots.Count > 0) await AnnounceAsync(connection, publication.Feed, cancellationToken);
            return true;
        }, cancellationToken);
    }

    public Task DeleteFeedAsync(string feed, CancellationToken cancellationToken) => WriteAsync(async connection =>
    {
        await ExecuteAsync(connection, "delete from feeds where feed = @feed", new { feed }, cancellationToken);
        await ExecuteAsync(connection, "delete from records where feed = @feed", new { feed }, cancellationToken);
        await AnnounceAsync(connection, feed, cancellationToken);
        return true;
    }, cancellationToken);

    // PostgreSQL does not write a row twice in one statement.
    private static Dictionary<TKey, T> LastOfEach<TKey, T>(IReadOnlyCollection<T> values, Func<T, TKey> key) where TKey : notnull
    {
        var last = new Dictionary<TKey, T>(values.Count);
        foreach (var value in values) last[key(value)] = value;
        return last;
    }

    private static Task<int> ExecuteAsync(DbConnection connection, string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));

    private static async Task TakeVersionAsync(DbConnection connection, Publication publication, CancellationToken cancellationToken)
    {
        var taken = await ExecuteAsync(
            connection,
            publication.ExpectedVersion == 0
                ? "insert into feeds(feed, version, visible, state) values (@Feed, 1, 0, @state) on conflict do nothing"
                : "update feeds set version = version + 1, state = @state where feed = @Feed and version = @ExpectedVersion",
            new { publication.Feed, publication.ExpectedVersion, state = StoreJson.Write(publication.State) },
            cancellationToken);
        if (taken == 0)
            throw new StoreConflictException($"Feed {publication.Feed}: another run has committed in between; this one is given up and its work is done again by the next.");
    }

    private async Task WriteArticlesAsync(
        DbConnection connection, Publication publication, Dictionary<string, StoredArticle> articles, List<object?[]> rows, CancellationToken cancellationToken)
    {
        var feed = publication.Feed;
        var visible = articles.Values.LongCount(ArticleRow.IsVisible);
        var outdated = new List<(string Key, string Id)>();
        foreach (var ids in articles.Keys.Chunk(LookupLimit))
        {
            var before = await ListAsync(
                connection,
                $"select id, body, case when {ArticleRow.Visible} then 1 else 0 end from articles where feed = @feed and {AnyOf("id")}",
                new { feed, texts = TextList(ids) },
                row => (Id: row.GetString(0), Keys: StoreJson.ReadDedupeKeys(row.Bytes(1)), Visible: row.GetInt32(2)),
                cancellationToken);
            foreach (var (id, keys, wasVisible) in before)
            {
                visible -= wasVisible;
                outdated.AddRange(keys.Except(articles[id].DedupeKeys, StringComparer.Ordinal).Select(key => (key, id)));
            }
        }

        await UpsertAsync(connection, StoreTable.Articles, rows, cancellationToken);
        foreach (var (key, id) in outdated)
            await ExecuteAsync(connection, "delete from dedupe_keys where feed = @feed and key = @key and id = @id", new { feed, key = Columns.Text(key), id }, cancellationToken);
        await UpsertAsync(
            connection,
            StoreTable.DedupeKeys,
            [.. from article in articles from key in article.Value.DedupeKeys.Select(Columns.Text).Distinct(StringComparer.Ordinal) select new object?[] { feed, key, article.Key }],
            cancellationToken);
        if (visible != 0)
            await ExecuteAsync(connection, "update feeds set visible = visible + @visible where feed = @feed", new { feed, visible }, cancellationToken);
        foreach (var ids in publication.Shown.Chunk(LookupLimit))
        {
            await ExecuteAsync(
                connection,
                $"update articles set shown = @shown where feed = @feed and not shown and {AnyOf("id")}",
                new { feed, shown = true, texts = TextList(ids) },
                cancellationToken);
        }
    }

    private async Task WriteItemsAsync(DbConnection connection, Publication publication, CancellationToken cancellationToken)
    {
        foreach (var keys in publication.RemovedItems.GroupBy(item => item.Source, item => item.Key))
        {
            foreach (var chunk in keys.Chunk(LookupLimit))
            {
                await ExecuteAsync(
                    connection,
                    $"delete from items where feed = @Feed and source = @source and {AnyOf("key")}",
                    new { publication.Feed, source = Columns.Text(keys.Key), texts = TextList(chunk) },
                    cancellationToken);
            }
        }
        await UpsertAsync(
            connection,
            StoreTable.Items,
            [.. LastOfEach(publication.Items, item => (Columns.Text(item.Source), Columns.Text(item.Key))).Values.Select(item => new object?[]
            {
                publication.Feed, Columns.Text(item.Source), Columns.Text(item.Key), Columns.Text(item.Stamp), item.Problem is null ? null : Columns.Text(item.Problem),
            })],
            cancellationToken);
    }

    private async Task WriteSnapshotsAsync(DbConnection connection, Publication publication, CancellationToken cancellationToken)
    {
        foreach (var names in publication.RemovedSnapshots.Chunk(LookupLimit))
        {
            await ExecuteAsync(
                connection,
                $"delete from snapshots where feed = @Feed and {AnyOf("name")}",
                new { publication.Feed, texts = TextList(names) },
                cancellationToken);
        }
        await UpsertAsync(
            connection,
            StoreTable.Snapshots,
            [.. LastOfEach(publication.Snapshots, snapshot => Columns.Text(snapshot.Name)).Values.Select(snapshot => new object?[]
            {
                publication.Feed, Columns.Text(snapshot.Name), snapshot.MediaType, snapshot.Tag, Columns.Instant(snapshot.LastModified), (long)snapshot.Length,
                snapshot.Gzip.ToArray(), snapshot.Brotli.ToArray(),
            })],
            cancellationToken);
        foreach (var name in publication.Announcements)
        {
            await ExecuteAsync(
                connection,
                "insert into outbox(feed, name, created, leased_until) values (@Feed, @name, @created, 0)",
                new { publication.Feed, name, created = Columns.Instant(clock.GetUtcNow()) },
                cancellationToken);
        }
    }
}
