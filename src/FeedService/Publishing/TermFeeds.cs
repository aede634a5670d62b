using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>The feeds of a feed's categories and authors, those most used. A run makes those again whose articles it touched.</summary>
public sealed class TermFeeds(IArticleStore store, ArticleFilters filters, WrittenArticles written, FeedLint lint)
{
    /// <summary>So many categories, and so many authors, of a feed have feeds of their own.</summary>
    public const int Most = 100;

    /// <param name="feed">Whose.</param>
    /// <param name="before">Those that have feeds now.</param>
    /// <param name="run">What the run has touched.</param>
    /// <param name="now">The instant of the run.</param>
    /// <param name="cancellationToken">Ends the reading of the store.</param>
    public async Task<TermStep> StepAsync(FeedDefinition feed, IReadOnlyList<StoredTerm> before, TouchedTerms run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var had = await store.TermsOfAsync(feed.Slug, [.. run.Changed.Keys.Concat(run.Due).Concat(run.Closed)], cancellationToken);
        if (had.Count == 0 && run.Terms.Count == 0 && !run.All)
            return new(before, [], []);

        var terms = await InUseAsync(feed, run, had, cancellationToken);
        var touched = had.Concat(run.Terms).Select(term => term.Path).ToHashSet();
        var known = before.Select(term => term.Path).ToHashSet();
        var open = run.Open.Where(head => head.Visible).ToDictionary(head => head.Id);
        var openByTerm = (await store.TermsOfAsync(feed.Slug, [.. open.Keys.Except(run.Changed.Keys)], cancellationToken)).Concat(run.Terms.Where(term => open.ContainsKey(term.Article)))
            .ToLookup(term => term.Path, term => open[term.Article]);
        var parts = new List<FeedPart>();
        foreach (var term in terms.Where(term => run.All || touched.Contains(term.Path) || !known.Contains(term.Path)))
        {
            var articles = await ArticlesAsync(feed, term, run, openByTerm[term.Path], now, cancellationToken);
            var (part, _) = lint.Judge(feed, new FeedPart(term.Path)
            {
                Term = term.Name,
                Articles = articles,
                Updated = articles.Select(article => article.Head.Updated).DefaultIfEmpty(now).Max(),
            });
            // What the linter has against it the feed itself has said already.
            if (part is not null)
                parts.Add(part);
        }
        return new(terms, parts, [.. known.Except(terms.Select(term => term.Path))]);
    }

    /// <summary>The most used after this run, each kind by itself.</summary>
    private async Task<IReadOnlyList<StoredTerm>> InUseAsync(FeedDefinition feed, TouchedTerms run, IReadOnlyList<ArticleTerm> had, CancellationToken cancellationToken)
    {
        var more = run.Terms.Where(term => run.Changed.TryGetValue(term.Article, out var article) && ArticleHead.Of(article).Visible).ToList();
        var fewer = had.Where(term => run.Changed.ContainsKey(term.Article)).ToList();
        var touched = more.Concat(fewer).Select(term => term.Path).Distinct().ToList();
        var stored = await store.TermsAsync(feed.Slug, Most + touched.Count, cancellationToken);
        var uses = stored.Concat(await store.FindTermsAsync(feed.Slug, touched, cancellationToken)).DistinctBy(term => term.Path).ToDictionary(term => term.Path);
        foreach (var term in more)
            uses[term.Path] = uses.TryGetValue(term.Path, out var use) ? use with { Articles = use.Articles + 1 } : new(term.Path, term.Name, 1);
        foreach (var term in fewer)
            uses[term.Path] = uses[term.Path] with { Articles = uses[term.Path].Articles - 1 };
        return [.. uses.Values.Where(term => term.Articles > 0).GroupBy(term => term.Kind, StringComparer.Ordinal).OrderByDescending(kind => kind.Key, StringComparer.Ordinal)
            .SelectMany(kind => kind.OrderByDescending(term => term.Articles).ThenBy(term => term.Path, StringComparer.Ordinal).Take(Most))];
    }

    /// <summary>The term's newest articles, and those that no page of the archive holds yet: what comes late, with an old date, is not passed over.</summary>
    private async Task<IReadOnlyList<WrittenArticle>> ArticlesAsync(
        FeedDefinition feed, StoredTerm term, TouchedTerms run, IEnumerable<ArticleHead> open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var candidates = filters.Candidates(feed);
        var having = run.Terms.Where(one => one.Path == term.Path).Select(one => one.Article).ToHashSet();
        IReadOnlyList<ArticleHead> heads =
        [
            .. (await store.NewestOfTermAsync(feed.Slug, term.Path, now, candidates + run.Changed.Count, cancellationToken)).Where(head => !run.Changed.ContainsKey(head.Id))
                .Concat(run.Changed.Values.Where(article => having.Contains(article.Id)).Select(ArticleHead.Of).Where(head => Archive.IsVisibleAt(head, now)))
                .OrderByDescending(head => head.Published).ThenBy(head => head.Id, StringComparer.Ordinal).Take(candidates)
                .Concat(open).DistinctBy(head => head.Id).OrderByDescending(head => head.Published).ThenBy(head => head.Id, StringComparer.Ordinal),
        ];
        if (!filters.Selects(feed))
            return await written.GetAsync(feed, heads, run.Changed, cancellationToken);
        var missing = heads.Where(head => !run.Changed.ContainsKey(head.Id)).Select(head => head.Id).ToList();
        var stored = (await store.FindAsync(feed.Slug, new ArticleLookup { Ids = missing }, cancellationToken)).Concat(run.Changed.Values).DistinctBy(article => article.Id).ToDictionary(article => article.Id);
        var selected = filters.Select(feed, [.. heads.Where(head => stored.ContainsKey(head.Id)).Select(head => stored[head.Id])], now).Take(feed.Publish.Items).ToList();
        return await written.GetAsync(feed, [.. selected.Select(ArticleHead.Of)], selected.ToDictionary(article => article.Id), cancellationToken);
    }
}

/// <summary>What a run touches of categories and authors.</summary>
/// <param name="Changed">Articles that are not in the store yet, by id.</param>
/// <param name="Terms">The terms of those.</param>
/// <param name="All">Whether every feed is to be made again.</param>
public sealed record TouchedTerms(IReadOnlyDictionary<string, StoredArticle> Changed, IReadOnlyList<ArticleTerm> Terms, bool All)
{
    /// <summary>Ids of articles that did not change and that readers may see only now.</summary>
    public IReadOnlyList<string> Due { get; init; } = [];

    /// <summary>Articles that are in no page of the archive yet.</summary>
    public IReadOnlyList<ArticleHead> Open { get; init; } = [];

    /// <summary>Ids of articles that have just come into a page of the archive.</summary>
    public IEnumerable<string> Closed { get; init; } = [];
}

/// <summary>The feeds of categories and authors after a run.</summary>
/// <param name="Terms">All that have one.</param>
/// <param name="Parts">Those that were made.</param>
/// <param name="Ended">Paths of those that are no more.</param>
public sealed record TermStep(IReadOnlyList<StoredTerm> Terms, IReadOnlyList<FeedPart> Parts, IReadOnlyList<string> Ended);
