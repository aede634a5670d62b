using Dapper;
using FeedService.Store;
using Npgsql;
using static FeedService.Tests.Store.StoreSamples;

namespace FeedService.Tests.Store;

/// <summary>Needs a PostgreSQL database; every test works in a schema of its own there.</summary>
[Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
public sealed class PostgresArticleStoreTests : ArticleStoreContract
{
    private readonly string _schema = $"test_{Guid.NewGuid():N}";
    private readonly string _url = Environment.GetEnvironmentVariable(NeedsAttribute.Postgres)!;

    protected override IArticleStore NewStore() => StoreFactory.Create(Url, "", TimeProvider.System);

    protected override async Task DropAsync()
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.Parse(Url).ConnectionString);
        await connection.ExecuteAsync($"drop schema {_schema} cascade");
    }

    [ConditionalFact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await SqlAsync($"insert into schema_version values ({PostgresMigrations.All.Count + 1})");

        await using var store = NewStore();
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default))).Message, StringComparison.Ordinal);
    }

    [ConditionalFact]
    public async Task Of_many_nodes_that_start_at_once_one_migrates()
    {
        await SqlAsync($"drop schema {_schema} cascade");
        var stores = Enumerable.Range(0, 6).Select(_ => NewStore()).ToList();

        await Task.WhenAll(stores.Select(store => store.OpenAsync(default)));

        Assert.Equal(PostgresMigrations.All.Count, await SqlAsync("select count(*) from schema_version"));
        await stores[5].PutAsync(Article(1));
        Assert.Equal(1, await stores[0].CountAsync(Slug, Noon, default));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [ConditionalFact]
    public async Task Two_nodes_never_lease_one_announcement()
    {
        await using var first = NewStore();
        await using var second = NewStore();
        await first.CommitAsync(await first.NextAsync() with { Announcements = [.. Enumerable.Range(0, 200).Select(number => $"tags/{number}.rss")] }, default);

        var leased = await Task.WhenAll(Enumerable.Range(0, 20).Select(turn => (turn % 2 == 0 ? first : second).LeaseAnnouncementsAsync(Noon, TimeSpan.FromMinutes(1), 10, default)));

        var ids = leased.SelectMany(announcements => announcements).Select(announcement => announcement.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
    }

    [ConditionalFact]
    public async Task Connections_that_the_server_ended_are_replaced()
    {
        await using var store = NewStore();
        await store.PutAsync(Article(1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.CountAsync(Slug, Noon, default)));

        await SqlAsync("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'feedservice' and pid <> pg_backend_pid()");

        await store.PutAsync(Article(2));
        Assert.Equal(2, await store.CountAsync(Slug, Noon, default));
    }

    [ConditionalFact]
    public async Task A_watch_goes_on_after_its_connection_was_ended()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var watching = NewStore();
        await using var changes = watching.WatchAsync(patience.Token).GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());

        var next = changes.MoveNextAsync();
        await SqlAsync("select count(pg_terminate_backend(pid)) from pg_stat_activity where query like 'listen%' and pid <> pg_backend_pid()");

        Assert.True(await next);
        Assert.Null(changes.Current.Feed);
    }

    [ConditionalFact]
    public async Task A_wrong_password_and_a_database_that_is_not_there_are_told_apart()
    {
        var settings = PostgresUrl.Parse(_url);
        settings.Password = "s3cr3t-w0rd";
        await using var wrong = new PostgresArticleStore(settings, TimeProvider.System);
        var refused = await Assert.ThrowsAsync<StoreException>(() => wrong.PingAsync(default));
        Assert.Contains("refuses the user", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);

        settings = PostgresUrl.Parse(_url);
        settings.Database = "no_such_database";
        await using var missing = new PostgresArticleStore(settings, TimeProvider.System);
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<StoreException>(() => missing.PingAsync(default))).Message, StringComparison.Ordinal);
    }

    private string Url => $"{_url}{(_url.Contains('?') ? '&' : '?')}search_path={_schema}";

    private async Task<long> SqlAsync(string sql)
    {
        var settings = PostgresUrl.Parse(Url);
        settings.ApplicationName = "feedservice tests";
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        return await connection.ExecuteScalarAsync<long?>(sql) ?? 0;
    }
}
