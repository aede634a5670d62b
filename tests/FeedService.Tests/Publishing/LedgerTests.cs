using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication;
using FeedService.Syndication.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Tests.Publishing;

public sealed class LedgerTests
{
    private const string Folder = "folder:articles";
    private static readonly DateTimeOffset s_monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, StoredArticle> _kept = [];
    private DateTimeOffset _now = s_monday;

    [Fact]
    public void The_same_file_gets_the_same_id_on_every_node()
    {
        var here = Run([File("tide.txt", "High tide")]);
        _kept.Clear();
        var there = Run([File("tide.txt", "High tide")]);
        Assert.Equal(here.Changed[0].Id, there.Changed[0].Id);
        Assert.StartsWith("urn:uuid:", here.Changed[0].Id, StringComparison.Ordinal);
        Assert.Equal('5', here.Changed[0].Id["urn:uuid:".Length + 14]);
    }

    [Fact]
    public void A_renamed_file_keeps_its_id_path_and_date()
    {
        var first = Run([File("tide.txt", "High tide")]).Changed[0];
        Show(first);
        var moved = Assert.Single(Run([File("2026/high-water.txt", "High tide")], "tide.txt").Changed);
        Assert.Equal((first.Id, first.Path, first.Published, first.Updated), (moved.Id, moved.Path, moved.Published, moved.Updated));
        Assert.Equal("2026/high-water.txt", moved.Key);
        Assert.Null(moved.Removed);
    }

    [Fact]
    public void A_file_that_comes_back_under_another_name_after_its_removal_keeps_its_id()
    {
        var first = Run([File("tide.txt", "High tide")]).Changed[0];
        Show(first);
        Assert.NotNull(Assert.Single(Run([], "tide.txt").Changed).Removed);
        var back = Assert.Single(Run([File("water.txt", "High tide")]).Changed);
        Assert.Equal(first.Id, back.Id);
        Assert.Null(back.Removed);
        Assert.Equal(_now, back.Updated);
        Assert.Equal(first.Published, back.Published);
    }

    [Fact]
    public void A_file_that_was_moved_and_given_a_new_text_keeps_its_id_by_its_title()
    {
        var first = Run([File("tide.txt", "High tide", "<p>at noon</p>")]).Changed[0];
        Show(first);
        var moved = Assert.Single(Run([File("tides/tide.txt", "High tide", "<p>at one</p>")], "tide.txt").Changed);
        Assert.Equal(first.Id, moved.Id);
        Assert.Equal(_now, moved.Updated);
    }

    [Fact]
    public void Articles_that_come_with_one_date_are_published_on_it_and_updated_one_after_the_other()
    {
        var date = s_monday.AddDays(-3);
        var names = (string[])["tide.txt", "crane.txt", "gull.txt"];
        List<StoredArticle> Arrive() => [.. Run([.. names.Select(name => File(name, name) with { FallbackDate = date })]).Changed.OrderBy(a => a.Key, StringComparer.Ordinal)];
        var here = Arrive();
        Assert.All(here, article => Assert.Equal(date, article.Published));
        Assert.Equal(3, here.Select(article => article.Updated).Distinct().Count());
        Assert.All(here, article => Assert.InRange(article.Updated, date, date.AddSeconds(1)));
        _kept.Clear();
        Array.Reverse(names);
        Assert.Equal(here.Select(article => (article.Id, article.Updated)), Arrive().Select(article => (article.Id, article.Updated)));
    }

    [Fact]
    public void Articles_of_one_date_are_told_apart_also_where_one_came_later()
    {
        var date = s_monday.AddDays(-3);
        var first = Run([File("tide.txt", "Tide") with { FallbackDate = date }, File("crane.txt", "Crane") with { FallbackDate = date }]).Changed;
        Run([File("gull.txt", "Gull") with { FallbackDate = date, Draft = true }]);
        var later = Run([File("gull.txt", "Gull") with { FallbackDate = date }]).Changed;
        Assert.Equal(3, first.Concat(later).Select(article => article.Updated).Distinct().Count());
        Assert.Equal(date, Assert.Single(later).Published);
        Assert.InRange(later[0].Updated, date, date.AddSeconds(1));
        Assert.Equal(later[0].Updated, later[0].Article.Updated);
    }

    [Fact]
    public void An_edit_keeps_id_and_published_and_moves_updated()
    {
        var first = Run([File("tide.txt", "High tide")]).Changed[0];
        Show(first);
        var edited = Assert.Single(Run([File("tide.txt", "Higher tide", "<p>corrected</p>")]).Changed);
        Assert.Equal((first.Id, first.Path, first.Published), (edited.Id, edited.Path, edited.Published));
        Assert.Equal(_now, edited.Updated);
        Assert.Equal("Higher tide", edited.Article.Title);
    }

    [Fact]
    public void A_touched_file_with_the_same_text_changes_nothing()
    {
        Show(Run([File("tide.txt", "High tide")]).Changed[0]);
        Assert.Empty(Run([File("tide.txt", "High tide")]).Changed);
    }

    [Fact]
    public void What_is_leaving_is_found_under_its_new_name_and_else_ends_nothing()
    {
        var before = Run([File("a.txt", "Anchor"), File("b.txt", "Buoy")]).Changed;
        before.ToList().ForEach(Show);

        var after = Assert.Single(Run([File("moved.txt", "Anchor", "<p>edited too</p>")], [], leaving: ["a.txt", "b.txt"]).Changed);

        Assert.Equal((before[0].Id, "moved.txt", null), (after.Id, after.Key, after.Removed));
    }

    [Fact]
    public void A_file_moved_over_another_ends_the_other_and_keeps_its_own_id()
    {
        var before = Run([File("a.txt", "Anchor"), File("b.txt", "Buoy")]).Changed;
        before.ToList().ForEach(Show);
        var after = Run([File("a.txt", "Buoy")], "b.txt").Changed;
        Assert.Equal(before[1].Id, Assert.Single(after, a => a.Removed is null).Id);
        Assert.Equal(before[0].Id, Assert.Single(after, a => a.Removed is not null).Id);
    }

    [Fact]
    public void Two_files_that_swap_their_names_keep_their_ids()
    {
        var before = Run([File("a.txt", "Anchor"), File("b.txt", "Buoy")]).Changed;
        before.ToList().ForEach(Show);
        var after = Run([File("a.txt", "Buoy"), File("b.txt", "Anchor")]).Changed;
        Assert.Equal(before.ToDictionary(a => a.Id, a => a.Article.Title), after.ToDictionary(a => a.Id, a => a.Article.Title));
        Assert.DoesNotContain(after, a => a.Removed is not null);
    }

    [Fact]
    public void A_copy_is_a_duplicate_until_its_original_goes()
    {
        var first = Run([File("tide.txt", "High tide")]).Changed[0];
        Show(first);
        var copied = Run([File("copy.txt", "High tide")]);
        Assert.Empty(copied.Changed);
        Assert.Equal("tide.txt", Assert.Single(copied.Duplicates).Of);
        var taken = Assert.Single(Run([File("copy.txt", "High tide")], "tide.txt").Changed);
        Assert.Equal((first.Id, "copy.txt"), (taken.Id, taken.Key));
    }

    [Fact]
    public void Articles_that_changed_in_one_run_changed_one_after_the_other()
    {
        foreach (var article in Run([File("a.txt", "A"), File("b.txt", "B"), File("c.txt", "C")]).Changed)
            Show(article);
        var edited = Run([File("a.txt", "A", "<p>1</p>"), File("b.txt", "B", "<p>2</p>"), File("c.txt", "C", "<p>3</p>")]).Changed;
        Assert.Equal(3, edited.Select(article => article.Updated).Distinct().Count());
        Assert.All(edited, article => Assert.InRange(article.Updated, _now, _now + TimeSpan.FromMilliseconds(2)));
        Assert.All(edited, article => Assert.Equal(article.Updated, article.Article.Updated));
    }

    [Fact]
    public void What_is_hidden_and_shown_again_changes_for_readers()
    {
        var first = Run([File("a.txt", "A")]).Changed[0];
        Show(first);
        var hidden = Assert.Single(Run([File("a.txt", "A") with { Excluded = "exclude" }]).Changed);
        Assert.Equal(_now, hidden.Updated);
        var back = Assert.Single(Run([File("a.txt", "A")]).Changed);
        Assert.Equal((_now, first.Published), (back.Updated, back.Published));
        Assert.True(hidden.Updated < back.Updated);
    }

    [Fact]
    public void A_new_file_under_a_name_that_moved_away_is_another_article()
    {
        var first = Run([File("today.txt", "Monday")]).Changed[0];
        Show(first);
        Run([File("monday.txt", "Monday")], "today.txt");
        var second = Assert.Single(Run([File("today.txt", "Tuesday")]).Changed);
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotEqual(first.Path, second.Path);
    }

    [Fact]
    public void An_own_id_or_url_is_the_id_and_one_that_is_no_iri_names_a_uuid()
    {
        Assert.Equal("tag:harbour.example,2026:1", Run([File("a.md", "A", id: "tag:harbour.example,2026:1")]).Changed[0].Id);
        Assert.Equal("https://harbour.example/b", Run([File("b.md", "B", url: "https://harbour.example/b")]).Changed[0].Id);
        Assert.StartsWith("urn:uuid:", Run([File("c.md", "C", id: "post 17")]).Changed[0].Id, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_with_one_id_are_one_article()
    {
        Show(Run([File("a.md", "A", id: "tag:harbour.example,2026:1")]).Changed[0]);
        var again = Run([File("b.md", "B", id: "tag:harbour.example,2026:1")]);
        Assert.Empty(again.Changed);
        Assert.Single(again.Duplicates);
    }

    [Fact]
    public void A_date_may_change_until_readers_have_seen_it()
    {
        var planned = Run([File("a.md", "A", published: s_monday.AddDays(7))]).Changed[0];
        var earlier = Assert.Single(Run([File("a.md", "A", published: s_monday.AddDays(3))]).Changed);
        Assert.Equal(s_monday.AddDays(3), earlier.Published);
        Show(earlier);
        _now = s_monday.AddDays(4);
        Assert.Empty(Run([File("a.md", "A", published: s_monday.AddDays(5))]).Changed);
        Assert.Equal(planned.Id, earlier.Id);
    }

    [Fact]
    public void Pages_are_named_after_files_made_of_words_and_else_after_titles()
    {
        Assert.Equal("spring-tide", Run([File("2026-03-02-spring-tide.txt", "A very long headline")]).Changed[0].Path);
        Assert.Equal("a-very-long-headline", Run([File("000_c254a582dd3af4bc.txt", "A very long headline", "<p>other</p>")]).Changed[0].Path);
    }

    [Fact]
    [Trait("Category", "Property")]
    public void Ids_paths_and_order_do_not_depend_on_the_order_of_arrival() =>
        Prop.ForAll(
            (from names in Gen.Choose(0, 30).ListOf()
             from seed in Gen.Choose(0, int.MaxValue)
             select (Names: names.Distinct().ToList(), Seed: seed)).ToArbitrary(),
            given =>
            {
                // Names that need not tell them apart, and dates of which there are three.
                var files = given.Names.Select(n => File($"{n}.txt", $"Tide {n % 7}", $"<p>{n}</p>", url: n % 5 == 0 ? $"https://tide.example/{n}" : null, published: s_monday.AddDays(-(n % 3)))).ToArray();
                var first = Entries(files);
                new Random(given.Seed).Shuffle(files);
                var second = Entries(files);
                Assert.Equal(first.Select(a => (a.Key, a.Id)).Order(), second.Select(a => (a.Key, a.Id)).Order());
                Assert.Equal(first.Count, first.Select(a => a.Id).Distinct().Count());
                Assert.Equal(first.Count, first.Select(a => a.Path).Distinct().Count());
                Assert.Equal(first.Count, first.Select(a => a.Sequence).Distinct().Count());
            }).Check(Cases.Of(200));

    private List<StoredArticle> Entries(IReadOnlyList<ArrivedArticle> files)
    {
        _kept.Clear();
        _now = s_monday;
        return [.. Run(files).Changed];
    }

    private LedgerChanges Run(IReadOnlyList<ArrivedArticle> arrived, params string[] removed) => Run(arrived, removed, leaving: []);

    private LedgerChanges Run(IReadOnlyList<ArrivedArticle> arrived, string[] removed, string[] leaving)
    {
        _now += TimeSpan.FromMinutes(15);
        var ledger = new Ledger("harbour", _now, holdForRelease: false, _kept.Values.Select(a => a.Sequence).DefaultIfEmpty().Max());
        var (gone, left) = (Keys(removed), Keys(leaving));
        var lookup = ledger.Lookup(arrived, [.. gone, .. left]);
        var found = _kept.Values.Where(a => lookup.Keys.Contains((a.Source, a.Key)) || lookup.Ids.Contains(a.Id) || lookup.Paths.Contains(a.Path) || lookup.ContentHashes.Contains(a.ContentHash)).ToList();
        var changes = ledger.Record(arrived, gone, found, left, [.. _kept.Values.Select(ArticleHead.Of)]);
        foreach (var article in changes.Changed)
            _kept[article.Id] = article;
        return changes;

        static List<(string, string)> Keys(string[] keys) => [.. keys.Select(key => (Folder, key))];
    }

    private void Show(StoredArticle article) => _kept[article.Id] = _kept[article.Id] with { Shown = true };

    private static ArrivedArticle File(string key, string title, string content = "<p>text</p>", string id = "", string? url = null, DateTimeOffset? published = null)
    {
        var article = new Article { Id = id, Url = url, Title = title, Content = $"{content}<p>{title}</p>", Published = published };
        return new ArrivedArticle(Folder, key, article) { ContentHash = ArticleHash.OfContent(article), FallbackDate = s_monday };
    }
}
