using FeedService.Configuration;

namespace FeedService.Store;

/// <summary>The store that a setting names.</summary>
public static class StoreFactory
{
    private const string Sqlite = "sqlite:";

    /// <summary>The store of the service's settings; it is not opened yet.</summary>
    /// <exception cref="StoreException">The setting names no store.</exception>
    public static IArticleStore Create(ServiceSettings settings, TimeProvider clock) => Create(settings.Store, settings.DataFolder, clock);

    /// <param name="store"><c>sqlite:</c> with a path or without one for <c>feedservice.db</c> in the data folder, or <c>postgres://user:password@host/database</c>.</param>
    /// <param name="dataFolder">The folder that the service writes to.</param>
    /// <param name="clock">What the time is.</param>
    public static IArticleStore Create(string store, string dataFolder, TimeProvider clock)
    {
        if (store.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            var path = store[Sqlite.Length..];
            return new SqliteArticleStore(Path.GetFullPath(path.Length == 0 ? Path.Combine(dataFolder, "feedservice.db") : path), clock);
        }
        if (PostgresUrl.Is(store)) return new PostgresArticleStore(PostgresUrl.Parse(store), clock);
        // It is not repeated: what stands there may be a mistyped URL with a password in it.
        throw new StoreException("The store has to be sqlite:PATH, sqlite: alone for feedservice.db in the data folder, or postgres://USER:PASSWORD@HOST/DATABASE.");
    }
}
