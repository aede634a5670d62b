using FeedService.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FeedService.Tests.Configuration;

public sealed class DefinitionsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("definitions-").FullName;
    private readonly List<DefinitionChange> _changes = [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Feeds => Path.Combine(_root, "feeds");

    private Definitions Start()
    {
        Directory.CreateDirectory(Feeds);
        var settings = new ServiceSettings { FeedsFolder = Feeds, DataFolder = Path.Combine(_root, "data"), Store = "sqlite:", PublicUrl = "http://localhost" };
        var definitions = new Definitions(settings, NullLogger<Definitions>.Instance);
        definitions.Changed += _changes.Add;
        definitions.ReloadAll();
        return definitions;
    }

    private void Write(string slug, string more = "", string title = "T")
    {
        Directory.CreateDirectory(Path.Combine(Feeds, slug));
        File.WriteAllText(FileOf(slug), $"title: {title}\nsources: [{{folder: articles}}]\n{more}");
    }

    private string FileOf(string slug) => Path.Combine(Feeds, slug, "feed.yaml");

    private string[] Changes()
    {
        string[] changes = [.. _changes.Select(change => $"{change.Slug}: {change.Before?.Title ?? "-"} > {change.Now?.Title ?? "-"}")];
        _changes.Clear();
        return changes;
    }

    [Fact]
    public void Feeds_come_change_and_go()
    {
        Write("a");
        var definitions = Start();
        Assert.Equal(["a: - > T"], Changes());

        Write("a", title: "Uvw");
        Write("b");
        definitions.ReloadAll();
        Assert.Equal(["a: T > Uvw", "b: - > T"], Changes());
        Assert.Equal(["a", "b"], definitions.All.Keys);

        Directory.Delete(Path.Combine(Feeds, "a"), recursive: true);
        definitions.ReloadAll();
        Assert.Equal(["a: Uvw > -"], Changes());
        Assert.Null(definitions.Find("a"));
        Assert.Empty(definitions.Errors);
    }

    [Fact]
    public void A_change_that_means_nothing_is_none()
    {
        Write("a");
        var definitions = Start();
        Changes();
        Write("a", more: "# a comment\n");
        definitions.ReloadAll();
        Assert.Empty(Changes());
    }

    [Theory]
    [InlineData("")]
    [InlineData("title: Harb")]
    [InlineData("title: [\n")]
    [InlineData("title: T\nsources: 5\n")]
    [InlineData("{\"title\": ")]
    public void A_broken_definition_leaves_the_last_good_one_in_force_until_it_is_repaired(string broken)
    {
        Write("a");
        Write("b");
        var definitions = Start();
        Changes();

        File.WriteAllText(FileOf("a"), broken);
        definitions.Reload("a");
        Assert.Empty(Changes());
        Assert.Equal("T", definitions.Find("a")!.Title);
        Assert.NotEmpty(definitions.Errors["a"]);
        Assert.False(definitions.Errors.ContainsKey("b"));

        Write("a", title: "Repaired");
        definitions.Reload("a");
        Assert.Equal(["a: T > Repaired"], Changes());
        Assert.Empty(definitions.Errors);
    }

    [Fact]
    public void A_definition_that_is_deleted_alone_leaves_its_feed_in_force()
    {
        Write("a");
        var definitions = Start();
        Changes();
        File.Delete(FileOf("a"));
        definitions.ReloadAll();
        Assert.Empty(Changes());
        Assert.NotNull(definitions.Find("a"));
        Assert.Contains("there is no such file", Assert.Single(definitions.Errors["a"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_good_definition_outlives_a_restart()
    {
        Write("a", more: "language: en-GB\n");
        Start();
        File.WriteAllText(FileOf("a"), "titel: T");
        var definitions = Start();
        Assert.Equal(("T", "en-GB", Path.Combine(Feeds, "a")), (definitions.Find("a")!.Title, definitions.Find("a")!.Language, definitions.Find("a")!.Folder));
        Assert.NotEmpty(definitions.Errors["a"]);
    }

    [Fact]
    public void A_volume_that_is_not_mounted_ends_no_feed()
    {
        Write("a");
        Write("b");
        var definitions = Start();
        Changes();
        Directory.Delete(Feeds, recursive: true);
        definitions.ReloadAll();
        Assert.Single(definitions.Errors[""]);
        Directory.CreateDirectory(Feeds);
        definitions.ReloadAll();
        Assert.Single(definitions.Errors[""]);
        Assert.Equal(2, definitions.All.Count);

        Write("a");
        Write("b");
        definitions.ReloadAll();
        Assert.Empty(definitions.Errors);
        Assert.Empty(Changes());
    }

    [Fact]
    public void A_former_slug_leads_to_the_feed_unless_another_feed_has_the_name()
    {
        Write("new", "former_slugs: [old, older]\n");
        var definitions = Start();
        Assert.Equal("new", definitions.FindByFormerSlug("old")!.Slug);
        Assert.Null(definitions.FindByFormerSlug("new"));

        Write("old");
        definitions.Reload("old");
        Assert.Null(definitions.FindByFormerSlug("old"));
        Assert.Equal("new", definitions.FindByFormerSlug("older")!.Slug);
        var error = Assert.Single(definitions.Errors["new"]);
        Assert.Equal((3, 16), (error.Line, error.Column));
        Assert.Contains("'old' is the name of another feed", error.Message, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(Feeds, "old"), recursive: true);
        definitions.ReloadAll();
        Assert.Empty(definitions.Errors);
        Assert.Equal("new", definitions.FindByFormerSlug("old")!.Slug);
    }

    [Fact]
    public void Two_feeds_cannot_have_the_same_former_slug()
    {
        Write("a", "former_slugs: [x]\n");
        Write("b", "former_slugs:\n  - y\n  - x\n");
        var definitions = Start();
        Assert.Equal(["a", "b"], definitions.All.Keys);
        Assert.Equal("a", definitions.FindByFormerSlug("x")!.Slug);
        Assert.Equal("b", definitions.FindByFormerSlug("y")!.Slug);
        Assert.Equal(5, Assert.Single(definitions.Errors["b"]).Line);
        Assert.Equal(definitions.Errors["b"], DefinitionFolder.LoadAll(Feeds)["b"].Errors);
    }

    [Fact]
    public void Folders_that_are_no_feeds_are_left_alone_and_forgotten_definitions_are_not()
    {
        Directory.CreateDirectory(Path.Combine(Feeds, ".git"));
        Directory.CreateDirectory(Path.Combine(Feeds, "assets"));
        Directory.CreateDirectory(Path.Combine(Feeds, "forgotten", "articles"));
        Directory.CreateDirectory(Path.Combine(Feeds, "misnamed"));
        File.WriteAllText(Path.Combine(Feeds, "misnamed", "feed.yml"), "title: T");
        Write("Bad Name");
        var errors = Start().Errors;
        Assert.Equal(["Bad Name", "forgotten", "misnamed"], errors.Keys);
        Assert.Contains("rename feed.yml to feed.yaml", errors["misnamed"][0].Message, StringComparison.Ordinal);
        Assert.Contains("rename the folder", errors["Bad Name"][0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_beyond_64_kB_or_not_UTF8_is_refused()
    {
        Write("long", new string('#', 70_000));
        Write("latin");
        File.WriteAllBytes(FileOf("latin"), [.. "title: Caf"u8, 0xE9, .. "\nsources: [{folder: a}]\n"u8]);
        var errors = Start().Errors;
        Assert.Contains("64 kB", Assert.Single(errors["long"]).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", Assert.Single(errors["latin"]).Message, StringComparison.Ordinal);
    }
}
