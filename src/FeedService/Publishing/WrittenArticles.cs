using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>
/// Keeps the articles of feeds as they were written last, so that a run writes what has changed and nothing else. Within a budget: the feeds
/// that ran least recently go first, and are read from the store and written again when they run.
/// </summary>
public sealed class WrittenArticles(IArticleStore store, FeedRenderer renderer)
{
    private const long Budget = 64L << 20;
    private const int MostOfARun = 5_000;

    private readonly Lock _sync = new();
    private readonly Dictionary<string, Kept> _feeds = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _byUse = [];
    private long _size;

    /// <summary>How many bytes are kept.</summary>
    public long Size => Volatile.Read(ref _size);

    /// <summary>The articles as they stand in documents, in the order of their heads; an article that the store no longer has is left out.</summary>
    /// <param name="feed">Whose.</param>
    /// <param name="heads">Which versions.</param>
    /// <param name="changed">Articles that are newer than the store, or at hand, by id.</param>
    /// <param name="cancellationToken">Ends the reading of the others.</param>
    public async Task<IReadOnlyList<WrittenArticle>> GetAsync(
        FeedDefinition feed, IReadOnlyList<ArticleHead> heads, IReadOnlyDictionary<string, StoredArticle> changed, CancellationToken cancellationToken)
    {
        var kept = Of(feed);
        var known = new WrittenArticle?[heads.Count];
        var missing = new List<string>();
        for (var i = 0; i < heads.Count; i++)
        {
            var head = heads[i];
            if (kept.Articles.GetValueOrDefault(head.Id) is { } written && written.IsOf(head)) known[i] = written;
            else if (changed.TryGetValue(head.Id, out var article)) known[i] = renderer.Write(feed, article);
            else missing.Add(head.Id);
        }
        if (missing.Count > 0)
        {
            var read = (await store.FindAsync(feed.Slug, new ArticleLookup { Ids = missing }, cancellationToken)).ToDictionary(article => article.Id);
            for (var i = 0; i < heads.Count; i++)
            {
                if (known[i] is null && read.TryGetValue(heads[i].Id, out var article)) known[i] = renderer.Write(feed, article);
            }
        }
        // A run through a long history is not kept whole.
        if (kept.Articles.Count > MostOfARun) kept.Articles.Clear();
        List<WrittenArticle> found = [.. known.OfType<WrittenArticle>()];
        foreach (var article in found)
        {
            kept.Articles[article.Head.Id] = article;
            kept.Used.Add(article.Head.Id);
        }
        return found;
    }

    /// <summary>Ends a run: what it had no use for is forgotten.</summary>
    public void Keep(FeedDefinition feed)
    {
        var kept = Of(feed);
        foreach (var id in kept.Articles.Keys.Where(id => !kept.Used.Contains(id)).ToList()) kept.Articles.Remove(id);
        kept.Used.Clear();
        lock (_sync)
        {
            Forget(feed.Slug);
            kept.Size = kept.Articles.Values.Sum(article => (long)article.Size);
            _feeds[feed.Slug] = kept;
            _byUse.AddLast(kept.Place);
            _size += kept.Size;
            while (_size > Budget && _byUse.First is { } oldest) Forget(oldest.Value.Feed);
        }
    }

    // Whatever of the definition goes into an article begins it anew. There is one run of a feed at a time, and only that looks into what is kept of it.
    private Kept Of(FeedDefinition feed)
    {
        var fingerprint = renderer.Fingerprint(feed);
        lock (_sync)
        {
            if (_feeds.GetValueOrDefault(feed.Slug) is { } kept && kept.Fingerprint == fingerprint) return kept;
            Forget(feed.Slug);
            kept = new Kept(feed.Slug, fingerprint);
            _byUse.AddLast(kept.Place);
            return _feeds[feed.Slug] = kept;
        }
    }

    private void Forget(string feed)
    {
        if (!_feeds.Remove(feed, out var kept)) return;
        _byUse.Remove(kept.Place);
        _size -= kept.Size;
    }

    private sealed class Kept
    {
        public Kept(string feed, string fingerprint)
        {
            (Feed, Fingerprint) = (feed, fingerprint);
            Place = new(this);
        }

        public string Feed { get; }

        public string Fingerprint { get; }

        public Dictionary<string, WrittenArticle> Articles { get; } = new(StringComparer.Ordinal);

        /// <summary>Ids of those that the present run has asked for.</summary>
        public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

        public long Size { get; set; }

        public LinkedListNode<Kept> Place { get; }
    }
}
