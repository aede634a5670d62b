using System.Globalization;
using Dapper;
using FeedService.Store;
using Npgsql;

namespace FeedService.Benchmarks.Scale;

/// <summary>What to measure, from the command line.</summary>
internal sealed record ScaleOptions(string Store, string Folder, long Articles, int Feeds)
{
    public const string Usage = "scale [--store sqlite:|postgres://USER:PASSWORD@HOST/DB] [--articles 1000000] [--feeds 10000] [--folder DIR]; the store has to be empty.";

    public static ScaleOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ScaleOptions("sqlite:", Path.Combine(Path.GetTempPath(), $"feedservice-scale-{Environment.ProcessId}"), 1_000_000, 10_000);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw new ArgumentException(Usage);
            options = arguments[i] switch
            {
                "--store" => options with { Store = value },
                "--folder" => options with { Folder = Path.GetFullPath(value) },
                "--articles" => options with { Articles = long.Parse(value, CultureInfo.InvariantCulture) },
                "--feeds" => options with { Feeds = int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException(Usage),
            };
        }
        return options;
    }

    public IArticleStore NewStore() => StoreFactory.Create(Store, Folder, TimeProvider.System);

    public async Task<long> SizeAsync()
    {
        if (Store.StartsWith("sqlite:", StringComparison.Ordinal)) return new DirectoryInfo(Folder).EnumerateFiles("feedservice.db*").Sum(file => file.Length);
        await using var connection = new NpgsqlConnection(PostgresUrl.Parse(Store).ConnectionString);
        return await connection.ExecuteScalarAsync<long>("select sum(pg_total_relation_size(oid))::bigint from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace");
    }

    /// <summary>Takes away what was made in PostgreSQL; a folder is whoever's made it.</summary>
    public async Task DropAsync()
    {
        if (Store.StartsWith("sqlite:", StringComparison.Ordinal)) return;
        await using var connection = new NpgsqlConnection(PostgresUrl.Parse(Store).ConnectionString);
        await connection.ExecuteAsync(new CommandDefinition($"drop schema {await connection.ExecuteScalarAsync<string>("select quote_ident(current_schema())")} cascade", commandTimeout: 0));
    }
}
