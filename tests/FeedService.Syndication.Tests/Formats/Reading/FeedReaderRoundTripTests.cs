using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;
using FeedService.Syndication.Tests.Formats.Writing;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests.Formats.Reading;

/// <summary>What our writers write our reader reads back, whole as far as the format carries it.</summary>
public sealed class FeedReaderRoundTripTests
{
    // Text that RSS, where a title may be HTML, cannot mistake for any.
    private static readonly string[] _pieces = ["tide", "AT&T", "1 < 2", "a > b", "\"so\"", "it's", "🦭", "مرحبا", "ñ", "漢字", "]]>", "{", "\\", "50 %", "#", "’"];

    // Text that looks like HTML and is not meant so.
    private static readonly string[] _traps = [.. _pieces, "<b>bold</b>", "&amp;", "&lt;i&gt;", "<!-- x -->", "&#38;", "<br>"];

    private static readonly string[] _illegal =
    [
        "\0", "\u0001", "\u0008", "\t", "\n", "\u000B", "\u000C", "\r", "\u001B[31m", "\u001F", "\u007F", "\u00A0", "\u200B", "\u2028", "\u202E", "\uFDD0", "\uFEFF",
        "\uFFFD", "\uFFFE", "\uFFFF", "\uD800", "\uDC00", "\uDBFF\uDFFF", "🦭", "]]>", "--", "\\", "\"", "tide", " ",
    ];

    [Trait("Category", "Property")]
    [Theory]
    [InlineData(FeedFormat.Rss)]
    [InlineData(FeedFormat.Atom)]
    [InlineData(FeedFormat.Json)]
    public void What_is_written_is_read_back(FeedFormat format) =>
        Prop.ForAll(Arbitrary(format == FeedFormat.Rss ? _pieces : _traps), feed =>
        {
            var document = FeedReader.Read(Feeds.Bytes(format, feed));

            Assert.Equal(Carried(format, feed), Facts(document.Feed));
            Assert.Empty(document.Repairs);
            Assert.Empty(document.Notes);
        }).Check(Cases.Of(100));

    [Trait("Category", "Property")]
    [Theory]
    [InlineData(FeedFormat.Rss)]
    [InlineData(FeedFormat.Atom)]
    [InlineData(FeedFormat.Json)]
    public void Characters_that_no_document_may_have_make_none_that_cannot_be_read(FeedFormat format) =>
        Prop.ForAll(Gen.Choose(1, 6).SelectMany(n => Gen.Elements(_illegal).ArrayOf(n)).ToArbitrary(), pieces =>
        {
            var text = $"ebb {string.Concat(pieces)} flood";
            var bytes = Feeds.Bytes(format, Feeds.Of(Feeds.Minimal with
            {
                Title = text,
                Summary = text,
                Content = $"<pre>{HtmlText.Escape(text)}</pre>",
                Authors = [new Person(text)],
                Categories = [new Category(text)],
            }));

            // Strictly, as others do.
            var whole = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            if (format == FeedFormat.Json) JsonDocument.Parse(whole).Dispose();
            else XDocument.Parse(XmlConvert.VerifyXmlChars(whole));
            var article = Assert.Single(FeedReader.Read(bytes).Feed.Articles);
            var legal = Solid(string.Concat(text.EnumerateRunes().Where(IsLegal)));
            Assert.Equal(legal, Solid(article.Title!));
            Assert.Equal(legal, Solid(Assert.Single(article.Categories).Term));
            Assert.Equal(legal, Solid(HtmlText.ToPlainText(article.Content!)));
        }).Check(Cases.Of(300));

    // https://www.w3.org/TR/xml/#charsets; of surrogates that stand alone a rune is made that replaces them.
    private static bool IsLegal(Rune rune) => rune.Value is 9 or 10 or 13 or >= 0x20 and not 0xFFFE and not 0xFFFF;

    // What cannot be there has a character in its place that says so, or none.
    private static string Solid(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c != '\uFFFD'));

    private static Arbitrary<Feed> Arbitrary(string[] pieces)
    {
        var text = Gen.Choose(1, 5).SelectMany(n => Gen.Elements(pieces).ArrayOf(n)).Select(words => string.Join(' ', words));
        var maybeText = Gen.OneOf(Gen.Constant<string?>(null), text.Select(t => (string?)t));
        var url = Gen.Choose(1, 1000).Select(n => $"https://tide.example/{n}?a=1&b={n}");
        var maybeUrl = Gen.OneOf(Gen.Constant<string?>(null), url.Select(u => (string?)u));
        var instant =
            from seconds in Gen.Choose(0, int.MaxValue)
            from minutes in Gen.Elements(0, 60, -210, 345)
            select DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromMinutes(minutes));
        var maybeInstant = Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), instant.Select(i => (DateTimeOffset?)i));
        var person =
            from name in text
            from home in maybeUrl
            from mail in Gen.Elements<string?>(null, "ann@tide.example")
            select new Person(string.Join(' ', name.Split(' ').Select(w => w.Trim('<', '>', '&', ';')).Where(w => w.Length > 0 && !w.Contains('&') && !w.Contains('<')).Append("Moor"))) { Url = home, Email = mail };
        var enclosure =
            from address in url
            from length in Gen.Elements<long?>(null, 1, 123456789)
            select new Enclosure(address, "audio/mpeg") { Length = length };
        var article =
            from number in Gen.Choose(1, 1_000_000)
            from title in text
            from summary in maybeText
            from content in Gen.Elements("<p>The tide.</p>", "<p>a &lt; b &amp;amp; c ]]&gt; ]]></p>", "<pre>one\n  two</pre><p>🦭</p>")
            from page in maybeUrl
            from external in maybeUrl
            from published in instant
            from updated in maybeInstant
            from authors in Gen.Choose(0, 2).SelectMany(n => person.ArrayOf(n))
            from tags in Gen.Choose(0, 3).SelectMany(n => text.ArrayOf(n))
            from media in Gen.Choose(0, 2).SelectMany(n => enclosure.ArrayOf(n))
            from image in maybeUrl
            from alt in maybeText
            from rights in maybeText
            from reply in Gen.Elements<InReplyTo?>(null, new InReplyTo("urn:example:0") { Href = "https://tide.example/0" })
            select new Article
            {
                Id = $"urn:example:{number}",
                Title = title,
                Summary = summary,
                Content = content,
                Url = page,
                ExternalUrl = external,
                Published = published,
                Updated = updated,
                Authors = [.. authors.DistinctBy(a => a.Name)],
                Categories = [.. tags.Distinct().Select(t => new Category(t))],
                Enclosures = [.. media.DistinctBy(m => m.Url)],
                Image = image is null ? null : new Image(image) { Alt = alt, Width = 640 },
                Rights = rights,
                InReplyTo = reply,
            };
        var feed =
            from articles in Gen.Choose(0, 3).SelectMany(n => article.ArrayOf(n))
            from title in text
            from description in maybeText
            from rights in maybeText
            select Feeds.Of(articles) with
            {
                Title = title,
                Description = description,
                Rights = rights,
                Language = "en-GB",
                Generator = "Tide",
                Updated = Feeds.Noon,
                Authors = [new Person("Desk") { Email = "desk@tide.example" }],
                Hubs = ["https://hub.example/"],
                Links = [new Link("next", "https://tide.example/feed?2") { Title = "older" }],
            };
        return feed.ToArbitrary();
    }

    /// <summary>What the format can carry of a feed.</summary>
    private static string Carried(FeedFormat format, Feed feed) => Facts(feed with
    {
        Id = format == FeedFormat.Atom ? feed.Id : "",
        Description = format == FeedFormat.Rss ? feed.Description ?? feed.Title : feed.Description,
        Rights = format == FeedFormat.Json ? null : feed.Rights,
        Generator = format == FeedFormat.Json ? null : feed.Generator,
        Links = format == FeedFormat.Json ? [] : feed.Links,
        Updated = format == FeedFormat.Json ? null : feed.Updated,
        Authors = format == FeedFormat.Json ? [.. feed.Authors.Select(a => a with { Email = null })] : feed.Authors,
        Articles = [.. feed.Articles.Select(a => Carried(format, feed, a))],
    });

    private static Article Carried(FeedFormat format, Feed feed, Article article) => format switch
    {
        // RSS has names alone, and stands the feed's in for an article's.
        FeedFormat.Rss => article with { Authors = [.. (article.Authors.Count > 0 ? article.Authors : feed.Authors).Select(a => new Person(a.Name))] },
        FeedFormat.Atom => article,
        _ => article with
        {
            Authors = [.. article.Authors.Select(a => a with { Email = null })],
            Image = article.Image is null ? null : new Image(article.Image.Url),
            Rights = null,
            InReplyTo = null,
            ExternalUrl = article.ExternalUrl,
        },
    };

    /// <summary>A line a fact, so that a difference can be read.</summary>
    private static string Facts(Feed feed) => string.Join('\n', (object?[])
    [
        feed.Id, feed.Title, feed.Description, feed.SiteUrl, feed.SelfUrl, feed.Rights, feed.Generator, feed.Language, feed.Updated,
        string.Join('|', feed.Hubs), string.Join('|', feed.Links), string.Join('|', feed.Authors), feed.Articles.Count,
        .. feed.Articles.SelectMany(a => (object?[])
        [
            a.Id, a.Title, a.Summary, a.Content, a.Url, a.ExternalUrl, a.Published?.UtcDateTime, (a.Updated ?? a.Published)?.UtcDateTime, string.Join('|', a.Authors), string.Join('|', a.Categories),
            string.Join('|', a.Enclosures), a.Image, a.Rights, a.InReplyTo?.Ref, a.InReplyTo?.Href,
        ]),
    ]);
}
