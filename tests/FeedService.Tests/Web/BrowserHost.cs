using FeedService.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace FeedService.Tests.Web;

/// <summary>The whole service with the sample feeds, and a browser to look at it.</summary>
public class BrowserHost : IAsyncLifetime
{
    public static readonly string[] Slugs = ["harbour-news", "the-long-bench", "tideline"];

    // In milliseconds; longer than the browser's own five seconds: other tests have the machine, too.
    private const float Patience = 60_000;

    private const int TermsOfFeed = 2;

    // A name that the browser takes to be elsewhere, and that leads here.
    private const string Elsewhere = "feeds.example";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("feedservice-browser-");
    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public string Address { get; private set; } = "";

    /// <summary>Every kind of page: all feeds, each feed, some of its categories, each article on it, and the page that isn't there.</summary>
    public IReadOnlyList<string> Paths { get; private set; } = [];

    /// <summary>One of each feed.</summary>
    public IEnumerable<string> NewestArticles => Slugs.Select(slug => Paths.First(path => path.StartsWith($"/feeds/{slug}/articles/", StringComparison.Ordinal)));

    /// <summary>The same under a name that is not this machine's, without TLS.</summary>
    public string AddressFromElsewhere => $"http://{Elsewhere}:{new Uri(Address).Port}";

    protected IServiceProvider Services => _app!.Services;

    protected DirectoryInfo Data => _data;

    protected virtual string Feeds => Path.Combine(AppContext.BaseDirectory, "feeds");

    /// <summary>The feeds that have been published once all is ready.</summary>
    protected virtual IReadOnlyList<string> Expected => Slugs;

    public virtual async Task InitializeAsync()
    {
        // Made for tests that are skipped, too.
        if (Environment.GetEnvironmentVariable(NeedsAttribute.Chromium) is not { Length: > 0 } chromium) return;
        _app = ServiceHost.Create(new ServiceSettings
        {
            FeedsFolder = Feeds,
            DataFolder = _data.FullName,
            Store = "sqlite:",
            PublicUrl = "https://feeds.example",
            Urls = ["http://127.0.0.1:0"],
        }, builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await _app.StartAsync();
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await PublishedAsync();
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Headless = true,
            // As root, as in containers, Chromium has no sandbox; nor is there much shared memory.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", $"--host-resolver-rules=MAP {Elsewhere} 127.0.0.1"],
        });
        Paths = await FindPathsAsync();
    }

    public virtual async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        _data.Delete(recursive: true);
    }

    /// <summary>A page in a profile of its own that asks nobody but the service: what else it wants is refused and found among its errors.</summary>
    internal async Task<BrowserPage> OpenAsync(int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light, bool bypassPolicy = false, bool scripts = true, string? at = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = at ?? Address,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "UTC",
            BypassCSP = bypassPolicy,
            JavaScriptEnabled = scripts,
        });
        context.SetDefaultTimeout(Patience);
        return await BrowserPage.CreateAsync(context, at ?? Address);
    }

    private async Task PublishedAsync()
    {
        using var client = new HttpClient { BaseAddress = new(Address) };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        foreach (var slug in Expected)
        {
            while (!(await client.GetAsync($"/feeds/{slug}.rss", patience.Token)).IsSuccessStatusCode) await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private async Task<IReadOnlyList<string>> FindPathsAsync()
    {
        await using var reader = await OpenAsync();
        List<string> paths = ["/", "/nowhere"];
        foreach (var slug in Expected)
        {
            await reader.Page.GotoAsync($"/feeds/{slug}");
            paths.Add($"/feeds/{slug}");
            paths.AddRange((await reader.Page.Locator(".terms a[href*='/tags/'], .terms a[href*='/authors/']").EvaluateAllAsync<string[]>("links => links.map(link => link.pathname)")).Take(TermsOfFeed));
            paths.AddRange(await reader.Page.Locator(".teaser h3 a").EvaluateAllAsync<string[]>("links => links.map(link => link.pathname)"));
        }
        return paths;
    }
}
