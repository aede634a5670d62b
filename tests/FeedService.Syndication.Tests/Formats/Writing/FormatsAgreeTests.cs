using FeedService.Syndication.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests.Formats.Writing;

/// <summary>The three formats say the same, whatever the text.</summary>
public sealed class FormatsAgreeTests
{
    // Text that has broken feeds: markup that is none, entities, line ends, controls, right to left, beyond the BMP, halves of a pair.
    private static readonly string[] _pieces =
    [
        "AT&T", "<3", "&lt;b&gt;", "&amp;amp;", "<b>bold</b>", "]]>", "]]", "]", ">", "<![CDATA[", "<!--", "\"quoted\"", "it's", "\\n", "\\", "/", "{", "[",
        "🦭", "👩‍👩‍👧", "مرحبا بالعالم", "שלום\u200F", "ñ", "n\u0303", "漢字", "\u00A0", "\u2028", "\u0085", "\uFFFE", "\uFFFF", "\uFFFD", "\uFEFF", "\uD83E", "\uDDAD",
        "\0", "\u0001", "\u000B", "\f", "\u001F", "\u007F", "\u009F", "\t", "\n", "\r", "\r\n", "\n\r", " ", "  ", "a", "Z", "%", "é",
    ];

    private static readonly Gen<string> _text = Gen.Choose(0, 8).SelectMany(n => Gen.Elements(_pieces).ArrayOf(n)).Select(pieces => string.Concat(pieces));
    private static readonly Gen<string?> _maybeText = Gen.OneOf(Gen.Constant<string?>(null), _text.Select(t => (string?)t));
    private static readonly Gen<string> _url = Gen.Elements("https://tide.example/a", "https://tide.example/b?x=1&y=2", "https://tide.example/ö d", "http://tide.example/\"q\"<r>");
    private static readonly Gen<string?> _maybeUrl = Gen.OneOf(Gen.Constant<string?>(null), _url.Select(u => (string?)u));
    private static readonly Gen<DateTimeOffset> _instant =
        from seconds in Gen.Choose(0, int.MaxValue)
        from minutes in Gen.Elements(0, 60, -210, 345, 840)
        from ticks in Gen.Elements(0, 1, 1_230_000)
        select DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(ticks).ToOffset(TimeSpan.FromMinutes(minutes));

    private static readonly Gen<Person> _person =
        from name in _text
        from url in _maybeUrl
        select new Person(name) { Url = url };

    private static readonly Gen<Article> _article =
        from number in Gen.Choose(1, 1_000_000)
        from title in _text
        from summary in _maybeText
        from content in _text
        from url in _maybeUrl
        from published in _instant
        from updated in Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), _instant.Select(i => (DateTimeOffset?)i))
        from authors in Gen.Choose(0, 2).SelectMany(n => _person.ArrayOf(n))
        from tags in Gen.Choose(0, 3).SelectMany(n => _text.ArrayOf(n))
        from media in Gen.Choose(0, 3).SelectMany(n => _url.ArrayOf(n))
        from image in _maybeUrl
        select new Article
        {
            Id = $"urn:example:{number}",
            Title = title,
            Summary = summary,
            Content = "<p>" + content + "</p>",
            Url = url,
            Published = published,
            Updated = updated,
            Authors = authors,
            Categories = [.. tags.Select(t => new Category(t))],
            Enclosures = [.. media.Select(u => new Enclosure(u, "audio/mpeg"))],
            Image = image is null ? null : new Image(image),
        };

    private static readonly Gen<Feed> _feed =
        from articles in Gen.Choose(0, 4).SelectMany(n => _article.ArrayOf(n))
        from title in _text
        from author in _text
        select Feeds.Of(articles) with { Title = "T" + title, Authors = [new Person("A" + author)], Updated = Feeds.Noon };

    [Trait("Category", "Property")]
    [Fact]
    public void Conforming_parsers_read_the_same_articles_from_every_format() =>
        Prop.ForAll(_feed.ToArbitrary(), feed =>
        {
            var rss = ReadBack.From(FeedFormat.Rss, Feeds.Bytes(FeedFormat.Rss, feed));
            var atom = ReadBack.From(FeedFormat.Atom, Feeds.Bytes(FeedFormat.Atom, feed));
            var json = ReadBack.From(FeedFormat.Json, Feeds.Bytes(FeedFormat.Json, feed));
            Assert.Equal(feed.Articles.Count, rss.Count);
            Assert.Equal(rss, atom);
            Assert.Equal(atom, json);
        }).Check(Cases.Of(100));

    [Trait("Category", "Property")]
    [Fact]
    public void Kept_fragments_join_to_the_same_bytes() =>
        Prop.ForAll(_feed.ToArbitrary(), Gen.Elements(FeedFormats.All.ToArray()).ToArbitrary(), (feed, format) =>
        {
            var fragments = feed.Articles.Select(article => new ReadOnlyMemory<byte>(Feeds.ArticleBytes(format, feed, article))).ToList();
            var frame = new System.Buffers.ArrayBufferWriter<byte>();
            FeedWriter.WriteFrame(format, feed, frame);
            Assert.Equal(Feeds.Bytes(format, feed), FeedWriter.Join(format, frame.WrittenMemory, fragments).SelectMany(part => part.ToArray()).ToArray());
        }).Check(Cases.Of(100));

    [Theory]
    [InlineData("AT&T", "AT&T")]
    [InlineData("<3", "<3")]
    [InlineData("&lt;b&gt;", "&lt;b&gt;")]
    [InlineData("🦭 und مرحبا", "🦭 und مرحبا")]
    [InlineData(" two\r\nlines\tand  gaps ", "two lines and gaps")]
    [InlineData("bell\u0007", "bell\uFFFD")]
    [InlineData("not a character \uFFFE", "not a character \uFFFD")]
    public void A_title_arrives_as_it_was_meant(string title, string expected)
    {
        var feed = Feeds.Of(Feeds.Minimal with { Title = title });
        foreach (var format in FeedFormats.All) Assert.Equal(expected, ReadBack.From(format, Feeds.Bytes(format, feed))[0].Title);
    }

    // Not a case of the theory above: metadata cannot hold half a pair.
    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_damage()
    {
        var feed = Feeds.Of(Feeds.Minimal with { Title = "half \uD83E of a pair", Content = "\uDDAD\uD83E" });
        foreach (var format in FeedFormats.All)
        {
            var read = ReadBack.From(format, Feeds.Bytes(format, feed))[0];
            Assert.Equal(("half \uFFFD of a pair", "\uFFFD\uFFFD"), (read.Title, read.Content));
        }
    }

    [Theory]
    [InlineData("a ]]> b", "a ]]> b")]
    [InlineData("]]]>]]>>", "]]]>]]>>")]
    [InlineData("ends in ]]", "ends in ]]")]
    [InlineData("<pre>one\r\ntwo\rthree\ttab</pre>", "<pre>one\ntwo\nthree\ttab</pre>")]
    [InlineData("nul \0 here", "nul \uFFFD here")]
    public void Content_arrives_whole(string content, string expected)
    {
        var feed = Feeds.Of(Feeds.Minimal with { Content = content });
        foreach (var format in FeedFormats.All) Assert.Equal(expected, ReadBack.From(format, Feeds.Bytes(format, feed))[0].Content);
    }

    [Fact]
    public void A_megabyte_of_text_beyond_the_BMP_is_neither_cut_nor_torn()
    {
        var content = "<p>x" + string.Concat(Enumerable.Repeat("🦭", 300_000)) + "</p>";
        var feed = Feeds.Of(Feeds.Minimal with { Content = content });
        foreach (var format in FeedFormats.All) Assert.Equal(content, ReadBack.From(format, Feeds.Bytes(format, feed))[0].Content);
    }
}
