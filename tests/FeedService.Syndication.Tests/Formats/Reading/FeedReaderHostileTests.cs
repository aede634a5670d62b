using System.Text;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Reading;

/// <summary>Documents that attack a reader. Time and memory are held by limits on work, which is what is asserted.</summary>
public sealed class FeedReaderHostileTests
{
    private const string Items = "<channel><title>t</title><item><title>one</title></item></channel></rss>";

    public static TheoryData<string, string, string> Refused => new()
    {
        { "entities made of entities", $"<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<rss>{Items}", "made of others" },
        { "an external entity", $"<!DOCTYPE rss [\n<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss>{Items}", "external or parameter entity" },
        { "a public external entity", $"<!DOCTYPE rss [<!ENTITY x PUBLIC \"p\" \"http://127.0.0.1/x\">]><rss>{Items}", "external or parameter entity" },
        { "a parameter entity", $"<!DOCTYPE rss [<!ENTITY % p \"x\">]><rss>{Items}", "external or parameter entity" },
        { "a long entity for a quadratic blow-up", $"<!DOCTYPE rss [<!ENTITY a \"{new string('a', 100_000)}\">]><rss>{Items}", "longer than" },
        { "deep elements", $"<rss><channel>{string.Concat(Enumerable.Repeat("<a>", 100_000))}", $"more than {MarkupReader.MaxDepth} deep" },
        { "a cycle of entities", $"<!DOCTYPE rss [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]>\n<rss>{Items}", "made of others" },
        { "an external document type with a parameter entity in it", $"<!DOCTYPE rss [<!ENTITY % d SYSTEM \"http://127.0.0.1/x.dtd\"> %d;]><rss>{Items}", "external or parameter entity" },
        { "ten thousand deep elements", $"<rss><channel>{string.Concat(Enumerable.Repeat("<a>", 10_000))}", $"more than {MarkupReader.MaxDepth} deep" },
        { "deep elements in a text", $"<rss><channel><description>{string.Concat(Enumerable.Repeat("<b>", 10_000))}x", $"more than {MarkupReader.MaxDepth} deep" },
        { "many attributes", $"<rss {string.Concat(Enumerable.Range(0, 200_000).Select(i => $"a{i}='1' "))}>{Items}", $"more than {MarkupReader.MaxAttributes} attributes" },
        { "a giant attribute", $"<rss a='{new string('x', 2_000_000)}'>{Items}", "attribute is longer than" },
        { "a quote that never ends", $"<rss><channel><link a='{new string('x', 2_000_000)}", "attribute is longer than" },
        { "a page", "<!DOCTYPE html>\n<html><head><title>x</title></head><body><rss/></body></html>", "an HTML page, not a feed" },
        { "a sitemap", "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>", "sitemap" },
        { "some other document", "<?xml version='1.0'?>\n\n<recipe/>", "<recipe>" },
        { "words", "Not found", "plain text" },
        { "nothing", "  \n ", "empty" },
        { "tags that never begin", "<!-- only a comment -->", "no element" },
        { "JSON that is cut", "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\"},", "not valid JSON" },
        { "JSON that is no feed", "{\"hello\":\"world\"}", "no JSON Feed" },
        { "deep JSON", "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":" + new string('[', 100_000), "not valid JSON" },
    };

    /// <summary>Some of them are no relative URLs to the platform either, and it throws.</summary>
    [Theory]
    [InlineData("h|ttps://example.com/a")]
    [InlineData("c|/a")]
    [InlineData("1:2:3")]
    [InlineData("\\\\x|y")]
    public void What_is_no_URL_costs_nothing_else(string url)
    {
        var feed = Read($"""
            <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/feeds/"><title>t</title>
            <entry xml:base="{url}"><id>one</id><title>one</title><link href="{url}"/><link rel="enclosure" href="{url}" xml:base="https://example.com/"/></entry></feed>
            """);
        Assert.Equal("one", Assert.Single(feed.Feed.Articles).Title);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_with_a_reason(string what, string document, string reason)
    {
        var error = Assert.Throws<FeedFormatException>(() => Read(document));

        Assert.True(error.Message.Contains(reason, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    /// <summary>The best of many tries, since others are at work in the same process; it is far below in a quiet one.</summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refusal_takes_less_than_a_tenth_of_a_second_and_20_MB(string what, string document, string reason)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        var (time, memory) = (TimeSpan.MaxValue, long.MaxValue);
        for (var i = 0; i < 50 && (time > TimeSpan.FromMilliseconds(100) || memory > 20_000_000); i++)
        {
            var (started, before) = (TimeProvider.System.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            Assert.ThrowsAny<FeedFormatException>(() => FeedReader.Read(bytes));
            memory = Math.Min(memory, GC.GetAllocatedBytesForCurrentThread() - before);
            time = TimeProvider.System.GetElapsedTime(started) is var took && took < time ? took : time;
        }

        Assert.True(time < TimeSpan.FromMilliseconds(100) && memory < 20_000_000, $"{what} ({reason}): {time}, {memory} bytes");
    }

    [Fact]
    public void The_reason_names_the_line()
    {
        var error = Assert.Throws<FeedFormatException>(() => Read("<rss>\n<channel>\n\n<item a='" + new string('x', 200_000) + "'/></channel></rss>"));

        Assert.Equal(4, error.Line);
        Assert.EndsWith("(line 4)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_items_or_bytes_than_the_limit_are_refused()
    {
        var document = Encoding.UTF8.GetBytes("<rss><channel>" + string.Concat(Enumerable.Repeat("<item/>", 100)) + "</channel></rss>");

        Assert.Equal(100, FeedReader.Read(document, new FeedReadOptions { MaxItems = 100 }).Feed.Articles.Count);
        Assert.Contains("more than 99 items", Assert.Throws<FeedFormatException>(() => FeedReader.Read(document, new FeedReadOptions { MaxItems = 99 })).Message, StringComparison.Ordinal);
        Assert.Contains("at most 100", Assert.Throws<FeedFormatException>(() => FeedReader.Read(document, new FeedReadOptions { MaxBytes = 100 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE rss>")]
    [InlineData("<!DOCTYPE rss SYSTEM \"http://127.0.0.1:1/rss.dtd\">")]
    [InlineData("<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">")]
    [InlineData("<!DOCTYPE rss [<!ENTITY nbsp \"&#160;\"> <!ELEMENT rss ANY> <!-- it's > fine -->]>")]
    [InlineData("<?xml-stylesheet href='x.xsl'?><!-- a < b -->")]
    [InlineData("\n\n  ")]
    public void What_is_harmless_before_the_feed_is_passed_over(string before) =>
        Assert.Equal("one", Assert.Single(Read($"{before}<rss version='2.0'>{Items}").Feed.Articles).Title);

    [Theory]
    [InlineData("a&#0;b", "a\uFFFDb")]
    [InlineData("a&#xFFFE;b", "a\uFFFDb")]
    [InlineData("a&#129;b", "a\uFFFDb")]
    [InlineData("a&#146;b", "a’b")]
    [InlineData("a&#xD800;b", "a\uFFFDb")]
    [InlineData("a&#99999999999;b", "a\uFFFDb")]
    [InlineData("a\u0001\u0008\u001Fb", "ab")]
    [InlineData("a\uFFFEb", "ab")]
    [InlineData("a&#x;b&#;c&;d&nosuch;e", "a&#x;b&#;c&;d&nosuch;e")]
    [InlineData("&#x1F9AD;", "🦭")]
    public void Characters_that_no_document_can_hold_do_not_come_through(string title, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes($"<rss><channel><title>{title}</title></channel></rss>");

        Assert.Equal(expected, FeedReader.Read(bytes).Feed.Title);
    }

    [Fact]
    public void Nothing_that_runs_is_taken_for_a_link()
    {
        var feed = Read("""
            <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title><link>javascript:alert(1)</link>
            <atom:link rel="self" href="data:text/html,x"/><atom:link rel="hub" href="JaVaScRiPt:x"/><image><url>vbscript:x</url></image>
            <item><title>1</title><link> java
            script:alert(1)</link><enclosure url="file:///etc/passwd" type="audio/mpeg"/><guid isPermaLink="true">javascript:alert(2)</guid><comments>data:x</comments></item></channel></rss>
            """).Feed;

        var article = Assert.Single(feed.Articles);
        Assert.All([feed.SiteUrl, feed.SelfUrl, feed.Logo?.Url, article.Url], Assert.Null);
        Assert.Empty(feed.Hubs);
        Assert.Empty(article.Enclosures);
        Assert.Empty(article.Links);
    }

    [Fact]
    public void Reading_allocates_in_proportion_to_the_document()
    {
        var small = Document(100);
        var large = Document(1000);
        Allocated(small);
        Allocated(large);

        Assert.InRange(Allocated(large), 1, 12 * Allocated(small));

        static byte[] Document(int items) => Encoding.UTF8.GetBytes("<rss version=\"2.0\"><channel>" + string.Concat(Enumerable.Repeat("<item><title>A &amp; B</title><description>&lt;p>x&lt;/p></description></item>", items)) + "</channel></rss>");

        static long Allocated(byte[] document)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            FeedReader.Read(document);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static FeedDocument Read(string document) => FeedReader.Read(Encoding.UTF8.GetBytes(document));
}
