using FeedService.Configuration;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Publishing;

/// <summary>
/// Closed pages of what the feed itself no longer holds (RFC 5005, 4). The ledger numbers changes; a page takes the next few and then never
/// changes: an article that is edited or withdrawn later has a later number, and stands in a later document. What is not in a page yet is open, and
/// stands in the feed itself. A run looks at what is open and nothing else, however long the history is.
/// </summary>
/// <remarks>A feed whose steps look at all its articles together has no archive: what is in such a feed depends on the day.</remarks>
public sealed class Archive(IArticleStore store, ArticleFilters filters, WrittenArticles written, FeedLint lint, PublicUrls urls)
{
    /// <summary>So many pages are closed, or taken away, in one transaction.</summary>
    private const int PagesAtOnce = 8;

    /// <summary>What surrounds the articles of a page, about.</summary>
    private const int FrameLength = 4 * 1024;

    /// <summary>Closes the next pages, if enough is open for one.</summary>
    /// <param name="feed">Whose.</param>
    /// <param name="before">How far the archive goes.</param>
    /// <param name="changed">Articles of the run that are not in the store yet, by id.</param>
    /// <param name="closing">Whether pages were closed in this run already.</param>
    /// <param name="now">The instant of the run.</param>
    /// <param name="cancellationToken">Ends the reading of the store.</param>
    public async Task<ArchiveStep> StepAsync(
        FeedDefinition feed, ArchiveState before, IReadOnlyDictionary<string, StoredArticle> changed, bool closing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Pages of another public URL lead where nobody answers any more: they are made anew, at their new addresses.
        var archive = before.Root == urls.Root ? before : new ArchiveState { Root = urls.Root, Former = Math.Max(before.Former, before.Pages) };
        if (filters.Selects(feed))
            return new(before, [], [], false);

        var limit = feed.Publish.Items * PagesAtOnce + 1;
        var heads = await store.HistoryAsync(feed.Slug, archive.Through, now, archive.Closed, limit, cancellationToken);
        var whole = heads.Count < limit;
        List<ArticleHead> open = [.. heads.Where(head => !changed.ContainsKey(head.Id))];
        // What changed just now comes last.
        if (whole)
            open.AddRange(changed.Values.Select(ArticleHead.Of).Where(head => IsOpen(head, archive, now)).OrderBy(head => head.Sequence));

        var pages = new List<FeedPart>();
        var shown = new List<string>();
        var problems = new List<string>();
        var articles = new Dictionary<string, WrittenArticle>();
        while (pages.Count < PagesAtOnce)
        {
            var count = await CountAsync(feed, open, changed, articles, cancellationToken);
            if (count == 0 && whole && (closing || pages.Count > 0))
                count = await BackfillAsync(feed, open, changed, now, cancellationToken);
            if (count == 0)
                break;
            await WriteAsync(feed, open.Take(count), changed, articles, cancellationToken);
            var (page, objections) = lint.Judge(feed, Page(archive.Pages + 1, open[..count], articles));
            problems.AddRange(objections);
            if (page is null)
                return new(before, open, [], false) { Problems = problems };
            pages.Add(page);
            shown.AddRange(open.Take(count).Where(head => head is { Visible: true, Shown: false }).Select(head => head.Id));
            archive = archive with { Pages = archive.Pages + 1, Through = open[count - 1].Sequence, Closed = now };
            open.RemoveRange(0, count);
        }

        var more = !whole || pages.Count == PagesAtOnce;
        var removed = new List<string>();
        if (!more && archive.Former > 0)
        {
            // The former archive may have been longer, since what was edited stood in it more than once.
            var last = Math.Max(archive.Pages, archive.Former - PagesAtOnce);
            for (var number = archive.Former; number > last; number--)
                removed.AddRange(FeedPart.Names(FeedPart.ArchivePath(number)));
            archive = archive with { Former = last > archive.Pages ? last : 0 };
            more = archive.Former > 0;
        }

        return new(archive, open, pages, more) { Shown = shown, Removed = removed, Problems = problems };
    }

    /// <summary>How many of the open ones the next page takes: as many as the feed holds, once there are more; 0 where they are not too many for the feed.</summary>
    private async Task<int> CountAsync(
        FeedDefinition feed, List<ArticleHead> open, IReadOnlyDictionary<string, StoredArticle> changed, Dictionary<string, WrittenArticle> articles, CancellationToken cancellationToken)
    {
        var most = feed.Publish.Items;
        if (feed.Publish.MaxSize is not { } limit)
            return open.Count > most ? most : 0;
        await WriteAsync(feed, open.Take(most + 1), changed, articles, cancellationToken);
        long length = FrameLength;
        var count = 0;
        while (count < open.Count && count < most && (length += articles.GetValueOrDefault(open[count].Id)?.Length ?? 0) <= limit)
            count++;
        return count == open.Count ? 0 : Math.Max(1, count);
    }

    /// <summary>
    /// How many of the rest go into a page of their own when a long history has just been archived, so that no old article that was never in the
    /// feed stands there only because it comes last in the ledger.
    /// </summary>
    private async Task<int> BackfillAsync(
        FeedDefinition feed, List<ArticleHead> open, IReadOnlyDictionary<string, StoredArticle> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var newest = (await store.NewestHeadsAsync(feed.Slug, now, feed.Publish.Items + changed.Count, cancellationToken)).Where(head => !changed.ContainsKey(head.Id))
            .Concat(changed.Values.Select(ArticleHead.Of).Where(head => IsVisibleAt(head, now)))
            .OrderByDescending(head => head.Published).ThenBy(head => head.Id, StringComparer.Ordinal).Take(feed.Publish.Items).Select(head => head.Id).ToHashSet();
        return open.FindLastIndex(head => head is { Visible: true, Shown: false } && !newest.Contains(head.Id)) + 1;
    }

    private async Task WriteAsync(
        FeedDefinition feed, IEnumerable<ArticleHead> heads, IReadOnlyDictionary<string, StoredArticle> changed, Dictionary<string, WrittenArticle> articles, CancellationToken cancellationToken)
    {
        List<ArticleHead> missing = [.. heads.Where(head => head.Visible && !articles.ContainsKey(head.Id))];
        foreach (var article in await written.GetAsync(feed, missing, changed, cancellationToken))
            articles[article.Head.Id] = article;
    }

    private static FeedPart Page(long number, IReadOnlyList<ArticleHead> heads, Dictionary<string, WrittenArticle> articles) => new(FeedPart.ArchivePath(number))
    {
        Number = number,
        Previous = number - 1,
        Articles = [.. heads.Where(head => head.Visible && articles.ContainsKey(head.Id)).Select(head => articles[head.Id])
            .OrderByDescending(article => article.Head.Published).ThenBy(article => article.Head.Id, StringComparer.Ordinal)],
        Tombstones = Tombstones(heads),
        Updated = heads.Max(head => head.Visible ? head.Updated : head.Withdrawn),
    };

    /// <summary>Those that readers may no longer see.</summary>
    public static IReadOnlyList<Tombstone> Tombstones(IEnumerable<ArticleHead> heads) =>
        [.. heads.Where(head => !head.Visible).Select(head => new Tombstone(head.Id, head.Withdrawn)).OrderByDescending(t => t.When).ThenBy(t => t.Id, StringComparer.Ordinal)];

    /// <summary>What readers had stays, whatever a clock that is wrong or was set says.</summary>
    public static bool IsVisibleAt(ArticleHead head, DateTimeOffset now) => head.Visible && (head.Published <= now || head.Shown);

    // As the store answers for those that it has.
    private static bool IsOpen(ArticleHead head, ArchiveState archive, DateTimeOffset now) =>
        IsVisibleAt(head, now) || head is { Visible: false, Shown: true } && head.FirstSeen <= archive.Closed;
}

/// <summary>What became of the archive in one step.</summary>
/// <param name="State">How far it goes now.</param>
/// <param name="Open">What is in no page yet, oldest change first.</param>
/// <param name="Pages">The pages that were closed.</param>
/// <param name="More">Whether there is more to do at once.</param>
public sealed record ArchiveStep(ArchiveState State, IReadOnlyList<ArticleHead> Open, IReadOnlyList<FeedPart> Pages, bool More)
{
    /// <summary>Ids of articles that readers now may find in a page.</summary>
    public IReadOnlyList<string> Shown { get; init; } = [];

    /// <summary>Names of snapshots that are no more.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    public IReadOnlyList<string> Problems { get; init; } = [];
}
