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
    private const int MaxReaders = 4;
    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(1);

    private readonly SqliteFile _file = new(path, patience ?? TimeSpan.FromSeconds(10));
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
        for (var reader = 0; reader < MaxReaders; reader++) await _reading.WaitAsync();
        while (_readers.TryTake(out var reader)) await reader.Connection.DisposeAsync();
        if (_writer is not null) await _file.CloseAsync(_writer);
        _writer = null;
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
            return await AsideAsync(async () =>
            {
                var generation = Volatile.Read(ref _generation);
                var connection = TakeReader(generation) ?? _file.OpenReader(_writer is null);
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
            throw _file.Explain(exception);
        }
        finally
        {
            _reading.Release();
        }
    }

    // Off the caller's thread, but among whatever the caller is limited to: runs of feeds leave a core to the requests.
    private static Task<T> AsideAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    protected override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await AsideAsync(async () =>
            {
                using var held = _file.LockWrites(cancellationToken);
                if (_writer is null)
                {
                    _writer = _file.OpenWriter();
                    Interlocked.Increment(ref _generation);
                }
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
            throw _file.Explain(exception);
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
}
