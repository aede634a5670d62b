using System.Text;
using FeedService.Syndication.Documents;

namespace FeedService.Syndication.Tests.Documents;

public sealed class PageRemainsTests
{
    private const string First = "The harbour master closed the inner basin on Monday, after two pilots had reported that the mud stood higher than the chart says.";
    private const string Second = "Nobody had measured it since the dredger was sold, he said, and the ferries had “got used to” touching bottom at low water.";
    private const string Third = "Until the basin has been sounded, the morning boats will leave from the outer quay, which adds ten minutes to each crossing.";

    private static string Read(params string[] paragraphs) =>
        DocumentReader.Read(Encoding.UTF8.GetBytes(string.Join("\n\n", ["Mud in the basin", .. paragraphs])), "a.txt", new DocumentOptions()).Article.Content!;

    [Theory]
    [InlineData("• What was found\n• Who is to blame?\n• What comes next")]
    [InlineData("1. What was found\n2. Who is to blame?\n3. What comes next")]
    [InlineData("• What was found\n  ◦ In the mud\n• Who is to blame?\n• What comes next")]
    [InlineData("Table of contents\n\nWhat was found\n\nWho is to blame?\n\nWhat comes next")]
    public void A_table_of_contents_goes_and_its_headings_stay(string table) =>
        Assert.Equal(
            $"<p>{First}</p>\n<h2>What was found</h2>\n<p>{Second}</p>\n<h2>Who is to blame?</h2>\n<p>{Third}</p>\n<h2>What comes next</h2>\n<p>{Third} Or so they hope.</p>\n",
            Read(First, table, "What was found", Second, "Who is to blame?", Third, "What comes next", Third + " Or so they hope."));

    [Fact]
    public void A_list_whose_entries_come_again_in_a_list_is_no_table_of_contents()
    {
        const string List = "• Deep water\n• Long quay\n• Few waves";

        Assert.Equal(2, Count(Read(First, "The outer quay", List, Second, "The old quay", List, Third), "<li>Long quay</li>"));
    }

    [Fact]
    public void One_entry_below_its_label_is_a_list_and_one_between_paragraphs_is_none()
    {
        var content = Read(First, "Drawbacks", "• The crossing takes longer", Second, "• The basin has to be sounded before anybody can say how deep it is now.", Third);

        Assert.Contains("<ul><li>The crossing takes longer</li></ul>", content, StringComparison.Ordinal);
        Assert.Contains("<p>The basin has to be sounded", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("• Five days on the ice with the pilots\n• The dredger that nobody wanted back\n• How the outer quay came to be built", false)]
    [InlineData("More from the harbour\n\n• Five days on the ice with the pilots\n• The dredger that nobody wanted back", false)]
    [InlineData("Before that, somebody will have to find:\n\n• a boat with an echo sounder on board\n• a chart that is younger than the mud", true)]
    [InlineData("• Will the ferries come back to the inner basin?\n• Who pays for the dredger?", true)]
    [InlineData("The three boats\n\n• Gull: the oldest, and still the fastest\n• Tern: draws a metre less than the others", true)]
    public void A_closing_list_of_titles_goes_unless_something_announces_it(string list, bool stays) =>
        Assert.Equal(stays, Read(First, Second, Third, list).Contains("<li>", StringComparison.Ordinal));

    [Fact]
    public void A_table_of_figures_does_not_end_the_article()
    {
        var content = Read(First, Second, "Month Depth\n1/1/2025 +4.1%\n2/1/2025 +3.9%\n3/1/2025 -0.4%\n4/1/2025 -2.0%\n5/1/2025 -2.2%\n6/1/2025 -2.9%\n7/1/2025 -3.3%", Third);

        Assert.Contains("<p>7/1/2025 -3.3%</p>", content, StringComparison.Ordinal);
        Assert.Contains(Third, content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FAQ", "How deep is it?", "Nobody knows, because nobody has measured it since the dredger was sold.")]
    [InlineData("Contact and support", "• Call the harbour office at any hour.\n• Ask for the pilot on duty.", "The office is in the old customs house, two doors from the ferry.")]
    [InlineData("References", "The harbour master showed us the log of the inner basin for the last twelve years, and the pilots their own notes, which begin in the year in which the dredger was sold.", "The rest is from the archive.")]
    public void What_pages_call_their_own_parts_may_head_a_section(string heading, string next, string then) =>
        Assert.Contains($"<h2>{heading}</h2>", Read(First, Second, heading, next, then, Third), StringComparison.Ordinal);

    [Theory]
    [InlineData("References")]
    [InlineData("Citations")]
    [InlineData("Verwendete Quellen")]
    public void Works_that_are_cited_go_with_their_heading(string heading) =>
        Assert.EndsWith($"<p>{Third}</p>\n", Read(First, Second, Third, heading, "• Lee A. Mud and what to do about it. Pier Papers, 2019.", "• Kay B. The log of the inner basin. https://pier.example/log."), StringComparison.Ordinal);

    [Fact]
    public void What_a_page_says_about_the_author_goes()
    {
        var content = Read("By Ann Lee", First, Second, Third, First + " Again.", Second + " Again.", "About Ann Lee",
            "Ann has written about the harbour since the old quay was built, and about the weather before that, and lives where she can see both of them at once. Before that she was the pilots’ cook for four winters, of which she says nothing.");

        Assert.EndsWith($"<p>{Second} Again.</p>\n", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ann Lee has written about the harbour since the old quay was built, and about the weather before that.", false)]
    [InlineData("Ann is the only one of us who has ever sounded the basin, and she will not say how deep it was that day.", false)]
    [InlineData("Ann Lee: How deep is the basin today, and who has measured it since the dredger was sold to the other side?", true)]
    [InlineData("Anne was there as well, with the second boat, and says that nobody could see the bottom on that morning.", true)]
    public void A_paragraph_that_begins_with_its_authors_name_is_about_them(string paragraph, bool stays) =>
        Assert.Equal(stays, Read("By Ann Lee", First, Second, Third, First + " Again.", Second + " Again.", paragraph, Third + " Again.").Contains(paragraph, StringComparison.Ordinal));

    [Fact]
    public void A_footer_in_the_middle_goes_with_all_that_stands_in_it()
    {
        var rest = Enumerable.Range(1, 40).Select(n => $"{First} That was day {n}.").ToArray();
        var content = Read([First, Second, Third, "Our harbour", "• About us\n• Careers\n• Boats for hire\n• Newsroom\n• Contact\n• Advertise", "All quays", "• Terms of use\n• Privacy policy", .. rest]);

        Assert.DoesNotContain("Boats for hire", content, StringComparison.Ordinal);
        Assert.DoesNotContain("All quays", content, StringComparison.Ordinal);
        Assert.Contains($"<p>{Third}</p>", content, StringComparison.Ordinal);
        Assert.EndsWith($"<p>{rest[^1]}</p>\n", content, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_code_do_not_end_the_article()
    {
        var code = string.Join('\n', Enumerable.Range(1, 12).Select(n => $"quay{n} = {{\ndepth: {n},\nname: \"Quay {n}\"\n}};"));
        var content = Read(First, Second, code, Third);

        Assert.Contains("<p>depth: 12,</p>", content, StringComparison.Ordinal);
        Assert.EndsWith($"<p>{Third}</p>\n", content, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_credit_a_picture_is_an_entry_where_it_stands_in_a_list() =>
        Assert.Contains("<li>Old photos by the pilots</li>", Read(First, "The harbour master will need:", "• A chart of the basin\n• Old photos by the pilots\n• A boat", Second, Third), StringComparison.Ordinal);

    [Theory]
    [InlineData("More boats of this kind", "The oldest boat on the north coast", "What became of the dredger", false)]
    [InlineData("Weitere Boote dieser Art", "Das älteste Boot an der Küste", "Was aus dem Bagger wurde", false)]
    [InlineData("More mud than water", Third, "And then the winter came", true)]
    public void More_of_something_above_titles_is_other_articles(string heading, string next, string then, bool stays) =>
        Assert.Equal(stays, Read(First, Second, heading, next, then, First + " So it went.").Contains(heading, StringComparison.Ordinal));

    [Fact]
    public void A_list_of_labels_above_the_first_paragraph_is_a_menu()
    {
        var content = Read("• 555-0171 Harbour office\n• 555-0172 The pilots on duty\n• 555-0173 Ferries, both quays", "The basin", First, Second, Third);

        Assert.DoesNotContain("<li>", content, StringComparison.Ordinal);
        Assert.StartsWith($"<p>{First}</p>", content, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_between_the_parts_of_an_article_go() =>
        Assert.Equal($"<p>{First}</p>\n<p>{Second}</p>\n<p>{Third}</p>\n", Read(First, "Article content", Second, "Article content", Third));

    [Fact]
    public void Sentences_of_a_list_are_no_teasers()
    {
        var content = Read(First, "Before the boats come back to the quay",
            "• Look at the chart that hangs in the office of the harbour master.\n• Ask the pilots for their notes\n• Sound the basin at low water and again at high water, twice.\n• Mark whatever stands higher than the keel\n• Tell the ferries where the new channel is, and when it opens.",
            "When all is well");

        Assert.Equal(5, Count(content, "<li>"));
    }

    [Theory]
    [InlineData("STEP BY STEP TO A DEEPER BASIN")]
    [InlineData("A quay for a $100,000 boat")]
    [InlineData("Can it be done for under $500?")]
    public void A_heading_may_hold_a_price_or_a_word_that_opens_bylines(string heading) =>
        Assert.Contains($"<h2>{heading}</h2>", Read(First, Second, heading, Third), StringComparison.Ordinal);

    [Theory]
    [InlineData("Echo sounder $399")]
    [InlineData("– Ann Lee")]
    [InlineData("[ The pilots’ own report ]")]
    [InlineData("View 3 images")]
    [InlineData("Ann Lee / AP")]
    public void A_price_tag_a_signature_and_a_credit_head_nothing(string line) =>
        Assert.DoesNotContain("<h2>", Read(First, Second, line, Third), StringComparison.Ordinal);

    [Fact]
    public void Parts_that_are_counted_by_name_are_headings_with_a_colon_too() =>
        Assert.Equal(2, Count(Read(First, "Step 1:", Second, "Step 2:", Third), "<h2>Step "));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
