using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Formats;
using FeedService.Web.Pages;

namespace FeedService.Web;

// Parts of feeds, as documents and as pages: closed pages of archives, categories and authors.
internal static partial class PageEndpoints
{
    private static void MapParts(IEndpointRouteBuilder app)
    {
        foreach (var folder in (string[])[FeedPart.ArchiveFolder, .. StoredTerm.Kinds])
        {
            app.Map($"/feeds/{{slug}}/{folder}/{{name}}", (HttpContext context, string slug, string name, PartPages parts, PublishedFeeds feeds, FeedEndpoints documents, PageRenderer pages, PageLinks links) =>
                Find(context, slug, feeds) is not { } feed ? Task.CompletedTask
                : Path.HasExtension(name) ? PartDocumentAsync(context, feed, $"{folder}/{name}", documents, links)
                : PartPageAsync(context, feed, $"{folder}/{name}", parts, pages, links));
        }
    }

    private static async Task PartDocumentAsync(HttpContext context, PublishedFeed feed, string name, FeedEndpoints documents, PageLinks links)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        if (await documents.TryServePartAsync(context, feed.Slug, name)) return;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        // The newest page names the next one before it is closed: until then what it would hold is in the feed itself.
        if (NextArchivePage(feed) is { } next && FeedFormats.All.Cast<FeedFormat?>().FirstOrDefault(format => name == FeedPart.Name(next, format!.Value)) is { } found)
            Move(context.Response, links.Absolute.Document(feed.Slug, found.Extension()) + context.Request.QueryString, StatusCodes.Status307TemporaryRedirect);
    }

    private static async Task PartPageAsync(HttpContext context, PublishedFeed feed, string path, PartPages parts, PageRenderer pages, PageLinks links)
    {
        if (!Methods.Contains(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = string.Join(", ", Methods);
            return;
        }
        if (path == NextArchivePage(feed)) Move(context.Response, links.Absolute.Page(feed.Slug) + context.Request.QueryString, StatusCodes.Status307TemporaryRedirect);
        if (PageNumber(context.Request) is not { } page || PartPages.Find(feed, path) is not { } part) return;
        var opened = context.Items[FeedEndpoints.Opened] as string;
        await SendAsync(context, feed, $"{feed.Slug}/{path}?{page}{opened}", pages, links, async links =>
        {
            if (await parts.ArticlesAsync(feed, path, page, ArticlesPerPage, context.RequestAborted) is not { } found) return null;
            var document = await pages.RenderAsync<PartPage>(new()
            {
                [nameof(PartPage.Feed)] = feed,
                [nameof(PartPage.Part)] = part,
                [nameof(PartPage.Articles)] = found.Articles,
                [nameof(PartPage.Page)] = page,
                [nameof(PartPage.HasNext)] = found.HasNext,
                [nameof(PartPage.Opened)] = opened,
            }, links);
            var alternates = Alternates(links, feed.Slug, part.FeedPath);
            return opened is null ? Page(document, link: alternates) : InPlaceOfDocument(document, alternates);
        });
    }

    private static string? NextArchivePage(PublishedFeed feed) => feed.State.Archive.Pages > 0 ? FeedPart.ArchivePath(feed.State.Archive.Pages + 1) : null;
}
