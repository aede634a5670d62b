using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FeedService.Syndication.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests.Formats.Reading;

public sealed class OpmlReaderTests
{
    private static readonly string[] _pieces = ["tide", "AT&T", "1 < 2", "\"so\"", "it's", "🦭", "漢字", "]]>", "<b>", "&amp;", "{", "’"];

    [Trait("Category", "Property")]
    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(Lists(), list =>
    {
        var bytes = new ArrayBufferWriter<byte>();
        OpmlWriter.Write(list, bytes);
        // Records compare lists by reference.
        Assert.Equal(JsonSerializer.Serialize(list), JsonSerializer.Serialize(OpmlReader.Read(bytes.WrittenSpan)));
    }).Check(Cases.Of(100));

    private static Arbitrary<OpmlDocument> Lists()
    {
        var text = Gen.Choose(1, 4).SelectMany(n => Gen.Elements(_pieces).ArrayOf(n)).Select(words => string.Join(' ', words));
        var maybeText = Gen.OneOf(Gen.Constant<string?>(null), text.Select(t => (string?)t));
        var url = Gen.Choose(1, 1000).Select(n => $"https://tide.example/{n}?a=1&b={n}");
        var feed =
            from title in text
            from address in url
            from home in Gen.OneOf(Gen.Constant<string?>(null), url.Select(u => (string?)u))
            from about in maybeText
            from language in Gen.Elements(null, "en", "pt-BR")
            from category in Gen.Elements(null, "news", "/coast/harbour,news")
            from full in Gen.Elements(null, ".entry")
            from isPage in Gen.Elements(true, false)
            select new OpmlOutline(title)
            {
                XmlUrl = address,
                HtmlUrl = home,
                Description = about,
                Language = language,
                Category = category,
                FullContent = full,
                Type = isPage ? "HTML+XPath" : null,
                Paths = isPage ? new OpmlPaths("//div[@class=\"x\"]") { Uri = "./a/@href", Title = about, Timestamp = ".//time/@datetime" } : null,
            };
        var folder = from title in text from feeds in Gen.Choose(1, 3).SelectMany(n => feed.ArrayOf(n)) select new OpmlOutline(title) { Outlines = feeds };
        var deep = from title in text from folders in Gen.Choose(1, 2).SelectMany(n => folder.ArrayOf(n)) select new OpmlOutline(title) { Outlines = folders };
        return (from title in text
                from outlines in Gen.Choose(1, 4).SelectMany(n => Gen.OneOf(feed, folder, deep).ArrayOf(n))
                from owner in maybeText
                from seconds in Gen.Choose(0, int.MaxValue)
                select new OpmlDocument(title, outlines) { Owner = owner, Modified = DateTimeOffset.FromUnixTimeSeconds(seconds) }).ToArbitrary();
    }

    [Fact]
    public void Lists_of_other_programs_are_read_as_they_are()
    {
        var list = Read("""
            <?xml version="1.0" encoding="ISO-8859-1"?>
            <!DOCTYPE opml>
            <opml version="1.0">
              <head><title>My feeds & more</title></head>
              <body>
                <outline title="Caf&eacute;">
                  <outline title="Old style" type="RSS" xmlURL="http://one.example/rss?a=1&b=2" htmlurl="http://one.example/"/>
                  <outline text="A link" type="link" url="http://one.example/"/>
                </outline>
                <outline text="No type" xmlUrl="feed://two.example/atom.xml"></outline>
              </body>
            </opml>
            """);
        Assert.Equal("My feeds & more", list.Title);
        Assert.Equal("Café", list.Outlines[0].Text);
        Assert.Equal(("Old style", "http://one.example/rss?a=1&b=2", "http://one.example/", null), (list.Outlines[0].Outlines[0].Text, list.Outlines[0].Outlines[0].XmlUrl, list.Outlines[0].Outlines[0].HtmlUrl, list.Outlines[0].Outlines[0].Type));
        Assert.Null(list.Outlines[0].Outlines[1].XmlUrl);
        Assert.Equal("feed://two.example/atom.xml", list.Outlines[1].XmlUrl);
    }

    [Theory]
    [InlineData("<rss version='2.0'><channel/></rss>")]
    [InlineData("nothing")]
    [InlineData("")]
    public void What_is_no_list_is_refused(string text) => Assert.Throws<FeedFormatException>(() => Read(text));

    [Fact]
    public void Entities_of_the_document_are_not_expanded()
    {
        var bomb = new StringBuilder("<!DOCTYPE opml [<!ENTITY a0 'x'>");
        for (var i = 1; i < 30; i++) bomb.Append(CultureInfo.InvariantCulture, $"<!ENTITY a{i} '{string.Concat(Enumerable.Repeat($"&a{i - 1};", 10))}'>");
        bomb.Append("<!ENTITY file SYSTEM 'file:///etc/passwd'>]><opml version='2.0'><body><outline text='&a29;&file;' xmlUrl='http://x.example/'/></body></opml>");
        try
        {
            Assert.DoesNotContain("root:", Assert.Single(Read(bomb.ToString()).Outlines).Text, StringComparison.Ordinal);
        }
        catch (FeedFormatException)
        {
            // To refuse it is as good.
        }
    }

    [Fact]
    public void Folders_and_outlines_have_an_end()
    {
        var deep = string.Concat(Enumerable.Repeat("<outline text='x'>", 100_000));
        Assert.Contains("deeper than", Assert.Throws<FeedFormatException>(() => Read($"<opml><body>{deep}")).Message, StringComparison.Ordinal);
        var wide = string.Concat(Enumerable.Repeat("<outline text='x'/>", OpmlReader.MaxOutlines + 1));
        Assert.Contains("more than", Assert.Throws<FeedFormatException>(() => Read($"<opml><body>{wide}</body></opml>")).Message, StringComparison.Ordinal);
    }

    private static OpmlDocument Read(string text) => OpmlReader.Read(Encoding.UTF8.GetBytes(text));
}
