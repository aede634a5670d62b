using System.Buffers;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Writing;

public sealed class FeedWriterTests
{
    private const int AllocationLimit = 16 * 1024;

    [Fact]
    public void Rendering_allocates_little_besides_the_output()
    {
        var paragraph = "<p>Spring tide at <a href=\"https://tide.example/spring?a=1&amp;b=2\">the old quay</a>, “four metres” &amp; rising; boats move up.</p>\n";
        var content = string.Concat(Enumerable.Repeat(paragraph, 24));
        var feed = Feeds.Of([.. Enumerable.Range(1, 50).Select(i => new Article
        {
            Id = $"https://tide.example/{i}",
            Url = $"https://tide.example/{i}",
            Title = $"Tide & time {i}",
            Summary = "What the sea did <3",
            Content = content,
            Published = Feeds.Noon.AddHours(i),
            Authors = [new Person("Ada Quay")],
            Categories = [new Category("tides")],
        })]);
        foreach (var format in FeedFormats.All)
        {
            var output = new ArrayBufferWriter<byte>(512 * 1024);
            var least = long.MaxValue;
            // The first rounds also pay for what the runtime sets up once.
            for (var round = 0; round < 5; round++)
            {
                output.ResetWrittenCount();
                var before = GC.GetAllocatedBytesForCurrentThread();
                FeedWriter.Write(format, feed, output);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            Assert.InRange(output.WrittenCount, 140_000, 220_000);
            Assert.InRange(least, 0, AllocationLimit);
        }
    }

    [Theory]
    [InlineData("😀")]
    [InlineData("\r\n")]
    [InlineData("\"\\<”\u0001\t")]
    public void A_long_text_is_the_same_wherever_it_is_cut(string piece)
    {
        for (var offset = 0; offset < 4; offset++)
        {
            var content = "<pre>" + new string('x', offset) + string.Concat(Enumerable.Repeat(piece, 20_000)) + "</pre>";
            foreach (var format in FeedFormats.All)
                Assert.Equal(content.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\u0001', '\uFFFD'), ReadBack.From(format, Feeds.Bytes(format, Feeds.Of(Feeds.Minimal with { Content = content })))[0].Content);
        }
    }

    [Fact]
    public void A_culture_changes_nothing()
    {
        var before = Feeds.Text(FeedFormat.Rss, GoldenFeeds.Named("full"));
        var culture = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("ar-SA");
            Assert.Equal(before, Feeds.Text(FeedFormat.Rss, GoldenFeeds.Named("full")));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData(FeedFormat.Rss)]
    [InlineData(FeedFormat.Atom)]
    [InlineData(FeedFormat.Json)]
    public void An_article_without_an_id_is_refused_by_name(FeedFormat format)
    {
        var error = Assert.Throws<ArgumentException>(() => Feeds.Bytes(format, Feeds.Of(Feeds.Minimal with { Id = "", Url = "https://tide.example/ebb" })));
        Assert.Contains("'https://tide.example/ebb'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_article_without_any_date_is_refused_by_Atom_alone()
    {
        var feed = Feeds.Of(Feeds.Minimal with { Published = null }) with { Updated = Feeds.Noon };
        var error = Assert.Throws<ArgumentException>(() => Feeds.Bytes(FeedFormat.Atom, feed));
        Assert.Contains(Feeds.Minimal.Id, error.Message, StringComparison.Ordinal);
        Assert.Null(ReadBack.From(FeedFormat.Rss, Feeds.Bytes(FeedFormat.Rss, feed))[0].Published);
        Assert.Null(ReadBack.From(FeedFormat.Json, Feeds.Bytes(FeedFormat.Json, feed))[0].Published);
    }

    [Fact]
    public void A_feed_without_what_a_format_requires_is_refused()
    {
        foreach (var format in FeedFormats.All) Assert.Throws<ArgumentException>(() => Feeds.Bytes(format, Feeds.Of() with { Title = " " }));
        Assert.Throws<ArgumentException>(() => Feeds.Bytes(FeedFormat.Atom, Feeds.Of(Feeds.Minimal) with { Id = "" }));
        Assert.Throws<ArgumentException>(() => Feeds.Bytes(FeedFormat.Atom, Feeds.Of()));
        Assert.Throws<ArgumentException>(() => Feeds.Bytes(FeedFormat.Rss, Feeds.Of() with { SiteUrl = null, SelfUrl = null }));
    }

    [Theory]
    [InlineData("https://tide.example/ebb", "https://tide.example/ebb", "true")]
    [InlineData("https://tide.example/ebb", "https://tide.example/flood", "false")]
    [InlineData("https://tide.example/ö", "https://tide.example/ö", "false")]
    [InlineData("urn:uuid:0b8f6b1e-6d0c-5a0e-9a53-5d2d1f4f3c10", "urn:uuid:0b8f6b1e-6d0c-5a0e-9a53-5d2d1f4f3c10", "false")]
    public void A_guid_is_a_permalink_only_where_it_is_the_URL(string id, string url, string expected) =>
        Assert.Contains($"<guid isPermaLink=\"{expected}\">{id}</guid>", Feeds.Text(FeedFormat.Rss, Feeds.Of(Feeds.Minimal with { Id = id, Url = url })), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://tide.example/a b\"<>[1]|", "https://tide.example/a%20b%22%3C%3E%5B1%5D%7C")]
    [InlineData("https://bücher.example/ö?q=ü#ñ", "https://xn--bcher-kva.example/%C3%B6?q=%C3%BC#%C3%B1")]
    [InlineData("http://[2001:db8::1]/x y", "http://[2001:db8::1]/x%20y")]
    [InlineData(" https://tide.example/%C3%B6?a=1&b=2 ", "https://tide.example/%C3%B6?a=1&b=2")]
    public void A_URL_is_made_one_that_RFC_3986_allows(string url, string expected)
    {
        foreach (var format in FeedFormats.All)
            Assert.Equal(expected, ReadBack.From(format, Feeds.Bytes(format, Feeds.Of(Feeds.Minimal with { Url = url })))[0].Url);
    }

    [Fact]
    public void A_lone_content_is_the_description_and_stands_after_the_summary_otherwise()
    {
        var alone = Feeds.Text(FeedFormat.Rss, Feeds.Of(Feeds.Minimal));
        Assert.Contains("<description><![CDATA[<p>The tide is out.</p>]]></description>", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("<content:encoded>", alone, StringComparison.Ordinal);
        var both = Feeds.Text(FeedFormat.Rss, Feeds.Of(Feeds.Minimal with { Summary = "Low & slow" }));
        Assert.Contains("<description>Low &amp;amp; slow</description>\n<content:encoded><![CDATA[<p>The tide is out.</p>]]></content:encoded>", both, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_alternates_of_one_kind_become_one()
    {
        var links = new[] { new Link("alternate", "https://tide.example/b") { Type = "text/html" }, new Link("alternate", "https://tide.example/c") { Type = "text/html", HrefLang = "nl" }, new Link("alternate", "https://tide.example/d") { Type = "text/html", HrefLang = "nl" } };
        var atom = Feeds.Text(FeedFormat.Atom, Feeds.Of(Feeds.Minimal with { Url = "https://tide.example/a", Links = links }));
        Assert.Contains("https://tide.example/a\"", atom, StringComparison.Ordinal);
        Assert.Contains("https://tide.example/c\"", atom, StringComparison.Ordinal);
        Assert.DoesNotContain("https://tide.example/b\"", atom, StringComparison.Ordinal);
        Assert.DoesNotContain("https://tide.example/d\"", atom, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, 15, "hourly", 4)]
    [InlineData(60, 60, "hourly", 1)]
    [InlineData(360, 360, "daily", 4)]
    [InlineData(1440, 1440, "daily", 1)]
    [InlineData(10080, 10080, "weekly", 1)]
    public void The_interval_is_told_in_both_ways(int minutes, int ttl, string period, int frequency) =>
        Assert.Contains($"<ttl>{ttl}</ttl>\n<sy:updatePeriod>{period}</sy:updatePeriod>\n<sy:updateFrequency>{frequency}</sy:updateFrequency>",
            Feeds.Text(FeedFormat.Rss, Feeds.Of() with { Interval = TimeSpan.FromMinutes(minutes) }), StringComparison.Ordinal);

    [Fact]
    public void Subscriptions_that_OPML_cannot_hold_are_refused()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<ArgumentException>(() => OpmlWriter.Write(new OpmlDocument("Empty", []), output));
        Assert.Throws<ArgumentException>(() => OpmlWriter.Write(new OpmlDocument("Nameless", [new OpmlOutline("") { XmlUrl = "https://tide.example/feed" }]), output));
        var deep = Enumerable.Range(0, 100).Aggregate(new OpmlOutline("x"), (inner, _) => new OpmlOutline("x") { Outlines = [inner] });
        Assert.Throws<ArgumentException>(() => OpmlWriter.Write(new OpmlDocument("Deep", [deep]), output));
    }
}
