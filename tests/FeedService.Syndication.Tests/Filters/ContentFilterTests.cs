using FeedService.Syndication.Filters;

namespace FeedService.Syndication.Tests.Filters;

/// <summary>Filters that change what an article says.</summary>
public sealed class ContentFilterTests
{
    [Fact]
    public async Task Remove_takes_out_what_the_selectors_match()
    {
        var items = Steps.Items(Steps.Article("A", "<p>One</p><div class=\"ad\"><p class=\"ad\">Buy</p></div><p>Two</p>"));

        await Steps.RunAsync(items, new RemoveSettings([".ad", "aside"]));

        Assert.Equal("<p>One</p><p>Two</p>", items[0].Article.Content);
        Assert.StartsWith("step 1, remove: took", Assert.Single(items[0].Trace), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_leaves_only_what_the_selectors_match_or_all_where_they_match_nothing()
    {
        Assert.Equal("<div class=\"x\"><p class=\"x\">In</p></div><p class=\"x\">Too</p>",
            (await Steps.OneAsync(Steps.Article("A", "<nav>Menu</nav><div class=x><p class=x>In</p></div><section><p class=x>Too</p></section>"), new KeepSettings([".x"]))).Content);
        Assert.Equal("<p>All</p>", (await Steps.OneAsync(Steps.Article("A", "<p>All</p>"), new KeepSettings([".y"]))).Content);
    }

    [Fact]
    public void A_selector_that_is_none_is_refused()
    {
        var error = Assert.Throws<FilterSettingsException>(() => new FilterPipeline([new FilterStep("remove", new RemoveSettings(["p["]))]));

        Assert.Equal("step 1, remove: 'p[' is not a CSS selector", error.Message);
    }

    [Fact]
    public async Task Replace_works_in_the_parts_that_are_named_and_leaves_markup_alone()
    {
        var article = Steps.Article("News: Low tide | Quay", "<p class=\"tide\">The tide &amp; the <b>tide</b></p>", "https://quay.example/tide") with
        {
            Summary = "tide",
            Authors = [new Person("tide desk")],
            Categories = [new Category("tide"), new Category("the tide")],
        };

        Assert.Equal("Low tide", (await Steps.OneAsync(article, new ReplaceSettings { Pattern = @"^News: (.*) \| Quay$", With = "$1" })).Title);
        var everywhere = await Steps.OneAsync(article, new ReplaceSettings { Pattern = "(?i)(the )?tide", With = "sea", In = Enum.GetValues<ReplaceIn>() });
        Assert.Equal("<p class=\"tide\">sea &amp; the <b>sea</b></p>", everywhere.Content);
        Assert.Equal(("sea", "https://quay.example/sea", "sea desk", "sea"), (everywhere.Summary, everywhere.Url, everywhere.Authors[0].Name, Assert.Single(everywhere.Categories).Term));
    }

    [Fact]
    public async Task Replace_never_makes_markup_or_a_broken_url()
    {
        var article = await Steps.OneAsync(Steps.Article("A", "<p>x</p>", "https://quay.example/x"), new ReplaceSettings { Pattern = "^.*x.*$", With = "<script>alert(1)</script>", In = [ReplaceIn.Content, ReplaceIn.Url] });

        Assert.Equal("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", article.Content);
        Assert.Equal("https://quay.example/x", article.Url);
    }

    [Fact]
    public async Task Rewrite_cleans_links_and_images()
    {
        var article = Steps.Article("A", """
            <p><a href="/b?utm_source=x&amp;id=1">b</a> <a href="#note">n</a> <a href="http://old.example:8080/">port</a></p>
            <img src="http://quay.example/i.png" srcset="small.png 1x, http://quay.example/big.png 2x"><img src="https://count.example/p.gif" width="1" height="1">
            """, "http://quay.example/a?fbclid=1") with
        { Image = new Image("http://quay.example/i.png"), Enclosures = [new Enclosure("http://quay.example/a.mp3?utm_source=keep", "audio/mpeg")] };

        var rewritten = await Steps.OneAsync(article, new RewriteSettings());

        Assert.Equal("https://quay.example/a", rewritten.Url);
        Assert.Equal("https://quay.example/i.png", rewritten.Image!.Url);
        Assert.Equal("https://quay.example/a.mp3?utm_source=keep", rewritten.Enclosures[0].Url);
        Assert.Contains("<a href=\"https://quay.example/b?id=1\">b</a> <a href=\"#note\">n</a> <a href=\"http://old.example:8080/\">port</a>", rewritten.Content, StringComparison.Ordinal);
        Assert.Contains("<img src=\"https://quay.example/i.png\" srcset=\"https://quay.example/small.png 1x, https://quay.example/big.png 2x\">", rewritten.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("count.example", rewritten.Content, StringComparison.Ordinal);
        Assert.Equal("http://quay.example/a", (await Steps.OneAsync(article, new RewriteSettings([RewriteWhat.Tracking]))).Url);
    }

    [Fact]
    public async Task Tag_adds_what_is_not_there_yet()
    {
        var article = Steps.Article("A") with { Categories = [new Category("Tides")] };

        Assert.Equal(["Tides", "sea"], (await Steps.OneAsync(article, new TagSettings(["tides", "sea"]))).Categories.Select(c => c.Term));
        Assert.Equal(["sea"], (await Steps.OneAsync(article, new TagSettings(["sea"]) { Replace = true })).Categories.Select(c => c.Term));
    }

    [Theory]
    [InlineData("<p>One two three four five</p>", 3, "<p>One two three…</p>")]
    [InlineData("<p>One <b>two <i>three four</i></b> five</p><p>six</p>", 3, "<p>One <b>two <i>three…</i></b></p>")]
    [InlineData("<p>One two.</p><ul><li>three</li><li>four</li></ul><img src=\"x\">", 3, "<p>One two.</p><ul><li>three…</li></ul>")]
    [InlineData("<p>One, two, three</p>", 2, "<p>One, two…</p>")]
    public async Task Truncate_cuts_after_a_word_and_closes_what_is_open(string content, int words, string expected) =>
        Assert.Equal(expected + "<p><a href=\"https://quay.example/A\">Read more</a></p>", (await Steps.OneAsync(Steps.Article("A", content), new TruncateSettings(words))).Content);

    [Fact]
    public async Task Truncate_leaves_what_is_short_enough_and_needs_no_link()
    {
        Assert.Equal("<p>One two</p>", (await Steps.OneAsync(Steps.Article("A", "<p>One two</p>"), new TruncateSettings(2))).Content);
        Assert.Equal("<p>One…</p>", (await Steps.OneAsync(Steps.Article("A", "<p>One two</p>") with { Url = null }, new TruncateSettings(1))).Content);
        Assert.EndsWith("<a href=\"https://quay.example/A\">&lt;Weiter&gt;</a></p>", (await Steps.OneAsync(Steps.Article("A", "<p>One two</p>"), new TruncateSettings(1) { More = "<Weiter>" })).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_over_a_limit_is_left_as_it_is_and_said_so()
    {
        var items = Steps.Items(Steps.Article("A", string.Concat(Enumerable.Repeat("<div>", 5000)) + "x"));

        await Steps.RunAsync(items, new RemoveSettings(["p"]));

        Assert.Contains("left the content as it is", Assert.Single(items[0].Trace), StringComparison.Ordinal);
    }
}
