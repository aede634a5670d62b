using Microsoft.Playwright;

namespace FeedService.Tests.Web;

/// <summary>The status page, private feeds and documents as a browser shows them.</summary>
[Needs(NeedsAttribute.Chromium, "the path of a Chromium")]
public sealed class OwnFeedsBrowserTests(OwnFeedsBrowserHost host) : IClassFixture<OwnFeedsBrowserHost>
{
    private const string OpenDetails = "all => all.filter(details => details.open).map(details => details.id)";
    private const string OpenAll = "document.querySelectorAll('details').forEach(details => details.open = true)";

    [ConditionalFact]
    public async Task The_status_page_stays_up_to_date_under_who_uses_it()
    {
        await using var reader = await host.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync("/status");
        await page.EvaluateAsync("window.marked = true");
        await page.Locator("#readers-notes summary").ClickAsync();
        var first = await AsOfAsync(page);

        await Assertions.Expect(page.Locator(".hero time")).Not.ToHaveTextAsync(first);

        await Assertions.Expect(page.Locator("#readers-notes summary")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("#readers-notes")).ToHaveAttributeAsync("open", "");
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("#readers-notes")).Not.ToHaveAttributeAsync("open", "");
        Assert.True(await page.EvaluateAsync<bool>("window.marked"));
        Assert.Empty(reader.Errors);
    }

    [ConditionalFact]
    public async Task The_status_page_leaves_what_is_selected_alone()
    {
        await using var reader = await host.OpenAsync();
        var page = reader.Page;
        await page.Clock.InstallAsync();
        await page.GotoAsync("/status");
        await page.EvaluateAsync("getSelection().selectAllChildren(document.querySelector('#feed-notes'))");
        var asked = 0;
        page.Request += (_, _) => Interlocked.Increment(ref asked);
        await page.Clock.RunForAsync(60_000);
        Assert.Equal((0, "Notes"), (asked, await page.EvaluateAsync<string>("getSelection().toString()")));

        await page.EvaluateAsync("getSelection().removeAllRanges()");
        await page.RunAndWaitForRequestAsync(() => page.Clock.RunForAsync(3_000), $"{host.Address}/status");
    }

    [ConditionalFact]
    public async Task An_order_is_given_without_leaving_the_status_page()
    {
        await using var reader = await host.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync("/status");
        await page.EvaluateAsync("window.marked = true");
        await page.Locator("#sources-notes summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause Notes" }).FocusAsync();
        foreach (var (health, next) in new[] { ("paused", "Resume Notes"), ("good", "Pause Notes") })
        {
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.Locator("#state-notes .badge")).ToHaveTextAsync(health);
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = next })).ToBeFocusedAsync();
        }
        await Assertions.Expect(page.Locator("#sources-notes")).ToHaveAttributeAsync("open", "");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now Notes" }).ClickAsync();
        await Assertions.Expect(page.Locator("#state-notes dd").First).ToContainTextAsync("ago");
        Assert.True(await page.EvaluateAsync<bool>("window.marked"));
        Assert.Empty(reader.Errors);
    }

    [ConditionalFact]
    public async Task Without_scripts_an_order_leads_back_to_the_status_page()
    {
        await using var reader = await host.OpenAsync(scripts: false);
        await reader.Page.GotoAsync("/status");
        await reader.Page.Locator("#run-notes button").ClickAsync();
        await Assertions.Expect(reader.Page).ToHaveURLAsync($"{host.Address}/status");
        Assert.Empty(reader.Errors);
    }

    [ConditionalFact]
    public async Task What_is_open_stays_so_where_feeds_change_their_places()
    {
        await using var reader = await host.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync("/status");
        await Assertions.Expect(page.Locator("section.state").Last).ToHaveIdAsync("state-zeta");
        await page.Locator("#readers-notes summary").ClickAsync();
        await page.Locator("#documents-zeta summary").ClickAsync();
        var open = (await page.Locator("details").EvaluateAllAsync<string[]>(OpenDetails)).Order(StringComparer.Ordinal);

        host.Fail("zeta");

        await Assertions.Expect(page.Locator("section.state").Last).Not.ToHaveIdAsync("state-zeta");
        Assert.Equal(open, (await page.Locator("details").EvaluateAllAsync<string[]>(OpenDetails)).Order(StringComparer.Ordinal));
        await Assertions.Expect(page.Locator("#documents-zeta summary")).ToBeFocusedAsync();
    }

    [ConditionalFact]
    public async Task The_status_page_fits_a_narrow_screen_whatever_fails()
    {
        await using var reader = await host.OpenAsync(width: 320, height: 640);
        await reader.Page.GotoAsync("/status");
        await Assertions.Expect(reader.Page.Locator("#state-failing .badge").First).ToHaveTextAsync("failing");
        await reader.Page.EvaluateAsync(OpenAll);
        Assert.Equal(320, await reader.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Axe, "the path of axe-core's axe.min.js")]
    public async Task The_status_page_and_a_private_feed_are_accessible_in_both_schemes()
    {
        await using var reader = await host.OpenAsync(width: 320, bypassPolicy: true);
        foreach (var path in (string[])["/status", $"/feeds/letter?key={host.Key}", "/feeds/notes/tags/high-tide.rss", "/feeds/notes/articles/tide"])
        {
            await reader.Page.GotoAsync(path);
            await reader.Page.EvaluateAsync(OpenAll);
            Assert.Empty(await BrowserTests.ViolationsAsync(reader.Page, path));
        }
    }

    [ConditionalFact]
    public async Task A_subscriber_reads_a_private_feed_with_the_key_alone()
    {
        await using var reader = await host.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync($"/feeds/letter?key={host.Key}", new() { WaitUntil = WaitUntilState.Load });
        await Assertions.Expect(page.Locator("#address-atom")).ToHaveValueAsync($"https://feeds.example/feeds/letter.atom?key={host.Key}");
        await page.Locator(".teaser h3 a").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("The hidden tide");
        Assert.True(await page.Locator(".prose img").EvaluateAsync<bool>("picture => picture.decode().then(() => picture.naturalWidth === 400)"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Night" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Night");
        await page.Locator(".from a").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Letter");
        Assert.Empty(reader.Errors);
    }

    [ConditionalFact]
    public async Task A_document_that_is_opened_shows_its_page_also_to_browsers_that_come_without_tls()
    {
        foreach (var address in (string[])[host.Address, host.AddressFromElsewhere])
        {
            await using var reader = await host.OpenAsync(at: address);
            foreach (var path in (string[])["/feeds/notes.rss", "/feeds/notes.json?utm_source=x", "/feeds/notes/tags/high-tide.atom", "/feeds/notes/authors/ada-quay.rss"])
            {
                await reader.Page.GotoAsync(path);
                await Assertions.Expect(reader.Page.Locator(".notice")).ToContainTextAsync("You have opened a feed.");
            }
            await reader.Page.GetByRole(AriaRole.Link, new() { Name = "open it raw" }).ClickAsync();
            await Assertions.Expect(reader.Page).ToHaveURLAsync($"{address}/feeds/notes/authors/ada-quay.rss?raw");
            Assert.DoesNotContain("You have opened", await reader.Page.ContentAsync(), StringComparison.Ordinal);
        }
    }

    private static Task<string> AsOfAsync(IPage page) => page.Locator(".hero time").InnerTextAsync();
}
