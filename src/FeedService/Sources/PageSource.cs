using System.Globalization;
using FeedService.Configuration;
using FeedService.Syndication;
using FeedService.Syndication.Html;

namespace FeedService.Sources;

/// <summary>A web page that lists articles and has no feed. Each article's own page is loaded when it is first listed.</summary>
internal sealed class PageSource(SourceDefinition source, PoliteFetcher fetcher, int? subscribers) : IArticleSource
{
    /// <summary>How far back a first import goes.</summary>
    private const int MaxListingPages = 10;

    public string Key => source.Key;

    public async Task<Collected> CollectAsync(SourceContext context, CancellationToken cancellationToken)
    {
        var upstream = new Upstream(fetcher, source.Location, subscribers);
        var loader = new PageLoader(fetcher, source.Location, subscribers);
        var before = UpstreamState.Parse(context.State);
        var (result, state) = await upstream.AskAsync(before, PageLoader.Accept, PageLoader.MaxBytes, context.Now, cancellationToken);
        var notes = upstream.Notes(before, state, result);
        if (result is null) return Collected.Unchanged with { State = state.ToJson(), Notes = notes };

        List<ListedArticle> listed;
        try
        {
            listed = await ListAsync(loader, result, isFirst: !before.HasSucceeded, cancellationToken);
        }
        catch (Exception e) when (e is HtmlException or PageException)
        {
            throw upstream.Failed(before, context.Now, e.Message, inner: e);
        }
        if (listed.Count == 0)
        {
            throw upstream.Failed(before, context.Now, source.Selectors is null
                ? "no articles were found on the page; say where they are with 'selectors'"
                : "the selectors match no article on the page; the site may have changed");
        }
        var pages = listed.Select(a => new ListedPage(a.Url)
        {
            Stamp = Stamp(a),
            IsArticle = source.Selectors is not null,
            Title = a.Title,
            Summary = a.Summary,
            Published = a.Published,
            Image = a.ImageUrl is { } image ? new Image(image) : null,
        }).ToList();
        var (articles, refused, isLeft) = await ListedPages.CollectAsync(loader, pages, source.Location, context, cancellationToken);
        if (isLeft) state = state.ToBeReadAgain();
        return new Collected { Articles = articles, Refused = refused, State = state.ToJson(), Notes = notes };
    }

    private async Task<List<ListedArticle>> ListAsync(PageLoader loader, FetchResult first, bool isFirst, CancellationToken cancellationToken)
    {
        var selectors = source.Selectors is { } s ? new ListingSelectors { Items = s.Items, Url = s.Url, Title = s.Title, Date = s.Date, Summary = s.Summary, Image = s.Image, Next = s.Next } : null;
        var listing = ListingPage.FindArticles(PageLoader.Decode(first), first.Url.AbsoluteUri, selectors);
        var articles = listing.Articles.ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal) { first.Url.AbsoluteUri };
        var next = listing.NextUrl;
        while (isFirst && next is not null && seen.Count < MaxListingPages && articles.Count < PageCollector.MaxPages && seen.Add(next) && new Uri(next).IdnHost == first.Url.IdnHost)
        {
            try
            {
                var (html, url) = await loader.LoadHtmlAsync(next, cancellationToken);
                listing = ListingPage.FindArticles(html, url.AbsoluteUri, selectors);
            }
            catch (PageException)
            {
                // What is older is welcome, not needed.
                break;
            }
            articles.AddRange(listing.Articles);
            next = listing.NextUrl;
        }
        return [.. articles.Where(a => UpstreamArticles.Http(a.Url) is not null)];
    }

    private static string Stamp(ListedArticle article) => UpstreamArticles.Hash(string.Create(CultureInfo.InvariantCulture, $"{article.Title}\n{article.Published:O}"));
}
