using System.Globalization;
using Dapper;
using FeedService.Configuration;
using FeedService.Store;
using Npgsql;

namespace FeedService.Benchmarks.Scale;

/// <summary>What to measure, from the command line.</summary>
internal sealed record ScaleOptions(string Store, string Folder, string Program, long Articles, int Feeds, int Schedule)
{
    public const string Usage =
        "scale --program DIR [--store sqlite:|postgres://USER:PASSWORD@HOST/DB] [--articles 1000000] [--feeds 10000] [--schedule SECONDS] [--folder DIR]; the store has to be empty.";

    public const string PublicUrl = "https://feeds.example";

    public static ScaleOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ScaleOptions("sqlite:", Path.Combine(Path.GetTempPath(), $"feedservice-scale-{Environment.ProcessId}"), "", 1_000_000, 10_000, 180);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw new ArgumentException(Usage);
            options = arguments[i] switch
            {
                "--store" => options with { Store = value },
                "--folder" => options with { Folder = Path.GetFullPath(value) },
                "--program" => options with { Program = Path.GetFullPath(value) },
                "--articles" => options with { Articles = long.Parse(value, CultureInfo.InvariantCulture) },
                "--feeds" => options with { Feeds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--schedule" => options with { Schedule = int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException(Usage),
            };
        }
        return options.Program.Length > 0 ? options : throw new ArgumentException(Usage);
    }

    public string FeedsFolder => Path.Combine(Folder, "feeds");

    public string DataFolder => Path.Combine(Folder, "data");

    public ServiceSettings Settings() => new()
    {
        FeedsFolder = FeedsFolder,
        DataFolder = Directory.CreateDirectory(DataFolder).FullName,
        Store = Store,
        PublicUrl = PublicUrl,
        Hub = true,
        Urls = [],
    };

    public async Task<long> SizeAsync()
    {
        if (IsSqlite) return new DirectoryInfo(DataFolder).EnumerateFiles("feedservice.db*").Sum(file => file.Length);
        await using var connection = Connection();
        return await connection.ExecuteScalarAsync<long>("select sum(pg_total_relation_size(oid))::bigint from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace");
    }

    /// <summary>Takes away what was made in PostgreSQL; a folder is whoever's made it.</summary>
    public async Task DropAsync()
    {
        if (IsSqlite) return;
        await using var connection = Connection();
        await connection.ExecuteAsync(new CommandDefinition($"drop schema {await connection.ExecuteScalarAsync<string>("select quote_ident(current_schema())")} cascade", commandTimeout: 0));
    }

    private bool IsSqlite => Store.StartsWith("sqlite:", StringComparison.Ordinal);

    // None that has lain idle for minutes while the service was measured.
    private NpgsqlConnection Connection() => new(new NpgsqlConnectionStringBuilder(PostgresUrl.Parse(Store).ConnectionString) { Pooling = false }.ConnectionString);
}
