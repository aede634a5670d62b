using System.Net;
using System.Xml.Linq;
using FeedService.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.Scheduling;

/// <summary>The whole service on a real Kestrel, a real clock and real files.</summary>
public sealed class RunningServiceTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-");
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        Define("harbour", $"title: Harbour News\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        Write("harbour", "2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task A_new_article_is_out_soon_after_its_file_is_whole()
    {
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await Titles("harbour")));
        Write("harbour", "2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(["New crane", "High tide"], await Titles("harbour")));
    }

    [Fact]
    public async Task A_new_feed_is_served_and_a_removed_one_is_not()
    {
        Define("bakery", "title: Bakery\nsources: [{folder: articles}]\n");
        Write("bakery", "2026-01-01-rye.md", "# Rye\n\nFresh.\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(["Rye"], await Titles("bakery")));
        Directory.Delete(Path.Combine(_root.FullName, "feeds", "bakery"), recursive: true);
        await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/feeds/bakery.rss")).StatusCode));
        Assert.Equal(["High tide"], await Titles("harbour"));
    }

    [Theory]
    [InlineData("gone: true", HttpStatusCode.Gone)]
    [InlineData("moved_to: https://elsewhere.example/feed", HttpStatusCode.MovedPermanently)]
    [InlineData(null, HttpStatusCode.NotFound)]
    public async Task A_feed_that_was_taken_away_comes_back_as_it_was(string? setting, HttpStatusCode meanwhile)
    {
        var definition = $"title: Bakery\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n";
        Define("bakery", definition);
        Write("bakery", "2026-01-01-rye.md", "# Rye\n\nFresh.\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(["Rye"], await Titles("bakery")));

        var (folder, away) = (Path.Combine(_root.FullName, "feeds", "bakery"), Path.Combine(_root.FullName, "away"));
        if (setting is null) Directory.Move(folder, away);
        else Define("bakery", $"{definition}{setting}\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(meanwhile, (await _client.GetAsync("/feeds/bakery.rss")).StatusCode));

        if (setting is null) Directory.Move(away, folder);
        else Define("bakery", definition);
        await Eventually.HoldsAsync(async () => Assert.Equal(["Rye"], await Titles("bakery")));
    }

    [Fact]
    public async Task A_changed_definition_takes_effect_and_a_broken_one_does_not()
    {
        await Eventually.HoldsAsync(async () => Assert.Equal("Harbour News", await FeedTitle("harbour")));
        Define("harbour", $"title: Harbour Times\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        await Eventually.HoldsAsync(async () => Assert.Equal("Harbour Times", await FeedTitle("harbour")));
        Define("harbour", "titel: Harbour Gazette\nsources: nothing\n");
        Write("harbour", "2026-01-03-gull.md", "# A gull\n\nIt stayed.\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(["A gull", "High tide"], await Titles("harbour")));
        Assert.Equal("Harbour Times", await FeedTitle("harbour"));
    }

    [Fact]
    public async Task After_a_restart_the_last_feed_is_there_with_the_first_request()
    {
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await Titles("harbour")));
        var before = await _client.GetAsync("/feeds/harbour.rss");
        await StopAsync();
        Directory.Move(Path.Combine(_root.FullName, "feeds", "harbour", "articles"), Path.Combine(_root.FullName, "away"));
        await StartAsync();
        var after = await _client.GetAsync("/feeds/harbour.rss");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
        Assert.Equal(before.Content.Headers.LastModified, after.Content.Headers.LastModified);
        Assert.Equal(await before.Content.ReadAsByteArrayAsync(), await after.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Moved_ended_renamed_and_private_feeds_answer_as_they_should()
    {
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await Titles("harbour")));
        Define("moved", "title: Moved\nsources: [{folder: articles}]\nmoved_to: https://elsewhere.example/feed\n");
        Define("ended", "title: Ended\nsources: [{folder: articles}]\ngone: true\n");
        Define("secret", "title: Secret\nsources: [{folder: articles}]\nprivate: true\n");
        Define("harbour", $"title: Harbour News\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\nformer_slugs: [port]\n");
        await Eventually.HoldsAsync(async () => Assert.Equal((HttpStatusCode.MovedPermanently, "https://elsewhere.example/feed"), await Answer("/feeds/moved.atom")));
        await Eventually.HoldsAsync(async () => Assert.Equal((HttpStatusCode.Gone, null), await Answer("/feeds/ended.rss")));
        await Eventually.HoldsAsync(async () => Assert.Equal((HttpStatusCode.MovedPermanently, "https://feeds.example/feeds/harbour.json"), await Answer("/feeds/port.json")));
        Assert.Equal((HttpStatusCode.Unauthorized, null), await Answer("/feeds/secret.rss"));
        Assert.Equal((HttpStatusCode.Unauthorized, null), await Answer("/feeds/secret"));
    }

    private async Task<(HttpStatusCode, string?)> Answer(string path)
    {
        var response = await _client.GetAsync(path);
        return (response.StatusCode, response.Headers.Location?.AbsoluteUri);
    }

    [Fact]
    public async Task The_service_says_whether_it_lives_and_is_ready()
    {
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/health/live")).StatusCode);
        await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/health/ready")).StatusCode));
    }

    [Fact]
    public async Task An_article_of_the_near_future_appears_without_a_scheduled_run()
    {
        await Eventually.HoldsAsync(async () => Assert.Equal(["High tide"], await Titles("harbour")));
        var due = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(6);
        Write("harbour", "regatta.md", $"---\ndate: {due:yyyy-MM-ddTHH:mm:ssZ}\n---\n# Regatta\n\nTwelve boats.\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(["Regatta", "High tide"], await Titles("harbour")));
        Assert.True(DateTimeOffset.UtcNow >= due - TimeSpan.FromSeconds(1));
    }

    private async Task StartAsync()
    {
        _app = ServiceHost.Create(new ServiceSettings
        {
            FeedsFolder = Path.Combine(_root.FullName, "feeds"),
            DataFolder = Directory.CreateDirectory(Path.Combine(_root.FullName, "data")).FullName,
            Store = "sqlite:",
            PublicUrl = "https://feeds.example",
            Urls = ["http://127.0.0.1:0"],
        }, builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    private async Task StopAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Define(string slug, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "feeds", slug, "articles"));
        File.WriteAllText(Path.Combine(_root.FullName, "feeds", slug, "feed.yaml"), yaml);
    }

    private void Write(string slug, string name, string text) =>
        File.WriteAllText(Path.Combine(_root.FullName, "feeds", slug, "articles", name), text);

    private async Task<IEnumerable<string>> Titles(string slug) =>
        (await Rss(slug)).Descendants("item").Select(i => i.Element("title")!.Value);

    private async Task<string> FeedTitle(string slug) => (await Rss(slug)).Root!.Element("channel")!.Element("title")!.Value;

    private async Task<XDocument> Rss(string slug) => XDocument.Parse(await _client.GetStringAsync($"/feeds/{slug}.rss"));
}
