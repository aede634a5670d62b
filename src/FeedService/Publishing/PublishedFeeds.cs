using System.Collections.Concurrent;
using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>All feeds as people look at them: what defines them, how they stand, and their newest articles, read from the store when asked for.</summary>
public sealed class PublishedFeeds(IArticleStore store, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, PublishedFeed> _feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _former = new(StringComparer.Ordinal);
    private PublishedFeed[]? _listed;
    private long _revision;

    /// <summary>Changes with every update: what was made of an older one may be out of date.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>The feeds that anybody may know of, by title.</summary>
    public IReadOnlyList<PublishedFeed> Listed
    {
        get
        {
            if (Volatile.Read(ref _listed) is { } known) return known;
            var revision = Revision;
            PublishedFeed[] listed =
            [
                .. _feeds.Values
                    .Where(feed => feed.Definition is { Private: false, Gone: false, MovedTo: null })
                    .OrderBy(feed => feed.Definition.Title, StringComparer.InvariantCultureIgnoreCase)
                    .ThenBy(feed => feed.Slug, StringComparer.Ordinal),
            ];
            if (revision == Revision) Volatile.Write(ref _listed, listed);
            return listed;
        }
    }

    /// <summary>Every feed that is defined, those that are not listed too.</summary>
    public IReadOnlyCollection<PublishedFeed> All => [.. _feeds.Values];

    /// <summary>What a run has just made of the feed.</summary>
    public void Update(FeedDefinition definition, FeedState state) => Update(definition, state, _ => state);

    /// <summary>What was read from the store: where a run was faster than the reading, it knows better.</summary>
    public void TakeOver(FeedDefinition definition, FeedState read) => Update(definition, read, known => read.Version > known.Version ? read : known);

    private void Update(FeedDefinition definition, FeedState first, Func<FeedState, FeedState> next)
    {
        var revision = Interlocked.Increment(ref _revision);
        _feeds.AddOrUpdate(definition.Slug, _ => new(definition, first, revision), (_, known) => new(definition, next(known.State), revision));
        foreach (var former in definition.FormerSlugs) _former[former] = definition.Slug;
        Volatile.Write(ref _listed, null);
    }

    public void Remove(string slug)
    {
        if (_feeds.TryRemove(slug, out var feed))
        {
            foreach (var former in feed.Definition.FormerSlugs) _former.TryRemove(new(former, slug));
        }
        Interlocked.Increment(ref _revision);
        Volatile.Write(ref _listed, null);
    }

    public PublishedFeed? Find(string slug) => _feeds.GetValueOrDefault(slug);

    /// <summary>Whether the feed may be handed to whoever asks; no of one that is not known, so that a private feed is safe before it is. Allocates nothing.</summary>
    public bool IsForAnybody(ReadOnlySpan<char> slug) =>
        _feeds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(slug, out var feed) && !feed.Definition.Private;

    /// <summary>The feed that had this name before; null where none had, or where a feed has it now.</summary>
    public PublishedFeed? FindFormer(string slug) =>
        !_feeds.ContainsKey(slug) && _former.TryGetValue(slug, out var now) ? _feeds.GetValueOrDefault(now) : null;

    /// <summary>The feed's newest articles in brief; kept until the feed changes.</summary>
    public async Task<FeedOverview> OverviewAsync(PublishedFeed feed, CancellationToken cancellationToken)
    {
        if (feed.Overview is { } known) return known;
        var now = clock.GetUtcNow();
        var newest = await store.NewestAsync(feed.Slug, now, FeedOverview.Articles, cancellationToken);
        var count = await store.CountAsync(feed.Slug, now, cancellationToken);
        return feed.Overview = new([.. newest.Select(ArticleTeaser.Of)], count, Rhythm.Of(newest));
    }

    /// <summary>A page of the feed's articles, newest first; pages count from 1.</summary>
    public async Task<IReadOnlyList<ArticleTeaser>> PageAsync(PublishedFeed feed, int page, int size, CancellationToken cancellationToken)
    {
        var newest = await store.NewestAsync(feed.Slug, clock.GetUtcNow(), page * size, cancellationToken);
        return [.. newest.Skip((page - 1) * size).Select(ArticleTeaser.Of)];
    }

    /// <summary>The article with this path, or pushed under this name; null where there never was one that readers may see.</summary>
    public async Task<StoredArticle?> FindArticleAsync(string feed, string path, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(feed, new() { Paths = [path], Keys = [(Inbox.Source, path)] }, cancellationToken);
        var now = clock.GetUtcNow();
        return found.OrderByDescending(article => article.Path == path)
            .FirstOrDefault(article => article is { Draft: false, Released: true, Excluded: null } && (article.Published <= now || article.Shown));
    }
}

/// <summary>A feed that is published.</summary>
public sealed record PublishedFeed(FeedDefinition Definition, FeedState State, long Revision)
{
    public string Slug => Definition.Slug;

    /// <summary>True where a source fails, or a document could not go out.</summary>
    public bool IsFailing => State.Problems.Count > 0 || State.Sources.Values.Any(source => source.Failures > 0);

    internal FeedOverview? Overview { get; set; }
}

/// <summary>A feed's newest articles in brief, how many there are, and how often one comes.</summary>
public sealed record FeedOverview(IReadOnlyList<ArticleTeaser> Newest, long Count, string? Rhythm)
{
    /// <summary>How many articles an overview holds.</summary>
    public const int Articles = 20;
}

/// <summary>What a list of articles shows of one.</summary>
public sealed record ArticleTeaser(string Path, string Title, string? Summary, DateTimeOffset Published, string? Image, string? ImageAlt)
{
    private const int SummaryLength = 280;
    private const int TitleLength = 90;

    public static ArticleTeaser Of(StoredArticle stored)
    {
        var article = stored.Article;
        var summary = article.Summary is { Length: > 0 } given ? Cut(given, SummaryLength)
            : article.Content is { Length: > 0 } content ? Excerpt(content, SummaryLength)
            : null;
        var title = article.Title.Length > 0 ? article.Title : Cut(summary ?? "", TitleLength);
        var image = article.Image ?? (article.Content is { } shown ? FirstImage(shown) : null);
        return new(stored.Path, title.Length > 0 ? title : stored.Path, summary == title ? null : summary, stored.Published, image?.Url, image?.Alt);
    }

    private static Syndication.Image? FirstImage(string html)
    {
        try
        {
            return Syndication.Html.FirstImage.Find(html);
        }
        catch (Syndication.Html.HtmlException)
        {
            // As with the excerpt.
            return null;
        }
    }

    private static string Excerpt(string html, int length)
    {
        try
        {
            return Syndication.Html.HtmlText.Excerpt(html, length);
        }
        catch (Syndication.Html.HtmlException)
        {
            // Too large to look into for a teaser; the article itself is shown as it is.
            return "";
        }
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var space = text.LastIndexOf(' ', length - 1);
        var end = space > length / 2 ? space : length - 1;
        if (char.IsLowSurrogate(text[end])) end--;
        return $"{text[..end].TrimEnd()}…";
    }
}
