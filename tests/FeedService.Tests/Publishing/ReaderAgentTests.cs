using FeedService.Publishing;

namespace FeedService.Tests.Publishing;

public sealed class ReaderAgentTests
{
    [Theory]
    [InlineData("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 24 subscribers; like FeedFetcher-Google)", "Feedly", 24, "")]
    [InlineData("Mozilla/5.0 (compatible; inoreader.com-like FeedFetcher-Google; 1 subscriber)", "Inoreader", 1, "")]
    [InlineData("NewsBlur Feed Fetcher - 7 subscribers - https://www.newsblur.com/site/1234/harbour (Mozilla/5.0 (Macintosh) AppleWebKit/600)", "NewsBlur", 7, "1234")]
    [InlineData("Mozilla/5.0 (compatible; theoldreader.com; 5 subscribers; feed-id=aa0b1c)", "The Old Reader", 5, "aa0b1c")]
    [InlineData("Feedbin feed-id:1234 - 24 subscribers", "Feedbin", 24, "1234")]
    [InlineData("Lighthouse Reader/2.1 (https://reader.example; 3 readers)", "Lighthouse Reader", 3, "")]
    [InlineData("Boastful/1.0 (999999999 subscribers)", "Boastful", 10_000_000, "")]
    public void A_hosted_reader_says_for_how_many_it_fetches(string agent, string name, int stated, string feedId) =>
        Assert.Equal(new ReaderAgent(ReaderKind.Hosted, name, stated, feedId), ReaderAgent.Of(agent));

    [Theory]
    [InlineData("NetNewsWire (RSS Reader; https://netnewswire.com/)", ReaderKind.Reader, "NetNewsWire")]
    [InlineData("Tiny Tiny RSS/24.05 (https://tt-rss.org/)", ReaderKind.Reader, "Tiny Tiny RSS")]
    [InlineData("Pier 3.2", ReaderKind.Reader, "Pier")]
    [InlineData("Pier/3.2 (Linux)", ReaderKind.Reader, "Pier")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0", ReaderKind.Reader, "Thunderbird")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ReaderKind.Browser, "browser")]
    [InlineData("Mozilla/5.0 (compatible; Tidebot/2.1; +http://search.example/bot.html)", ReaderKind.Bot, "Tidebot")]
    [InlineData("curl/8.5.0", ReaderKind.Bot, "curl")]
    [InlineData("python-requests/2.31", ReaderKind.Bot, "python-requests")]
    [InlineData("", ReaderKind.Reader, "unnamed")]
    [InlineData("   ", ReaderKind.Reader, "unnamed")]
    [InlineData("node", ReaderKind.Bot, "node")]
    [InlineData("<script>alert(1)</script>", ReaderKind.Reader, "script alert")]
    [InlineData("////", ReaderKind.Reader, "unnamed")]
    public void Readers_browsers_and_bots_are_told_apart(string agent, ReaderKind kind, string name) =>
        Assert.Equal(new ReaderAgent(kind, name), ReaderAgent.Of(agent));

    [Fact]
    public void Readers_that_do_not_say_who_they_are_count() => Assert.Equal(ReaderKind.Reader, ReaderAgent.Of(null).Kind);

    [Fact]
    public void Names_are_short_whatever_is_sent()
    {
        foreach (var agent in (string[])[new('a', 5_000), new('(', 5_000), new string('9', 400) + " subscribers", "Mozilla/5.0 (compatible; " + new string('b', 5_000)])
            Assert.InRange(ReaderAgent.Of(agent).Name.Length, 1, 32);
    }
}
