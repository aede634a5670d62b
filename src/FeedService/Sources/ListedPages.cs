using System.Security.Cryptography;
using System.Text;
using FeedService.Syndication;

namespace FeedService.Sources;

/// <summary>An article's page as a listing or a sitemap names it, with what that says of it.</summary>
internal sealed record ListedPage(string Url)
{
    /// <summary>Changes when the page should be loaded again.</summary>
    public required string Stamp { get; init; }

    /// <summary>The listing leaves no doubt that it is an article.</summary>
    public bool IsArticle { get; init; }

    public string Title { get; init; } = "";

    public string? Summary { get; init; }

    public DateTimeOffset? Published { get; init; }

    public Image? Image { get; init; }

    public string? Language { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>The name of the article: its URL, as far as that names the page.</summary>
    public string Key
    {
        get
        {
            var hash = Url.IndexOf('#');
            var key = hash < 0 ? Url : Url[..hash];
            return key.Length <= 400 ? key : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        }
    }
}

/// <summary>Articles that are pages: only what is new or changed is loaded.</summary>
internal static class ListedPages
{
    /// <returns>Articles and refusals, and whether some must wait for the next look.</returns>
    public static async Task<(IReadOnlyList<SourceArticle> Articles, IReadOnlyList<RefusedItem> Refused, bool IsLeft)> CollectAsync(
        PageLoader loader, IReadOnlyList<ListedPage> pages, string from, SourceContext context, CancellationToken cancellationToken)
    {
        var known = await context.Known(cancellationToken);
        var wanted = pages.DistinctBy(p => p.Key).Where(p => !known.TryGetValue(p.Key, out var was) || was.Stamp != p.Stamp).ToList();
        var outcomes = await new PageCollector(loader).LoadAsync(wanted.Select(p => (p.Key, p.Url)), known, cancellationToken);
        var articles = new List<SourceArticle>();
        var refused = new List<RefusedItem>();
        var isLeft = wanted.Count > outcomes.Count;
        foreach (var (listed, index) in wanted.Select((p, i) => (p, i)))
        {
            if (!outcomes.TryGetValue(listed.Key, out var outcome)) continue;
            isLeft |= outcome.RetryStamp is not null;
            if (outcome.Page is not { } page) refused.Add(new RefusedItem(listed.Key, outcome.RetryStamp ?? listed.Stamp, outcome.Problem));
            else if (page.Article.Content is null) refused.Add(new RefusedItem(listed.Key, listed.Stamp, "its page holds no text"));
            else if (!page.IsArticle && !listed.IsArticle) refused.Add(new RefusedItem(listed.Key, listed.Stamp, "its page does not look like an article"));
            else articles.Add(ToArticle(listed, page, from, context.Now, index));
        }
        return (articles, refused, isLeft);
    }

    private static SourceArticle ToArticle(ListedPage listed, LoadedPage page, string from, DateTimeOffset now, int index)
    {
        var found = page.Article;
        var article = UpstreamArticles.Fit(
            found with
            {
                // The page's own address says who the article is, whoever else claims the id.
                Id = "",
                Title = found.Title.Length > 0 ? found.Title : listed.Title,
                Summary = found.Summary ?? listed.Summary,
                Published = found.Published ?? listed.Published,
                Image = found.Image ?? listed.Image,
                Language = found.Language ?? listed.Language,
                Categories = found.Categories.Count > 0 ? found.Categories : [.. listed.Keywords.Select(k => new Category(k))],
            },
            page.Url,
            now);
        return new SourceArticle(listed.Key, listed.Stamp, article)
        {
            FallbackDate = now.AddSeconds(-index),
            Origins = new Dictionary<string, string>(page.Origins) { ["article"] = $"{page.Url} (listed by {from})" },
        };
    }
}
