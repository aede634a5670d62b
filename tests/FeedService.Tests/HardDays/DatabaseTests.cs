using System.Net;
using FeedService.Scheduling;
using FeedService.Store;
using Microsoft.Data.Sqlite;

namespace FeedService.Tests.HardDays;

/// <summary>A service whose database is not there, goes, comes back, is full, locked, or not its own: what it has it serves, and what it missed it makes up for.</summary>
[Collection(SmallDisk)]
public sealed class DatabaseTests : IAsyncLifetime
{
    /// <summary>The tests that fill the one small disk come one after the other.</summary>
    public const string SmallDisk = "small disk";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-database-");

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "feeds", "harbour", "articles"));
        File.WriteAllText(Path.Combine(_root.FullName, "feeds", "harbour", "feed.yaml"), $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        Write("2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
    public async Task Without_PostgreSQL_the_service_starts_and_publishes_when_it_comes()
    {
        await using var schema = new TestSchema();
        await using var database = new DatabaseProxy(schema.Url);
        await using var node = await ServiceNode.StartAsync(ServiceNode.Settings(_root.FullName, database.Url));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(node, "/health/ready"));
        // Not 404: readers would take it for the end of the feed.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(node, "/feeds/harbour.rss"));

        database.Start();

        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));
        await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/health/ready")));
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
    public async Task While_PostgreSQL_is_gone_or_full_the_last_feed_is_served_and_what_was_missed_comes_after()
    {
        await using var schema = new TestSchema();
        await using var database = new DatabaseProxy(schema.Url);
        database.Start();
        await using var node = await ServiceNode.StartAsync(ServiceNode.Settings(_root.FullName, database.Url));
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));

        await database.StopAsync();
        Write("2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
        await IsServedThroughAsync(node, "High tide");
        // Operators who ask get an answer and no error.
        Assert.Null(await node.Get<FeedScheduler>().NextRunAsync("harbour", default));
        database.Start();
        await Eventually.HoldsAsync(async () => Assert.Equal(["New crane", "High tide"], await node.TitlesAsync("harbour")));

        database.Fill(true);
        Write("2026-01-03-gull.md", "# A gull\n\nIt stayed.\n");
        await IsServedThroughAsync(node, "New crane");
        database.Fill(false);
        await Eventually.HoldsAsync(async () => Assert.Equal(["A gull", "New crane", "High tide"], await node.TitlesAsync("harbour")));
        // Three publications, each once, although every one of them may have been tried more often.
        Assert.Equal(3, await schema.SqlAsync<long>("select version from feeds"));
    }

    [Fact]
    public async Task While_another_program_holds_the_SQLite_file_the_last_feed_is_served_and_what_was_missed_comes_after()
    {
        await using var node = await ServiceNode.StartAsync(ServiceNode.Settings(_root.FullName, "sqlite:"));
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));

        await using (var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ConnectionString))
        {
            other.Open();
            Execute(other, "begin immediate");
            Write("2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
            await IsServedThroughAsync(node, "High tide");
        }

        await Eventually.HoldsAsync(async () => Assert.Equal(["New crane", "High tide"], await node.TitlesAsync("harbour")));
    }

    [Theory]
    [InlineData("pragma user_version = 9999", "pragma user_version = {0}")]
    [InlineData("pragma application_id = 1234", "pragma application_id = 1178944836")]
    public async Task A_database_that_is_not_for_this_version_keeps_the_service_waiting_until_it_is(string harm, string mend)
    {
        var settings = ServiceNode.Settings(_root.FullName, "sqlite:");
        await using (var before = await ServiceNode.StartAsync(settings))
            await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await before.TitlesAsync("harbour")));
        await AlterAsync(harm);

        await using var node = await ServiceNode.StartAsync(settings);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(node, "/health/ready"));

        await AlterAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, mend, SqliteMigrations.All.Count));
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));
    }

    [Fact]
    public async Task Of_a_database_that_is_no_more_a_new_one_gives_the_same_ids()
    {
        var settings = ServiceNode.Settings(_root.FullName, "sqlite:");
        string guid;
        await using (var before = await ServiceNode.StartAsync(settings))
        {
            await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await before.TitlesAsync("harbour")));
            guid = await GuidAsync(before);
        }
        foreach (var file in Directory.EnumerateFiles(settings.DataFolder, "feedservice.db*")) await File.WriteAllBytesAsync(file, new byte[65536]);

        await using var node = await ServiceNode.StartAsync(settings);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(node, "/health/ready"));
        // What the log says to do: the damaged file aside, a backup or nothing in its place.
        foreach (var file in Directory.EnumerateFiles(settings.DataFolder, "feedservice.db*")) File.Delete(file);
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));
        Assert.Equal(guid, await GuidAsync(node));
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.SmallDisk, "a folder on a disk of a few MB that is otherwise empty")]
    public async Task On_a_full_disk_the_last_feed_is_served_and_what_was_missed_comes_after()
    {
        var data = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable(NeedsAttribute.SmallDisk)!, $"full-{Guid.NewGuid():N}"));
        var filler = data.FullName + ".fill";
        try
        {
            await using var node = await ServiceNode.StartAsync(ServiceNode.Settings(_root.FullName, "sqlite:") with { DataFolder = data.FullName });
            await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));
            Fill(filler);

            // More than may be left in what the database has taken already.
            Write("2026-01-02-crane.md", $"# New crane\n\n{string.Join(' ', Enumerable.Range(0, 60_000).Select(i => $"{i:x8}"))}\n");
            await IsServedThroughAsync(node, "High tide");
            File.Delete(filler);
            await Eventually.HoldsAsync(async () => Assert.Equal(["New crane", "High tide"], await node.TitlesAsync("harbour")));
        }
        finally
        {
            File.Delete(filler);
            data.Delete(recursive: true);
        }
    }

    /// <summary>While a run is tried in vain, for as long as that takes.</summary>
    private static async Task IsServedThroughAsync(ServiceNode node, string newest)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var look = 0; look < 30; look++)
        {
            Assert.Equal(newest, (await node.TitlesAsync("harbour")).First());
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/health/live"));
            await tick.WaitForNextTickAsync();
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(ServiceNode node, string path) => (await node.Client.GetAsync(path)).StatusCode;

    private static async Task<string> GuidAsync(ServiceNode node) =>
        System.Xml.Linq.XDocument.Parse(await node.Client.GetStringAsync("/feeds/harbour.rss")).Descendants("guid").Single().Value;

    private static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) stream.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private string Database => Path.Combine(_root.FullName, "data", "feedservice.db");

    private async Task AlterAsync(string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ConnectionString);
        connection.Open();
        Execute(connection, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(_root.FullName, "feeds", "harbour", "articles", name);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-5));
    }
}
