using System.Buffers;
using System.Text;
using System.Text.Json;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Reading;

public sealed class FeedDetailsTests
{
    private const string Atom = """
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://quay.example/feed/">
          <id>urn:quay</id><title type="html">The &lt;b&gt;Quay&lt;/b&gt;</title><updated>2026-02-03T04:05:06Z</updated>
          <rights>All of them</rights><generator uri="https://loom.example/" version="2.1">Loom</generator>
          <link rel="alternate" type="application/xhtml+xml" href="../"/><link rel="self" href=""/>
          <contributor><name>Kim</name><email>kim@quay.example</email><uri>/kim</uri></contributor>
          <entry xml:base="lamps/">
            <id>urn:lamps</id><title>Lamps</title><updated>2026-02-03T04:05:06Z</updated><link href="."/><link rel="enclosure" type="audio/ogg" length="5" href="hum.ogg"/>
            <summary xml:lang="">Humm</summary><content type="xhtml" xml:lang="de"><div xmlns="http://www.w3.org/1999/xhtml">Sie brummen.</div></content>
            <source>
              <id>urn:shed</id><title>Shed</title><subtitle>What hums</subtitle><rights>Some</rights><generator version="3">Hammer</generator><link rel="via" href="/via"/>
              <author><name>Lee</name><email>lee@shed.example</email></author><category term="sound"/>
              <entry><id>urn:not-one</id><title>No article of this feed</title></entry>
            </source>
          </entry>
          <entry><id>urn:ropes</id><title>Ropes</title></entry>
        </feed>
        """;

    [Fact]
    public void Of_each_text_it_tells_type_language_and_base()
    {
        var document = Read(Atom);
        Assert.Equal(new TextDetails("text/html", "en", "https://quay.example/feed/", null), document.Details!.Texts["title"]);
        Assert.Equal(new TextDetails("text/plain", "en", "https://quay.example/feed/", null), document.Details.Texts["rights"]);
        var texts = document.ItemDetails[0].Texts;
        Assert.Equal(new TextDetails("text/plain", "", "https://quay.example/feed/lamps/", null), texts["summary"]);
        Assert.Equal(new TextDetails("application/xhtml+xml", "de", "https://quay.example/feed/lamps/", null), texts["content"]);
    }

    [Fact]
    public void All_links_are_there_in_their_order_with_what_they_say()
    {
        var document = Read(Atom);
        Assert.Equal(["https://quay.example/", "https://quay.example/feed/"], document.Details!.Links.Select(l => l.Link.Href));
        Assert.Equal("application/xhtml+xml", document.Details.Links[0].Link.Type);
        Assert.Equal([("alternate", null), ("enclosure", 5L)], document.ItemDetails[0].Links.Select(l => (l.Link.Rel, l.Length)));
    }

    [Fact]
    public void The_program_the_helpers_and_the_feed_that_an_entry_came_from_are_told_of()
    {
        var document = Read(Atom);
        Assert.Equal(("2.1", "https://loom.example/"), (document.Details!.GeneratorVersion, document.Details.GeneratorUrl));
        Assert.Equal(new Person("Kim") { Email = "kim@quay.example", Url = "https://quay.example/kim" }, Assert.Single(document.Details.Contributors));
        var (source, details) = (document.ItemDetails[0].Source!, document.ItemDetails[0].SourceDetails!);
        Assert.Equal(("urn:shed", "What hums", "Some", "Hammer", "3"), (source.Id, source.Description, source.Rights, source.Generator, details.GeneratorVersion));
        Assert.Equal(("sound", "lee@shed.example", "via"), (source.Categories[0].Term, source.Authors[0].Email, details.Links[0].Link.Rel));
        Assert.Equal("Lee", Assert.Single(document.Feed.Articles[0].Source!.Authors).Name);
    }

    [Fact]
    public void What_stands_in_a_source_is_neither_an_article_nor_the_feed_s()
    {
        var document = Read(Atom);
        Assert.Equal(["urn:lamps", "urn:ropes"], document.Feed.Articles.Select(a => a.Id));
        Assert.Equal(2, document.ItemDetails.Count);
        Assert.Equal(("urn:quay", "All of them"), (document.Feed.Id, document.Feed.Rights));
    }

    [Fact]
    public void Rss_says_when_a_channel_was_published_besides_when_it_changed()
    {
        var document = Read("""
            <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quay</title><pubDate>Tue, 03 Feb 2026 04:05:06 GMT</pubDate><lastBuildDate>Wed, 04 Feb 2026 04:05:06 GMT</lastBuildDate>
            <item><title>Lamps</title><content:encoded>&lt;p&gt;Humm&lt;/p&gt;</content:encoded></item></channel></rss>
            """);
        Assert.Equal((3, 4), (document.Details!.Published!.Value.Day, document.Feed.Updated!.Value.Day));
        Assert.Equal(["content"], document.ItemDetails[0].Texts.Keys);
        Assert.Equal("text/html", document.ItemDetails[0].Texts["content"].Type);
    }

    [Fact]
    public void Nothing_is_kept_that_was_not_asked_for()
    {
        var document = FeedReader.Read(Encoding.UTF8.GetBytes(Atom));
        Assert.Null(document.Details);
        Assert.Empty(document.ItemDetails);
    }

    [Fact]
    public void As_JSON_it_stands_in_the_objects_of_our_own()
    {
        var output = new ArrayBufferWriter<byte>();
        FeedDocumentWriter.WriteJson(Read(Atom), output);
        var feed = JsonDocument.Parse(output.WrittenMemory).RootElement;
        var own = feed.GetProperty("_feedservice");
        var item = feed.GetProperty("items")[0].GetProperty("_feedservice");
        Assert.Equal("text/html", own.GetProperty("texts").GetProperty("title").GetProperty("type").GetString());
        Assert.Equal("https://loom.example/", own.GetProperty("generator_url").GetString());
        Assert.Equal("kim@quay.example", own.GetProperty("contributors")[0].GetProperty("email").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("texts").GetProperty("summary").GetProperty("language").ValueKind);
        Assert.Equal(5, item.GetProperty("links")[1].GetProperty("length").GetInt32());
        Assert.Equal("What hums", item.GetProperty("source").GetProperty("description").GetString());
        Assert.Equal("lee@shed.example", item.GetProperty("source").GetProperty("emails")[0].GetString());
    }

    [Fact]
    public void A_formula_is_read_as_its_signs()
    {
        var article = Assert.Single(Read("<rss version=\"2.0\"><channel><item><title>So &lt;math>&lt;mrow>&lt;mi>a&lt;/mi>&lt;mo>+&lt;/mo>&lt;mi>b&lt;/mi>&lt;/mrow>&lt;/math> it is</title></item></channel></rss>").Feed.Articles);
        Assert.Equal("So a+b it is", article.Title);
    }

    private static FeedDocument Read(string document) => FeedReader.Read(Encoding.UTF8.GetBytes(document), new FeedReadOptions { WithDetails = true });
}
