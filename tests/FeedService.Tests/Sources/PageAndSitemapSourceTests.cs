using System.Globalization;
using System.IO.Compression;
using System.Text;
using FeedService.Configuration;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

public sealed class PageAndSitemapSourceTests : IAsyncDisposable
{
    private readonly RawServer _server = new();
    private readonly PoliteFetcher _fetcher;
    private readonly Dictionary<string, KnownItem> _known = new(StringComparer.Ordinal);
    private string? _state;
    private readonly DateTimeOffset _now = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

    public PageAndSitemapSourceTests() =>
        _fetcher = new PoliteFetcher(PoliteFetcherTests.Settings([$"127.0.0.1:{_server.Port}"], allowPrivate: false), TimeProvider.System, RawServer.Patient);

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Articles_of_a_listing_are_loaded_when_they_are_first_listed()
    {
        MapArticles(1, 2, 3, 4);
        _server.Map("/news", Listing(3, 2, 1), type: "text/html");
        var first = (await CollectPageAsync()).Articles;
        _server.Map("/news", Listing(4, 3, 2, 1), type: "text/html");
        var second = Assert.Single((await CollectPageAsync()).Articles);

        Assert.Equal([3, 2, 1], first.Select(a => NumberOf(a.Key)));
        Assert.Equal("The ferry number 3 is late again", first[0].Article.Title);
        Assert.Contains("Ferry 3 left the quay", first[0].Article.Content, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 10, 3, 8, 0, 0, TimeSpan.Zero), first[0].Article.Published);
        Assert.Equal(4, NumberOf(second.Key));
        Assert.All(new[] { 1, 2, 3, 4 }, n => Assert.Equal(1, _server.Hits($"/news/ferry-{n}")));
    }

    [Fact]
    public async Task A_first_import_follows_the_paging_and_later_looks_do_not()
    {
        MapArticles(1, 2, 3, 4, 5, 6);
        _server.Map("/news", Listing([6, 5, 4], next: "/news/page/2"), type: "text/html");
        _server.Map("/news/page/2", Listing([3, 2, 1], next: "/news"), type: "text/html");
        Assert.Equal([6, 5, 4, 3, 2, 1], (await CollectPageAsync()).Articles.Select(a => NumberOf(a.Key)));
        MapArticles(7);
        _server.Map("/news", Listing([7, 6, 5], next: "/news/page/2"), type: "text/html");
        Assert.Equal(7, NumberOf(Assert.Single((await CollectPageAsync()).Articles).Key));
        Assert.Equal(1, _server.Hits("/news/page/2"));
    }

    [Fact]
    public async Task Selectors_say_where_the_articles_are()
    {
        MapArticles(1, 2);
        _server.Map("/news", $"<!doctype html><div class=x><a href=/about>About us, who we are and what we do</a></div><ul><li class=it><a href=/news/ferry-1>One</a><li class=it><a href=/news/ferry-2>Two</a></ul>", type: "text/html");
        var articles = (await CollectPageAsync(new PageSelectors { Items = "li.it" })).Articles;
        Assert.Equal([1, 2], articles.Select(a => NumberOf(a.Key)));
    }

    [Theory]
    [InlineData("li.nothing", "selectors")]
    [InlineData("li[", "li[")]
    public async Task Selectors_that_do_not_fit_are_an_error(string selector, string mentioned)
    {
        _server.Map("/news", Listing(2, 1), type: "text/html");
        var failure = await Assert.ThrowsAsync<SourceException>(() => CollectPageAsync(new PageSelectors { Items = selector }));
        Assert.Contains(mentioned, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.RetryAt);
    }

    [Fact]
    public async Task A_page_that_is_gone_is_refused_once_and_one_that_fails_is_tried_again()
    {
        MapArticles(1, 2);
        _server.Map("/news", Listing(4, 3, 2, 1), type: "text/html");
        _server.Map("/news/ferry-3", "", "500 Internal Server Error");
        for (var look = 0; look < 4; look++) await CollectPageAsync();
        Assert.Equal((1, 3), (_server.Hits("/news/ferry-4"), _server.Hits("/news/ferry-3")));
        Assert.Equal(["/news/ferry-3", "/news/ferry-4"], _known.Where(k => k.Value.Problem is not null).Select(k => new Uri(k.Key).AbsolutePath).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_pages_of_a_long_article_are_joined()
    {
        _server.Map("/news", "<!doctype html><ul><li class=it><a href=/news/long-read>Long</a></ul>", type: "text/html");
        _server.Map("/news/long-read", Article(2, "<nav><a rel=next href=/news/long-read?page=2>Next page</a></nav>"), type: "text/html");
        _server.Map("/news/long-read?page=2", Article(2, "<a rel=next href=/news/long-read?page=3>Next page</a>", text: "The second page of the story"), type: "text/html");
        _server.Map("/news/long-read?page=3", Article(3, text: "Another story altogether"), type: "text/html");
        var article = Assert.Single((await CollectPageAsync(new PageSelectors { Items = "li.it" })).Articles).Article;
        Assert.Contains("Ferry 2 left the quay", article.Content, StringComparison.Ordinal);
        Assert.Contains("The second page of the story", article.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("Another story", article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_front_page_is_not_taken_for_the_address_of_each_article()
    {
        _server.Map("/news", Listing(2, 1), type: "text/html");
        MapArticles(1);
        _server.Map("/news/ferry-2", Article(2, "", $"<link rel=canonical href={_server.Root}/>"), type: "text/html");
        Assert.Equal(_server.Root + "/news/ferry-2", (await CollectPageAsync()).Articles.Single(a => NumberOf(a.Key) == 2).Article.Url);
    }

    [Fact]
    public async Task Only_new_and_changed_pages_of_a_sitemap_are_loaded_the_newest_first()
    {
        MapArticles(1, 2, 3);
        _server.Map("/map.xml", Sitemap((1, "2026-10-01"), (2, "2026-10-02")), type: "application/xml");
        Assert.Equal([2, 1], (await CollectSitemapAsync()).Articles.Select(a => NumberOf(a.Key)));
        Assert.Empty((await CollectSitemapAsync()).Articles);
        _server.Map("/map.xml", Sitemap((1, "2026-10-05"), (2, "2026-10-02"), (3, "2026-10-06")), type: "application/xml");
        Assert.Equal([3, 1], (await CollectSitemapAsync()).Articles.Select(a => NumberOf(a.Key)));
        Assert.Equal((2, 1, 1), (_server.Hits("/news/ferry-1"), _server.Hits("/news/ferry-2"), _server.Hits("/news/ferry-3")));
    }

    [Fact]
    public async Task A_packed_sitemap_is_unpacked()
    {
        MapArticles(1);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(Sitemap((1, "2026-10-01"))));
        _server.Map("/map.xml", _ => RawServer.Answer("200 OK", "application/gzip", packed.ToArray()));
        Assert.Single((await CollectSitemapAsync()).Articles);
    }

    [Fact]
    public async Task Of_an_index_only_the_sitemaps_that_changed_are_loaded()
    {
        MapArticles(1, 2, 3);
        _server.Map("/map.xml", Index(("/a.xml", "2026-10-01"), ("/b.xml", "2026-10-02")), type: "application/xml");
        _server.Map("/a.xml", Sitemap((1, "2026-10-01")), type: "application/xml");
        _server.Map("/b.xml", Sitemap((2, "2026-10-02")), type: "application/xml");
        Assert.Equal([2, 1], (await CollectSitemapAsync()).Articles.Select(a => NumberOf(a.Key)));
        _server.Map("/map.xml", Index(("/a.xml", "2026-10-01"), ("/b.xml", "2026-10-03")), type: "application/xml");
        _server.Map("/b.xml", Sitemap((2, "2026-10-02"), (3, "2026-10-03")), type: "application/xml");
        Assert.Equal(3, NumberOf(Assert.Single((await CollectSitemapAsync()).Articles).Key));
        Assert.Equal((1, 2), (_server.Hits("/a.xml"), _server.Hits("/b.xml")));
    }

    [Fact]
    public async Task An_index_without_dates_has_its_sitemaps_looked_at_every_time()
    {
        MapArticles(1, 2);
        _server.Map("/map.xml", Index(("/a.xml", null)), type: "application/xml", headers: ["ETag: \"same\""]);
        _server.Map("/a.xml", Sitemap((1, null)), type: "application/xml");
        Assert.Single((await CollectSitemapAsync()).Articles);
        _server.Map("/map.xml", "", "304 Not Modified");
        _server.Map("/a.xml", Sitemap((1, null), (2, null)), type: "application/xml");
        Assert.Equal(2, NumberOf(Assert.Single((await CollectSitemapAsync()).Articles).Key));
    }

    [Fact]
    public async Task A_first_look_at_a_long_sitemap_does_not_dig_through_years()
    {
        MapArticles([.. Enumerable.Range(1, 300)]);
        _server.Map("/map.xml", Sitemap([.. Enumerable.Range(1, 300).Select(n => (n, (string?)new DateOnly(2020, 1, 1).AddDays(n).ToString("O", CultureInfo.InvariantCulture)))]), type: "application/xml");
        var first = await CollectSitemapAsync();
        var second = await CollectSitemapAsync();
        Assert.Equal(Enumerable.Range(201, 100).Reverse(), first.Articles.Select(a => NumberOf(a.Key)));
        Assert.True(second.Articles.Count <= 1);
        Assert.InRange(_server.Requests.Count(r => r.Path.StartsWith("/news/", StringComparison.Ordinal)), 100, 101);
    }

    [Fact]
    public async Task Pages_that_are_no_articles_are_refused_unless_the_sitemap_calls_them_news()
    {
        const string list = "<!doctype html><title>Home</title><main><a href=/a>One</a> <a href=/b>Two</a></main>";
        _server.Map("/home", list, type: "text/html");
        _server.Map("/note", "<!doctype html><title>Note</title><main><p>The bridge is closed today.</p></main>", type: "text/html");
        _server.Map("/map.xml", $"""
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
            <url><loc>{_server.Root}/home</loc></url>
            <url><loc>{_server.Root}/note</loc><n:news><n:publication_date>2026-11-01T07:00:00Z</n:publication_date><n:title>Bridge closed</n:title></n:news></url></urlset>
            """, type: "application/xml");
        var found = await CollectSitemapAsync();
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 7, 0, 0, TimeSpan.Zero), Assert.Single(found.Articles).Article.Published);
        Assert.EndsWith("/home", Assert.Single(found.Refused).Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_sitemap_is_an_error()
    {
        _server.Map("/map.xml", "<!doctype html><title>Hotel</title>", type: "text/html");
        Assert.NotNull((await Assert.ThrowsAsync<SourceException>(CollectSitemapAsync)).RetryAt);
    }

    private Task<Collected> CollectPageAsync(PageSelectors? selectors = null) =>
        CollectAsync(new PageSource(new SourceDefinition { Kind = SourceKind.Page, Location = _server.Root + "/news", Selectors = selectors }, _fetcher, null));

    private Task<Collected> CollectSitemapAsync() =>
        CollectAsync(new SitemapSource(new SourceDefinition { Kind = SourceKind.Sitemap, Location = _server.Root + "/map.xml" }, _fetcher, null));

    private async Task<Collected> CollectAsync(IArticleSource source)
    {
        var found = await source.CollectAsync(new SourceContext("news", _state, _ => Task.FromResult<IReadOnlyDictionary<string, KnownItem>>(_known), _now), CancellationToken.None);
        foreach (var article in found.Articles) _known[article.Key] = new KnownItem(article.Stamp, null);
        foreach (var item in found.Refused) _known[item.Key] = new KnownItem(item.Stamp, item.Problem);
        _state = found.State ?? _state;
        return found;
    }

    private void MapArticles(params int[] numbers)
    {
        foreach (var n in numbers) _server.Map($"/news/ferry-{n}", Article(n), type: "text/html");
    }

    private static int NumberOf(string key) => int.Parse(key[(key.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);

    private static string Article(int n, string after = "", string head = "", string? text = null) => $"""
        <!doctype html><html lang="en"><head><title>The ferry number {n} is late again</title><meta property="og:type" content="article">
        <meta property="article:published_time" content="2026-10-{(n % 28):00}T08:00:00Z">{head}</head><body><header><a href="/">Harbour</a></header>
        <article><h1>The ferry number {n} is late again</h1>
        {string.Concat(Enumerable.Range(1, 6).Select(i => $"<p>{text ?? $"Ferry {n} left the quay"} for the {i}. time, and the people who wait for it, with their bags and bicycles, were told that the tide had been in its way.</p>"))}
        </article>{after}<footer>Imprint</footer></body></html>
        """;

    private static string Listing(params int[] numbers) => Listing(numbers, null);

    private static string Listing(int[] numbers, string? next) => $"""
        <!doctype html><html lang="en"><head><title>Harbour news</title></head><body><nav><a href="/">Home</a> <a href="/about">About</a> <a href="/contact">Contact</a></nav><main>
        {string.Concat(numbers.Select(n => $"<article class=\"teaser\"><h2><a href=\"/news/ferry-{n}\">The ferry number {n} is late again</a></h2><time datetime=\"2026-10-{(n % 28):00}\">{n}. 10. 2026</time><p>What happened to ferry {n} this time, and why.</p></article>"))}
        </main>{(next is null ? "" : $"<div class=\"pagination\"><a rel=\"next\" href=\"{next}\">Older</a></div>")}</body></html>
        """;

    private string Sitemap(params (int Number, string? Date)[] pages) =>
        $"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{string.Concat(pages.Select(p => $"<url><loc>{_server.Root}/news/ferry-{p.Number}</loc>{(p.Date is null ? "" : $"<lastmod>{p.Date}</lastmod>")}</url>"))}</urlset>";

    private string Index(params (string Path, string? Date)[] parts) =>
        $"<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{string.Concat(parts.Select(p => $"<sitemap><loc>{_server.Root}{p.Path}</loc>{(p.Date is null ? "" : $"<lastmod>{p.Date}</lastmod>")}</sitemap>"))}</sitemapindex>";
}
