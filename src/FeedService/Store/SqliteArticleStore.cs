using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace FeedService.Store;

/// <summary>
/// The store in one SQLite file. One connection makes all writes and checkpoints; readers have their own, which can do neither.
/// Microsoft.Data.Sqlite works synchronously whatever it is asked, so everything runs off the caller's thread.
/// </summary>
/// <param name="path">The file, absolute; it is made where there is none.</param>
/// <param name="clock">What the time is.</param>
/// <param name="patience">How long to wait for whoever else holds the database; 10 s where not given.</param>
internal sealed class SqliteArticleStore(string path, TimeProvider clock, TimeSpan? patience = null) : SqlArticleStore(clock)
{
    /// <summary>Marks the file as ours in its header ("FEED").</summary>
    public const int ApplicationId = 0x46454544;

    private const int MaxReaders = 4;
    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock = clock;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _reading = new(MaxReaders);
    private readonly ConcurrentBag<(SqliteConnection Connection, int Generation)> _readers = [];
    private SqliteConnection? _writer;
    private bool _disposed;

    // Counts writing connections: readers from before the present one may have read an unchanging file.
    private int _generation;

    public override Task OpenAsync(CancellationToken cancellationToken) => WriteAsync(_ => Task.FromResult(true), cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        await _writing.WaitAsync();
        while (_readers.TryTake(out var reader)) await reader.Connection.DisposeAsync();
        if (_writer is not null)
        {
            // The last connection to close moves the log into the database.
            using var held = SqliteWriteLock.Take(path, _patience, CancellationToken.None);
            await _writer.DisposeAsync();
            _writer = null;
        }
        _writing.Dispose();
        _reading.Dispose();
    }

    public override async IAsyncEnumerable<SnapshotChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return SnapshotChange.Any;
        var seen = await DataVersionAsync(cancellationToken);
        using var timer = new PeriodicTimer(_poll, _clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var current = await DataVersionAsync(cancellationToken);
            if (current != seen) yield return SnapshotChange.Any;
            seen = current;
        }
    }

    protected override string AnyOf(string column) => $"{column} in (select value from json_each(@texts))";

    protected override string SkipLocked => "";

    protected override object TextList(IEnumerable<string> texts) => StoreJson.Write(texts.Select(Columns.Text));

    protected override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(async () =>
            {
                var generation = Volatile.Read(ref _generation);
                var connection = TakeReader(generation) ?? OpenReader();
                try
                {
                    var result = await read(connection);
                    _readers.Add((connection, generation));
                    return result;
                }
                catch
                {
                    await connection.DisposeAsync();
                    throw;
                }
            }, cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw Explain(exception);
        }
        finally
        {
            _reading.Release();
        }
    }

    protected override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(async () =>
            {
                using var held = SqliteWriteLock.Take(path, _patience, cancellationToken);
                _writer ??= OpenWriter();
                await using var transaction = _writer.BeginTransaction();
                var result = await write(_writer);
                transaction.Commit();
                return result;
            }, cancellationToken);
        }
        catch (SqliteException exception)
        {
            // After a full disk or a failed read the connection may stand anywhere; a new one starts from what is on disk.
            if (exception.SqliteErrorCode is not (SQLITE_BUSY or SQLITE_CONSTRAINT))
            {
                _writer?.Dispose();
                _writer = null;
            }
            throw Explain(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    // By SQLite's own calls: Microsoft.Data.Sqlite makes a reader and looks up each parameter for every row, a third of an import's time.
    protected override Task UpsertAsync(DbConnection connection, StoreTable table, IReadOnlyCollection<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return Task.CompletedTask;
        var database = ((SqliteConnection)connection).Handle!;
        var sql = $"insert into {table.Name}({table.ColumnList}) values ({string.Join(", ", table.Columns.Select(_ => "?"))}) {table.OnConflict}";
        Check(sqlite3_prepare_v2(database, sql, out var statement));
        using (statement)
        {
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < row.Length; i++) Check(Bind(statement, i + 1, row[i]));
                var outcome = sqlite3_step(statement);
                if (outcome != SQLITE_DONE) Check(outcome);
                Check(sqlite3_reset(statement));
            }
        }
        return Task.CompletedTask;

        void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, database);
    }

    private static int Bind(sqlite3_stmt statement, int parameter, object? value) => value switch
    {
        null => sqlite3_bind_null(statement, parameter),
        string text => sqlite3_bind_text(statement, parameter, text),
        long number => sqlite3_bind_int64(statement, parameter, number),
        bool flag => sqlite3_bind_int(statement, parameter, flag ? 1 : 0),
        byte[] bytes => sqlite3_bind_blob(statement, parameter, bytes),
        _ => throw new ArgumentException($"No column holds a {value.GetType()}.", nameof(value)),
    };

    // SQLite goes on after the greatest id by itself.
    protected override Task FinishImportAsync(DbConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    protected override Task AnnounceAsync(DbConnection connection, string feed, CancellationToken cancellationToken) => Task.CompletedTask;

    // On the connection that writes: there it moves only when another process has written, or when the connection is a new one.
    private async Task<(SqliteConnection?, long)> DataVersionAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return (_writer, _writer?.ExecuteScalar<long>("pragma data_version") ?? 0);
        }
        catch (SqliteException)
        {
            return (null, -1);
        }
        finally
        {
            _writing.Release();
        }
    }

    private SqliteConnection? TakeReader(int generation)
    {
        while (_readers.TryTake(out var reader))
        {
            if (reader.Generation == generation) return reader.Connection;
            reader.Connection.Dispose();
        }
        return null;
    }

    private SqliteConnection OpenReader()
    {
        try
        {
            return Open(SqliteOpenMode.ReadOnly, path);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SQLITE_CANTOPEN or SQLITE_READONLY && _writer is null && File.Exists(path) && !File.Exists(path + "-wal"))
        {
            // In a folder that cannot be written SQLite refuses even to read. Without a log all is in the file, and nobody can change it.
            return Open(SqliteOpenMode.ReadOnly, new Uri(path).AbsoluteUri + "?immutable=1");
        }
    }

    private SqliteConnection OpenWriter()
    {
        var connection = Open(SqliteOpenMode.ReadWriteCreate, path);
        try
        {
            // Articles of a few kB waste half of a small page. Ignored once there are tables.
            connection.Execute("pragma page_size = 16384");
            // A log of up to 64 MB: pages that many commits change are moved into the database once.
            connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864; pragma cache_size = -32768");
            Migrate(connection);
            Interlocked.Increment(ref _generation);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode, string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(_patience.TotalSeconds),
        }.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute($"pragma busy_timeout = {_patience.TotalMilliseconds}; pragma foreign_keys = on; pragma trusted_schema = off; pragma cell_size_check = on; pragma cache_size = -8192");
            // SQLite opens lazily: what it cannot read it says only now.
            connection.ExecuteScalar<long>("pragma schema_version");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Migrate(SqliteConnection connection)
    {
        var version = connection.ExecuteScalar<int>("pragma user_version");
        var application = connection.ExecuteScalar<int>("pragma application_id");
        var tables = connection.ExecuteScalar<int>("select count(*) from sqlite_schema");
        if (application != ApplicationId && (application != 0 || version != 0 || tables != 0))
            throw new StoreException($"{path} is the SQLite database of another program: name a file of feedservice's own in --store.");
        if (version > SqliteMigrations.All.Count)
            throw new StoreException($"{path} was written by a newer version of feedservice (its schema is {version}, this one knows {SqliteMigrations.All.Count}): run that version, or restore a backup from before.");
        for (; version < SqliteMigrations.All.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(SqliteMigrations.All[version]);
            connection.Execute($"pragma application_id = {ApplicationId}; pragma user_version = {version + 1}");
            transaction.Commit();
        }
    }

    private StoreException Explain(SqliteException exception) => new(exception.SqliteErrorCode switch
    {
        SQLITE_BUSY or SQLITE_LOCKED => $"{path} is locked by another program for more than {_patience.TotalSeconds:0} s: close whatever has it open. Nothing was changed.",
        SQLITE_FULL => $"No room is left on the disk of {path}: free some. Nothing was changed.",
        SQLITE_READONLY or SQLITE_PERM => $"{path} is read-only: let the service's user write to it and to its folder. Nothing was changed.",
        SQLITE_CANTOPEN => $"{path} cannot be opened: the service's user has to be able to read and write it and its folder.",
        SQLITE_CORRUPT or SQLITE_NOTADB => $"{path} is damaged ({exception.Message}): stop the service and restore a backup, or save what is left with sqlite3's .recover.",
        SQLITE_IOERR => $"The disk of {path} failed ({exception.Message}): look to the disk. Nothing was changed.",
        _ => $"{path}: {exception.Message}",
    }, exception);
}
