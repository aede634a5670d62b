using FeedService.Configuration;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Publishing;

/// <summary>Which articles are in the feed itself.</summary>
public sealed class FeedSelection(IArticleStore store, ArticleFilters filters, WrittenArticles written, FeedLint lint, FeedRenderer renderer)
{
    /// <summary>How long readers are told of an article that was removed.</summary>
    public static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(30);

    /// <summary>
    /// What is in the feed now: due, released, newest first, at most as many as the definition says and fit; besides them what no page of the
    /// archive holds yet. Null where it must not go out.
    /// </summary>
    public async Task<(FeedPart? Page, DateTimeOffset Updated, IReadOnlyList<string> Problems)> SelectAsync(
        FeedDefinition feed, FeedState state, Dictionary<string, StoredArticle> changed, IReadOnlyList<ArticleHead> open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (newest, atHand) = await NewestAsync(feed, changed, now, cancellationToken);
        var isOpen = open.Select(head => head.Id).ToHashSet();
        var heads = newest.Concat(open.Where(head => head.Visible)).DistinctBy(head => head.Id)
            .OrderByDescending(head => isOpen.Contains(head.Id)).ToList();
        var tombstones = await TombstonesAsync(feed, changed, open, now, cancellationToken);
        var updated = heads.Select(head => head.Updated).Concat(tombstones.Select(t => t.When)).DefaultIfEmpty(state.Updated ?? now).Max();

        var articles = await written.GetAsync(feed, heads, atHand, cancellationToken);
        var (page, problems) = lint.Judge(feed, new FeedPart("") { Articles = articles, Tombstones = tombstones, Updated = updated, Previous = state.Moved is null ? state.Archive.Pages : 0 });
        if (page is null)
            return (null, updated, problems);
        page = InOrder(Fitting(feed, page, isOpen), newest);
        if (state.Moved is not { } move)
            return (page, updated, problems);
        updated = updated > move.At ? updated : move.At;
        return (page with { Articles = [Notice(feed, move), .. page.Articles], Updated = updated }, updated, problems);
    }

    /// <summary>For readers and programs that do not follow a redirect: the feed's last word is where it goes on.</summary>
    private WrittenArticle Notice(FeedDefinition feed, FeedMove move)
    {
        var address = System.Net.WebUtility.HtmlEncode(move.To);
        var article = new Article
        {
            Url = move.To,
            Title = $"{feed.Title} has moved",
            Content = $"<p>This feed goes on at <a href=\"{address}\">{address}</a>. Nothing new will come here: subscribe there.</p>",
            Language = "en",
        };
        return renderer.Write(feed, new StoredArticle
        {
            Id = Ledger.FeedId($"{feed.Slug}\nmoved\n{move.To}"),
            Source = "",
            Key = "moved",
            Path = "",
            Article = article,
            ContentHash = "",
            SeenHash = "",
            Published = move.At,
            Updated = move.At,
            FirstSeen = move.At,
            Sequence = 0,
            Shown = true,
        });
    }

    /// <summary>The newest articles, in the order that the definition's steps give them, with those that are at hand anyway.</summary>
    private async Task<(IReadOnlyList<ArticleHead> Newest, IReadOnlyDictionary<string, StoredArticle> AtHand)> NewestAsync(
        FeedDefinition feed, Dictionary<string, StoredArticle> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // As many more as may drop out because they changed just now.
        var candidates = filters.Candidates(feed);
        if (!filters.Selects(feed))
        {
            var heads = await store.NewestHeadsAsync(feed.Slug, now, candidates + changed.Count, cancellationToken);
            return ([.. heads.Where(head => !changed.ContainsKey(head.Id)).Concat(changed.Values.Select(ArticleHead.Of).Where(head => Archive.IsVisibleAt(head, now)))
                .OrderByDescending(head => head.Published).ThenBy(head => head.Id, StringComparer.Ordinal).Take(candidates)], changed);
        }

        var newest = await store.NewestAsync(feed.Slug, now, candidates + changed.Count, cancellationToken);
        var merged = newest.Where(a => !changed.ContainsKey(a.Id)).Concat(changed.Values.Where(a => Archive.IsVisibleAt(ArticleHead.Of(a), now)))
            .OrderByDescending(a => a.Published).ThenBy(a => a.Id, StringComparer.Ordinal).Take(candidates).ToList();
        var selected = filters.Select(feed, merged, now).Take(feed.Publish.Items).ToList();
        return ([.. selected.Select(ArticleHead.Of)], selected.ToDictionary(a => a.Id));
    }

    private async Task<IReadOnlyList<Tombstone>> TombstonesAsync(
        FeedDefinition feed, Dictionary<string, StoredArticle> changed, IReadOnlyList<ArticleHead> open, DateTimeOffset now, CancellationToken cancellationToken) =>
    [
        .. (await store.TombstonesAsync(feed.Slug, now - TombstoneLife, cancellationToken))
            .Concat(changed.Values.Where(a => a is { Removed: not null, Shown: true }).Select(a => new Tombstone(a.Id, a.Removed!.Value)))
            .Concat(Archive.Tombstones(open))
            .Where(t => !changed.TryGetValue(t.Id, out var article) || !ArticleHead.Of(article).Visible)
            .DistinctBy(t => t.Id).OrderByDescending(t => t.When).ThenBy(t => t.Id, StringComparer.Ordinal),
    ];

    /// <summary>The oldest articles make way until every format fits; never those that nothing else holds.</summary>
    private FeedPart Fitting(FeedDefinition feed, FeedPart page, HashSet<string> open)
    {
        if (feed.Publish.MaxSize is not { } limit)
            return page;
        var frame = renderer.Render(feed, page with { Articles = [] }).Max(document => document.Length);
        var kept = page.Articles.Count;
        for (var length = frame + page.Articles.Sum(article => (long)article.Length + 2); length > limit && kept > 1 && !open.Contains(page.Articles[kept - 1].Head.Id); kept--)
            length -= page.Articles[kept - 1].Length + 2;
        return page with { Articles = [.. page.Articles.Take(kept)] };
    }

    // What the archive does not hold yet comes where its date puts it; the definition's steps may have given the others an order of their own.
    private static FeedPart InOrder(FeedPart page, IReadOnlyList<ArticleHead> newest)
    {
        var places = newest.Select((head, place) => (head.Id, place)).ToDictionary(each => each.Id, each => each.place);
        return page with
        {
            Articles = page.Articles.All(article => places.ContainsKey(article.Head.Id))
                ? [.. page.Articles.OrderBy(article => places[article.Head.Id])]
                : [.. page.Articles.OrderByDescending(article => article.Head.Published).ThenBy(article => article.Head.Id, StringComparer.Ordinal)],
        };
    }
}
