using System.Globalization;
using FeedService.Configuration;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

public sealed class FeedSourceTests : IAsyncDisposable
{
    private readonly RawServer _server = new();
    private readonly PoliteFetcher _fetcher;
    private readonly Dictionary<string, KnownItem> _known = new(StringComparer.Ordinal);
    private string? _state;
    private DateTimeOffset _now = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

    public FeedSourceTests() =>
        _fetcher = new PoliteFetcher(PoliteFetcherTests.Settings([$"127.0.0.1:{_server.Port}"], allowPrivate: false), TimeProvider.System, RawServer.Patient);

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_article_comes_with_its_origin_and_without_anything_harmful()
    {
        _server.Map("/feed", """
            <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><id>urn:example:port</id><title>Port</title><updated>2026-11-01T10:00:00Z</updated>
            <author><name>The Desk</name><uri>javascript:alert(1)</uri></author><link href="https://port.example/"/><rights>CC BY</rights>
            <entry><id>urn:example:1</id><title>Dredger</title><updated>2026-11-01T10:00:00Z</updated><published>2026-11-01T09:00:00Z</published>
              <link href="https://port.example/dredger"/><link rel="related" href="javascript:alert(2)"/><link rel="enclosure" href="data:x,y" type="audio/mpeg"/>
              <content type="html">&lt;p onclick="x()"&gt;It &lt;a href="/map"&gt;arrived&lt;/a&gt;.&lt;/p&gt;&lt;script&gt;alert(3)&lt;/script&gt;</content></entry></feed>
            """, type: "application/atom+xml");

        var article = Assert.Single((await CollectAsync()).Articles);

        Assert.Equal("urn:example:1", article.Key);
        Assert.Equal("Dredger", article.Article.Title);
        Assert.Equal("<p>It <a href=\"https://port.example/map\">arrived</a>.</p>", article.Article.Content?.Trim().Replace(" rel=\"noopener\"", "", StringComparison.Ordinal));
        Assert.Empty(article.Article.Enclosures);
        Assert.DoesNotContain(article.Article.Links, l => l.Href.StartsWith("javascript", StringComparison.Ordinal));
        Assert.Null(article.Article.ExternalUrl);
        Assert.Equal(("The Desk", null), (Assert.Single(article.Article.Authors).Name, article.Article.Authors[0].Url));
        Assert.Equal(("en-GB", "CC BY"), (article.Article.Language, article.Article.Rights));
        var origin = article.Article.Source!;
        Assert.Equal(("urn:example:port", "Port", "https://port.example/", _server.Root + "/feed"), (origin.Id, origin.Title, origin.SiteUrl, origin.FeedUrl));
    }

    [Fact]
    public async Task Validators_are_sent_back_and_304_means_unchanged()
    {
        _server.Map("/feed", request => request["If-None-Match"] == "\"v1\"" && request["If-Modified-Since"] == "Mon, 02 Nov 2026 00:00:00 GMT"
            ? RawServer.Answer("304 Not Modified", "text/plain", [])
            : RawServer.Answer("200 OK", "application/rss+xml", Bytes(Rss(Item("g1", "One"))), "ETag: \"v1\"", "Last-Modified: Mon, 02 Nov 2026 00:00:00 GMT"));

        Assert.Single((await CollectAsync()).Articles);
        Assert.Empty((await CollectAsync()).Articles);
        Assert.Empty((await CollectAsync()).Articles);
        Assert.Equal(3, _server.Hits("/feed"));
        Assert.All(_server.Requests.Where(r => r.Path == "/feed").Skip(1), r => Assert.Equal("\"v1\"", r["If-None-Match"]));
    }

    [Fact]
    public async Task Only_what_changed_is_given_and_what_scrolled_out_stays()
    {
        _server.Map("/feed", Rss(Item("g1", "One"), Item("g2", "Two")));
        await CollectAsync();
        _server.Map("/feed", Rss(Item("g3", "Three"), Item("g2", "Two, corrected")));

        var found = await CollectAsync();

        Assert.Equal(["g3", "g2"], found.Articles.Select(a => a.Key));
        Assert.Empty(found.Removed);
    }

    [Theory]
    [InlineData("<!doctype html><title>login</title><p>Wi-Fi", "text/html", "200 OK")]
    [InlineData("", "application/rss+xml", "200 OK")]
    [InlineData("<rss version=\"2.0\"><channel><title>t</title><item><guid>g9</guid><tit", "application/rss+xml", "200 OK")]
    [InlineData("{\"version\": ", "application/feed+json", "200 OK")]
    [InlineData("oops", "text/plain", "500 Internal Server Error")]
    [InlineData("oops", "text/plain", "404 Not Found")]
    [InlineData("", "text/plain", "304 Not Modified")]
    public async Task A_useless_answer_is_an_error_and_the_last_good_one_stays(string body, string type, string status)
    {
        _server.Map("/feed", Rss(Item("g1", "One")));
        await CollectAsync();
        _server.Map("/feed", body, status, type);

        var failure = await Assert.ThrowsAsync<SourceException>(CollectAsync);

        Assert.Contains(_server.Root + "/feed", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.RetryAt > _now);
        _server.Map("/feed", Rss(Item("g1", "One"), Item("g2", "Two")));
        _state = failure.State;
        Assert.Equal("g2", Assert.Single((await CollectAsync()).Articles).Key);
    }

    [Fact]
    public async Task A_feed_without_items_takes_nothing_away()
    {
        _server.Map("/feed", Rss(Item("g1", "One")));
        await CollectAsync();
        _server.Map("/feed", Rss());
        var found = await CollectAsync();
        Assert.Empty(found.Articles);
        Assert.Empty(found.Removed);
    }

    [Fact]
    public async Task Two_items_with_one_id_are_one_article()
    {
        _server.Map("/feed", Rss(Item("g", "First"), Item("g", "Second")));
        Assert.Equal("First", Assert.Single((await CollectAsync()).Articles).Article.Title);
        for (var look = 0; look < 3; look++) Assert.Empty((await CollectAsync()).Articles);
    }

    [Fact]
    public async Task Items_without_id_or_link_keep_one_key_over_all_looks()
    {
        string[] items = [.. Enumerable.Range(0, 20).Select(i => $"<item><title>n{i}</title><description>d{i}</description></item>")];
        _server.Map("/feed", Rss(items));
        Assert.Equal(20, (await CollectAsync()).Articles.Select(a => a.Key).Distinct().Count());
        _server.Map("/feed", Rss([.. items.Reverse(), "<item><title>n20</title></item>"]));
        Assert.Equal("n20", Assert.Single((await CollectAsync()).Articles).Article.Title);
    }

    [Fact]
    public async Task Dates_that_cannot_be_give_way_to_the_order_of_the_feed()
    {
        string[] dates = ["Fri, 01 Jan 2099 00:00:00 GMT", "Tue, 01 Jan 1901 00:00:00 GMT", "Mon, 31 Feb 2026 00:00:00 GMT", "99999999999999999999", "", "Sun, 01 Nov 2026 08:00:00 GMT"];
        _server.Map("/feed", Rss([.. dates.Select((d, i) => $"<item><guid isPermaLink=\"false\">{i}</guid><title>t{i}</title><pubDate>{d}</pubDate></item>")]));
        var articles = (await CollectAsync()).Articles;
        Assert.All(articles.SkipLast(1), a => Assert.Null(a.Article.Published));
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero), articles[^1].Article.Published);
        Assert.Equal(articles.Select(a => a.FallbackDate).OrderDescending(), articles.Select(a => a.FallbackDate));
        Assert.Equal(_now, articles[0].FallbackDate);
        Assert.Empty((await CollectAsync()).Articles);
    }

    [Theory]
    [InlineData("301 Moved Permanently", true)]
    [InlineData("308 Permanent Redirect", true)]
    [InlineData("302 Found", false)]
    [InlineData("307 Temporary Redirect", false)]
    public async Task A_permanent_move_is_remembered_and_told(string status, bool permanent)
    {
        _server.Map("/feed", "", status, headers: ["Location: /new"]);
        _server.Map("/new", Rss(Item("g1", "One")));
        var first = await CollectAsync();
        var second = await CollectAsync();

        Assert.Equal(permanent ? 1 : 0, first.Notes.Count);
        Assert.Empty(second.Notes);
        Assert.Equal(permanent ? 1 : 2, _server.Hits("/feed"));
        Assert.Equal(2, _server.Hits("/new"));
    }

    [Fact]
    public async Task A_move_that_led_nowhere_is_forgotten()
    {
        _server.Map("/feed", "", "301 Moved Permanently", headers: ["Location: /new"]);
        _server.Map("/new", Rss(Item("g1", "One")));
        await CollectAsync();
        _server.Map("/new", "", "404 Not Found");
        _server.Map("/feed", Rss(Item("g1", "One"), Item("g2", "Two")));

        for (var look = 0; look < 5; look++) _state = (await Assert.ThrowsAsync<SourceException>(CollectAsync)).State;

        Assert.Equal("g2", Assert.Single((await CollectAsync()).Articles).Key);
    }

    [Fact]
    public async Task A_move_to_something_that_is_no_feed_is_not_remembered()
    {
        _server.Map("/feed", "", "301 Moved Permanently", headers: ["Location: /login"]);
        _server.Map("/login", "<!doctype html><title>Welcome to the hotel</title>", type: "text/html");
        _state = (await Assert.ThrowsAsync<SourceException>(CollectAsync)).State;
        _server.Map("/feed", Rss(Item("g1", "One")));
        Assert.Single((await CollectAsync()).Articles);
    }

    [Fact]
    public async Task Who_is_gone_is_never_asked_again()
    {
        _server.Map("/feed", "", "410 Gone");
        _state = (await Assert.ThrowsAsync<SourceException>(CollectAsync)).State;
        _now += TimeSpan.FromDays(30);
        Assert.Contains("410", (await Assert.ThrowsAsync<SourceException>(CollectAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(1, _server.Hits("/feed"));
    }

    [Theory]
    [InlineData("429 Too Many Requests", "120", 120)]
    [InlineData("503 Service Unavailable", "60", 60)]
    [InlineData("429 Too Many Requests", "99999999999", 28800)]
    public async Task A_wish_to_be_left_alone_sets_the_next_try(string status, string after, int seconds)
    {
        _server.Map("/feed", "", status, headers: [$"Retry-After: {after}"]);
        Assert.Equal(_now.AddSeconds(seconds), (await Assert.ThrowsAsync<SourceException>(CollectAsync)).RetryAt);
    }

    [Fact]
    public async Task Failures_in_a_row_are_ever_further_apart_up_to_a_bound_and_a_success_ends_them()
    {
        _server.Map("/feed", "", "500 Internal Server Error", headers: ["Retry-After: soon"]);
        var waits = new List<TimeSpan>();
        for (var look = 0; look < 14; look++)
        {
            var failure = await Assert.ThrowsAsync<SourceException>(CollectAsync);
            waits.Add(failure.RetryAt!.Value - _now);
            _state = failure.State;
        }
        Assert.InRange(waits[0], TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
        Assert.Equal(waits.Order(), waits);
        Assert.Equal(PoliteFetcher.MaxWait, waits[^1]);

        _server.Map("/feed", Rss(Item("g1", "One")));
        await CollectAsync();
        _server.Map("/feed", "", "500 Internal Server Error");
        Assert.InRange((await Assert.ThrowsAsync<SourceException>(CollectAsync)).RetryAt!.Value - _now, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task What_is_still_fresh_is_not_asked_for()
    {
        _server.Map("/feed", Rss(Item("g1", "One")), headers: ["Cache-Control: max-age=3600"]);
        await CollectAsync();
        _now += TimeSpan.FromMinutes(58);
        await CollectAsync();
        Assert.Equal(1, _server.Hits("/feed"));
        _now += TimeSpan.FromMinutes(2);
        await CollectAsync();
        Assert.Equal(2, _server.Hits("/feed"));
    }

    [Fact]
    public async Task A_page_that_names_a_feed_stands_for_it()
    {
        _server.Map("/feed", "<!doctype html><head><link rel=alternate type=application/rss+xml href=/real.rss></head><p>Hello", type: "text/html");
        _server.Map("/real.rss", Rss(Item("g1", "One")));
        Assert.Single((await CollectAsync()).Articles);
        await CollectAsync();
        Assert.Equal((1, 2), (_server.Hits("/feed"), _server.Hits("/real.rss")));
    }

    [Fact]
    public async Task What_was_whole_of_a_cut_feed_counts_and_the_rest_comes_later()
    {
        var whole = Rss(Item("g1", "One"), Item("g2", "Two"));
        _server.Map("/feed", whole[..whole.IndexOf("Two", StringComparison.Ordinal)], headers: ["ETag: \"v1\""]);
        var first = await CollectAsync();
        Assert.Equal("g1", Assert.Single(first.Articles).Key);
        Assert.Single(first.Notes);

        _server.Map("/feed", request => RawServer.Answer(request["If-None-Match"] is null ? "200 OK" : "304 Not Modified", "application/rss+xml", request["If-None-Match"] is null ? Bytes(whole) : []));
        Assert.Equal("g2", Assert.Single((await CollectAsync()).Articles).Key);
    }

    [Fact]
    public async Task Full_texts_are_taken_from_the_articles_own_pages_once()
    {
        _server.Map("/feed", Rss(Item("g1", "One", "/one"), Item("g2", "Two", "/two")));
        _server.Map("/one", Page("One", "The whole story of the first harbour."), type: "text/html");
        _server.Map("/two", Page("Two", "The whole story of the second harbour."), type: "text/html");

        var articles = (await CollectAsync(fullText: true)).Articles;
        Assert.Contains("first harbour", articles[0].Article.Content, StringComparison.Ordinal);
        Assert.Contains("second harbour", articles[1].Article.Content, StringComparison.Ordinal);

        _server.Map("/feed", Rss(Item("g3", "Three"), Item("g1", "One", "/one"), Item("g2", "Two", "/two")));
        Assert.Equal("g3", Assert.Single((await CollectAsync(fullText: true)).Articles).Key);
        Assert.Equal((1, 1), (_server.Hits("/one"), _server.Hits("/two")));
    }

    [Fact]
    public async Task A_page_that_cannot_be_had_is_tried_again_and_then_done_without()
    {
        _server.Map("/feed", Rss(Item("g1", "One", "/one")), headers: ["ETag: \"v1\""]);
        _server.Map("/one", "", "503 Service Unavailable");
        for (var look = 1; look < 3; look++)
        {
            var waiting = await CollectAsync(fullText: true);
            Assert.Empty(waiting.Articles);
            Assert.Single(waiting.Refused);
        }
        Assert.Equal("About One.", Assert.Single((await CollectAsync(fullText: true)).Articles).Article.Summary ?? "About One.");
        Assert.Empty((await CollectAsync(fullText: true)).Articles);
        Assert.Equal(3, _server.Hits("/one"));
    }

    [Fact]
    public async Task A_page_that_gives_less_than_the_feed_is_passed_over()
    {
        _server.Map("/feed", Rss($"<item><guid isPermaLink=\"false\">g1</guid><link>{_server.Root}/one</link><title>One</title><description>{new string('x', 3000)} end</description></item>"));
        _server.Map("/one", "<title>Log in</title><p>Please log in.", type: "text/html");
        Assert.DoesNotContain("log in", Assert.Single((await CollectAsync(fullText: true)).Articles).Article.Content ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_items_are_too_many()
    {
        _server.Map("/feed", Rss([.. Enumerable.Range(0, 100_000).Select(i => $"<item><guid>{i}</guid><title>t{i}</title></item>")]));
        await Assert.ThrowsAsync<SourceException>(CollectAsync);
    }

    [Fact]
    public async Task Notes_of_another_version_are_not_an_obstacle()
    {
        _server.Map("/feed", Rss(Item("g1", "One")));
        _state = "what is this";
        Assert.Single((await CollectAsync()).Articles);
    }

    private Task<Collected> CollectAsync() => CollectAsync(fullText: false);

    private async Task<Collected> CollectAsync(bool fullText)
    {
        var source = new FeedSource(new SourceDefinition { Kind = SourceKind.Feed, Location = _server.Root + "/feed", FullText = fullText }, _fetcher, subscribers: 3);
        var found = await source.CollectAsync(new SourceContext("news", _state, _ => Task.FromResult<IReadOnlyDictionary<string, KnownItem>>(_known), _now), CancellationToken.None);
        foreach (var article in found.Articles) _known[article.Key] = new KnownItem(article.Stamp, null);
        foreach (var item in found.Refused) _known[item.Key] = new KnownItem(item.Stamp, item.Problem);
        _state = found.State ?? _state;
        return found;
    }

    private static string Rss(params string[] items) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Port</title><link>https://port.example/</link><description>d</description>{string.Concat(items)}</channel></rss>";

    private string Item(string guid, string title, string? path = null) =>
        string.Create(CultureInfo.InvariantCulture, $"<item><guid isPermaLink=\"false\">{guid}</guid>{(path is null ? "" : $"<link>{_server.Root}{path}</link>")}<title>{title}</title><description>About {title}.</description></item>");

    private static string Page(string title, string sentence) =>
        $"<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>{string.Concat(Enumerable.Repeat($"<p>{sentence} It goes on for a while, with commas, clauses and all that prose has.</p>", 8))}</article></body></html>";

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
