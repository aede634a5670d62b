using System.Net;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Tests.Publishing;

public sealed class AudienceTests : IAsyncLifetime
{
    private const string Reader = "NetNewsWire (RSS Reader; https://netnewswire.com/)";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("feedservice-");
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 3, 14, 9, 0, 0, TimeSpan.Zero));
    private IArticleStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = StoreFactory.Create(new ServiceSettings { FeedsFolder = _folder.FullName, DataFolder = _folder.FullName, Store = "sqlite:", PublicUrl = "https://feeds.example" }, _clock);
        await _store.OpenAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Stated_subscribers_and_different_readers_add_up_and_bots_and_browsers_do_not()
    {
        var audience = await OpenAsync();
        Visit(audience, "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 24 subscribers)", "192.0.2.1");
        Visit(audience, "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 22 subscribers)", "192.0.2.2");
        Visit(audience, "Feedbin feed-id:1 - 3 subscribers", "192.0.2.3");
        Visit(audience, "Feedbin feed-id:2 - 4 subscribers", "192.0.2.3");
        for (var i = 0; i < 12; i++) Visit(audience, Reader, $"198.51.100.{i % 6}", i % 2 == 0 ? "atom" : "rss");
        Visit(audience, "curl/8.5.0", "203.0.113.5");
        Visit(audience, "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "203.0.113.6");
        Assert.Equal(24 + 3 + 4 + 6, audience.Subscribers("harbour"));
        Assert.Equal(0, audience.Subscribers("bakery"));
        Assert.Equal(
            ["Feedly rss Hosted 24", "Feedbin rss Hosted 7", "NetNewsWire atom Reader 3", "NetNewsWire rss Reader 3", "browser rss Browser 1", "curl rss Bot 1"],
            audience.Today("harbour").Select(each => $"{each.Name} {each.Format} {each.Kind} {each.Count}"));
    }

    [Fact]
    public async Task A_restart_counts_nobody_twice()
    {
        var first = await OpenAsync();
        Visit(first, Reader, "198.51.100.1");
        Visit(first, Reader, "198.51.100.2");
        await first.SaveAsync(CancellationToken.None);
        var second = await OpenAsync();
        Visit(second, Reader, "198.51.100.2");
        Visit(second, Reader, "198.51.100.3");
        Assert.Equal(3, second.Subscribers("harbour"));
    }

    [Fact]
    public async Task Nodes_that_share_a_store_count_a_reader_of_both_once()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        Visit(one, Reader, "198.51.100.1");
        Visit(other, Reader, "198.51.100.1");
        Visit(other, Reader, "198.51.100.2");
        await Task.WhenAll(one.SaveAsync(CancellationToken.None), other.SaveAsync(CancellationToken.None));
        // Whoever saved first may have been saved over; he looks once more.
        await one.SaveAsync(CancellationToken.None);
        await other.SaveAsync(CancellationToken.None);
        Assert.Equal(2, (await OpenAsync()).Subscribers("harbour"));
    }

    [Fact]
    public async Task After_midnight_only_numbers_are_left_of_the_day()
    {
        var audience = await OpenAsync();
        Visit(audience, Reader, "198.51.100.1");
        Visit(audience, Reader, "198.51.100.2");
        Visit(audience, "Feedbin feed-id:1 - 3 subscribers", "192.0.2.3");
        await audience.SaveAsync(CancellationToken.None);
        Assert.Contains("seen", Assert.Single(await RecordsAsync(Audience.Kind)).Value, StringComparison.Ordinal);
        var salt = Assert.Single(await RecordsAsync("audience-salt"));

        _clock.Advance(TimeSpan.FromHours(16));
        await audience.OpenDayAsync(CancellationToken.None);
        var closed = Assert.Single(await RecordsAsync(Audience.Kind));
        Assert.Equal("2026-03-14/harbour", closed.Key);
        Assert.DoesNotContain("seen", closed.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("stated", closed.Value, StringComparison.Ordinal);
        Assert.NotEqual(salt.Value, Assert.Single(await RecordsAsync("audience-salt")).Value);

        Assert.Empty(audience.Today("harbour"));
        Assert.Equal(5, audience.Subscribers("harbour"));
        Assert.Equal([(new DateOnly(2026, 3, 14), 5)], await audience.HistoryAsync("harbour", 29, CancellationToken.None));
    }

    [Fact]
    public async Task Days_are_forgotten_after_four_hundred()
    {
        var audience = await OpenAsync();
        Visit(audience, Reader, "198.51.100.1");
        await audience.SaveAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(399));
        Assert.Single(await RecordsAsync(Audience.Kind));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await RecordsAsync(Audience.Kind));
    }

    [Fact]
    public async Task Made_up_names_do_not_fill_the_memory()
    {
        var audience = await OpenAsync();
        for (var i = 0; i < 2_000; i++) Visit(audience, $"Reader{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i / 676))}/1.0", "198.51.100.1");
        Assert.InRange(audience.Today("harbour").Count, 100, 101);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(100, 3)]
    [InlineData(10_000, 700)]
    [InlineData(200_000, 14_000)]
    public void Different_readers_are_counted_nearly_right_and_survive_being_saved(int readers, int tolerance)
    {
        var counter = new DistinctCounter();
        var random = new Random(7);
        var bytes = new byte[8];
        for (var i = 0; i < readers; i++)
        {
            random.NextBytes(bytes);
            var hash = BitConverter.ToUInt64(bytes);
            counter.Add(hash);
            Assert.False(counter.Add(hash));
        }
        Assert.InRange(counter.Estimate(), readers - tolerance, readers + tolerance);
        Assert.Equal(counter.Estimate(), DistinctCounter.Load(counter.Save()).Estimate());
    }

    private async Task<Audience> OpenAsync()
    {
        var audience = new Audience(_store, _clock);
        await audience.OpenDayAsync(CancellationToken.None);
        return audience;
    }

    private static void Visit(Audience audience, string agent, string address, string format = "rss") =>
        audience.Count("harbour", format, IPAddress.Parse(address).GetAddressBytes(), agent, ReaderAgent.Of(agent));

    private async Task<IReadOnlyList<StoredRecord>> RecordsAsync(string kind) => await _store.ListRecordsAsync(kind, null, "", 10, _clock.GetUtcNow(), CancellationToken.None);
}
