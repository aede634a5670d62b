using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace FeedService.Store;

/// <summary>The store in PostgreSQL, for many nodes.</summary>
internal sealed class PostgresArticleStore : SqlArticleStore
{
    /// <summary>Of all locks that a database has, the one that migrations hold ("FEED").</summary>
    private const long MigrationLock = 0x46454544;

    /// <summary>How many rows go in one statement: some MB of articles.</summary>
    private const int UpsertLimit = 1000;

    // Somebody may wait for what is read; what is written outlasts a restart of the server: 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s.
    private const int ReadAttempts = 3;
    private const int WriteAttempts = 6;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _reconnect = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _poll;
    private readonly string _name;
    private readonly string _schema;
    private readonly string _self = Guid.NewGuid().ToString("N");

    /// <param name="settings">Where the database is.</param>
    /// <param name="clock">What the time is.</param>
    /// <param name="poll">How often to look for changes that no notification told of; 30 s where not given.</param>
    public PostgresArticleStore(NpgsqlConnectionStringBuilder settings, TimeProvider clock, TimeSpan? poll = null) : base(clock)
    {
        _source = PostgresUrl.HasSeveralHosts(settings)
            ? new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite)
            : NpgsqlDataSource.Create(settings);
        _clock = clock;
        _poll = poll ?? TimeSpan.FromSeconds(30);
        _name = $"PostgreSQL at {(PostgresUrl.HasSeveralHosts(settings) ? settings.Host : $"{settings.Host}:{settings.Port}")}/{settings.Database}";
        _schema = settings.SearchPath!;
    }

    public override Task OpenAsync(CancellationToken cancellationToken) => WriteAsync(async connection =>
    {
        // Of several nodes that start at once one migrates; the others wait here and find it done.
        await ExecuteAsync("select pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock });
        if (!await ScalarAsync<bool>("select exists(select from pg_namespace where nspname = @schema)", new { schema = _schema }))
            await ExecuteAsync($"create schema {Quoted(_schema)}");
        await ExecuteAsync("create table if not exists schema_version(version integer not null)");
        var version = await ScalarAsync<int>("select coalesce(max(version), 0) from schema_version");
        if (version > PostgresMigrations.All.Count)
            throw new StoreException($"{_name} was written by a newer version of feedservice (its schema is {version}, this one knows {PostgresMigrations.All.Count}): run that version, or restore a backup from before.");
        for (; version < PostgresMigrations.All.Count; version++)
        {
            await ExecuteAsync(PostgresMigrations.All[version]);
            await ExecuteAsync("insert into schema_version values (@version)", new { version = version + 1 });
        }
        return true;

        // However long another node's migration, or our own, may take.
        CommandDefinition Patient(string sql, object? parameters) => new(sql, parameters, commandTimeout: 0, cancellationToken: cancellationToken);
        Task ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(Patient(sql, parameters));
        Task<T?> ScalarAsync<T>(string sql, object? parameters = null) => connection.ExecuteScalarAsync<T>(Patient(sql, parameters));
    }, cancellationToken);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    public override async IAsyncEnumerable<SnapshotChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new Queue<SnapshotChange>();
        while (true)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await TryListenAsync(told, cancellationToken);
                // Whatever was announced before this connection listened.
                if (connection is not null) yield return SnapshotChange.Any;
                while (connection is not null && await TryWaitAsync(connection, cancellationToken) is { } notified)
                {
                    if (!notified) told.Enqueue(SnapshotChange.Any);
                    while (told.TryDequeue(out var change)) yield return change;
                }
            }
            finally
            {
                if (connection is not null) await connection.DisposeAsync();
            }
            await Task.Delay(_reconnect, _clock, cancellationToken);
        }
    }

    protected override string SkipLocked => "for update skip locked";

    protected override string AnyOf(string column) => $"{column} = any(@texts)";

    protected override object TextList(IEnumerable<string> texts) => texts.Select(Columns.Text).ToArray();

    protected override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken) => RetryAsync(ReadAttempts, async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        return await read(connection);
    }, cancellationToken);

    // Once more is safe: where the first attempt was committed after all, the version that it expected is gone, and it conflicts.
    protected override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken cancellationToken) => RetryAsync(WriteAttempts, async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await write(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }, cancellationToken);

    protected override async Task UpsertAsync(DbConnection connection, StoreTable table, IReadOnlyCollection<object?[]> rows, CancellationToken cancellationToken)
    {
        var sql = $"insert into {table.Name}({table.ColumnList}) select * from unnest({string.Join(", ", table.Columns.Select((_, place) => $"${place + 1}"))}) {table.OnConflict}";
        foreach (var chunk in rows.Chunk(UpsertLimit))
        {
            await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)connection);
            for (var i = 0; i < table.Columns.Count; i++) command.Parameters.Add(Parameter(table.Columns[i].Kind, chunk.Select(row => row[i])));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    protected override Task FinishImportAsync(DbConnection connection, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(
        "select setval(pg_get_serial_sequence('outbox', 'id'), max(id)) from outbox having max(id) is not null; analyze",
        cancellationToken: cancellationToken));

    protected override Task AnnounceAsync(DbConnection connection, string feed, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(
        "select pg_notify(@channel, @message)", new { channel = Channel, message = $"{_self} {feed}" }, cancellationToken: cancellationToken));

    private string Channel => $"{_schema}_snapshots";

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static NpgsqlParameter Parameter(ColumnKind kind, IEnumerable<object?> values) => kind switch
    {
        ColumnKind.Text => new() { Value = values.Select(value => (string?)value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        ColumnKind.Number => new() { Value = values.Select(value => (long?)value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        ColumnKind.Flag => new() { Value = values.Select(value => (bool)value!).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
        _ => new() { Value = values.Select(value => (byte[]?)value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
    };

    private async Task<NpgsqlConnection?> TryListenAsync(Queue<SnapshotChange> told, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await _source.OpenConnectionAsync(cancellationToken);
            connection.Notification += (_, notification) =>
            {
                if (notification.Payload.Split(' ') is [var sender, var feed] && sender != _self) told.Enqueue(new SnapshotChange(feed));
            };
            await connection.ExecuteAsync(new CommandDefinition($"listen {Quoted(Channel)}", cancellationToken: cancellationToken));
            return connection;
        }
        catch (NpgsqlException)
        {
            // Tried again after a pause; meanwhile every other call says what is wrong.
            if (connection is not null) await connection.DisposeAsync();
            return null;
        }
    }

    // True: notified; false: nothing came in the time that a poll waits; null: the connection is lost.
    private async Task<bool?> TryWaitAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.WaitAsync(_poll, cancellationToken);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    // A server that was restarted leaves dead connections in the pool; the first to notice empties it and asks again.
    private async Task<T> RetryAsync<T>(int attempts, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (NpgsqlException exception)
            {
                if (!exception.IsTransient || exception.InnerException is TimeoutException || attempt == attempts) throw Explain(exception);
                _source.Clear();
            }
            await Task.Delay(_pause * (1 << (attempt - 1)), _clock, cancellationToken);
        }
    }

    private StoreException Explain(NpgsqlException exception) => new(exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"{_name} refuses the user: check name and password in --store.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"{_name} does not exist: create the database.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => $"{_name} has no connection left: raise its max_connections, or give it fewer clients. Nothing was changed.",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => $"{_name} has no room left on its disk: free some. Nothing was changed.",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => $"{_name} is read-only, a standby perhaps: name the primary in --store. Nothing was changed.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } error => $"{_name} does not let the user do that ({error.MessageText}): grant it.",
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } error => $"{_name} is damaged ({error.MessageText}): restore a backup.",
        PostgresException error => $"{_name}: {error.MessageText} ({error.SqlState}).",
        _ => $"{_name} does not answer ({(exception.InnerException ?? exception).Message}): start it, or look to the network between.",
    }, exception);
}
