using System.Text;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats;

public sealed class SitemapReaderTests
{
    private static Sitemap Read(string text) => SitemapReader.Read(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Pages_come_with_dates_news_and_images()
    {
        var sitemap = Read(
            """

            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE urlset [<!ENTITY x "y">]>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
              <url>
                <loc> https://harbour.example/news/ferry?a=1&amp;b=2 </loc><lastmod>2025-12-08T09:00:00+01:00</lastmod><changefreq>daily</changefreq>
                <image:image><image:loc>https://harbour.example/i.jpg</image:loc><image:title>Ice</image:title></image:image>
                <news:news><news:publication><news:name>Harbour News</news:name><news:language>en</news:language></news:publication>
                  <news:publication_date>2025-12-08</news:publication_date><news:title><![CDATA[Ferry &amp; ice]]></news:title><news:keywords>ice, ferries</news:keywords></news:news>
              </url>
              <url><loc>/relative</loc></url>
              <url><loc>javascript:alert(1)</loc></url>
              <url/>
              <url><loc>https://harbour.example/news/storm</loc></url>
            </urlset>
            """);
        Assert.False(sitemap.IsIndex);
        Assert.False(sitemap.IsTruncated);
        Assert.Equal(["https://harbour.example/news/ferry?a=1&b=2", "https://harbour.example/news/storm"], sitemap.Entries.Select(e => e.Url));
        var entry = sitemap.Entries[0];
        Assert.Equal(new DateTimeOffset(2025, 12, 8, 9, 0, 0, TimeSpan.FromHours(1)), entry.LastModified);
        Assert.Equal(new DateTimeOffset(2025, 12, 8, 0, 0, 0, TimeSpan.Zero), entry.Published);
        Assert.Equal("Ferry & ice", entry.Title);
        Assert.Equal("en", entry.Language);
        Assert.Equal(["ice", "ferries"], entry.Keywords);
        Assert.Equal(new Image("https://harbour.example/i.jpg") { Alt = "Ice" }, Assert.Single(entry.Images));
        Assert.Null(sitemap.Entries[1].LastModified);
    }

    [Fact]
    public void An_index_lists_sitemaps()
    {
        var index = Read("<sitemapindex><sitemap><loc>https://a.example/s1.xml.gz</loc><lastmod>2025-01-02</lastmod></sitemap></sitemapindex>");
        Assert.True(index.IsIndex);
        Assert.Equal("https://a.example/s1.xml.gz", Assert.Single(index.Entries).Url);
    }

    [Fact]
    public void Plain_lists_of_addresses_are_sitemaps_too() =>
        Assert.Equal(["https://a.example/1", "https://a.example/2"], Read("\uFEFFhttps://a.example/1\r\n\r\nhttps://a.example/2\n").Entries.Select(e => e.Url));

    [Fact]
    public void What_was_whole_of_a_truncated_sitemap_counts()
    {
        var sitemap = Read("<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.exam");
        Assert.True(sitemap.IsTruncated);
        Assert.NotNull(sitemap.Fault);
        Assert.Equal("https://a.example/1", Assert.Single(sitemap.Entries).Url);
    }

    [Fact]
    public void No_more_pages_are_read_than_the_protocol_allows()
    {
        var sitemap = Read("<urlset>" + string.Concat(Enumerable.Repeat("<url><loc>https://a.example/1</loc></url>", SitemapReader.MaxEntries + 5)) + "</urlset>");
        Assert.True(sitemap.IsTruncated);
        Assert.Equal(SitemapReader.MaxEntries, sitemap.Entries.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Not found")]
    [InlineData("<html><body>Not found</body></html>")]
    [InlineData("<rss><channel/></rss>")]
    [InlineData("<urlset><url><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>")]
    public void What_is_no_sitemap_is_refused(string text) => Assert.Throws<FeedFormatException>(() => Read(text));
}
