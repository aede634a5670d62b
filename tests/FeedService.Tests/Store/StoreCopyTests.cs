using Dapper;
using FeedService.Store;
using Npgsql;
using static FeedService.Tests.Store.StoreSamples;

namespace FeedService.Tests.Store;

public sealed class StoreCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feedservice-copy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_copy_holds_all_that_the_store_held()
    {
        await using var from = await OpenAsync("sqlite:", "from");
        await FillAsync(from);
        await using var to = await OpenAsync("sqlite:", "to");

        await AssertCopiedAsync(from, to);
    }

    [Fact]
    public async Task A_store_that_holds_something_is_not_copied_over()
    {
        await using var from = await OpenAsync("sqlite:", "from");
        await FillAsync(from);
        await using var to = await OpenAsync("sqlite:", "to");
        await to.PutAsync(Article(99));

        var exception = await Assert.ThrowsAsync<StoreException>(() => StoreCopy.CopyAsync(from, to, null, default));

        Assert.Contains("name an empty one", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await to.CountAsync(Slug, Noon, default));
    }

    [Fact]
    public async Task A_copy_that_is_interrupted_leaves_nothing()
    {
        await using var from = await OpenAsync("sqlite:", "from");
        await FillAsync(from);
        await using var to = await OpenAsync("sqlite:", "to");
        using var interrupted = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StoreCopy.CopyAsync(from, to, new Immediate(_ => interrupted.Cancel()), interrupted.Token));

        Assert.Empty(await to.ListFeedsAsync(default));
        await AssertCopiedAsync(from, to);
    }

    [Fact]
    public async Task A_source_that_is_written_to_meanwhile_is_found_out()
    {
        await using var from = await OpenAsync("sqlite:", "from");
        await FillAsync(from);
        await using var to = await OpenAsync("sqlite:", "to");
        var meddled = false;

        var exception = await Assert.ThrowsAsync<StoreException>(() => StoreCopy.CopyAsync(from, to, new Immediate(copied =>
        {
            if (copied.Table == "snapshots" && !meddled) from.PutAsync(Article(3) with { SeenHash = "other" }).GetAwaiter().GetResult();
            meddled |= copied.Table == "snapshots";
        }), default));

        Assert.Contains("was written to while it was copied", exception.Message, StringComparison.Ordinal);
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
    public async Task Needs_PostgreSQL_A_store_goes_from_SQLite_to_PostgreSQL_and_back()
    {
        var url = Environment.GetEnvironmentVariable(NeedsAttribute.Postgres)!;
        var schema = $"test_{Guid.NewGuid():N}";
        url += $"{(url.Contains('?') ? '&' : '?')}search_path={schema}";
        await using var first = await OpenAsync("sqlite:", "first");
        await FillAsync(first);
        await using var second = await OpenAsync(url, "");
        await using var third = await OpenAsync("sqlite:", "third");
        try
        {
            await AssertCopiedAsync(first, second);
            await AssertCopiedAsync(second, third);

            // What the engine numbers goes on after what was copied.
            await second.CommitAsync(await second.NextAsync() with { Announcements = ["json"] }, default);
            Assert.Equal(["rss", "atom", "json"], (await second.LeaseAnnouncementsAsync(Noon, TimeSpan.FromMinutes(1), 10, default)).Select(announcement => announcement.Name));
        }
        finally
        {
            await using var connection = new NpgsqlConnection(PostgresUrl.Parse(url).ConnectionString);
            await connection.ExecuteAsync($"drop schema {schema} cascade");
        }
    }

    private static async Task AssertCopiedAsync(IArticleStore from, IArticleStore to)
    {
        var copied = await StoreCopy.CopyAsync(from, to, null, default);

        Assert.Equal([2, 1301, 1, 2, 2, 2, 1, 1, 2], copied.Select(table => table.Rows));
        var all = await from.BySequenceAsync(Slug, 0, 5000, default);
        Assert.Equal(1300, all.Count);
        ArticleStoreContract.AssertSame(all, await to.BySequenceAsync(Slug, 0, 5000, default));
        ArticleStoreContract.AssertSame(await from.ListFeedsAsync(default), await to.ListFeedsAsync(default));
        ArticleStoreContract.AssertSame(await from.ItemsAsync(Slug, "s", default), await to.ItemsAsync(Slug, "s", default));
        Assert.Equal((await from.FindSnapshotAsync(Slug, "rss", default))!.Gzip.ToArray(), (await to.FindSnapshotAsync(Slug, "rss", default))!.Gzip.ToArray());
        Assert.Equal(1300, await to.CountAsync(Slug, Noon, default));
        Assert.Single(await to.DedupeHoldersAsync(Slug, ["url:a"], default));
        Assert.Equal([new StoredTerm("tags/ships", "Ships", 2)], await to.TermsAsync(Slug, 9, default));
    }

    private async Task<IArticleStore> OpenAsync(string setting, string folder)
    {
        var store = StoreFactory.Create(setting, Path.Combine(_folder, folder), TimeProvider.System);
        await store.OpenAsync(default);
        return store;
    }

    // More than a batch of articles, in an order of keys that is not that of their numbers, with everything that an article can say.
    private static async Task FillAsync(IArticleStore store)
    {
        await store.CommitAsync(await store.NextAsync() with
        {
            Articles =
            [
                .. Enumerable.Range(1, 1299).Select(number => Article(number)),
                Article(1300) with { Id = "\U0001F6A2", Article = Everything, Raw = Everything, DedupeKeys = ["url:a"], Origins = new Dictionary<string, string> { ["title"] = "file" } },
            ],
            Terms = [new("urn:example:1", "tags/ships", "Ships"), new("\U0001F6A2", "tags/ships", "Ships")],
            Items = [new("s", "\uFF5E", "stamp", null), new("s", "\U0001F6A2", "stamp", "problem")],
            Snapshots = [Snapshot("rss"), Snapshot("atom", 2)],
            Announcements = ["rss", "atom"],
        }, default);
        await store.PutRecordsAsync([new StoredRecord("token", "\U0001F6A2") { Feed = Slug, Value = "{}", Due = Noon }], default);
        await store.CommitAsync(await store.NextAsync("other") with { Articles = [Article(1) with { Draft = true, Removed = Noon }] }, default);
    }

    // Progress<T> reports later, from another thread.
    private sealed class Immediate(Action<CopiedTable> report) : IProgress<CopiedTable>
    {
        public void Report(CopiedTable value) => report(value);
    }
}
