using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using FeedService.Publishing;
using FeedService.Web;

namespace FeedService.Tests.Web;

public sealed class VisitQueueTests
{
    private static readonly TrafficCounter s_counter = new("harbour", "feed", "rss");

    [Fact]
    public async Task Every_visit_comes_out_once_while_many_come_in()
    {
        const int Writers = 4;
        const int Each = 20_000;
        var queue = new VisitQueue();
        var taken = new ConcurrentDictionary<string, int>();
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested || queue.Length > 0)
            {
                while (queue.TryTake(out var visit)) taken.AddOrUpdate(visit.UserAgent!, 1, (_, count) => count + 1);
                Thread.Yield();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) queue.Add(new(s_counter, null, null, string.Create(CultureInfo.InvariantCulture, $"{writer}-{i}")));
        })));
        await done.CancelAsync();
        await reader;
        Assert.Equal(Writers * Each, taken.Count + queue.Dropped);
        Assert.All(taken.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public void A_reader_who_stays_connected_is_told_of_again_only_after_a_while()
    {
        var queue = new VisitQueue();
        var (address, agent) = (IPAddress.Parse("192.0.2.1"), "Pier/3.2");
        for (var i = 0; i < 10; i++) queue.Add(new(s_counter, address, null, agent));
        Assert.Equal(1, queue.Length);
        queue.Add(new(new("harbour", "feed", "atom"), address, null, agent));
        queue.Add(new(s_counter, IPAddress.Parse("192.0.2.1"), null, agent));
        Assert.Equal(3, queue.Length);
        queue.Forget();
        queue.Add(new(s_counter, address, null, agent));
        Assert.Equal(4, queue.Length);
    }

    [Fact]
    public void A_full_queue_drops_and_says_how_many()
    {
        var queue = new VisitQueue();
        for (var i = 0; i < 20_000; i++) queue.Add(new(s_counter, null, null, new string('a', 1)));
        var taken = 0;
        while (queue.TryTake(out _)) taken++;
        Assert.Equal(20_000, taken + queue.Dropped);
        Assert.True(queue.Dropped > 0);
        queue.Add(new(s_counter, null, null, "again"));
        Assert.True(queue.TryTake(out var visit));
        Assert.Equal("again", visit.UserAgent);
    }
}
