namespace FeedService.Syndication.Html.Pages;

/// <summary>What the page says that it is about.</summary>
internal static class PageTagsOf
{
    private const int MaxTags = 30;
    private const int MaxTagLength = 80;

    internal static IReadOnlyList<Category> Find(PageMetadata page)
    {
        var tags = page.MetaAll("article:tag").Concat(page.MetaAll("og:article:tag")).Concat(page.Ld.Keywords);
        if (!tags.Any())
            tags = page.MetaAll("news_keywords").Concat(page.MetaAll("keywords"));
        return [.. tags.SelectMany(t => t.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(PageTags.Collapse)
            .Where(t => t.Length is > 1 and <= MaxTagLength)
            .DistinctBy(t => t.ToLowerInvariant())
            .Take(MaxTags)
            .Select(t => new Category(t))];
    }
}
