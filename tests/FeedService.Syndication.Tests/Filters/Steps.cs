using FeedService.Syndication.Filters;

namespace FeedService.Syndication.Tests.Filters;

/// <summary>Runs steps as the publisher does.</summary>
internal static class Steps
{
    public static readonly DateTimeOffset Now = new(2025, 12, 8, 12, 0, 0, TimeSpan.Zero);

    public static Article Article(string title, string? content = null, string? url = null, int daysAgo = 0) => new()
    {
        Id = "urn:example:" + title,
        Title = title,
        Content = content,
        Url = url ?? $"https://quay.example/{Uri.EscapeDataString(title)}",
        Published = Now.AddDays(-daysAgo),
    };

    public static List<FilterItem> Items(params Article[] articles) => [.. articles.Select(a => new FilterItem("feed:quay", a))];

    /// <summary>Takes both parts' steps and returns what is left, in its order.</summary>
    public static async Task<IReadOnlyList<FilterItem>> RunAsync(List<FilterItem> items, IReadOnlyDictionary<string, string>? holders, params object[] settings)
    {
        var pipeline = new FilterPipeline(settings.Select(s => new FilterStep(FilterTable.Kinds.Single(k => k.Settings == s.GetType()).Name, s)));
        await pipeline.ArriveAsync(new FilterBatch(items, Now), keys => Task.FromResult<IReadOnlyDictionary<string, string>>(
            (holders ?? new Dictionary<string, string>()).Where(h => keys.Contains(h.Key)).ToDictionary()));
        return pipeline.Select(new FilterBatch(items, Now));
    }

    public static Task<IReadOnlyList<FilterItem>> RunAsync(List<FilterItem> items, params object[] settings) => RunAsync(items, null, settings);

    public static async Task<Article> OneAsync(Article article, params object[] settings) => Assert.Single(await RunAsync(Items(article), settings)).Article;

    public static async Task<string[]> TitlesAsync(object settings, params Article[] articles) => [.. (await RunAsync(Items(articles), settings)).Select(i => i.Article.Title)];
}
