using FeedService.Configuration;
using FeedService.Syndication;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;

namespace FeedService.Sources;

/// <summary>Another's feed: RSS, Atom or JSON Feed, or a page that names one. What has scrolled out of it stays.</summary>
internal sealed class FeedSource(SourceDefinition source, PoliteFetcher fetcher, int? subscribers) : IArticleSource
{
    private const string Accept = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1";

    public string Key => source.Key;

    public async Task<Collected> CollectAsync(SourceContext context, CancellationToken cancellationToken)
    {
        var upstream = new Upstream(fetcher, source.Location, subscribers);
        var before = UpstreamState.Parse(context.State);
        if (context.Pushed.Count > 0)
        {
            if (Pushed(context, before) is { } delivered) return await ArticlesAsync(delivered, new Uri(before.Topic ?? source.Location), before, [], context, cancellationToken);
            if (context.IsHeld) return Collected.Unchanged;
            // A hub that says no more than that there is something new knows better than what the server said of its freshness.
            before = before with { FreshUntil = null };
        }
        var (result, state) = await upstream.AskAsync(before, Accept, FeedReadOptions.DefaultMaxBytes, context.Now, cancellationToken);
        if (result is not null && before is { HasSucceeded: false, Found: null } && FeedReader.LooksLikeHtml(result.Body) && Discover(result) is { } found)
        {
            before = before with { Found = found };
            (result, state) = await upstream.AskAsync(before, Accept, FeedReadOptions.DefaultMaxBytes, context.Now, cancellationToken);
        }
        var notes = upstream.Notes(before, state, result);
        if (result is null) return Collected.Unchanged with { State = state.ToJson(), Notes = notes };

        var document = Read(upstream, result, before, context.Now);
        if (document.IsTruncated)
        {
            if (document.Feed.Articles.Count == 0) throw upstream.Failed(before, context.Now, "the feed ends before its first item does");
            // What was whole counts; the rest comes when all of it is loaded again.
            state = state.ToBeReadAgain();
            notes = [.. notes, $"{source.Location}: the feed ends early; its last items are missing until it is whole again"];
        }
        return await ArticlesAsync(document, result.Url, Subscribable(state, document.Feed, result), notes, context, cancellationToken);
    }

    private async Task<Collected> ArticlesAsync(FeedDocument document, Uri url, UpstreamState state, IReadOnlyList<string> notes, SourceContext context, CancellationToken cancellationToken)
    {
        var known = await context.Known(cancellationToken);
        var origin = UpstreamArticles.OriginOf(document.Feed, url);
        var changed = UpstreamArticles.Keyed(document.Feed.Articles).Where(a => !known.TryGetValue(a.Key, out var was) || was.Stamp != a.Stamp)
            .Select((a, i) => new SourceArticle(a.Key, a.Stamp, UpstreamArticles.Fit(a.Article, document.Feed, origin, url, context.Now))
            {
                // Undated articles keep the feed's order.
                FallbackDate = context.Now.AddSeconds(-i),
                Origins = new Dictionary<string, string> { ["article"] = $"{source.Location} ({document.Format})" },
            }).ToList();
        if (!source.FullText) return new Collected { Articles = changed, State = state.ToJson(), Notes = notes };

        var (articles, refused) = await CompleteAsync(changed, known, cancellationToken);
        // Pages that are still to come need the feed once more.
        if (articles.Count < changed.Count) state = state.ToBeReadAgain();
        return new Collected { Articles = articles, Refused = refused, State = state.ToJson(), Notes = notes };
    }

    /// <summary>What the hub delivered, as one document; null where nothing of it is a feed. The last delivery says most of the feed itself, and stands for its articles where they are in several.</summary>
    private static FeedDocument? Pushed(SourceContext context, UpstreamState state)
    {
        FeedDocument? whole = null;
        foreach (var pushed in context.Pushed.Where(p => p.Body.Length > 0))
        {
            try
            {
                var document = FeedReader.Read(pushed.Body, new FeedReadOptions { ContentType = pushed.ContentType, BaseUrl = state.Topic });
                whole = whole is null ? document : document with { Feed = document.Feed with { Articles = [.. document.Feed.Articles, .. whole.Feed.Articles] } };
            }
            catch (FeedFormatException)
            {
                // Then it only says that there is something new.
            }
        }
        return whole;
    }

    /// <summary>Where the feed can be subscribed to: headers count before the document (WebSub, 4).</summary>
    private static UpstreamState Subscribable(UpstreamState state, Feed feed, FetchResult result)
    {
        var hubs = LinkHeader.Targets(result.Links, "hub", result.Url);
        if (hubs.Count == 0) hubs = [.. feed.Hubs.Where(h => UpstreamArticles.Http(h) is not null)];
        var self = LinkHeader.Targets(result.Links, "self", result.Url) is [var named, ..] ? named : UpstreamArticles.Http(feed.SelfUrl) ?? result.Url.AbsoluteUri;
        return state with { Topic = self, Hubs = hubs.Count > 0 ? hubs : null };
    }

    private static FeedDocument Read(Upstream upstream, FetchResult result, UpstreamState before, DateTimeOffset now)
    {
        try
        {
            return FeedReader.Read(result.Body, new FeedReadOptions { ContentType = result.ContentType, BaseUrl = result.Url.AbsoluteUri });
        }
        catch (FeedFormatException e)
        {
            throw upstream.Failed(before, now, FeedReader.LooksLikeHtml(result.Body) ? "it is a web page instead of a feed, and names no feed; for its articles use 'page:'" : e.Message, inner: e);
        }
    }

    private static string? Discover(FetchResult result)
    {
        try
        {
            return FeedDiscovery.Find(TextDecoder.Decode(result.Body, result.ContentType).Text, result.Url.AbsoluteUri)
                .Select(f => f.Url).FirstOrDefault(f => UpstreamArticles.Http(f) is not null && f != result.Url.AbsoluteUri);
        }
        catch (HtmlException)
        {
            return null;
        }
    }

    /// <summary>Puts the text of each article's own page in place of what the feed gives of it.</summary>
    private async Task<(IReadOnlyList<SourceArticle> Articles, IReadOnlyList<RefusedItem> Refused)> CompleteAsync(
        IReadOnlyList<SourceArticle> changed, IReadOnlyDictionary<string, KnownItem> known, CancellationToken cancellationToken)
    {
        var outcomes = await new PageCollector(new PageLoader(fetcher, source.Location, subscribers))
            .LoadAsync(changed.Where(a => a.Article.Url is not null).Select(a => (a.Key, a.Article.Url!)), known, cancellationToken);
        var articles = new List<SourceArticle>();
        var refused = new List<RefusedItem>();
        foreach (var article in changed)
        {
            if (article.Article.Url is null) articles.Add(article);
            else if (!outcomes.TryGetValue(article.Key, out var outcome)) continue;
            else if (outcome.Page is { } page) articles.Add(Complete(article, page));
            else if (outcome.RetryStamp is { } stamp) refused.Add(new RefusedItem(article.Key, stamp, outcome.Problem));
            else articles.Add(article with { Origins = With(article.Origins, "content", $"the feed; {outcome.Problem}") });
        }
        return (articles, refused);
    }

    private static SourceArticle Complete(SourceArticle article, LoadedPage page)
    {
        var (own, found) = (article.Article, page.Article);
        // A page that gives less than the feed is a notice, a login or a mistake.
        if (found.Content is null || HtmlText.ToPlainText(found.Content).Length < HtmlText.ToPlainText(own.Content ?? "").Length) return article;
        return article with
        {
            Article = own with
            {
                Content = found.Content,
                Summary = own.Summary ?? found.Summary,
                Image = own.Image ?? found.Image,
                Authors = own.Authors.Count > 0 ? own.Authors : found.Authors,
                Published = own.Published ?? found.Published,
                Categories = own.Categories.Count > 0 ? own.Categories : found.Categories,
            },
            Origins = With(article.Origins, "content", page.Url.AbsoluteUri),
        };
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> origins, string field, string origin) => new(origins) { [field] = origin };
}
