using Microsoft.Playwright;

namespace FeedService.Tests.Web;

/// <summary>A browser's page and what went wrong on it.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    private BrowserPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Add($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => Add($"{page.Url}: {error}");
        page.RequestFailed += (_, request) =>
        {
            // Whoever clicks on before all pictures are there leaves their requests behind.
            if (request.Failure != "net::ERR_ABORTED") Add($"{page.Url}: {request.Url} failed: {request.Failure}");
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors) return [.. _errors];
        }
    }

    public static async Task<BrowserPage> CreateAsync(IBrowserContext context, string address)
    {
        var opened = new BrowserPage(context, await context.NewPageAsync());
        await context.RouteAsync(url => !url.StartsWith(address + "/", StringComparison.Ordinal), route =>
        {
            opened.Add($"{opened.Page.Url} asks for {route.Request.Url}");
            return route.AbortAsync();
        });
        return opened;
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Add(string error)
    {
        lock (_errors) _errors.Add(error);
    }
}
