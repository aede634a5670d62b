using FeedService.Syndication;
using FeedService.Syndication.Html;

namespace FeedService.Sources;

/// <summary>An article as its own page or pages give it, with the address where it was in the end.</summary>
internal sealed record LoadedPage(Article Article, Uri Url, bool IsArticle, IReadOnlyDictionary<string, string> Origins);

/// <summary>A page that gave no article; whether it is worth trying again is up to what happened.</summary>
internal sealed class PageException(string message, bool transient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A later try may succeed.</summary>
    public bool IsTransient => transient;
}

/// <summary>Loads the articles' own pages that a definition's URL leads to, each with its continuations.</summary>
internal sealed class PageLoader(PoliteFetcher fetcher, string configured, int? subscribers, bool robots = true)
{
    public const int MaxBytes = 8 << 20;

    public const string Accept = "text/html, application/xhtml+xml, */*;q=0.1";

    /// <summary>No article has more pages; who names more goes in a circle.</summary>
    private const int MaxPages = 10;

    /// <exception cref="PageException">There is no article to be had, or not now.</exception>
    public async Task<LoadedPage> LoadAsync(string url, CancellationToken cancellationToken)
    {
        var (first, address) = await LoadOneAsync(url, cancellationToken);
        var article = first.Article with { Url = Canonical(first.Article.Url, address) };
        var seen = new HashSet<string>(StringComparer.Ordinal) { url, address.AbsoluteUri };
        var next = first.NextUrl;
        while (next is not null && seen.Count <= MaxPages + 1 && seen.Add(next) && Uri.TryCreate(next, UriKind.Absolute, out var nextUrl) && nextUrl.IdnHost == address.IdnHost)
        {
            var (more, _) = await LoadOneAsync(next, cancellationToken);
            // What has another headline is the next article, not the next page of this one.
            if (!more.Article.Title.Contains(article.Title, StringComparison.OrdinalIgnoreCase) && !article.Title.Contains(more.Article.Title, StringComparison.OrdinalIgnoreCase)) break;
            article = article with { Content = article.Content + more.Article.Content };
            next = more.NextUrl;
        }
        return new LoadedPage(article, address, first.IsArticle, first.Origins);
    }

    /// <summary>Loads any page.</summary>
    /// <exception cref="PageException">It cannot be had, or is no web page.</exception>
    public async Task<(string Html, Uri Url)> LoadHtmlAsync(string url, CancellationToken cancellationToken)
    {
        FetchResult result;
        try
        {
            result = await fetcher.FetchAsync(new FetchRequest(url) { Accept = Accept, MaxBytes = MaxBytes, Subscribers = subscribers, Configured = configured, Robots = robots }, cancellationToken);
        }
        catch (FetchException e)
        {
            throw new PageException(e.Message, e.Failure is FetchFailure.Unreachable or FetchFailure.Timeout or FetchFailure.Broken or FetchFailure.Robots, e);
        }
        if (!result.IsSuccess) throw new PageException($"{result.Url.IdnHost} answered {result.Status}", result.Status is 408 or 425 or 429 or >= 500);
        return (Decode(result), result.Url);
    }

    /// <exception cref="PageException">It is no web page.</exception>
    public static string Decode(FetchResult result)
    {
        if (result.ContentType is { } type && !type.Contains("html", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
            throw new PageException($"{result.Url} is no web page but {type.Split(';')[0]}", transient: false);
        return TextDecoder.Decode(result.Body, result.ContentType).Text;
    }

    private async Task<(ExtractedPage Page, Uri Url)> LoadOneAsync(string url, CancellationToken cancellationToken)
    {
        var (html, address) = await LoadHtmlAsync(url, cancellationToken);
        try
        {
            return (PageExtractor.ExtractPage(html, address.AbsoluteUri), address);
        }
        catch (HtmlException e)
        {
            throw new PageException(e.Message, transient: false, e);
        }
    }

    // Many sites name their front page, or another host, as the address of each article.
    private static string Canonical(string? said, Uri address) =>
        Uri.TryCreate(said, UriKind.Absolute, out var url) && UpstreamArticles.Http(said) is not null && WithoutWww(url) == WithoutWww(address) && (url.AbsolutePath != "/" || address.AbsolutePath == "/")
            ? url.AbsoluteUri
            : address.AbsoluteUri;

    private static string WithoutWww(Uri url) => url.IdnHost.StartsWith("www.", StringComparison.Ordinal) ? url.IdnHost[4..] : url.IdnHost;
}
