using FeedService.Configuration;
using FeedService.Syndication.Filters;

namespace FeedService.Tests.Configuration;

public sealed class DefinitionLoaderTests
{
    private const string Least = "title: T\nsources: [{folder: articles}]\n";

    private static DefinitionResult Parse(string yaml, string slug = "harbour") => DefinitionLoader.Parse(yaml, slug, "/feeds/" + slug, $"feeds/{slug}/feed.yaml");

    private static string[] Errors(string yaml) => [.. Parse(yaml).Errors.Select(error => error.ToString())];

    private static FeedDefinition Good(string yaml)
    {
        var result = Parse(yaml);
        Assert.Empty(result.Errors);
        return result.Definition!;
    }

    [Fact]
    public void Everything_a_definition_can_say_is_converted()
    {
        var definition = Good("""
            title: Harbour News
            description: What moves in and out of the harbour.
            site: https://harbour.example/
            language: en-GB
            authors: [{name: Harbour Desk, url: https://harbour.example/desk, email: desk@harbour.example}]
            categories: [shipping, tides]
            icon: https://harbour.example/icon.png
            rights: © Harbour News
            schedule: 0 0 7 * * ?
            time_zone: Europe/Amsterdam
            sources:
              - folder: articles
              - feed: https://port.example/rss.xml
                full_text: true
              - page: https://port.example/news
                selectors: {items: article, url: h2 a, title: h2, date: time}
              - sitemap: https://port.example/news-sitemap.xml
              - inbox: true
            publish:
              items: 30
              max_size: 512kB
              release: {every: 1d, articles: 2}
              websub: [https://hub.example/]
            former_slugs: [port, quay]
            private: yes
            paused: true
            """);

        Assert.Equal("harbour", definition.Slug);
        Assert.Equal("/feeds/harbour", definition.Folder);
        Assert.Equal("Harbour News", definition.Title);
        Assert.Equal("https://harbour.example/", definition.Site);
        Assert.Equal("en-GB", definition.Language);
        Assert.Equal(new Syndication.Person("Harbour Desk") { Url = "https://harbour.example/desk", Email = "desk@harbour.example" }, Assert.Single(definition.Authors));
        Assert.Equal(["shipping", "tides"], definition.Categories);
        Assert.Equal("0 0 7 * * ?", definition.Schedule.Cron);
        Assert.Equal("Europe/Amsterdam", definition.Schedule.TimeZone.Id);
        Assert.Equal(TimeSpan.FromDays(1), definition.Schedule.TypicalInterval);
        Assert.Equal(
            ["folder:articles", "feed:https://port.example/rss.xml", "page:https://port.example/news", "sitemap:https://port.example/news-sitemap.xml", "inbox"],
            definition.Sources.Select(source => source.Key));
        Assert.True(definition.Sources[1].FullText);
        Assert.Equal(new PageSelectors { Items = "article", Url = "h2 a", Title = "h2", Date = "time" }, definition.Sources[2].Selectors);
        Assert.Equal((30, 512_000L), (definition.Publish.Items, definition.Publish.MaxSize));
        Assert.Equal(new ReleaseDefinition(TimeSpan.FromDays(1), 2), definition.Publish.Release);
        Assert.Equal(["https://hub.example/"], definition.Publish.WebSub);
        Assert.Equal(["port", "quay"], definition.FormerSlugs);
        Assert.True(definition is { Private: true, Paused: true, Gone: false });
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var definition = Good(Least);
        Assert.Equal(FeedSchedule.Default, definition.Schedule);
        Assert.Equal((50, (long?)null), (definition.Publish.Items, definition.Publish.MaxSize));
        Assert.Null(definition.Site);
        Assert.Empty(definition.Filters);
    }

    [Fact]
    public void Every_error_is_reported_with_its_place()
    {
        Assert.Equal(
        [
            "feeds/harbour/feed.yaml:1:1: unknown key 'titel': did you mean 'title'?",
            "feeds/harbour/feed.yaml:1:1: 'title' is missing",
            "feeds/harbour/feed.yaml:2:11: 'en_GB' is not a language tag: did you mean 'en-GB'?",
            "feeds/harbour/feed.yaml:3:1: unknown key 'timeZone': did you mean 'time_zone'?",
            "feeds/harbour/feed.yaml:5:5: unknown key 'foldr': did you mean 'folder'?",
            "feeds/harbour/feed.yaml:6:11: 'port.example/rss' is not an absolute URL; write it with https://",
            "feeds/harbour/feed.yaml:7:16: expected true or false, found 'perhaps'",
            "feeds/harbour/feed.yaml:9:10: expected a number, found 'many'",
            "feeds/harbour/feed.yaml:10:13: '1 banana' is not a size such as 512kB, 2MB or 1MiB",
            "feeds/harbour/feed.yaml:11:12: 'every' is missing",
        ], Errors("""
            titel: Harbour
            language: en_GB
            timeZone: UTC
            sources:
              - foldr: articles
              - feed: port.example/rss
                full_text: perhaps
            publish:
              items: many
              max_size: 1 banana
              release: {articles: 3}
            """));
    }

    [Theory]
    [InlineData("", "feeds/harbour/feed.yaml: the definition is empty; it needs at least a title and sources")]
    [InlineData("# nothing yet\n", "feeds/harbour/feed.yaml: the definition is empty; it needs at least a title and sources")]
    [InlineData("- a\n", "feeds/harbour/feed.yaml:1:1: expected keys and values such as 'title: …'")]
    [InlineData("title: T\nsources: []\n", "feeds/harbour/feed.yaml:2:10: there are no sources; add one, such as '- folder: articles'")]
    [InlineData("title: T\nsources:\n", "feeds/harbour/feed.yaml:2:1: 'sources' has no value")]
    [InlineData("title: [T]\nsources: [{folder: a}]\n", "feeds/harbour/feed.yaml:1:8: expected text, found a list")]
    [InlineData("title: T\nsources: [{folder: a}, {folder: a}]\n", "feeds/harbour/feed.yaml:2:24: this source is given twice; remove one of them")]
    [InlineData("title: T\nsources: [{folder: a, feed: https://a.example/}]\n", "feeds/harbour/feed.yaml:2:23: a source is either 'folder' or 'feed'; begin a new one with a hyphen")]
    [InlineData("title: T\nsources: [{folder: a, full_text: true}]\n", "feeds/harbour/feed.yaml:2:23: 'full_text' is for 'feed' sources only")]
    [InlineData("title: T\nsources: [{inbox: maybe}]\n", "feeds/harbour/feed.yaml:2:19: 'inbox' is switched on with true, or left out")]
    [InlineData("title: T\nsources: folder\n", "feeds/harbour/feed.yaml:2:10: expected a list (each item on a line of its own, after a hyphen), found 'folder'")]
    [InlineData("title: T\ntitle: U\nsources: [{folder: a}]\n", "feeds/harbour/feed.yaml:2:1: the key 'title' is given twice")]
    [InlineData(Least + "publish: {items: 0}\n", "feeds/harbour/feed.yaml:3:18: 0 is not between 1 and 1000")]
    [InlineData(Least + "gone: true\nmoved_to: https://a.example/\n", "feeds/harbour/feed.yaml:4:11: a feed is either 'gone' or 'moved_to' elsewhere; remove one of them")]
    [InlineData(Least + "time_zone: Europe/Amsterdan\n", "feeds/harbour/feed.yaml:3:12: there is no time zone 'Europe/Amsterdan': did you mean 'Europe/Amsterdam'?")]
    [InlineData(Least + "site: javascript:alert(1)\n", "feeds/harbour/feed.yaml:3:7: 'javascript:alert(1)' is not an absolute URL; write it with https://")]
    [InlineData(Least + "site: ftp://a.example/\n", "feeds/harbour/feed.yaml:3:7: 'ftp://a.example/': only http and https URLs are possible here")]
    [InlineData(Least + "former_slugs: [Old Name]\n", "feeds/harbour/feed.yaml:3:16: 'Old Name' cannot be a feed's name: use lower-case letters a-z, digits and hyphens between them")]
    [InlineData(Least + "title_: x\n", "feeds/harbour/feed.yaml:3:1: unknown key 'title_': did you mean 'title'?")]
    public void An_error_says_what_to_do(string yaml, string error) => Assert.Equal([error], Errors(yaml));

    [Theory]
    [InlineData("a: &x [1]\nb: *x")]
    [InlineData("title: \"unclosed")]
    [InlineData("\ttitle: T")]
    [InlineData("title: T\nsources: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void Text_that_is_not_acceptable_YAML_is_one_clear_error(string yaml) => Assert.StartsWith("feeds/harbour/feed.yaml:", Assert.Single(Errors(yaml)), StringComparison.Ordinal);

    [Theory]
    [InlineData("harbour", true)]
    [InlineData("a", true)]
    [InlineData("2026-in-short", true)]
    [InlineData("Harbour", false)]
    [InlineData("-harbour", false)]
    [InlineData("harbour-", false)]
    [InlineData("hårbour", false)]
    [InlineData("ha rbour", false)]
    [InlineData("harbour\n", false)]
    [InlineData("..", false)]
    [InlineData("con", false)]
    [InlineData("lpt1", false)]
    [InlineData("harbour.d", false)]
    public void A_slug_is_safe_in_URLs_and_on_every_disk(string slug, bool good) => Assert.Equal(good, ValueFormats.Slug(slug) is null);

    [Fact]
    public void A_slug_has_at_most_64_characters()
    {
        Assert.Null(ValueFormats.Slug(new string('a', 64)));
        Assert.NotNull(ValueFormats.Slug(new string('a', 65)));
    }

    [Theory]
    [InlineData("http://127.0.0.1\\@example.com/")]
    [InlineData("http://example.com\\@127.0.0.1/")]
    [InlineData("http://127.0.0.1%00.example.com/")]
    [InlineData("http://127.0.0.1%2f.example.com/")]
    [InlineData("http://127.0.0.1\t/")]
    [InlineData("http://127.0.0.1\n.example.com/")]
    [InlineData("http://%31%32%37.0.0.1/")]
    [InlineData("http://127.0.0.1:99999/")]
    [InlineData("http://[::1/")]
    [InlineData("http:// 127.0.0.1/")]
    [InlineData("http://user:pw@example.com/")]
    [InlineData("http:///x")]
    [InlineData("http://")]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("//example.com/")]
    [InlineData("data:text/html,x")]
    public void What_is_not_a_plain_http_URL_is_refused(string url) => Assert.NotNull(ValueFormats.Url(url, out _));

    [Fact]
    public void A_URL_in_another_script_is_encoded()
    {
        Assert.Null(ValueFormats.Url("https://häfen.example/ö?q=ü", out var url));
        Assert.Equal("https://xn--hfen-loa.example/%C3%B6?q=%C3%BC", url);
    }

    [Theory]
    [InlineData("15m", 900)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d", 86400)]
    [InlineData("2w", 1209600)]
    [InlineData("90s", 90)]
    [InlineData("PT15M", 900)]
    [InlineData("P1DT12H", 129600)]
    public void Spans_are_read_in_both_forms(string text, int seconds)
    {
        Assert.Null(ValueFormats.Span(text, out var span));
        Assert.Equal(seconds, span.TotalSeconds);
        Assert.Null(ValueFormats.Span(ValueFormats.Span(span), out var again));
        Assert.Equal(span, again);
    }

    [Theory]
    [InlineData("15")]
    [InlineData("0m")]
    [InlineData("-5m")]
    [InlineData("5 minutes")]
    [InlineData("1.5h")]
    [InlineData("PT")]
    [InlineData("99999999d")]
    [InlineData("999999999999999999999m")]
    [InlineData("")]
    public void Other_spans_are_refused(string text) => Assert.NotNull(ValueFormats.Span(text, out _));

    [Theory]
    [InlineData("512kB", 512_000)]
    [InlineData("512 KB", 512_000)]
    [InlineData("1MiB", 1_048_576)]
    [InlineData("1.5MB", 1_500_000)]
    [InlineData("4096", 4096)]
    public void Sizes_are_in_thousands_unless_they_say_otherwise(string text, long size)
    {
        Assert.Null(ValueFormats.Size(text, out var bytes));
        Assert.Equal(size, bytes);
    }

    [Fact]
    public void The_fingerprint_stands_for_what_is_meant_not_for_how_it_is_written()
    {
        var plain = Good("title: T\nsources: [{folder: articles}]\n").Fingerprint;
        Assert.Equal(plain, Good("# said otherwise\nsources:\n  - folder: articles\ntitle: \"T\"\npublish: {items: 50}\ntime_zone: UTC\n").Fingerprint);
        Assert.NotEqual(plain, Good("title: U\nsources: [{folder: articles}]\n").Fingerprint);
        Assert.NotEqual(plain, Good("title: T\nsources: [{folder: articles}]\nlanguage: en\n").Fingerprint);
    }

    [Fact]
    public void Filters_are_read_in_long_and_short_form_in_their_order()
    {
        var filters = Good(Least + """
            filters:
              - exclude: {title: sponsored, older_than: 30d}
              - dedupe: [url, title]
              - replace: {pattern: '\s+\|.*', with: ' '}
              - limit: 20
              - sort
            """).Filters;
        Assert.Equal(["exclude", "dedupe", "replace", "limit", "sort"], filters.Select(filter => filter.Name));
        var exclude = Assert.IsType<ExcludeSettings>(filters[0].Settings);
        Assert.Equal(["sponsored"], exclude.Title);
        Assert.Equal(TimeSpan.FromDays(30), exclude.OlderThan);
        Assert.Equal([DedupeBy.Url, DedupeBy.Title], Assert.IsType<DedupeSettings>(filters[1].Settings).By!);
        Assert.Equal(" ", Assert.IsType<ReplaceSettings>(filters[2].Settings).With);
        Assert.Equal(new LimitSettings(20), filters[3].Settings);
        Assert.Equal(new SortSettings(), filters[4].Settings);
    }

    [Theory]
    [InlineData("- dedup: [url]", "4:5: there is no filter 'dedup': did you mean 'dedupe'?")]
    [InlineData("- exclude: {titel: x}", "4:15: unknown key 'titel': did you mean 'title'?")]
    [InlineData("- dedupe: [urls]", "4:14: 'urls' is not possible here: did you mean 'url'?")]
    [InlineData("- limit: 0", "4:12: 0 is not between 1 and 10000")]
    [InlineData("- limit", "4:5: the filter 'limit' needs its settings: articles, per")]
    [InlineData("- {limit: 1, sort: newest}", "4:5: expected one filter an item, such as '- limit: 20', found several keys; begin each filter with a hyphen")]
    public void A_filter_that_is_wrong_is_reported_where_it_stands(string filter, string error) =>
        Assert.Equal(["feeds/harbour/feed.yaml:" + error], Errors($"{Least}filters:\n  {filter}\n"));

    [Theory]
    [InlineData("- exclude: {}")]
    [InlineData("- replace: {pattern: '('}")]
    [InlineData("- remove: '::::'")]
    public void A_filter_that_cannot_work_is_told_of_when_it_is_loaded(string filter) =>
        Assert.Contains("cannot work: ", Assert.Single(Errors($"{Least}filters:\n  {filter}\n")), StringComparison.Ordinal);

    [Fact]
    public void The_filters_have_a_fingerprint_of_their_own()
    {
        var plain = Good(Least);
        var filtered = Good(Least + "filters: [{limit: 20}]\n");
        Assert.NotEqual(plain.FiltersFingerprint, filtered.FiltersFingerprint);
        Assert.NotEqual(plain.Fingerprint, filtered.Fingerprint);
        Assert.Equal(filtered.FiltersFingerprint, Good(Least + "language: en\nfilters:\n  - limit: {articles: 20, per: feed}\n").FiltersFingerprint);
        Assert.Equal(filtered.Fingerprint, Good(DefinitionLoader.Write(filtered)).Fingerprint);
    }

    [Fact]
    public void A_definition_that_is_written_reads_back_the_same()
    {
        var definition = Good("""
            title: "A: title #1 with 'quotes' and \"more\""
            description: "- yes"
            authors: [{name: "on"}, {name: Ünal Ö, email: u@a.example}]
            schedule: 0 0/15 8-18 ? * MON-FRI
            time_zone: Europe/Amsterdam
            sources:
              - page: https://port.example/news?a=1&b=2
                selectors: {items: "article:not([hidden])", url: "h2 > a"}
              - inbox: true
            publish: {max_size: 1MiB, release: {every: 1h30m, articles: 2}}
            """);
        var written = DefinitionLoader.Write(definition);
        var again = Good(written);
        Assert.Equal(definition.Fingerprint, again.Fingerprint);
        Assert.Equal(definition.Title, again.Title);
        Assert.Equal(definition.Description, again.Description);
        Assert.Equal(definition.Authors, again.Authors);
        Assert.Equal(definition.Sources, again.Sources);
        Assert.Equal(written, DefinitionLoader.Write(again));
    }
}
