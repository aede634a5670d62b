using Npgsql;

namespace FeedService.Store;

/// <summary>
/// A PostgreSQL database as <c>postgres://user:password@host:port/database?setting=value</c> names it. Of several hosts, with commas between, it is on
/// the one that may be written to: another one after a failover.
/// </summary>
internal static class PostgresUrl
{
    /// <summary>Our tables stand in a schema of their own, so that a database can be shared; <c>?search_path=</c> names another.</summary>
    private const string DefaultSchema = "feedservice";

    public static bool Is(string store) =>
        store.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || store.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="StoreException">It is no such URL. The message never repeats it: there is a password in it.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string store)
    {
        const string Form = "The store has to be postgres://USER:PASSWORD@HOST:PORT/DATABASE, reserved characters percent-encoded";
        var hosts = Hosts(store);
        if (!Uri.TryCreate(WithOneHost(store, hosts), UriKind.Absolute, out var url) || url.Host.Length == 0 || url.AbsolutePath.Length < 2)
            throw new StoreException($"{Form}.");
        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = hosts.Length > 1 ? string.Join(',', hosts) : url.IdnHost,
            Port = url.Port > 0 ? url.Port : NpgsqlDefaultPort,
            Database = Uri.UnescapeDataString(url.AbsolutePath[1..]),
            ApplicationName = "feedservice",
            SearchPath = DefaultSchema,
            MaxPoolSize = 20,
            MaxAutoPrepare = 50,
            // In seconds.
            Timeout = 5,
            CommandTimeout = 30,
            // The system's own: Npgsql's holds up whoever wants the connection meanwhile, which on a thread that waits for sockets holds up all of them.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 2,
            // A node that is stopped in the middle of a transaction, but not dead, would keep its locks from all others.
            Options = "-c idle_in_transaction_session_timeout=10s",
            HostRecheckSeconds = 1,
        };
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var setting in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = setting.Split('=', 2);
            var name = Uri.UnescapeDataString(parts[0]);
            try
            {
                builder[name.Replace('_', ' ')] = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
            {
                throw new StoreException($"{Form}; its setting {name} is unknown, or its value is wrong.");
            }
        }
        return builder;
    }

    public static bool HasSeveralHosts(NpgsqlConnectionStringBuilder settings) => settings.Host!.Contains(',', StringComparison.Ordinal);

    private static string[] Hosts(string store)
    {
        var authority = store[(store.IndexOf("://", StringComparison.Ordinal) + 3)..];
        authority = authority[..(authority.IndexOfAny(['/', '?', '#']) is >= 0 and var end ? end : authority.Length)];
        return authority[(authority.LastIndexOf('@') + 1)..].Split(',');
    }

    // The rest is checked as any URL is.
    private static string WithOneHost(string store, string[] hosts) => hosts.Length > 1 ? store.Replace(string.Join(',', hosts), hosts[0], StringComparison.Ordinal) : store;

    private const int NpgsqlDefaultPort = NpgsqlConnection.DefaultPort;
}
