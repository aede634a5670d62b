using System.Text.Json;
using FeedService.Cli;
using FeedService.Configuration;
using FeedService.Syndication.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Tests.Cli;

public sealed class ImportTests : IDisposable
{
    private const string List = """
        <opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>Ada's feeds</title></head><body>
          <outline text="Coast">
            <outline text="Harbour &amp; Quay" type="rss" xmlUrl="https://harbour.example/rss.xml" htmlUrl="https://harbour.example/" description="Ships" language="en-GB" category="/news/sea,boats"/>
            <outline text="Lights"><outline text="港口" type="rss" xmlUrl="https://www.lights.example/feed"/></outline>
            <outline text="Harbour &amp; Quay" type="rss" xmlUrl="feed:https://harbour.example/other.xml" frss:cssFullContent=".entry"/>
          </outline>
          <outline text="Board" type="HTML+XPath" xmlUrl="https://board.example/" frss:xPathItem="//li[@class='row']" frss:xPathItemUri="descendant::a/@href" frss:xPathItemTitle="./h2" frss:xPathItemTimestamp="concat(.//b,' 2026')"/>
          <outline text="Odd board" type="HTML+XPath" xmlUrl="https://odd.example/" frss:xPathItem="//a[text()='More']"/>
          <outline text="Twice" type="rss" xmlUrl="https://harbour.example/rss.xml"/>
          <outline text="Numbers" type="XML+XPath" xmlUrl="https://numbers.example/"/>
          <outline text="Secret" type="rss" xmlUrl="https://user:password@secret.example/rss"/>
        </body></opml>
        """;

    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Each_subscription_becomes_a_feed_and_nothing_is_overwritten()
    {
        _program.Write("list.opml", List);
        var dry = await _program.RunAsync("import", "list.opml", "--dry-run");
        Assert.False(Directory.Exists(Path.Combine(_program.Folder, "feeds")));
        var first = await _program.RunAsync("import", "list.opml");
        Assert.Equal(dry.Output, first.Output);
        Assert.Equal(1, first.ExitCode);
        Assert.Equal(
            ["feeds/harbour-quay/feed.yaml  Harbour & Quay", "feeds/lights-example/feed.yaml  港口", "feeds/harbour-quay-2/feed.yaml  Harbour & Quay", "feeds/board/feed.yaml  Board", "feeds/odd-board/feed.yaml  Odd board"],
            first.Lines);
        Assert.Equal(
            [
                "Board: the date of an article is found by itself, since CSS cannot say concat(.//b,' 2026')",
                "Odd board: its articles are found by themselves, since CSS cannot say //a[text()='More']",
                "Twice: there already, in Harbour & Quay",
                "feedservice: Numbers: https://numbers.example/ is of the type 'XML+XPath', which has no counterpart here",
                "feedservice: Secret: the URL contains a user name or password; credentials do not belong in URLs",
                "8 subscriptions: 5 taken, 1 there already, 2 not taken",
            ],
            first.ErrorLines);

        var harbour = Load("harbour-quay");
        Assert.Equal(("Harbour & Quay", "Ships", "https://harbour.example/", "en-GB"), (harbour.Title, harbour.Description, harbour.Site, harbour.Language));
        Assert.Equal(["Coast", "news/sea", "boats"], harbour.Categories);
        Assert.Equal(["Coast", "Lights"], Load("lights-example").Categories);
        Assert.Equal((SourceKind.Feed, "https://harbour.example/other.xml", true), Facts(Load("harbour-quay-2")));
        Assert.Equal(new PageSelectors { Items = "li[class=\"row\"]", Url = "a", Title = ":scope > h2" }, Load("board").Sources[0].Selectors);
        Assert.Null(Load("odd-board").Sources[0].Selectors);
        Assert.Equal(0, (await _program.RunAsync("check")).ExitCode);

        var before = _program.Read("feeds/board/feed.yaml");
        _program.Write("more.opml", List.Replace("<body>", "<body><outline text='Board' xmlUrl='https://other.example/feed'/>", StringComparison.Ordinal));
        var again = await _program.RunAsync("import", "more.opml");
        Assert.Equal(["feeds/board-2/feed.yaml  Board"], again.Lines);
        Assert.Equal("9 subscriptions: 1 taken, 6 there already, 2 not taken", again.ErrorLines[^1]);
        Assert.Equal(before, _program.Read("feeds/board/feed.yaml"));
    }

    [Fact]
    public async Task All_of_them_become_one_feed()
    {
        _program.Write("list.opml", List);
        Assert.Equal(["feeds/reading/feed.yaml  Ada's feeds"], (await _program.RunAsync("import", "list.opml", "--into", "reading")).Lines);
        Assert.Equal(5, Load("reading").Sources.Count);
        _program.Write("new.opml", "<opml><body><outline xmlUrl='https://new.example/rss'/></body></opml>");
        var taken = await _program.RunAsync("import", "new.opml", "--into", "reading");
        Assert.Equal(1, taken.ExitCode);
        Assert.Equal("feedservice: there is feeds/reading already; choose another name", taken.ErrorLines[0]);
    }

    [Theory]
    [InlineData(1, "no.opml: there is no such file", "no.opml")]
    [InlineData(1, "feed.xml: The document is no list of subscriptions (OPML)", "feed.xml")]
    [InlineData(2, "'Not A Name' cannot be a feed's name: use lower-case letters a-z, digits and hyphens between them", "feed.xml", "--into", "Not A Name")]
    public async Task What_cannot_be_imported_is_said(int code, string error, params string[] args)
    {
        _program.Write("feed.xml", "<rss/>");
        var outcome = await _program.RunAsync(["import", .. args]);
        Assert.Equal((code, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal($"feedservice: {error}", outcome.ErrorLines[0]);
    }

    [Fact]
    public async Task A_list_that_breaks_off_is_taken_as_far_as_it_goes_and_said_to_be_cut()
    {
        _program.Write("list.opml", "<opml version='2.0'><body><outline text='Whole' xmlUrl='https://whole.example/rss'/><outline text='Ha");
        var outcome = await _program.RunAsync("import", "list.opml");
        Assert.Equal((1, "feeds/whole/feed.yaml  Whole"), (outcome.ExitCode, Assert.Single(outcome.Lines)));
        Assert.Equal("feedservice: list.opml: the list breaks off; what came after its last subscription is missing", outcome.ErrorLines[^1]);
    }

    [Fact]
    public async Task What_was_exported_comes_back()
    {
        _program.Write("feeds/a/feed.yaml", "title: A\nsite: https://a.example/\ncategories: [x, y]\nsources: [{feed: https://a.example/rss}]\n");
        _program.Write("feeds/b/feed.yaml", "title: B & co\ndescription: About \"b\".\nlanguage: en\nsources: [{feed: https://b.example/rss}]\n");
        var exported = await _program.RunAsync("export", "--sources");
        _program.Write("list.opml", exported.Output);
        Assert.Equal(0, (await _program.RunAsync("import", "list.opml", "--feeds", "again")).ExitCode);
        Assert.Equal(0, (await _program.RunAsync("import", "list.opml")).ExitCode);
        foreach (var (slug, now) in ((string, string)[])[("a", "a"), ("b", "b-co")])
            Assert.Equal(Load(slug).Fingerprint, Load(now, "again").Fingerprint);
    }

    [Fact]
    public void Import_undoes_export_for_all_that_a_list_can_say()
    {
        var word = Gen.Elements("tide", "AT&T", "1 < 2", "\"so\"", "it's", "🦭", "漢字", "#", "- x", "yes", "0x1F", "{", "'");
        var text = Gen.Choose(1, 4).SelectMany(n => word.ArrayOf(n)).Select(words => string.Join(' ', words));
        var definitions =
            from title in text
            from about in Gen.OneOf(Gen.Constant<string?>(null), text.Select(t => (string?)t))
            from site in Gen.Elements(null, "https://tide.example/", "https://tide.example/a?b=c&d=%C3%A9")
            from language in Gen.Elements(null, "en", "pt-BR")
            from categories in Gen.Choose(0, 3).SelectMany(n => text.ArrayOf(n))
            from url in Gen.Choose(1, 1000).Select(n => $"https://tide.example/{n}?a=1&b={n}")
            select Subscription.Empty(title) with
            {
                Description = about,
                Site = site,
                Language = language,
                Categories = [.. categories.Distinct()],
                Sources = [new SourceDefinition { Kind = SourceKind.Feed, Location = url }],
            };
        Prop.ForAll(definitions.ToArbitrary(), definition =>
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            OpmlWriter.Write(new OpmlDocument("All", [.. ExportVerb.Sources(definition)]), bytes);
            var subscription = Assert.Single(Subscription.All(OpmlReader.Read(bytes.WrittenSpan)));
            Assert.Null(subscription.Problem);
            Assert.Empty(subscription.Notes);
            // As the file says it, and as the file is read again.
            var yaml = DefinitionLoader.Write(subscription.Definition);
            Assert.Equal(DefinitionLoader.Write(definition), yaml);
            var read = DefinitionLoader.Parse(yaml, "tide", "/feeds/tide", "feed.yaml");
            Assert.Empty(read.Errors);
            Assert.Equal(JsonSerializer.Serialize(definition.Categories), JsonSerializer.Serialize(read.Definition!.Categories));
        }).QuickCheckThrowOnFailure();
    }

    private FeedDefinition Load(string slug, string folder = "feeds") => DefinitionLoader.Load(Path.Combine(_program.Folder, folder, slug, "feed.yaml")).Definition!;

    private static (SourceKind, string, bool) Facts(FeedDefinition definition) => (definition.Sources[0].Kind, definition.Sources[0].Location, definition.Sources[0].FullText);
}
