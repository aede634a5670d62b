using Dapper;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace FeedService.Store;

/// <summary>The file of a SQLite store: how it is opened, brought to this version, locked and closed, and what its errors mean.</summary>
/// <param name="path">Absolute.</param>
/// <param name="patience">How long to wait for whoever else holds it.</param>
internal sealed class SqliteFile(string path, TimeSpan patience)
{
    /// <summary>Marks the file as ours in its header ("FEED").</summary>
    public const int ApplicationId = 0x46454544;

    /// <param name="unwritten">Nobody in this process has it open for writing.</param>
    public SqliteConnection OpenReader(bool unwritten)
    {
        try
        {
            return Open(SqliteOpenMode.ReadOnly, path);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SQLITE_CANTOPEN or SQLITE_READONLY && unwritten && File.Exists(path) && !File.Exists(path + "-wal"))
        {
            // In a folder that cannot be written SQLite refuses even to read. Without a log all is in the file, and nobody can change it.
            return Open(SqliteOpenMode.ReadOnly, new Uri(path).AbsoluteUri + "?immutable=1");
        }
    }

    public SqliteConnection OpenWriter()
    {
        var connection = Open(SqliteOpenMode.ReadWriteCreate, path);
        try
        {
            // Articles of a few kB waste half of a small page. Ignored once there are tables.
            connection.Execute("pragma page_size = 16384");
            // A log of up to 64 MB: pages that many commits change are moved into the database once.
            connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864; pragma cache_size = -32768");
            Migrate(connection);
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
            DefaultTimeout = (int)Math.Ceiling(patience.TotalSeconds),
        }.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute($"pragma busy_timeout = {patience.TotalMilliseconds}; pragma foreign_keys = on; pragma trusted_schema = off; pragma cell_size_check = on; pragma cache_size = -8192");
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

    /// <summary>Lets nobody else write until it is disposed.</summary>
    public FileStream LockWrites(CancellationToken cancellationToken) => SqliteWriteLock.Take(path, patience, cancellationToken);

    /// <summary>Closes the connection that writes: the last one to close moves the log into the database.</summary>
    public async Task CloseAsync(SqliteConnection writer)
    {
        try
        {
            using var held = LockWrites(CancellationToken.None);
            await writer.DisposeAsync();
        }
        catch (StoreException)
        {
            // Another process is at it, so this is not the last; or nothing can be written, so nothing is moved. The log is kept for the next start.
            await writer.DisposeAsync();
        }
    }

    /// <summary>What went wrong, and what to do.</summary>
    public StoreException Explain(SqliteException exception) => new(exception.SqliteErrorCode switch
    {
        SQLITE_BUSY or SQLITE_LOCKED => $"{path} is locked by another program for more than {patience.TotalSeconds:0} s: close whatever has it open. Nothing was changed.",
        SQLITE_FULL => $"No room is left on the disk of {path}: free some. Nothing was changed.",
        SQLITE_READONLY or SQLITE_PERM => $"{path} is read-only: let the service's user write to it and to its folder. Nothing was changed.",
        SQLITE_CANTOPEN => $"{path} cannot be opened: the service's user has to be able to read and write it and its folder.",
        SQLITE_CORRUPT or SQLITE_NOTADB => $"{path} is damaged ({exception.Message}): stop the service and restore a backup, or save what is left with sqlite3's .recover.",
        SQLITE_IOERR => $"The disk of {path} failed ({exception.Message}): look to the disk. Nothing was changed.",
        _ => $"{path}: {exception.Message}",
    }, exception);
}
