using AngleSharp.Html.Parser;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Tests.Html;

public sealed class XPathSelectorTests
{
    [Theory]
    [InlineData("//article", "article")]
    [InlineData("//div[@class=\"post\"]", "div[class=\"post\"]")]
    [InlineData("//DIV[contains(@class, 'post')]", "div[class*=\"post\"]")]
    [InlineData("//div[contains(concat(' ', normalize-space(@class), ' '), ' post ')]//li", "div.post li")]
    [InlineData("//div[contains(concat(\" \", @class, \" \"), \" post \")]", "div.post")]
    [InlineData("//ul[@id='news']/li", "ul[id=\"news\"] > li")]
    [InlineData("/html/body/main/section[2]", "html > body > main > section:nth-of-type(2)")]
    [InlineData("//main/*[1]", "main > :nth-child(1)")]
    [InlineData("//tr[last()]", "tr:last-of-type")]
    [InlineData("//li[a]", "li:has(> a)")]
    [InlineData("//li[.//h2 and @data-id]", "li:has(h2)[data-id]")]
    [InlineData("//li[not(contains(@class,'ad'))]", "li:not([class*=\"ad\"])")]
    [InlineData("//a[starts-with(@href, '/news/')]", "a[href^=\"/news/\"]")]
    [InlineData("//article | //div[@class='x']", "article, div[class=\"x\"]")]
    [InlineData("descendant::a/@href", "a")]
    [InlineData(".//h2/a/@href", "h2 > a")]
    [InlineData("./h2/text()", ":scope > h2")]
    [InlineData("h2", ":scope > h2")]
    [InlineData("normalize-space(.//h2)", "h2")]
    [InlineData("(.//time)[1]/@datetime", null)]
    [InlineData("(.//time)[1]", "time")]
    [InlineData("descendant::time[1]/@datetime", "time")]
    [InlineData("descendant::img[1]", "img")]
    [InlineData("@href", "")]
    [InlineData(".", "")]
    [InlineData("./@href", "")]
    public void What_CSS_can_say_is_said(string xpath, string? css) => Assert.Equal(css, XPathSelector.ToCss(xpath));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("//a[")]
    [InlineData("//a[@class='x'][1]")]
    [InlineData("//a[text()='More']")]
    [InlineData("//a[contains(text(), 'More')]")]
    [InlineData("//a/ancestor::div")]
    [InlineData("//li[a/@href]")]
    [InlineData("//li[position() > 1]")]
    [InlineData("concat('https://x.example/', @href)")]
    [InlineData("(//article)[1]")]
    [InlineData("//div/following-sibling::p")]
    [InlineData("/body")]
    [InlineData("//a[@title='\n']")]
    [InlineData("count(//a)")]
    public void What_it_cannot_say_is_left(string xpath) => Assert.Null(XPathSelector.ToCss(xpath));

    [Fact]
    public void Hostile_expressions_cost_nothing()
    {
        foreach (var part in (string[])["[a]", "(", "[", "'", "//a[not(", "string("])
            XPathSelector.ToCss($"//a{string.Concat(Enumerable.Repeat(part, 1_000 / part.Length))}");
        Assert.Null(XPathSelector.ToCss(new string('a', 100_000)));
    }

    [Fact]
    public void The_selectors_find_what_the_paths_mean()
    {
        var page = new HtmlParser().ParseDocument("""
            <main><ul id=news><li class="a post"><h2><a href=/1>One</a></h2><time datetime=2026-01-02>then</time></li>
            <li class="posting"><h2><a href=/2>Two</a></h2></li><li class="post b"><div><h2><a href=/3>Three</a></h2></div></li></ul></main>
            """);
        var items = page.QuerySelectorAll(XPathSelector.ToCss("//ul[@id='news']/li[contains(concat(' ', normalize-space(@class), ' '), ' post ')]")!);
        Assert.Equal(["One", "Three"], items.Select(item => item.QuerySelector(XPathSelector.ToCss("descendant::a/text()")!)!.TextContent));
        Assert.Equal(["One"], items.SelectMany(item => item.QuerySelectorAll(XPathSelector.ToCss("./h2/a")!)).Select(a => a.TextContent));
        Assert.Single(page.QuerySelectorAll(XPathSelector.ToCss("//li[time]")!));
    }
}
