using System.Buffers;
using System.Globalization;
using System.Text;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Formats;
using FeedService.Web.Pages;

namespace FeedService.Web;

/// <summary>What people see: all feeds, a feed, an article; and the lists and pictures that go with them.</summary>
internal static partial class PageEndpoints
{
    private const int FeedsPerPage = 48;
    private const int ArticlesPerPage = 20;

    // Further back leads the archive, for readers.
    private const int LastPage = 50;

    private const string Html = "text/html; charset=utf-8";
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/", Methods, IndexAsync);
        app.MapMethods("/feeds.opml", Methods, OpmlAsync);
        app.MapMethods("/icon.svg", Methods, SiteIconAsync);
        app.MapMethods("/feeds/{slug}", Methods, FeedAsync);
        app.MapMethods("/feeds/{slug}/icon.svg", Methods, IconAsync);
        app.MapMethods("/feeds/{slug}.opml", Methods, FeedOpmlAsync);
        MapParts(app);
        app.MapMethods("/feeds/{slug}/articles/{**path}", Methods, ArticleAsync);
        foreach (var asset in (Assets[])[Assets.Style, Assets.Script]) app.MapMethods(asset.Path, Methods, asset.Document.SendAsync);
    }

    private static async Task IndexAsync(HttpContext context, PublishedFeeds feeds, PageRenderer pages)
    {
        var page = PageNumber(context.Request);
        await SendAsync(context, page is null ? null : await pages.KeptAsync($"/?{page}", feeds.Revision, async () =>
        {
            var listed = feeds.Listed;
            var shown = listed.Skip((page.Value - 1) * FeedsPerPage).Take(FeedsPerPage).ToList();
            if (shown.Count == 0 && page > 1) return null;
            var overviews = new List<(PublishedFeed, FeedOverview)>();
            foreach (var feed in shown) overviews.Add((feed, await feeds.OverviewAsync(feed, context.RequestAborted)));
            return Page(await pages.RenderAsync<IndexPage>(new()
            {
                [nameof(IndexPage.Feeds)] = overviews,
                [nameof(IndexPage.Total)] = listed.Count,
                [nameof(IndexPage.Page)] = page.Value,
                [nameof(IndexPage.HasNext)] = listed.Count > page * FeedsPerPage,
            }));
        }));
    }

    private static async Task FeedAsync(HttpContext context, string slug, PublishedFeeds feeds, SnapshotCache documents, PageRenderer pages, PageLinks links, IArticleStore store)
    {
        if (Find(context, slug, feeds) is not { } feed)
        {
            await LastDocumentAsync(context, slug, feeds, store);
            return;
        }
        if (PageNumber(context.Request) is not { } page) return;
        if (!Negotiation.PrefersPage(context.Request.Headers.Accept, out var format) && !documents.TryGet(slug, format.Extension(), out _))
        {
            NotYet(context.Response);
            return;
        }
        var opened = context.Items[FeedEndpoints.Opened] as string;
        await SendAsync(context, feed, $"{slug}?{page}{opened}", pages, links, async links =>
        {
            var overview = await feeds.OverviewAsync(feed, context.RequestAborted);
            var articles = page == 1 && overview.Newest.Count <= ArticlesPerPage
                ? overview.Newest
                : await feeds.PageAsync(feed, page, ArticlesPerPage, context.RequestAborted);
            if (articles.Count == 0 && page > 1) return null;
            var document = await pages.RenderAsync<FeedPage>(new()
            {
                [nameof(FeedPage.Feed)] = feed,
                [nameof(FeedPage.Overview)] = overview,
                [nameof(FeedPage.Articles)] = articles,
                [nameof(FeedPage.Page)] = page,
                [nameof(FeedPage.HasNext)] = page < LastPage && overview.Count > page * ArticlesPerPage,
                [nameof(FeedPage.Opened)] = opened,
            }, links);
            return opened is null ? Page(document, "Accept, Accept-Encoding", Alternates(links, slug)) : InPlaceOfDocument(document, Alternates(links, slug));
        });
    }

    // What a feed that has moved said last goes with the redirect, for those that do not follow it.
    private static async Task LastDocumentAsync(HttpContext context, string slug, PublishedFeeds feeds, IArticleStore store)
    {
        var dot = slug.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || context.Response.StatusCode != StatusCodes.Status301MovedPermanently || feeds.Find(slug[..dot]) is not { Definition.MovedTo: not null, State.Moved: not null }) return;
        if (await store.FindSnapshotAsync(slug[..dot], slug[(dot + 1)..], context.RequestAborted) is not { } last) return;
        var headers = context.Response.Headers;
        headers.ContentType = $"{last.MediaType}; charset=utf-8";
        headers.Vary = "Accept-Encoding";
        var bytes = last.Gzip;
        if (Negotiation.Coding(context.Request.Headers.AcceptEncoding, brotli: false) == ContentCoding.Gzip) headers.ContentEncoding = "gzip";
        else bytes = Compression.Expand(last.Gzip, last.Length);
        headers.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await Bytes.WriteAsync(context.Response, bytes);
    }

    private static async Task ArticleAsync(
        HttpContext context, string slug, string? path, PublishedFeeds feeds, PageRenderer pages, PageLinks links)
    {
        if (Find(context, slug, feeds) is not { } feed || string.IsNullOrEmpty(path)) return;
        // What has an extension is a file beside the articles.
        if (Path.HasExtension(path))
        {
            await ArticleFiles.SendAsync(context, feed.Definition, path);
            return;
        }
        if (path.Contains('/')) return;
        await SendAsync(context, feed, $"{slug}/{path}", pages, links, async links =>
        {
            if (await feeds.FindArticleAsync(slug, path, context.RequestAborted) is not { } article) return null;
            if (article.Removed is not null)
            {
                return await MessageAsync(pages, StatusCodes.Status410Gone, "This article is gone", $"{feed.Definition.Title} has taken it back.");
            }
            var teaser = ArticleTeaser.Of(article);
            var overview = await feeds.OverviewAsync(feed, context.RequestAborted);
            var place = overview.Newest.ToList().FindIndex(one => one.Path == path);
            var document = await pages.RenderAsync<ArticlePage>(new()
            {
                [nameof(ArticlePage.Feed)] = feed,
                [nameof(ArticlePage.Stored)] = article,
                [nameof(ArticlePage.Title)] = teaser.Title,
                [nameof(ArticlePage.Meta)] = ArticleMeta.Of(feed, article, teaser.Title, links),
                [nameof(ArticlePage.Newer)] = place > 0 ? overview.Newest[place - 1] : null,
                [nameof(ArticlePage.Older)] = place >= 0 && place + 1 < overview.Newest.Count ? overview.Newest[place + 1] : null,
            }, links);
            return Page(document, link: Alternates(links, slug));
        });
    }

    private static async Task FeedOpmlAsync(HttpContext context, string slug, PublishedFeeds feeds, PageRenderer pages, PageLinks links)
    {
        if (Find(context, slug, feeds) is not { } feed) return;
        await SendAsync(context, await pages.KeptAsync($"{slug}.opml", feed.Revision, () =>
        {
            OpmlOutline[] outlines = [Outline(feed, links), .. feed.State.Terms.Select(term => new OpmlOutline($"{feed.Definition.Title}: {term.Name}")
            {
                XmlUrl = links.Absolute.Document(slug, FeedPart.Name(term.Path, FeedFormat.Rss)),
                HtmlUrl = feed.Definition.Site ?? links.Absolute.Page(slug),
                Language = feed.Definition.Language,
            })];
            return Task.FromResult<RenderedDocument?>(Opml(feed.Definition.Title, outlines, feed.State.Updated));
        }));
    }

    private static async Task OpmlAsync(HttpContext context, PublishedFeeds feeds, PageRenderer pages, PageLinks links) =>
        await SendAsync(context, await pages.KeptAsync("/feeds.opml", feeds.Revision, () =>
        {
            var listed = feeds.Listed;
            if (listed.Count == 0) return Task.FromResult<RenderedDocument?>(null);
            return Task.FromResult<RenderedDocument?>(Opml(links.AllFeeds, [.. listed.Select(feed => Outline(feed, links))], listed.Max(feed => feed.State.Updated)));
        }));

    private static OpmlOutline Outline(PublishedFeed feed, PageLinks links) => new(feed.Definition.Title)
    {
        XmlUrl = links.Absolute.Document(feed.Slug, FeedFormat.Rss.Extension()),
        HtmlUrl = feed.Definition.Site ?? links.Absolute.Page(feed.Slug),
        Description = feed.Definition.Description,
        Language = feed.Definition.Language,
        Category = feed.Definition.Categories.Count > 0 ? string.Join(',', feed.Definition.Categories) : null,
    };

    private static RenderedDocument Opml(string title, IReadOnlyList<OpmlOutline> outlines, DateTimeOffset? modified)
    {
        var bytes = new ArrayBufferWriter<byte>();
        OpmlWriter.Write(new(title, outlines) { Modified = modified }, bytes);
        return new(bytes.WrittenSpan.ToArray(), "text/x-opml; charset=utf-8") { IsOpen = true };
    }

    private static async Task IconAsync(HttpContext context, string slug, PublishedFeeds feeds, PageRenderer pages)
    {
        if (Find(context, slug, feeds) is not { } feed) return;
        await SendAsync(context, await pages.KeptAsync($"{slug}/icon.svg", feed.Revision, () => Task.FromResult<RenderedDocument?>(
            Picture(FeedIcon.Svg(slug, feed.Definition.Title)))));
    }

    private static async Task SiteIconAsync(HttpContext context, PageRenderer pages, PageLinks links) =>
        await SendAsync(context, await pages.KeptAsync("/icon.svg", 0, () => Task.FromResult<RenderedDocument?>(
            Picture(FeedIcon.Svg("", links.SiteName)))));

    /// <summary>A page for people that says why there is no other.</summary>
    public static async Task<RenderedDocument> MessageAsync(PageRenderer pages, int status, string heading, string text) =>
        new(
            await pages.RenderAsync<MessagePage>(new()
            {
                [nameof(MessagePage.Status)] = status,
                [nameof(MessagePage.Heading)] = heading,
                [nameof(MessagePage.Text)] = text,
            }),
            Html)
        {
            Status = status,
            IsPage = true,
        };

    // Null where people may not see it; the answer then is made, or left to be that nothing was found.
    private static PublishedFeed? Find(HttpContext context, string slug, PublishedFeeds feeds)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status404NotFound;
        // A document that is not at hand comes here under its whole name, such as harbour.rss.
        var dot = slug.IndexOf('.', StringComparison.Ordinal);
        var name = dot > 0 ? slug[..dot] : slug;
        if (feeds.Find(name) is not { } feed)
        {
            if (feeds.FindFormer(name) is { Definition.Private: false } renamed)
                Move(response, context.RequestServices.GetRequiredService<PublicUrls>().Page(renamed.Slug) + context.Request.Path.Value!["/feeds/".Length..][name.Length..]);
            return null;
        }
        if (feed.Definition.Private && !Equals(context.Items[FeedEndpoints.Admitted], feed.Slug)) return null;
        if (feed.Definition.MovedTo is { } elsewhere) Move(response, elsewhere);
        else if (feed.Definition.Gone)
        {
            response.StatusCode = StatusCodes.Status410Gone;
            SecurityHeaders.OpenToOtherSites(response.Headers);
        }
        else if (dot > 0 && FeedFormats.All.Any(format => slug.AsSpan(dot + 1).SequenceEqual(format.Extension()))) OwnAddress(context, name, slug[(dot + 1)..]);
        return feed.Definition.IsServed && dot < 0 ? feed : null;
    }

    // Routes mind neither case nor a slash at the end, but a document has one address.
    private static void OwnAddress(HttpContext context, string feed, string name)
    {
        var services = context.RequestServices;
        if (!services.GetRequiredService<SnapshotCache>().TryGet(feed, name, out _)) NotYet(context.Response);
        else Move(context.Response, services.GetRequiredService<PublicUrls>().Document(feed, name) + context.Request.QueryString);
    }

    // A document that is not at hand, of a feed that is defined, is still to be published: a reader who was told that there is none might believe it.
    private static void NotYet(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = ErrorPages.Retry;
    }

    private static void Move(HttpResponse response, string to, int status = StatusCodes.Status301MovedPermanently)
    {
        response.StatusCode = status;
        response.Headers.Location = new Uri(to).AbsoluteUri;
        // Readers that are pages of other sites follow only what they may read.
        SecurityHeaders.OpenToOtherSites(response.Headers);
        SecurityHeaders.AddToData(response.Headers);
    }

    private static Task SendAsync(HttpContext context, RenderedDocument? document)
    {
        if (document is not null) return document.SendAsync(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // A subscriber's links are made for each, and nothing that holds a key is kept.
    private static async Task SendAsync(HttpContext context, PublishedFeed feed, string name, PageRenderer pages, PageLinks links, Func<PageLinks, Task<RenderedDocument?>> make) =>
        await SendAsync(context, feed.Definition.Private && context.Request.Query[PageLinks.KeyName] is [{ Length: > 0 } key]
            ? await make(links.For(feed.Slug, key))
            : await pages.KeptAsync(name, feed.Revision, () => make(links)));

    // In place of a document no cache but the browser's may keep it: another client would get the page for the document.
    private static RenderedDocument InPlaceOfDocument(byte[] html, string link) => Page(html, FeedEndpoints.VaryOfPages, link, "private, no-cache");

    private static RenderedDocument Page(byte[] html, string vary = "Accept-Encoding", string? link = null, string cacheControl = "no-cache") =>
        new(html, Html) { IsPage = true, Vary = vary, Link = link, CacheControl = cacheControl };

    private static RenderedDocument Picture(string svg) =>
        new(Encoding.UTF8.GetBytes(svg), "image/svg+xml; charset=utf-8") { CacheControl = "public, max-age=3600" };

    private static string Alternates(PageLinks links, string slug, string path = "") => string.Join(", ", FeedFormats.All.Select(format =>
        $"<{links.Absolute.Document(slug, FeedPart.Name(path, format))}>; rel=\"alternate\"; type=\"{format.MediaType()}\""));

    private static int? PageNumber(HttpRequest request)
    {
        var value = request.Query["page"];
        if (value.Count == 0) return 1;
        return value.Count == 1 && int.TryParse(value[0], NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page is > 0 and <= LastPage ? page : null;
    }
}
