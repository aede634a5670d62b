using FeedService.Publishing;
using FeedService.Syndication.Formats;
using FeedService.Web;

namespace FeedService.Tests.Web;

public sealed class NegotiationTests
{
    [Theory]
    [InlineData(null, ContentCoding.Identity)]
    [InlineData("", ContentCoding.Identity)]
    [InlineData("gzip", ContentCoding.Gzip)]
    [InlineData("x-gzip", ContentCoding.Gzip)]
    [InlineData("GZIP", ContentCoding.Gzip)]
    [InlineData("gzip, deflate, br", ContentCoding.Brotli)]
    [InlineData("gzip, deflate, br, zstd", ContentCoding.Brotli)]
    [InlineData("gzip;q=1.0, br;q=0.5", ContentCoding.Gzip)]
    [InlineData("gzip;q=0", ContentCoding.Identity)]
    [InlineData("gzip;q=0.000, br;q=0.0", ContentCoding.Identity)]
    [InlineData("br;q=0, gzip", ContentCoding.Gzip)]
    [InlineData("*", ContentCoding.Brotli)]
    [InlineData("*;q=0", ContentCoding.Identity)]
    [InlineData("br;q=0, *", ContentCoding.Gzip)]
    [InlineData("identity", ContentCoding.Identity)]
    [InlineData("identity;q=1, gzip;q=0.5", ContentCoding.Identity)]
    [InlineData("identity;q=0.5, gzip;q=0.5", ContentCoding.Gzip)]
    [InlineData("gzip ; q=0.8 , br ; q=0.9", ContentCoding.Brotli)]
    [InlineData("gzip;q=junk", ContentCoding.Gzip)]
    [InlineData("deflate", ContentCoding.Identity)]
    [InlineData("gzipx", ContentCoding.Identity)]
    public void The_best_coding_that_is_taken_is_sent(string? accept, ContentCoding coding) =>
        Assert.Equal(coding, Negotiation.Coding(accept, brotli: true));

    [Fact]
    public void Gzip_stands_in_where_brotli_was_not_made() => Assert.Equal(ContentCoding.Gzip, Negotiation.Coding("br, gzip", brotli: false));

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true, FeedFormat.Rss)]
    [InlineData("text/html", true, FeedFormat.Rss)]
    [InlineData(null, false, FeedFormat.Rss)]
    [InlineData("*/*", false, FeedFormat.Rss)]
    [InlineData("image/png", false, FeedFormat.Rss)]
    [InlineData("application/atom+xml", false, FeedFormat.Atom)]
    [InlineData("application/feed+json, application/json;q=0.9", false, FeedFormat.Json)]
    [InlineData("application/json", false, FeedFormat.Json)]
    [InlineData("application/rss+xml;q=0.5, application/atom+xml;q=0.9", false, FeedFormat.Atom)]
    [InlineData("application/atom+xml, application/rss+xml, text/html", false, FeedFormat.Atom)]
    [InlineData("text/html;q=0.5, application/rss+xml;q=0.4", true, FeedFormat.Rss)]
    [InlineData("text/xml", false, FeedFormat.Rss)]
    public void Browsers_get_a_page_and_readers_their_format(string? accept, bool page, FeedFormat format)
    {
        Assert.Equal(page, Negotiation.PrefersPage(accept, out var chosen));
        Assert.Equal(format, chosen);
    }
}
