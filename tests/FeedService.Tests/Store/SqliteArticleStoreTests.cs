using System.Diagnostics;
using Dapper;
using FeedService.Store;
using Microsoft.Data.Sqlite;
using static FeedService.Tests.Store.StoreSamples;

namespace FeedService.Tests.Store;

[Collection(HardDays.DatabaseTests.SmallDisk)]
public sealed class SqliteArticleStoreTests : ArticleStoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feedservice-store-").FullName;

    protected override IArticleStore NewStore() => NewStore("data");

    protected override Task DropAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await MakeAsync("newer");
        Sql("newer", $"pragma user_version = {SqliteMigrations.All.Count + 1}");

        var exception = await OpeningFailsAsync("newer");

        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
        Assert.Equal(SqliteMigrations.All.Count + 1, Sql<long>("newer", "pragma user_version"));
    }

    [Fact]
    public async Task The_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "other"));
        Sql("other", "create table songs(title text); insert into songs values ('La Mer')");

        var exception = await OpeningFailsAsync("other");

        Assert.Contains("another program", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, Sql<long>("other", "select count(*) from sqlite_schema"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "none"));
        var content = string.Concat(Enumerable.Repeat("Hardly a database. ", 100));
        await File.WriteAllTextAsync(DatabaseOf("none"), content);

        Assert.Contains($"{DatabaseOf("none")} is damaged", (await OpeningFailsAsync("none")).Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(DatabaseOf("none")));
    }

    [Fact]
    public async Task A_database_that_was_cut_short_is_refused()
    {
        await MakeAsync("short");
        await using (var file = File.OpenWrite(DatabaseOf("short"))) file.SetLength(file.Length / 2);

        Assert.Contains("restore a backup", (await OpeningFailsAsync("short")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_page_is_an_error_that_says_so_and_other_feeds_go_on()
    {
        await using (var store = NewStore("damaged"))
        {
            await store.OpenAsync(default);
            await store.PutAsync([.. Enumerable.Range(1, 500).Select(number => Article(number))]);
        }
        Assert.False(File.Exists(DatabaseOf("damaged") + "-wal"), "The log has not moved into the database.");
        var page = Sql<long>("damaged", "select rootpage from sqlite_schema where name = 'articles'");
        await using (var file = File.OpenWrite(DatabaseOf("damaged")))
        {
            file.Position = (page - 1) * 16384;
            file.Write(Enumerable.Repeat((byte)0xA5, 16384).ToArray());
        }

        await using var damaged = NewStore("damaged");
        await damaged.OpenAsync(default);
        var exception = await Assert.ThrowsAsync<StoreException>(() => damaged.NewestAsync(Slug, Noon, 10, default));
        Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
        Assert.Equal(Slug, Assert.Single(await damaged.ListFeedsAsync(default)).Feed);
    }

    [Fact]
    public async Task A_log_without_its_index_or_cut_short_loses_no_more_than_what_was_cut()
    {
        await using var store = NewStore("live");
        await store.OpenAsync(default);
        await store.PutAsync(Article(1));
        await store.PutAsync(Article(2));
        foreach (var copy in new[] { "unindexed", "cut" }) Directory.CreateDirectory(Path.Combine(_folder, copy));
        foreach (var ending in new[] { "", "-wal" })
        {
            File.Copy(DatabaseOf("live") + ending, DatabaseOf("unindexed") + ending);
            File.Copy(DatabaseOf("live") + ending, DatabaseOf("cut") + ending);
        }
        using (var log = File.OpenWrite(DatabaseOf("cut") + "-wal")) log.SetLength(log.Length - 100);

        await using var unindexed = NewStore("unindexed");
        await unindexed.OpenAsync(default);
        Assert.Equal(2, await unindexed.CountAsync(Slug, Noon, default));
        await using var cut = NewStore("cut");
        await cut.OpenAsync(default);
        Assert.Equal(1, await cut.CountAsync(Slug, Noon, default));
        Assert.Equal("ok", Sql<string>("cut", "pragma integrity_check"));
    }

    [Fact]
    public async Task While_another_program_holds_the_database_a_commit_says_so_and_later_ones_pass()
    {
        await using var store = new SqliteArticleStore(DatabaseOf("locked"), TimeProvider.System, TimeSpan.FromMilliseconds(50));
        await store.OpenAsync(default);
        await store.PutAsync(Article(1));
        await using (var other = new SqliteConnection($"Data Source={DatabaseOf("locked")};Pooling=False"))
        {
            other.Open();
            other.Execute("begin immediate");

            var exception = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Article(2)));
            Assert.Contains("locked by another program", exception.Message, StringComparison.Ordinal);
            Assert.Equal(1, await store.CountAsync(Slug, Noon, default));
        }

        await store.PutAsync(Article(2));
        Assert.Equal(2, await store.CountAsync(Slug, Noon, default));
    }

    [Fact]
    public async Task While_another_process_of_ours_writes_a_commit_waits_and_then_says_so()
    {
        await using var store = new SqliteArticleStore(DatabaseOf("shared"), TimeProvider.System, TimeSpan.FromMilliseconds(50));
        await store.OpenAsync(default);
        using (SqliteWriteLock.Take(DatabaseOf("shared"), TimeSpan.Zero, default))
        {
            var exception = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Article(1)));
            Assert.Contains("another process", exception.Message, StringComparison.Ordinal);
        }
        await store.PutAsync(Article(1));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");
        Assert.Contains("file", (await OpeningFailsAsync("file")).Message, StringComparison.Ordinal);
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.SmallDisk, "the path of an empty file system of 8 MB, such as a tmpfs, that the user may remount")]
    public async Task Needs_a_small_disk_On_a_full_or_read_only_one_a_commit_is_undone_and_passes_when_the_cause_is_gone()
    {
        var disk = Environment.GetEnvironmentVariable(NeedsAttribute.SmallDisk)!;
        await using var store = new SqliteArticleStore(Path.Combine(disk, "feedservice.db"), TimeProvider.System);
        await store.OpenAsync(default);
        await store.PutAsync(Article(1));

        var filler = Path.Combine(disk, "filler");
        await File.WriteAllBytesAsync(filler, new byte[6 << 20]);
        var big = Article(2) with { Article = Article(2).Article with { Content = new string('x', 2 << 20) } };
        Assert.Contains("No room is left", (await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(big))).Message, StringComparison.Ordinal);
        Assert.Equal(1, await store.CountAsync(Slug, Noon, default));
        File.Delete(filler);
        await store.PutAsync(big);
        Assert.Equal(2, await store.CountAsync(Slug, Noon, default));

        await store.DisposeAsync();
        await RemountAsync(disk, "ro");
        try
        {
            await using var readOnly = new SqliteArticleStore(Path.Combine(disk, "feedservice.db"), TimeProvider.System);
            var exception = await Assert.ThrowsAsync<StoreException>(() => readOnly.OpenAsync(default));
            Assert.Contains("cannot be written", exception.Message, StringComparison.Ordinal);
            Assert.Equal(2, await readOnly.CountAsync(Slug, Noon, default));
            await RemountAsync(disk, "rw");
            await readOnly.PutAsync(Article(3));
            Assert.Equal(3, await readOnly.CountAsync(Slug, Noon, default));
        }
        finally
        {
            await RemountAsync(disk, "rw");
        }
    }

    [Fact]
    public async Task The_database_has_the_settings_that_keep_it_safe()
    {
        await MakeAsync("data");
        Assert.Equal("wal", Sql<string>("data", "pragma journal_mode"));
        Assert.Equal(16384, Sql<long>("data", "pragma page_size"));
        Assert.Equal(SqliteFile.ApplicationId, Sql<long>("data", "pragma application_id"));
        Assert.Equal("ok", Sql<string>("data", "pragma integrity_check"));
    }

    private IArticleStore NewStore(string folder) => StoreFactory.Create("sqlite:", Path.Combine(_folder, folder), TimeProvider.System);

    private string DatabaseOf(string folder) => Path.Combine(_folder, folder, "feedservice.db");

    private async Task MakeAsync(string folder)
    {
        await using var store = NewStore(folder);
        await store.OpenAsync(default);
    }

    private async Task<StoreException> OpeningFailsAsync(string folder)
    {
        await using var store = NewStore(folder);
        return await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));
    }

    private static async Task RemountAsync(string disk, string mode)
    {
        using var mount = Process.Start("mount", ["-o", $"remount,{mode}", disk]);
        await mount.WaitForExitAsync();
        Assert.Equal(0, mount.ExitCode);
    }

    private void Sql(string folder, string sql) => Sql<long?>(folder, sql);

    private T? Sql<T>(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabaseOf(folder)};Pooling=False");
        connection.Open();
        return connection.ExecuteScalar<T>(sql);
    }
}
