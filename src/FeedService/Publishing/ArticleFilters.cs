using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>Takes what sources gave through the definition's steps, in their order.</summary>
public sealed class ArticleFilters
{
    public Task<IReadOnlyList<ArrivedArticle>> ApplyAsync(FeedDefinition feed, FeedState state, CollectedFeed collected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _ = (feed, state, now, cancellationToken);
        return Task.FromResult<IReadOnlyList<ArrivedArticle>>([.. collected.Articles.Select(a => new ArrivedArticle(a.Source, a.Article.Key, a.Article.Article)
        {
            ContentHash = ArticleHash.OfContent(a.Article.Article),
            FallbackDate = a.Article.FallbackDate,
            Draft = a.Article.Draft,
            Origins = a.Article.Origins,
        })]);
    }
}
