using FeedService.Syndication.Html;

namespace FeedService.Syndication.Tests.Html;

public sealed class PageExtractorTests
{
    private const string Prose =
        "<p>The ferry came in at six, an hour late, with ice on its rails and forty people who had slept on the floor of the saloon.</p>"
        + "<p>Nobody had told them, they said, that the strait would freeze; the harbour office had, on a sheet of paper behind a door.</p>"
        + "<h2>What the pilots saw</h2>"
        + "<p>From the tower the ice looks like a road, says the senior pilot, and <a href='/people/ada'>that is the trouble with it</a>.</p>";

    private static readonly string Page =
        "<!doctype html><html lang=en-GB><head><title>Ferry arrives with ice on its rails | Harbour News</title>"
        + "<meta property=og:site_name content='Harbour News'><meta property=og:title content='Ferry arrives with ice on its rails'>"
        + "<meta name=description content='Forty passengers spent the night aboard.'><meta property=og:image content=/img/ferry.jpg>"
        + "<meta property=article:tag content=ice><meta property=article:tag content=ferries>"
        + "<script type=application/ld+json>{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"Ferry arrives with ice on its rails\","
        + "\"datePublished\":\"2025-12-08T06:40:00+01:00\",\"dateModified\":\"2025-12-08T09:00:00+01:00\",\"author\":[{\"@id\":\"#ada\"},{\"@type\":\"Person\",\"name\":\"By Jon Reef\"}],"
        + "\"publisher\":{\"@type\":\"Organization\",\"name\":\"Harbour News\"}},{\"@type\":\"Person\",\"@id\":\"#ada\",\"name\":\"Ada Quay\",\"url\":\"/people/ada\"}]}</script></head>"
        + "<body><nav><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul></nav><div class=cookie-banner>We use cookies to make this page better for you and for us, as you will see.</div>"
        + "<article><h1>Ferry arrives with ice on its rails</h1><p class=byline>By Ada Quay</p><div class=share-buttons><a href=#>Share</a></div>"
        + "<div class=article-body><figure><img data-src=/img/ferry.jpg alt='The ferry'><figcaption>The ferry at dawn</figcaption></figure>" + Prose
        + "<ul class=related-links><li><a href=/a>Storm warning for the weekend</a><li><a href=/b>Harbour office moves</a></ul>"
        + "<blockquote><p>You learn to listen to it.</p></blockquote><table><tr><th>Day<th>Ice</tr><tr><td>Monday<td>12 cm</table></div></article>"
        + "<section id=comments><p>I was on that ferry and it was not funny at all, let me tell you, not for one minute of the night.</p></section>"
        + "<footer>© Harbour News</footer></body></html>";

    [Fact]
    public void An_article_comes_out_with_all_its_parts()
    {
        var page = PageExtractor.ExtractPage(Page, "https://harbour.example/news/ferry");
        var article = page.Article;
        Assert.Equal("Ferry arrives with ice on its rails", article.Title);
        Assert.Equal("Forty passengers spent the night aboard.", article.Summary);
        Assert.Equal(["Ada Quay", "Jon Reef"], article.Authors.Select(a => a.Name));
        Assert.Equal("https://harbour.example/people/ada", article.Authors[0].Url);
        Assert.Equal(new DateTimeOffset(2025, 12, 8, 6, 40, 0, TimeSpan.FromHours(1)), article.Published);
        Assert.Equal(new DateTimeOffset(2025, 12, 8, 9, 0, 0, TimeSpan.FromHours(1)), article.Updated);
        Assert.Equal("https://harbour.example/img/ferry.jpg", article.Image?.Url);
        Assert.Equal("en-GB", article.Language);
        Assert.Equal(["ice", "ferries"], article.Categories.Select(c => c.Term));
        Assert.True(page.IsArticle);
        Assert.Equal("JSON-LD author", page.Origins["Authors"]);
    }

    [Fact]
    public void The_content_is_the_article_and_nothing_else()
    {
        var content = PageExtractor.Extract(Page, "https://harbour.example/news/ferry").Content!;
        Assert.Contains("<img src=\"https://harbour.example/img/ferry.jpg\" alt=\"The ferry\">", content, StringComparison.Ordinal);
        Assert.Contains("<figcaption>The ferry at dawn</figcaption>", content, StringComparison.Ordinal);
        Assert.Contains("<h2>What the pilots saw</h2>", content, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://harbour.example/people/ada\">that is the trouble with it</a>", content, StringComparison.Ordinal);
        Assert.Contains("<blockquote><p>You learn to listen to it.</p></blockquote>", content, StringComparison.Ordinal);
        Assert.Contains("<td>12 cm</td>", content, StringComparison.Ordinal);
        foreach (var gone in new[] { "<h1", "By Ada", "Share", "cookies", "Storm warning", "funny", "©", "Home" })
            Assert.DoesNotContain(gone, content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<p>")]
    [InlineData("<html><head><title>Nothing here</title></head><body></body></html>")]
    [InlineData("<frameset><frame src=a></frameset>")]
    [InlineData("<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"author\":{\"@id\":\"#a\"},\"@graph\":[[[</script>")]
    [InlineData("<script type=application/ld+json>[{\"@type\":[null,7],\"name\":{\"a\":[]}}]</script><h1></h1>")]
    public void Pages_without_an_article_say_so(string html) => Assert.False(PageExtractor.ExtractPage(html, null).IsArticle);

    [Theory]
    [InlineData("<a href=/news/ferry/2>2</a>", "https://harbour.example/news/ferry/2")]
    [InlineData("<a href='?page=2'>Next page</a>", "https://harbour.example/news/ferry?page=2")]
    [InlineData("<link rel=next href=/news/ferry/2/>", "https://harbour.example/news/ferry/2/")]
    [InlineData("<a rel=next href=/news/storm>Next article</a>", null)]
    [InlineData("<a href=/news/ferry/3>3</a>", null)]
    public void The_next_page_of_the_same_article_is_found(string link, string? next) =>
        Assert.Equal(next, PageExtractor.ExtractPage(Page.Replace("</article>", link + "</article>", StringComparison.Ordinal), "https://harbour.example/news/ferry").NextUrl);

    [Fact]
    public void Pages_of_one_article_are_joined()
    {
        var first = new Article { Title = "Ferry", Content = "<p>One</p><p>Sponsored by the pier</p>" };
        var second = new Article { Title = "Ferry, page 2", Content = "<p>Sponsored by the pier</p><h2>Two</h2><p>Three</p>" };
        Assert.Equal(first with { Content = "<p>One</p><p>Sponsored by the pier</p><h2>Two</h2><p>Three</p>" }, PageExtractor.Join(first, second));
    }
}
