using System.Data.Common;

namespace FeedService.Store;

internal abstract partial class SqlArticleStore
{
    private const string Term = "path, name, articles";

    public async Task<IReadOnlyList<StoredTerm>> TermsAsync(string feed, int count, CancellationToken cancellationToken)
    {
        var terms = new List<StoredTerm>();
        foreach (var kind in StoredTerm.Kinds)
        {
            terms.AddRange(await ListAsync(
                $"select {Term} from terms where feed = @feed and kind = @kind order by articles desc, path limit @count",
                new { feed, kind, count },
                ReadTerm,
                cancellationToken));
        }
        return terms;
    }

    public Task<IReadOnlyList<StoredTerm>> FindTermsAsync(string feed, IReadOnlyCollection<string> paths, CancellationToken cancellationToken) => ListAsync(
        $"select {Term} from terms where feed = @feed and {AnyOf("path")} order by path",
        new { feed, texts = TextList(paths) },
        ReadTerm,
        cancellationToken);

    public Task<IReadOnlyList<ArticleTerm>> TermsOfAsync(string feed, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        ReadAsync(connection => TermsOfAsync(connection, feed, ids, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ArticleHead>> NewestOfTermAsync(string feed, string path, DateTimeOffset now, int count, CancellationToken cancellationToken) => ListAsync(
        $"""
        select {ArticleRow.Head} from articles
        where feed = @feed and id in (
            select t.id from article_terms t join articles a on a.feed = t.feed and a.id = t.id
            where t.feed = @feed and t.path = @path and (t.published <= @now or a.shown) order by t.published desc, t.id limit @count)
        order by published desc, id
        """,
        new { feed, path, now = Columns.Instant(now), count },
        ArticleRow.ReadHead,
        cancellationToken);

    private Task<IReadOnlyList<ArticleTerm>> TermsOfAsync(DbConnection connection, string feed, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => ListAsync(
        connection,
        $"select t.id, t.path, terms.name from article_terms t join terms on terms.feed = t.feed and terms.path = t.path where t.feed = @feed and {AnyOf("t.id")}",
        new { feed, texts = TextList(ids) },
        row => new ArticleTerm(row.GetString(0), row.GetString(1), row.GetString(2)),
        cancellationToken);

    // How many articles have a term is kept with it, so that the most used are found without counting.
    private async Task WriteTermsAsync(DbConnection connection, Publication publication, Dictionary<string, StoredArticle> articles, CancellationToken cancellationToken)
    {
        var feed = publication.Feed;
        var uses = new Dictionary<string, (string Name, long Articles)>(StringComparer.Ordinal);
        void Count(string path, string name, int by) => uses[path] = (uses.TryGetValue(path, out var known) ? known.Name : name, known.Articles + by);
        foreach (var ids in articles.Keys.Chunk(LookupLimit))
        {
            var before = await TermsOfAsync(connection, feed, ids, cancellationToken);
            if (before.Count == 0) continue;
            foreach (var term in before) Count(term.Path, term.Name, -1);
            await ExecuteAsync(connection, $"delete from article_terms where feed = @feed and {AnyOf("id")}", new { feed, texts = TextList(ids) }, cancellationToken);
        }

        var terms = publication.Terms.Where(term => articles.TryGetValue(Columns.Text(term.Article), out var article) && ArticleRow.IsVisible(article))
            .DistinctBy(term => (term.Article, term.Path)).ToList();
        foreach (var term in terms) Count(term.Path, term.Name, 1);
        await UpsertAsync(
            connection,
            StoreTable.ArticleTerms,
            [.. terms.Select(term => new object?[] { feed, term.Path, Columns.Text(term.Article), Columns.Instant(articles[Columns.Text(term.Article)].Published) })],
            cancellationToken);
        foreach (var (path, (name, by)) in uses.Where(use => use.Value.Articles != 0))
        {
            await ExecuteAsync(
                connection,
                """
                insert into terms(feed, path, kind, name, articles) values (@feed, @path, @kind, @name, @by)
                on conflict (feed, path) do update set articles = terms.articles + excluded.articles
                """,
                new { feed, path, kind = new StoredTerm(path, name, 0).Kind, name = Columns.Text(name), by },
                cancellationToken);
        }
        foreach (var fewer in uses.Where(use => use.Value.Articles < 0).Select(use => use.Key).Chunk(LookupLimit))
            await ExecuteAsync(connection, $"delete from terms where feed = @feed and articles <= 0 and {AnyOf("path")}", new { feed, texts = TextList(fewer) }, cancellationToken);
    }

    private static StoredTerm ReadTerm(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2));
}
