using System.Text;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Html;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests.Documents;

public sealed class PlainTextTests
{
    private const string First = "The harbour master closed the inner basin on Monday, after two pilots had reported that the mud stood higher than the chart says.";
    private const string Second = "Nobody had measured it since the dredger was sold, he said, and the ferries had “got used to” touching bottom at low water.";
    private const string Third = "Until the basin has been sounded, the morning boats will leave from the outer quay, which adds ten minutes to each crossing.";

    private static Article Read(params string[] paragraphs) =>
        DocumentReader.Read(Encoding.UTF8.GetBytes(string.Join("\n\n", paragraphs)), "a.txt", new DocumentOptions()).Article;

    [Fact]
    public void Two_blank_lines_set_sections_apart_and_one_their_parts()
    {
        var content = Read("Mud in the basin", First, "A second headline below the standfirst", Second, "\nWhat was found", "In the north", Third, "In the south", Second + " So it went.", "\nWhat comes next", Third + " Or so they hope.").Content!;

        Assert.Equal(["h2 A second headline below the standfirst", "h2 What was found", "h3 In the north", "h3 In the south", "h2 What comes next"], HeadingsOf(content));
    }

    [Fact]
    public void Where_there_is_one_level_all_headings_are_of_it() =>
        Assert.Equal(["h2 What was found", "h2 What comes next"], HeadingsOf(Read("Mud in the basin", First, "What was found", Second, "What comes next", Third).Content!));

    [Theory]
    [InlineData("• One\n• Two", "<ul><li>One</li><li>Two</li></ul>")]
    [InlineData("- One\n- Two", "<ul><li>One</li><li>Two</li></ul>")]
    [InlineData("– One\n– Two", "<ul><li>One</li><li>Two</li></ul>")]
    [InlineData("* One\n    * Inner\n* Two", "<ul><li>One<ul><li>Inner</li></ul>\n</li><li>Two</li></ul>")]
    [InlineData("1. One\n2. Two", "<ol><li>One</li><li>Two</li></ol>")]
    [InlineData("> Quoted words\n> that go on", "<blockquote><p>Quoted words that go on</p></blockquote>")]
    [InlineData("– I said nothing of the kind.\n\n– You did.", "<p>– I said nothing of the kind.</p>\n<p>– You did.</p>")]
    [InlineData("See https://pier.example/a_(b)?x=1&y=2, he said.", "<p>See <a href=\"https://pier.example/a_(b)?x=1&amp;y=2\">https://pier.example/a_(b)?x=1&amp;y=2</a>, he said.</p>")]
    [InlineData("“Quotes” – dashes — and\u00A0spaces stay…", "<p>“Quotes” – dashes — and\u00A0spaces stay…</p>")]
    [InlineData("A line that a person broke at the width of\nan old terminal belongs to one paragraph,\nand so does this one.", "<p>A line that a person broke at the width of an old terminal belongs to one paragraph, and so does this one.</p>")]
    public void Text_becomes_the_html_that_its_writer_meant(string text, string html) =>
        Assert.Contains(html, Read("Mud in the basin", First, text, Third).Content!.Replace("&nbsp;", "\u00A0", StringComparison.Ordinal), StringComparison.Ordinal);

    [Theory]
    [InlineData("1. Sound the basin\n\n2. Mark the channel\n\n3. Tell the pilots", true)]
    [InlineData("1. Sound the basin\n   • at low water\n   • at high water\n2. Mark the channel", true)]
    [InlineData("4. Sound the basin\n5. Mark the channel", false)]
    [InlineData("1. Sound the basin\n3. Mark the channel", false)]
    [InlineData("1. " + First + " " + Second + "\n2. " + Second + " " + Third, false)]
    [InlineData("1. " + First + "\n\n2. " + Second, false)]
    public void Numbers_make_a_list_where_they_count_its_entries_from_one(string text, bool isList)
    {
        var content = Read("Mud in the basin", First + " So it went.", text, Third + " Or so they hope.").Content!;

        Assert.Equal(isList, content.Contains("<ol>", StringComparison.Ordinal));
        if (!isList) Assert.Contains($"<p>{text[..2]} ", content, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_with_text_below_head_sections_even_as_sentences() =>
        Assert.Equal(["h2 1. The basin is full of mud.", "h2 2. The pilots"], HeadingsOf(Read("Mud in the basin", First, "1. The basin is full of mud.", Second, "2. The pilots", Third).Content!));

    [Theory]
    [InlineData("Figure 2: The basin at low water")]
    [InlineData("Source: Harbour office")]
    [InlineData("Read our full report on the basin")]
    [InlineData("See the basin at low water")]
    [InlineData("Get a seat on the morning boat")]
    [InlineData("→ All reports from the harbour")]
    [InlineData("Write to office@pier.example")]
    [InlineData("Ann Lee, Harbour Office")]
    [InlineData("sound_basin() -> depth")]
    public void A_short_line_that_belongs_to_a_picture_a_button_or_a_name_heads_nothing(string line) =>
        Assert.Equal(["h2 What was found"], HeadingsOf(Read("Mud in the basin", First, Second, line, Third, "What was found", Third + " Or so they hope.").Content!));

    [Theory]
    [InlineData("#2 The outer quay", "#2 The outer quay")]
    [InlineData("The outer quay #", "The outer quay")]
    [InlineData("The outer quay 🔗", "The outer quay")]
    [InlineData("The outer quay ¶", "The outer quay")]
    public void A_heading_may_be_counted_with_a_sign_and_loses_what_leads_to_it(string line, string heading) =>
        Assert.Equal([$"h2 {heading}"], HeadingsOf(Read("Mud in the basin", First, Second, line, Third).Content!));

    [Fact]
    public void Taglines_below_counted_headings_and_captions_above_them_head_nothing()
    {
        var content = Read("Three boats", First, "What they carry", "1. Gull", "The oldest of them", Second, "Gull at low water", "2. Tern", "The slowest of them", Third,
            "Tern in the lock", "3. Auk", Third + " Or so they hope.").Content!;

        Assert.Equal(["h2 What they carry", "h2 1. Gull", "h2 2. Tern", "h2 3. Auk"], HeadingsOf(content));
        Assert.Contains("<p>Gull at low water</p>", content, StringComparison.Ordinal);
    }

    [Fact]
    public void One_heading_below_a_counted_one_stays() =>
        Assert.Equal(["h2 1. Gull", "h2 What it carries", "h2 2. Tern"], HeadingsOf(Read("Two boats", First, "1. Gull", "What it carries", Second, "2. Tern", Third).Content!));

    [Fact]
    public void Captions_that_are_counted_are_no_parts() =>
        Assert.Empty(HeadingsOf(Read("Mud in the basin", First, "Image 1: The basin", Second, "Image 2: The quay", Third).Content!));

    [Fact]
    public void A_place_below_a_heading_is_no_heading() =>
        Assert.Equal(["h2 The pilots meet"], HeadingsOf(Read("Mud in the basin", First, Second, "The pilots meet", "Outer quay, on Monday", Third).Content!));

    [Theory]
    [InlineData("Leave a Reply\n\nYour email address will not be published. Required fields are marked *\n\nComment *\n\nName *")]
    [InlineData("3 Kommentare\n\nAnna\n\nDas habe ich schon immer gesagt, und zwar jedem, der es hören wollte.")]
    [InlineData("Articles similaires\n\nLe bac est en retard\n\nLa pluie revient sur le port\n\nTous droits réservés")]
    [InlineData("Lee también\n\nEl puerto cierra\n\nLa niebla vuelve al muelle\n\nPolítica de privacidad")]
    [InlineData("関連記事\n\n港が閉鎖される\n\nプライバシーポリシー\n\n利用規約")]
    [InlineData("Читайте также\n\nПорт закрыт на ремонт\n\nПодписаться\n\nВсе права защищены")]
    [InlineData("اقرأ أيضا\n\nإغلاق الميناء\n\nسياسة الخصوصية\n\nجميع الحقوق محفوظة")]
    [InlineData("Share this:\n\nFacebook\n\nTwitter\n\nSign up for our newsletter\n\nPrivacy Policy\n\n© 2025 The Pier. All rights reserved.")]
    public void What_a_page_leaves_behind_goes(string remains)
    {
        var article = Read("Mud in the basin", First, Second, Third, remains);

        Assert.Equal($"<p>{First}</p>\n<p>{Second}</p>\n<p>{Third}</p>\n", article.Content);
    }

    [Theory]
    [InlineData("By Ann Lee and Bo Kay", "4 March 2025", "Ann Lee, Bo Kay")]
    [InlineData("Von Ann Lee", "Stand: 04.03.2025", "Ann Lee")]
    [InlineData("Ann Lee", "Updated March 9, 2025 | Published March 4, 2025", "Ann Lee")]
    [InlineData("Par Ann Lee", "Publié le 4 mars 2025", "Ann Lee")]
    public void Byline_and_dateline_are_read_and_taken_off(string byline, string dateline, string authors)
    {
        var article = Read("Mud in the basin", First, byline, dateline, "Share", Second, Third);

        Assert.Equal(authors, string.Join(", ", article.Authors.Select(author => author.Name)));
        Assert.Equal(new DateTimeOffset(2025, 3, 4, 0, 0, 0, TimeSpan.Zero), article.Published);
        Assert.Equal(First, article.Summary);
        Assert.Equal($"<p>{First}</p>\n<p>{Second}</p>\n<p>{Third}</p>\n", article.Content);
    }

    [Theory]
    [InlineData("TARROW, 4 March 2025 – ")]
    [InlineData("TARROW, March 4, 2025 — ")]
    [InlineData("TARROW (Harbour Desk) - 4 March 2025: ")]
    [InlineData("St. Mawes, Cornwall, 4 March 2025 - ")]
    [InlineData("TARROW, 04.03.2025 (HD) – ")]
    public void A_dateline_may_open_the_first_paragraph_or_the_one_after_the_standfirst(string dateline)
    {
        Assert.Equal(new DateTimeOffset(2025, 3, 4, 0, 0, 0, TimeSpan.Zero), Read("Mud in the basin", First, "By Ann Lee", dateline + Second, Third).Published);
        var article = Read("Mud in the basin", dateline + First, Second, Third);
        Assert.Equal(new DateTimeOffset(2025, 3, 4, 0, 0, 0, TimeSpan.Zero), article.Published);
        Assert.StartsWith($"<p>{dateline}", article.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("On Monday, 4 March 2025 the basin was empty for the first time in eleven years, and nobody knew why.")]
    [InlineData("The basin, which was dug in 1904 – a dry year – has been full ever since, as far as anyone knows.")]
    public void A_date_in_a_sentence_is_no_dateline(string sentence) => Assert.Null(Read("Mud in the basin", sentence, Second, Third).Published);

    [Fact]
    public void A_note_says_who_wrote_it_too()
    {
        var note = Read("Mud", "By Ann Lee", "4 March 2025", "It is back.", "It stays.");
        Assert.Equal(("Ann Lee", 2025), (Assert.Single(note.Authors).Name, note.Published?.Year));
        Assert.Equal("<p>It is back.</p>\n<p>It stays.</p>\n", note.Content);
    }

    [Fact]
    public void A_note_without_a_sentence_keeps_every_line() =>
        Assert.Equal("<p>bread</p>\n<p>rope</p>\n<p>lamp oil</p>\n", Read("Things to buy", "bread\nrope\nlamp oil").Content);

    [Trait("Category", "Property")]
    [Fact]
    public void Whatever_the_text_the_content_is_as_the_sanitizer_would_leave_it()
    {
        var piece = Gen.Elements("word ", "A sentence that is long enough to count as prose, and ends as one does.", "\n", "\n\n", "• ", "1. ", "> ", "---", "<script>alert(1)</script>", "&amp;", "\"", "'", "http://a.example/?a=b&c=d ", "javascript:x ", "\u00A0", "\u202E", "\0", "\u0007", "é", "漢字", "\ud83d\ude00", "\ud83d", "By Ann Lee", "4 March 2025", "Share");
        Check.One(Cases.Of(100), Prop.ForAll(piece.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            string content;
            try
            {
                content = DocumentReader.Read(Encoding.UTF8.GetBytes("x" + text), "a.txt", new DocumentOptions()).Article.Content!;
            }
            catch (DocumentException)
            {
                return;
            }
            var options = new SanitizerOptions();
            Assert.Equal(HtmlText.ToPlainText(HtmlSanitizer.Sanitize(content, options)), HtmlText.ToPlainText(content));
            Assert.DoesNotContain("<script", content, StringComparison.OrdinalIgnoreCase);
        }));
    }

    [Theory]
    [InlineData("ab\n", 9_000)]
    [InlineData("- ab\n", 9_000)]
    [InlineData("1. ab\n2. ab\n\n", 5_000)]
    [InlineData("7. ab\n\nab\n\n", 5_000)]
    [InlineData(">", 1_000_000)]
    [InlineData("- ", 600_000)]
    [InlineData(")", 1_000_000)]
    [InlineData("some words that make a line of sixty characters, more or less\n", 9_000)]
    [InlineData("Comments\n\nRead more\n\n", 4_000)]
    public void Text_that_is_made_to_hurt_is_read(string piece, int times) =>
        Assert.Equal("A title", Read("A title", "http://a.example/" + string.Concat(Enumerable.Repeat(piece, times))).Title);

    [Fact]
    public void What_has_more_lines_than_any_article_is_refused() =>
        Assert.Contains("50000", Assert.Throws<DocumentException>(() => Read("A title", string.Concat(Enumerable.Repeat("ab\n", 50_001)))).Message, StringComparison.Ordinal);

    private static IEnumerable<string> HeadingsOf(string content) =>
        content.Split('\n').Where(line => line.StartsWith("<h", StringComparison.Ordinal)).Select(line => $"{line[1..3]} {HtmlText.ToPlainText(line)}");
}
