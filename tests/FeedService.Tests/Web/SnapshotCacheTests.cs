using System.Text;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Tests.Web;

public sealed class SnapshotCacheTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("feedservice-cache-");
    private IArticleStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = StoreFactory.Create("sqlite:", _folder.FullName, TimeProvider.System);
        await _store.OpenAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_stored_is_known_after_a_restart_and_fetched_when_asked_for()
    {
        await StoreAsync(Make("a", "rss", "one"));
        var cache = Cache();
        await cache.LoadAsync(_ => TimeSpan.FromMinutes(7), CancellationToken.None);
        Assert.True(cache.TryGet("a", "rss", out var snapshot));
        Assert.Null(snapshot.Bodies);
        Assert.Equal(0, cache.Size);
        Assert.Equal("public, max-age=420", snapshot.CacheControl);

        var filled = await cache.FillAsync(snapshot, identity: true, CancellationToken.None);
        Assert.Equal("one", Text(filled!));
        Assert.True(cache.Size > 0);
        Assert.True(cache.TryGet("a", "rss", out var again));
        Assert.Same(filled!.Bodies, again.Bodies);
    }

    [Fact]
    public async Task Uncoded_bytes_are_made_when_asked_for_and_then_kept_over_publications()
    {
        var cache = Cache();
        cache.Swap("a", [Make("a", "rss", "one")]);
        Assert.True(cache.TryGet("a", "rss", out var snapshot));
        Assert.Null(snapshot.Bodies!.Identity);
        await cache.FillAsync(snapshot, identity: true, CancellationToken.None);
        cache.Swap("a", [Make("a", "rss", "two")]);
        Assert.True(cache.TryGet("a", "rss", out snapshot));
        Assert.Equal("two", Encoding.UTF8.GetString(snapshot.Bodies!.Identity!.Value.Span));
    }

    [Fact]
    public async Task Those_least_recently_asked_for_make_way_and_come_back()
    {
        var names = Enumerable.Range(0, 8).Select(i => $"feed-{i}").ToList();
        foreach (var name in names) await StoreAsync(Make(name, "rss", Long(name)));
        var size = Make(names[0], "rss", Long(names[0])) is var one ? one.Gzip.Length + one.Brotli.Length : 0;
        var cache = Cache(budget: size * 4);
        await cache.LoadAsync(_ => TimeSpan.Zero, CancellationToken.None);
        foreach (var name in names)
        {
            Assert.True(cache.TryGet(names[0], "rss", out _));
            Assert.True(cache.TryGet(name, "rss", out var snapshot));
            Assert.NotNull(await cache.FillAsync(snapshot, identity: false, CancellationToken.None));
            Assert.InRange(cache.Size, 1, size * 4);
        }
        Assert.True(cache.TryGet(names[0], "rss", out var favourite));
        Assert.NotNull(favourite.Bodies);
        Assert.True(cache.TryGet(names[1], "rss", out var forgotten));
        Assert.Null(forgotten.Bodies);
        Assert.Equal(Long(names[1]), Text((await cache.FillAsync(forgotten, identity: true, CancellationToken.None))!));
    }

    [Fact]
    public async Task A_newer_document_in_the_store_takes_the_place_of_the_one_that_was_known()
    {
        await StoreAsync(Make("a", "rss", "one"));
        var cache = Cache();
        await cache.LoadAsync(_ => TimeSpan.Zero, CancellationToken.None);
        await StoreAsync(Make("a", "rss", "two"));
        Assert.True(cache.TryGet("a", "rss", out var known));
        var filled = await cache.FillAsync(known, identity: true, CancellationToken.None);
        Assert.Equal("two", Text(filled!));
        Assert.Equal("\"two\"", filled!.Snapshot.IdentityETag);
        Assert.True(cache.TryGet("a", "rss", out var now));
        Assert.Same(filled.Snapshot, now);
    }

    [Fact]
    public async Task What_was_removed_is_gone_and_gives_its_memory_back()
    {
        await StoreAsync(Make("a", "rss", "one"));
        var cache = Cache();
        cache.Swap("a", [Make("a", "rss", "one"), Make("a", "atom", "one")]);
        cache.Swap("a", [], ["atom"]);
        Assert.False(cache.TryGet("a", "atom", out _));
        Assert.True(cache.TryGet("a", "rss", out var snapshot));
        cache.Remove("a");
        Assert.False(cache.TryGet("a", "rss", out _));
        Assert.Equal(0, cache.Size);
        Assert.Equal(0, cache.Count);

        // Whoever held it meanwhile brings nothing back.
        await cache.FillAsync(snapshot, identity: true, CancellationToken.None);
        Assert.Equal(0, cache.Size);
    }

    [Fact]
    public async Task All_who_wait_share_one_load()
    {
        await StoreAsync(Make("a", "rss", "one"));
        var cache = Cache();
        await cache.LoadAsync(_ => TimeSpan.Zero, CancellationToken.None);
        Assert.True(cache.TryGet("a", "rss", out var snapshot));
        var filled = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => cache.FillAsync(snapshot, identity: false, CancellationToken.None))));
        Assert.All(filled, one => Assert.Same(snapshot.Bodies!, one!.Bodies));
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var cache = Cache();
        cache.Swap("a", [Make("a", "rss", "one")]);
        var path = "a.rss".AsSpan();
        for (var i = 0; i < 100; i++) Assert.True(cache.TryGet(path[..1], path[2..], out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) cache.TryGet(path[..1], path[2..], out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task A_part_is_kept_until_its_feed_changes_and_a_closed_page_longer()
    {
        await StoreAsync(Make("a", "tags/ships.rss", "one"));
        await StoreAsync(Make("a", "archive/1.rss", "one"));
        var cache = Cache();
        Assert.Null(await cache.FindPartAsync("a", "tags/ships.rss", CancellationToken.None));
        cache.Swap("a", [Make("a", "rss", "one")]);
        Assert.False(cache.TryGetPart("a/tags/ships.rss", out _));
        var part = await cache.FindPartAsync("a", "tags/ships.rss", CancellationToken.None);
        var page = await cache.FindPartAsync("a", "archive/1.rss", CancellationToken.None);
        Assert.Equal(("one", false, true), (part!.Tag, part.Immutable, page!.Immutable));
        Assert.True(cache.TryGetPart("a/tags/ships.rss", out var kept) && kept == part);

        cache.Swap("a", [Make("a", "rss", "two"), Make("a", "tags/ships.rss", "two")]);
        Assert.False(cache.TryGetPart("a/tags/ships.rss", out _));
        Assert.True(cache.TryGetPart("a/archive/1.rss", out kept) && kept == page);
        cache.Swap("a", [], ["archive/1.rss"]);
        Assert.False(cache.TryGetPart("a/archive/1.rss", out _));
        cache.Remove("a");
        Assert.Null(await cache.FindPartAsync("a", "tags/ships.rss", CancellationToken.None));
        Assert.Equal(0, cache.Size);
    }

    [Fact]
    public async Task Parts_least_recently_asked_for_make_way()
    {
        var names = Enumerable.Range(0, 20).Select(i => $"archive/{i}.rss").ToList();
        foreach (var name in names) await StoreAsync(Make("a", name, Long(name)));
        var cache = Cache(budget: 50_000);
        cache.Swap("a", [Make("a", "rss", "one")]);
        foreach (var name in names)
        {
            Assert.NotNull(await cache.FindPartAsync("a", name, CancellationToken.None));
            Assert.InRange(cache.Size, 1, 50_000);
        }
        Assert.False(cache.TryGetPart("a/archive/0.rss", out _));
        Assert.True(cache.TryGetPart("a/archive/19.rss", out _));
    }

    private SnapshotCache Cache(long budget = 1 << 20) => new(_store, new("https://feeds.example"), budget);

    private static Snapshot Make(string feed, string name, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new(feed, name)
        {
            MediaType = "application/rss+xml",
            Tag = text.Length > 10 ? feed : text,
            LastModified = WebHost.Noon,
            MaxAge = TimeSpan.FromMinutes(5),
            Identity = bytes,
            Gzip = Compression.Gzip([bytes]),
            Brotli = Compression.Brotli([bytes]),
        };
    }

    private async Task StoreAsync(Snapshot snapshot)
    {
        var state = await _store.FindFeedAsync(snapshot.Feed, CancellationToken.None);
        await _store.CommitAsync(new(snapshot.Feed)
        {
            ExpectedVersion = state?.Version ?? 0,
            State = state ?? new(snapshot.Feed),
            Snapshots = [new StoredSnapshot(snapshot.Feed, snapshot.Name)
            {
                MediaType = snapshot.MediaType, Tag = snapshot.Tag, LastModified = snapshot.LastModified, Length = snapshot.Identity.Length,
                Gzip = snapshot.Gzip, Brotli = snapshot.Brotli,
            }],
        }, CancellationToken.None);
    }

    // Nothing that compression could make much smaller.
    private static string Long(string seed) => string.Concat(Enumerable.Range(0, 64).Select(i =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}{i}")))));

    private static string Text(FilledSnapshot filled) => Encoding.UTF8.GetString(filled.Bodies.Identity!.Value.Span);
}
