using System.Text;
using FeedService.Syndication.Documents;

namespace FeedService.Syndication.Tests.Documents;

public sealed class DocumentReaderTests
{
    private static Document Read(string text, string path = "note.txt", string? baseUrl = "https://pier.example/notes/") =>
        DocumentReader.Read(Encoding.UTF8.GetBytes(text), path, new DocumentOptions { BaseUrl = baseUrl });

    private static string Refusal(byte[] bytes, string path = "note.txt") =>
        Assert.Throws<DocumentException>(() => DocumentReader.Read(bytes, path, new DocumentOptions())).Message;

    [Fact]
    public void A_plain_text_has_headline_standfirst_and_paragraphs()
    {
        var document = Read("Ferries run late\n\nA rope in the screw kept the morning boat at the quay for two hours.\n\nDivers cut it away “in a minute”, said the harbour master. More at https://pier.example/ferries.\n");

        Assert.Equal("Ferries run late", document.Article.Title);
        Assert.Equal("A rope in the screw kept the morning boat at the quay for two hours.", document.Article.Summary);
        Assert.Equal(
            "<p>A rope in the screw kept the morning boat at the quay for two hours.</p>\n" +
            "<p>Divers cut it away “in a minute”, said the harbour master. More at <a href=\"https://pier.example/ferries\">https://pier.example/ferries</a>.</p>\n",
            document.Article.Content);
        Assert.Equal("first line", document.Origins["Title"]);
    }

    [Theory]
    [InlineData("note.txt", "A headline\n\nSome words that make a paragraph.\n")]
    [InlineData("note.md", "# A headline\n\nSome words that make a paragraph.\n")]
    [InlineData("note.html", "<h1>A headline</h1><p>Some words that make a paragraph.</p>")]
    public void Front_matter_works_in_every_kind_and_goes_before_what_the_text_says(string path, string body)
    {
        var document = Read(
            "---\ntitle: Of ropes\ndate: 2025-03-04 05:06:07 +0100\ndescription: In short\nauthor: {name: Ann Lee, email: ann@pier.example, url: /ann}\ntags: rope, screw\n" +
            "image: {url: rope.jpg, alt: A rope}\nid: tag:pier.example,2025:rope\nurl: https://pier.example/rope\ndraft: true\nlast_modified_at: 2025-03-05\nlanguage: en_GB\n" +
            "enclosure: {url: rope.mp3, length: 1234}\nlayout: post\n---\n" + body, path);

        var article = document.Article;
        Assert.Equal(("Of ropes", "In short", "tag:pier.example,2025:rope", "https://pier.example/rope", "en-GB"), (article.Title, article.Summary, article.Id, article.Url, article.Language));
        Assert.Equal(DateTimeOffset.Parse("2025-03-04T05:06:07+01:00", null), article.Published);
        Assert.Equal(DateTimeOffset.Parse("2025-03-05T00:00:00Z", null), article.Updated);
        Assert.Equal([new Person("Ann Lee") { Email = "ann@pier.example", Url = "https://pier.example/ann" }], article.Authors);
        Assert.Equal(["rope", "screw"], article.Categories.Select(category => category.Term));
        Assert.Equal(new Image("https://pier.example/notes/rope.jpg") { Alt = "A rope", Type = "image/jpeg" }, article.Image);
        Assert.Equal([new Enclosure("https://pier.example/notes/rope.mp3", "audio/mpeg") { Length = 1234 }], article.Enclosures);
        Assert.True(document.Draft);
        Assert.Equal("front matter", document.Origins["Title"]);
        Assert.Contains("Some words that make a paragraph.", article.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title: [a]", "line 2, column 8", "'title' must be text")]
    [InlineData("a: 1\ndate: soon", "line 3, column 7", "'date' is not a date")]
    [InlineData("draft: perhaps", "line 2, column 8", "true or false")]
    [InlineData("image: {alt: x}", "line 2, column 8", "'image' needs a url")]
    [InlineData("url: javascript:alert(1)", "line 2, column 6", "http or https")]
    [InlineData("enclosure: {url: a.mp3, length: long}", "line 2", "number of bytes")]
    [InlineData("authors: [{email: 1}, [a]]", "line 2", "'authors'")]
    [InlineData("- a: 1\nb: 2", "line", "")]
    [InlineData("a: &x 1\nb: *x", "line 2, column 4", "anchors")]
    public void A_mistake_in_front_matter_is_named_with_its_place(string yaml, string place, string part)
    {
        var message = Refusal(Encoding.UTF8.GetBytes($"---\n{yaml}\n---\nBody\n"), "note.md");

        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Front_matter_that_is_not_closed_is_refused() =>
        Assert.Contains("not closed", Refusal("---\ntitle: a\n\nBody\n"u8.ToArray(), "note.md"), StringComparison.Ordinal);

    [Fact]
    public void A_thematic_break_is_no_front_matter() => Assert.Equal("First", Read("---\n\nFirst\n\nWords.\n").Article.Title);

    [Fact]
    public void The_date_comes_from_the_file_name_where_front_matter_has_none()
    {
        Assert.Equal(DateTimeOffset.Parse("2025-12-08T00:00:00Z", null), Read("# Rope\n\nText.", "in/2025-12-08-rope.md").Article.Published);
        Assert.Equal("file name", Read("# Rope\n\nText.", "2025-12-08-rope.md").Origins["Published"]);
        Assert.Null(Read("# Rope\n\nText.", "2025-13-08-rope.md").Article.Published);
    }

    [Fact]
    public void A_text_without_a_headline_is_called_after_its_file() => Assert.Equal("Long rope", Read("Just text.", "2025-12-08-long-rope.md").Article.Title);

    [Fact]
    public void A_task_in_Markdown_shows_whether_it_is_done() =>
        Assert.Equal("<ul>\n<li>☐ rope</li>\n<li>☑ lamp</li>\n</ul>\n", Read("# To do\n\n- [ ] rope\n- [x] lamp\n", "todo.md").Article.Content);

    [Fact]
    public void A_picture_above_the_first_paragraph_of_Markdown_is_no_summary() =>
        Assert.Equal("The quay is empty.", Read("# Mud\n\n![A quay](quay.jpg)\n\nThe quay is empty.\n", "mud.md").Article.Summary);

    [Fact]
    public void Markdown_has_tables_footnotes_tasks_and_links_that_resolve()
    {
        var article = Read("# The *first* heading\n\nOpening words with [a link](rope.html) and ~~this~~.[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n![A rope](img/rope.png)\n\n<script>alert(1)</script>\n\n[^1]: A note.\n", "note.md").Article;

        Assert.Equal("The first heading", article.Title);
        Assert.Equal("Opening words with a link and this.", article.Summary);
        Assert.DoesNotContain("first", article.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("script", article.Content, StringComparison.Ordinal);
        foreach (var part in (string[])["<a href=\"https://pier.example/notes/rope.html\"", "<del>this</del>", "<td>1</td>", "src=\"https://pier.example/notes/img/rope.png\"", "A note."])
            Assert.Contains(part, article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void An_html_file_that_was_written_as_an_article_is_taken_as_it_stands()
    {
        var document = Read(
            "<!doctype html><html lang=\"en-GB\"><head><title>Of ropes | The Pier</title><meta name=\"author\" content=\"Ann Lee\"><meta name=\"description\" content=\"In short.\">" +
            "<meta property=\"article:published_time\" content=\"2025-03-04T05:06:07+01:00\"><link rel=\"canonical\" href=\"https://pier.example/rope\"></head>" +
            "<body><article><h1>Of ropes</h1><p>Short.</p><p><a href=\"knots.html\" onclick=\"steal()\">Knots</a></p><ul><li>One</li></ul></article></body></html>", "note.html");

        var article = document.Article;
        Assert.Equal(("Of ropes", "In short.", "https://pier.example/rope", "en-GB"), (article.Title, article.Summary, article.Url, article.Language));
        Assert.Equal("Ann Lee", Assert.Single(article.Authors).Name);
        Assert.Equal(DateTimeOffset.Parse("2025-03-04T05:06:07+01:00", null), article.Published);
        Assert.Equal("<article>", document.Origins["Content"]);
        foreach (var part in (string[])["<p>Short.</p>", "<a href=\"https://pier.example/notes/knots.html\"", "<li>One</li>"]) Assert.Contains(part, article.Content, StringComparison.Ordinal);
        foreach (var part in (string[])["<h1", "onclick"]) Assert.DoesNotContain(part, article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_was_saved_with_its_surroundings_gives_its_article()
    {
        var prose = string.Concat(Enumerable.Range(1, 8).Select(n => $"<p>Paragraph {n} tells, in a sentence that is long enough to be one, how the rope came off the screw, and who held the knife while it did.</p>"));
        var document = Read($"<html><head><title>Of ropes</title></head><body><nav><a href=\"/\">Home</a> <a href=\"/ships\">Ships</a></nav><article><h1>Of ropes</h1>{prose}<aside><p>Buy our knives.</p></aside></article><footer>Imprint</footer></body></html>", "note.html");

        Assert.Equal("Of ropes", document.Article.Title);
        Assert.Null(document.Article.Url);
        Assert.Contains("Paragraph 8 tells", document.Article.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("Imprint", document.Article.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("Home", document.Article.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("> ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("[", 100_000)]
    [InlineData("`", 100_000)]
    [InlineData("*a ", 60_000)]
    [InlineData("![", 60_000)]
    [InlineData("<b>", 60_000)]
    [InlineData("|", 100_000)]
    public void Markdown_that_is_made_to_hurt_is_read_or_refused(string piece, int times)
    {
        var bytes = Encoding.UTF8.GetBytes("# A title\n\n" + string.Concat(Enumerable.Repeat(piece, times)));
        try
        {
            Assert.Equal("A title", DocumentReader.Read(bytes, "note.md", new DocumentOptions()).Article.Title);
        }
        catch (DocumentException e)
        {
            Assert.NotEqual("", e.Message);
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_the_reason()
    {
        Assert.Contains("empty", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("empty", Refusal("\uFEFF \n\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("binary", Refusal([0x25, 0x50, 0x44, 0x46, 0x00, 0x01]), StringComparison.Ordinal);
        Assert.Contains("binary", Refusal([.. Enumerable.Repeat((byte)0x02, 100)]), StringComparison.Ordinal);
        Assert.Contains("cannot be decoded", Refusal([0x41, 0x81, 0x8D, 0x41]), StringComparison.Ordinal);
        Assert.Contains("larger than 5 MB", Refusal(new byte[DocumentReader.MaxBytes + 1]), StringComparison.Ordinal);
        Assert.Contains(".pdf", Refusal("a"u8.ToArray(), "note.pdf"), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_read_as_utf8_utf16_with_a_mark_or_windows_1252()
    {
        const string text = "Café “Möwe”\n\nWords that follow.\n";
        foreach (var encoding in (Encoding[])[new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode])
            Assert.Equal("Café “Möwe”", DocumentReader.Read([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], "a.txt", new DocumentOptions()).Article.Title);
        Assert.Equal("Café “Möwe”", DocumentReader.Read([0x43, 0x61, 0x66, 0xE9, 0x20, 0x93, 0x4D, 0xF6, 0x77, 0x65, 0x94], "a.txt", new DocumentOptions()).Article.Title);
    }
}
