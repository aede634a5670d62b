using Microsoft.Playwright;

namespace FeedService.Tests.Web;

/// <summary>The pages as a browser shows them.</summary>
[Needs(NeedsAttribute.Chromium, "the path of a Chromium")]
public sealed class BrowserTests(BrowserHost host) : IClassFixture<BrowserHost>
{
    private const string Check =
        "async () => { const { passes, violations } = await axe.run(); return passes.length > 0 ? violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`)) : ['nothing was checked']; }";

    private const string BrokenPictures = "pictures => pictures.filter(p => p.complete && p.naturalWidth === 0).map(p => p.src)";

    [ConditionalFact]
    public async Task A_reader_gets_to_an_article_by_clicking()
    {
        await using var reader = await host.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Tideline", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Tideline");
        var teaser = page.Locator(".teaser h3 a").First;
        var title = await teaser.InnerTextAsync();
        await teaser.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(title);
        await Assertions.Expect(page.Locator(".prose p").First).ToBeVisibleAsync();
        await page.Locator(".from a").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Tideline");
        Assert.Empty(reader.Errors);
    }

    [ConditionalFact]
    public async Task A_page_loads_without_errors_and_from_nowhere_else()
    {
        await using var reader = await host.OpenAsync();
        foreach (var path in host.Paths)
        {
            var answer = await reader.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
            Assert.Equal(path == "/nowhere" ? 404 : 200, answer!.Status);
            Assert.Empty(await reader.Page.Locator("img").EvaluateAllAsync<string[]>(BrokenPictures));
        }
        // A browser itself reports that a page was not found.
        Assert.DoesNotContain(reader.Errors, error => !error.Contains("/nowhere: Failed to load resource", StringComparison.Ordinal));
    }

    [ConditionalFact]
    public async Task A_page_fits_a_narrow_screen()
    {
        await using var reader = await host.OpenAsync(width: 320, height: 640);
        foreach (var path in host.Paths)
        {
            await reader.Page.GotoAsync(path);
            Assert.Equal((path, 320), (path, await reader.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")));
        }
    }

    [ConditionalFact]
    public async Task Pages_are_dark_for_who_reads_in_the_dark()
    {
        await using var reader = await host.OpenAsync();
        await reader.Page.GotoAsync("/");
        Assert.True(await BrightnessAsync(reader.Page) > 200);
        await reader.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.True(await BrightnessAsync(reader.Page) < 60);
    }

    [ConditionalFact]
    public async Task Without_scripts_nothing_is_missing_but_the_buttons_that_copy()
    {
        await using var reader = await host.OpenAsync(scripts: false);
        await reader.Page.GotoAsync("/feeds/tideline");
        await Assertions.Expect(reader.Page.Locator("#address-atom")).ToHaveValueAsync("https://feeds.example/feeds/tideline.atom");
        await Assertions.Expect(reader.Page.Locator("button[data-copy]").First).ToBeHiddenAsync();
        await reader.Page.Locator(".teaser h3 a").First.ClickAsync();
        await Assertions.Expect(reader.Page.Locator(".prose p").First).ToBeVisibleAsync();
        Assert.Empty(reader.Errors);
    }

    [ConditionalFact]
    public async Task On_paper_an_article_is_black_on_white_without_what_can_be_pressed()
    {
        await using var reader = await host.OpenAsync(scheme: ColorScheme.Dark);
        await reader.Page.GotoAsync(host.NewestArticles.First());
        await Assertions.Expect(reader.Page.Locator(".subscribe")).ToBeVisibleAsync();
        await reader.Page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        await Assertions.Expect(reader.Page.Locator(".subscribe")).ToBeHiddenAsync();
        await Assertions.Expect(reader.Page.Locator("header.site nav")).ToBeHiddenAsync();
        await Assertions.Expect(reader.Page.Locator(".prose p").First).ToBeVisibleAsync();
        Assert.Equal(255, await BrightnessAsync(reader.Page));
    }

    [ConditionalFact]
    public async Task An_address_is_copied_by_its_button()
    {
        await using var reader = await host.OpenAsync();
        await reader.Page.GotoAsync("/feeds/harbour-news");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Copy the RSS address" }).ClickAsync();
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied. Paste it into your feed reader.");
    }

    [ConditionalFact]
    public async Task The_first_key_leads_past_the_header()
    {
        await using var reader = await host.OpenAsync();
        await reader.Page.GotoAsync("/feeds/harbour-news");
        await reader.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeInViewportAsync();
        await reader.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(reader.Page).ToHaveURLAsync($"{host.Address}/feeds/harbour-news#main");
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Axe, "the path of axe-core's axe.min.js")]
    public async Task A_page_is_accessible_in_both_schemes()
    {
        // The checker is a script that our own policy would not let in.
        await using var reader = await host.OpenAsync(bypassPolicy: true);
        var violations = new List<string>();
        foreach (var path in host.Paths.Where(path => !path.Contains("/articles/", StringComparison.Ordinal)).Concat(host.NewestArticles))
        {
            await reader.Page.GotoAsync(path);
            violations.AddRange(await ViolationsAsync(reader.Page, path));
        }
        Assert.Empty(violations);
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Screenshots, "the folder to write pictures of pages to")]
    public async Task Pictures_of_a_feed_and_of_the_status_page_are_taken()
    {
        await using var reader = await host.OpenAsync();
        foreach (var (path, name) in new[] { ("/feeds/harbour-news", "feed.png"), ("/status", "status.png") })
        {
            await reader.Page.GotoAsync(path);
            var picture = await reader.Page.ScreenshotAsync(new() { Path = Path.Combine(Environment.GetEnvironmentVariable(NeedsAttribute.Screenshots)!, name) });
            Assert.InRange(picture.Length, 1, 300_000);
        }
    }

    /// <summary>The mean of red, green and blue behind the text, of 255.</summary>
    private static async Task<double> BrightnessAsync(IPage page) =>
        await page.EvaluateAsync<double>("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, n) => sum + Number(n), 0) / 3");

    /// <summary>What axe finds on a page in light and in dark.</summary>
    internal static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, string path)
    {
        await page.AddScriptTagAsync(new() { Content = await File.ReadAllTextAsync(Environment.GetEnvironmentVariable(NeedsAttribute.Axe)!) });
        var violations = new List<string>();
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            violations.AddRange((await page.EvaluateAsync<string[]>(Check)).Select(violation => $"{path}, {scheme}: {violation}"));
        }
        return violations;
    }
}
