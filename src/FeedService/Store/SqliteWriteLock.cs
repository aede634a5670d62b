namespace FeedService.Store;

/// <summary>
/// Lets one process at a time write a database. SQLite's own locks would do, but for a fault of versions before 3.51.3: a checkpoint that
/// races another connection's writing can damage the file. The system frees the lock of a process that dies.
/// </summary>
internal static class SqliteWriteLock
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="StoreException">Another process held it all the time that <paramref name="patience"/> gave.</exception>
    public static FileStream Take(string database, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += _pause)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(database)!);
                return new FileStream(database + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                if (waited >= patience) throw new StoreException($"{database} is being written by another process for more than {patience.TotalSeconds:0} s: end it, or give this one another --data folder.", exception);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StoreException($"{database} cannot be written: {exception.Message} Let the service's user write to its folder.", exception);
            }
            if (cancellationToken.WaitHandle.WaitOne(_pause)) cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // EWOULDBLOCK on Linux and on macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
