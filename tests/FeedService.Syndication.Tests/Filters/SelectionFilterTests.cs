using FeedService.Syndication.Filters;

namespace FeedService.Syndication.Tests.Filters;

/// <summary>Filters that need to see all candidates.</summary>
public sealed class SelectionFilterTests
{
    [Fact]
    public async Task Limit_keeps_the_first_in_all_or_of_each_group()
    {
        var items = new List<FilterItem>
        {
            new("feed:a", Steps.Article("1")), new("feed:a", Steps.Article("2")), new("feed:b", Steps.Article("3", daysAgo: 1)), new("feed:a", Steps.Article("4", daysAgo: 1)),
        };

        Assert.Equal(["1", "2", "3"], Titles(await Steps.RunAsync(items, new LimitSettings(3))));
        Assert.Equal("excluded by step 1, limit: there are 3 articles before it", items[3].Excluded);
        Assert.Equal(["1", "3"], Titles(await Steps.RunAsync(Again(items), new LimitSettings(1) { Per = LimitPer.Source })));
        Assert.Equal(["1", "3"], Titles(await Steps.RunAsync(Again(items), new LimitSettings(1) { Per = LimitPer.Day })));
        Assert.Equal(["1"], Titles(await Steps.RunAsync(Again(items), new LimitSettings(1) { Per = LimitPer.Author })));
    }

    [Fact]
    public async Task Merge_gives_fair_shares_and_what_one_leaves_goes_to_the_others()
    {
        var items = new List<FilterItem>();
        for (var i = 0; i < 20; i++)
            items.Add(new FilterItem("feed:busy", Steps.Article($"busy {i}", daysAgo: i)));
        for (var i = 0; i < 10; i++)
            items.Add(new FilterItem("feed:calm", Steps.Article($"calm {i}", daysAgo: 30 + i)));
        items.Add(new FilterItem("feed:quiet", Steps.Article("quiet", daysAgo: 90)));

        var left = await Steps.RunAsync(items, new MergeSettings(10));

        Assert.Equal(new Dictionary<string, int> { ["feed:busy"] = 5, ["feed:calm"] = 4, ["feed:quiet"] = 1 }, left.GroupBy(i => i.Source).ToDictionary(g => g.Key, g => g.Count()));
        Assert.Contains(left, i => i.Article.Title == "busy 4");
        Assert.Equal("excluded by step 1, merge: feed:busy has its share of 5 of 10 articles already", items[5].Excluded);
    }

    [Fact]
    public async Task Sort_orders_and_keeps_the_order_of_equals()
    {
        Article[] articles = [Steps.Article("b", daysAgo: 1), Steps.Article("ä", daysAgo: 3), Steps.Article("C", daysAgo: 2) with { Updated = Steps.Now }, Steps.Article("a", daysAgo: 1)];

        Assert.Equal(["b", "a", "C", "ä"], await Steps.TitlesAsync(new SortSettings(), articles));
        Assert.Equal(["ä", "C", "b", "a"], await Steps.TitlesAsync(new SortSettings(SortBy.Oldest), articles));
        Assert.Equal("C", (await Steps.TitlesAsync(new SortSettings(SortBy.Updated), articles))[0]);
        Assert.Equal(["a", "ä", "b", "C"], await Steps.TitlesAsync(new SortSettings(SortBy.Title), articles));
    }

    [Fact]
    public async Task Steps_after_one_that_sees_all_wait_for_it()
    {
        var pipeline = new FilterPipeline([new FilterStep("tag", new TagSettings(["a"])), new FilterStep("limit", new LimitSettings(2)), new FilterStep("exclude", new ExcludeSettings { Title = ["1"] })]);
        var items = Steps.Items(Steps.Article("1"), Steps.Article("2"), Steps.Article("3"));

        await pipeline.ArriveAsync(new FilterBatch(items, Steps.Now), _ => throw new InvalidOperationException("nothing asks for holders"));
        Assert.All(items, i => Assert.Null(i.Excluded));
        var left = pipeline.Select(new FilterBatch(items, Steps.Now));

        Assert.True(pipeline.HasArrival && pipeline.HasSelection);
        Assert.Equal("2", Assert.Single(left).Article.Title);
        Assert.Equal(["step 1, tag: tagged 'a'", "excluded by step 2, limit: there are 2 articles before it"], items[2].Trace);
        Assert.Equal("excluded by step 3, exclude: the title contains '1'", items[0].Excluded);
    }

    [Fact]
    public void Every_filter_is_in_the_table_once_with_settings_of_its_own()
    {
        var kinds = typeof(IFilter).Assembly.GetTypes().Where(t => t.IsClass && typeof(IFilter).IsAssignableFrom(t)).ToList();

        Assert.Equal(kinds.Count, FilterTable.Kinds.Count);
        Assert.Equal(FilterTable.Kinds.Count, FilterTable.Kinds.Select(k => k.Name).Distinct().Count());
        Assert.All(kinds, t => Assert.Contains(FilterTable.Kinds, k => t.Name.Equals(k.Name + "Filter", StringComparison.OrdinalIgnoreCase) && k.Settings.Name.Equals(k.Name + "Settings", StringComparison.OrdinalIgnoreCase)));
    }

    private static List<FilterItem> Again(IEnumerable<FilterItem> items) => [.. items.Select(i => new FilterItem(i.Source, i.Article))];

    private static string[] Titles(IEnumerable<FilterItem> items) => [.. items.Select(i => i.Article.Title)];
}
