using FeedService.Syndication.Html;

namespace FeedService.Syndication.Tests.Html;

public sealed class ListingPageTests
{
    private const string Url = "https://harbour.example/news/";

    private const string Chrome =
        "<header><nav><ul><li><a href=/>Home</a><li><a href=/news/>All the news of the harbour</a><li><a href=/ships/>Ships and ferries</a><li><a href=/contact>Contact</a></ul></nav></header>";

    private const string Foot =
        "<aside class=sidebar><h3>Most read</h3><ul><li><a href=/news/an-old-story-from-the-pier>An old story from the pier</a></ul></aside><footer><a href=/privacy>Privacy and other matters</a> <a href=https://social.example/harbour>Follow the harbour there</a></footer>";

    private static string[] Urls(string html) => [.. ListingPage.FindArticles(html, Url).Articles.Select(a => a.Url)];

    private static readonly string[] Expected =
    [
        "https://harbour.example/news/ferry-comes-in-with-ice", "https://harbour.example/news/crane-seven-is-back-at-work", "https://harbour.example/news/pilots-vote-on-the-night-shift",
    ];

    [Fact]
    public void Cards_with_headings_dates_and_images_are_found()
    {
        var html = Chrome + "<main><h1>News</h1><div class=grid>" + string.Concat(Expected.Select((url, i) =>
            $"<article class=card><a href='{url}'><img data-src='/img/{i}.jpg' alt=''></a><h2><a href='{url}'>Headline number {i} of the day</a></h2><time datetime=2025-12-0{i + 1}>December</time>"
            + $"<p>A summary of the story number {i} that says a little more than its headline.</p><a href='/tag/ice'>Everything about ice and snow</a><a href='{url}'>Read more</a></article>"))
            + "</div><div class=pagination><a href=/news/>1</a><a href='?page=2'>2</a><a href='?page=2'>Next</a></div></main>" + Foot;
        var listing = ListingPage.FindArticles(html, Url);
        Assert.Equal(Expected, listing.Articles.Select(a => a.Url));
        Assert.Equal("https://harbour.example/news/?page=2", listing.NextUrl);
        Assert.Equal(
            new ListedArticle(Expected[1], "Headline number 1 of the day")
            {
                Published = new DateTimeOffset(2025, 12, 2, 0, 0, 0, TimeSpan.Zero),
                Summary = "A summary of the story number 1 that says a little more than its headline.",
                ImageUrl = "https://harbour.example/img/1.jpg",
            },
            listing.Articles[1]);
    }

    [Fact]
    public void Plain_lists_of_links_are_found() =>
        Assert.Equal(Expected, Urls(Chrome + "<ul>" + string.Concat(Expected.Select(url => $"<li><a href='{url}'>A headline of some words here</a> – 8. Dezember 2025")) + "</ul>" + Foot));

    [Fact]
    public void Rows_of_a_table_are_found() =>
        Assert.Equal(Expected, Urls(Chrome + "<table>" + string.Concat(Expected.Select(url => $"<tr><td>2025-12-08<td><a href='{url}'>A headline of some words here</a>")) + "</table>" + Foot));

    [Fact]
    public void A_lead_story_outside_of_the_pattern_is_found_too() =>
        Assert.Equal(
            Expected,
            Urls(Chrome + $"<section><a href='{Expected[0]}'><h2>The lead story of the day</h2><p>With a summary that takes a line.</p></a></section><div>"
                + string.Concat(Expected[1..].Select(url => $"<div><h3><a href='{url}'>A headline of some words here</a></h3><time datetime=2025-12-08></time></div>")) + "</div>" + Foot));

    [Fact]
    public void Headlines_without_spaces_are_found() =>
        Assert.Equal(Expected, Urls(Chrome + string.Concat(Expected.Select(url => $"<div><h3><a href='{url}'>港に氷の船が着いた朝</a></h3></div>")) + Foot));

    [Fact]
    public void Selectors_say_what_is_what()
    {
        const string html = "<div class=row><span class=d>8 December 2025</span><a class=t href=a>First</a><i>One</i><a href=/more>More</a></div><div class=row><a class=t href=b>Second</a></div><a id=older href=/old>Older</a>";
        var listing = ListingPage.FindArticles(html, Url, new ListingSelectors { Items = ".row", Url = "a.t", Title = "a.t", Date = ".d", Summary = "i", Next = "#older" });
        Assert.Equal(
            [
                new ListedArticle(Url + "a", "First") { Published = new DateTimeOffset(2025, 12, 8, 0, 0, 0, TimeSpan.Zero), Summary = "One" },
                new ListedArticle(Url + "b", "Second"),
            ],
            listing.Articles);
        Assert.Equal("https://harbour.example/old", listing.NextUrl);
    }

    [Fact]
    public void A_bad_selector_is_named() =>
        Assert.Contains("title \"h2[\"", Assert.Throws<HtmlException>(() => ListingPage.FindArticles("<a href=/a>x</a>", Url, new ListingSelectors { Items = "a", Title = "h2[" })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("<p>Nothing to see here.</p>")]
    [InlineData("<nav><a href=/a>Home of the harbour</a><a href=/b>Ships of the harbour</a><a href=/c>News of the harbour</a></nav>")]
    [InlineData("<a href='javascript:void(0)'>A headline of some words</a><a href='#'>B headline of some words</a><a href='http://['>C headline of some words</a>")]
    public void Pages_that_list_nothing_yield_nothing(string html) => Assert.Empty(Urls(html));
}
