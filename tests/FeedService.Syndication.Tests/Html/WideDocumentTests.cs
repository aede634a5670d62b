using FeedService.Syndication.Html;

namespace FeedService.Syndication.Tests.Html;

/// <summary>
/// Documents with very many parts side by side. Work that grows with the square of their number shows in what is allocated: from one
/// size to its double that would grow fourfold.
/// </summary>
public sealed class WideDocumentTests
{
    private const string Url = "https://example.org/section/";
    private const int Parts = 1_500;

    public static TheoryData<string> WideParts =>
    [
        "<p>some words here #. ",
        "<div><p>some words here #. </p></div>",
        "<span class='share ad box'>word # </span>",
        "<p class=byline>By Some Name #</p>",
        "<figure><img src=a#.jpg><figcaption>caption #</figcaption></figure>",
        "<img src=a#.jpg><p class=caption>caption #</p>",
        "<a href=/a/b-c-d-#>word word word word</a> ",
        "<ul><li><a href=/a/b-c-d-#>A longer text of words</a></ul>",
        "<article><h2><a href=/a/b-c-d-#>A headline of words #</a></h2><p>Some prose that is a little longer than the limit of eighty characters, really so.</p></article>",
        "<h1>Title # | and | more</h1>",
        "text of a line #<br><br>",
    ];

    [Theory]
    [MemberData(nameof(WideParts))]
    public void Extracting_a_page_of_twice_the_width_costs_about_twice_as_much(string part) =>
        AssertLinear(part, html => PageExtractor.Extract(html, Url));

    [Theory]
    [MemberData(nameof(WideParts))]
    public void Listing_a_page_of_twice_the_width_costs_about_twice_as_much(string part) =>
        AssertLinear(part, html => ListingPage.FindArticles(html, Url));

    [Fact]
    public void A_page_with_too_many_elements_is_refused_and_the_message_names_the_limit()
    {
        var html = Wide("<p>x", HtmlLimits.Elements + 1);

        Assert.Contains($"{HtmlLimits.Elements} elements", Assert.Throws<HtmlException>(() => PageExtractor.Extract(html, Url)).Message, StringComparison.Ordinal);
        Assert.Contains($"{HtmlLimits.Elements} elements", Assert.Throws<HtmlException>(() => ListingPage.FindArticles(html, Url)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_teasers_among_very_many_an_article_keeps_its_prose()
    {
        var prose = string.Concat(Enumerable.Repeat("<p>The boats lay still in the harbour that morning, and nobody had come to see them off, or so it seemed.</p>", 40));
        var teasers = Wide("<article><h2><a href=/a/b-c-d-#>A headline of words #</a></h2><p>Short.</p></article>", 3_000);

        var content = PageExtractor.Extract($"<main><h1>Quiet harbour</h1>{prose}{teasers}</main>", Url).Content;

        Assert.Contains("The boats lay still", content, StringComparison.Ordinal);
        Assert.DoesNotContain("A headline of words 7<", content, StringComparison.Ordinal);
    }

    private static void AssertLinear(string part, Action<string> work)
    {
        var (once, twice) = (Wide(part, Parts), Wide(part, 2 * Parts));
        work(once);

        Assert.InRange((double)Allocated(twice) / Allocated(once), 0, 3);

        long Allocated(string html)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work(html);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static string Wide(string part, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => part.Replace("#", $"{i}", StringComparison.Ordinal)));
}
