using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Publishing;

/// <summary>
/// Which categories and authors articles have, and where the feeds of those stand. Names that differ in case or white space alone are one; two names that
/// come to the same address are told apart by a few letters after the one that came later.
/// </summary>
public sealed class TermIndex(IArticleStore store)
{
    /// <summary>Counts up when what is kept of stored articles is to be made again.</summary>
    public const int Revision = 1;

    // More of them say nothing of an article.
    private const int MostOfAnArticle = 32;
    private const int LongestName = 200;

    /// <summary>All terms of these articles, with the addresses that they have or get.</summary>
    public async Task<IReadOnlyList<ArticleTerm>> FindAsync(string feed, IReadOnlyCollection<StoredArticle> articles, CancellationToken cancellationToken)
    {
        var named = articles.SelectMany(article => Names(article).Select(name => (article.Id, name.Kind, name.Name, Key: Key(name.Name)))).ToList();
        if (named.Count == 0)
            return [];
        // The same order on every node, whatever order the articles came in.
        var terms = named.DistinctBy(term => (term.Kind, term.Key)).OrderBy(term => term.Kind, StringComparer.Ordinal).ThenBy(term => term.Key, StringComparer.Ordinal).ToList();
        var known = (await store.FindTermsAsync(feed, [.. terms.SelectMany(term => (string[])[PlainPath(term.Kind, term.Key), OwnPath(term.Kind, term.Key)]).Distinct()], cancellationToken))
            .ToDictionary(term => term.Path, term => Key(term.Name));
        var paths = new Dictionary<(string, string), string>();
        foreach (var term in terms)
        {
            var (plain, own) = (PlainPath(term.Kind, term.Key), OwnPath(term.Kind, term.Key));
            var path = known.ContainsKey(own) || known.TryGetValue(plain, out var holder) && holder != term.Key ? own : plain;
            known[path] = term.Key;
            paths[(term.Kind, term.Key)] = path;
        }
        return [.. named.Select(term => new ArticleTerm(term.Id, paths[(term.Kind, term.Key)], term.Name)).DistinctBy(term => (term.Article, term.Path))];
    }

    private static IEnumerable<(string Kind, string Name)> Names(StoredArticle stored)
    {
        var categories = stored.Article.Categories.Select(category => (StoredTerm.Tags, Single(string.IsNullOrWhiteSpace(category.Label) ? category.Term : category.Label)));
        var authors = stored.Article.Authors.Select(author => (StoredTerm.Authors, Single(author.Name)));
        return categories.Take(MostOfAnArticle).Concat(authors.Take(MostOfAnArticle)).Where(name => name.Item2.Length is > 0 and <= LongestName);
    }

    private static string Single(string name) => string.Join(' ', name.Replace('\0', '\uFFFD').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What two names have in common that are one.</summary>
    public static string Key(string name) => Single(name).ToLowerInvariant();

    private static string PlainPath(string kind, string key) => ArticleSlug.From(key) is { Length: > 0 } slug ? $"{kind}/{slug}" : OwnPath(kind, key);

    private static string OwnPath(string kind, string key)
    {
        var own = ArticleHash.Of(key)[..6];
        return ArticleSlug.From(key) is { Length: > 0 } slug ? $"{kind}/{slug}-{own}" : $"{kind}/{own}";
    }
}
