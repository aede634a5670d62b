using System.Net;
using FeedService.Syndication.Formats;

namespace FeedService.Tests.Web;

public sealed class DeltaTests : IAsyncLifetime
{
    private const string Definition = "title: Harbour News\ndescription: What moves.\nsources: [{folder: articles}]\npublish: {items: 5}\n";
    private PublishingHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await PublishingHost.StartAsync(settings => settings with { Deltas = true });
        _host.Define("harbour", Definition);
        for (var i = 1; i <= 4; i++) Write(i, $"Ship {i}");
        await _host.PublishAsync("harbour");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("rss", "identity")]
    [InlineData("atom", "gzip")]
    [InlineData("json", "br")]
    public async Task A_client_that_names_its_version_gets_what_changed_since(string format, string coding)
    {
        var tags = new List<string> { await TagAsync(format, coding) };
        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(format, coding, tags[0])).StatusCode);
        Write(5, "Ship 5");
        await _host.PublishAsync("harbour");
        tags.Add(await TagAsync(format, coding));
        Write(2, "Ship 2 again");
        await _host.PublishAsync("harbour");
        foreach (var (tag, expected) in tags.Zip((string[][])[["Ship 5", "Ship 2 again"], ["Ship 2 again"]]))
        {
            var delta = await AskAsync(format, coding, tag);
            Assert.Equal((HttpStatusCode.IMUsed, "feed", await TagAsync(format, coding)), (delta.StatusCode, delta.Headers.GetValues("IM").Single(), delta.Headers.ETag!.Tag));
            Assert.Equal(["Accept-Encoding", "A-IM", "If-None-Match"], delta.Headers.Vary);
            Assert.True(delta.Headers.CacheControl!.NoStore);
            if (coding == "identity") Assert.Equal(expected, await TitlesAsync(delta));
            else Assert.Equal(coding, delta.Content.Headers.ContentEncoding.Single());
        }
        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(format, coding, await TagAsync(format, coding))).StatusCode);
    }

    [Fact]
    public async Task Whoever_does_not_ask_for_a_delta_or_has_an_unknown_version_gets_the_whole_feed()
    {
        var tag = await TagAsync("rss", "identity");
        Write(5, "Ship 5");
        await _host.PublishAsync("harbour");
        foreach (var (im, known) in new[] { ("", tag), ("vcdiff", tag), ("feed;q=0", tag), ("feed", "\"never-issued\""), ("feed", "\"AAAAAAAAAAAAAAAA\"") })
        {
            var whole = await _host.GetAsync("/feeds/harbour.rss", im.Length == 0 ? ("Accept", "*/*") : ("A-IM", im), ("If-None-Match", known));
            Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
            Assert.False(whole.Headers.Contains("IM"));
            Assert.Equal(5, (await TitlesAsync(whole)).Count());
        }
    }

    [Fact]
    public async Task What_a_delta_cannot_say_is_said_by_the_whole_feed()
    {
        var tag = await TagAsync("rss", "identity");
        Write(5, "Ship 5");
        _host.Delete("harbour", "ship-002.md");
        await _host.PublishAsync("harbour");
        var whole = await AskAsync("rss", "identity", tag);
        Assert.Equal((HttpStatusCode.OK, 4), (whole.StatusCode, (await TitlesAsync(whole)).Count()));
        tag = await TagAsync("rss", "identity");
        _host.Define("harbour", Definition.Replace("Harbour News", "Harbour Times", StringComparison.Ordinal));
        await _host.PublishAsync("harbour");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("rss", "identity", tag)).StatusCode);
    }

    [Fact]
    public async Task An_article_whose_date_has_come_is_in_the_delta()
    {
        var due = _host.Clock.GetUtcNow() + TimeSpan.FromMinutes(20);
        _host.Write("harbour", "regatta.md", $"---\ndate: {due:yyyy-MM-ddTHH:mm:ssZ}\n---\n# Regatta\n\nTwelve boats.\n");
        await _host.PublishAsync("harbour");
        var tag = await TagAsync("rss", "identity");
        await _host.PublishAsync("harbour");
        var delta = await AskAsync("rss", "identity", tag);
        Assert.Equal(HttpStatusCode.IMUsed, delta.StatusCode);
        Assert.Equal(["Regatta"], await TitlesAsync(delta));
    }

    [Fact]
    public async Task Deltas_are_few_and_have_no_address_of_their_own()
    {
        var tag = await TagAsync("rss", "identity");
        for (var i = 5; i < 20; i++)
        {
            Write(4, $"Ship 4, told {i}");
            await _host.PublishAsync("harbour");
        }
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("rss", "identity", tag)).StatusCode);
        Assert.Null(await _host.Store.FindSnapshotAsync("harbour", $"delta/{tag.Trim('"')}.rss", default));
        var versions = (await _host.Store.FindFeedAsync("harbour", default))!.Versions;
        Assert.Equal(9, versions.Count);
        Assert.NotNull(await _host.Store.FindSnapshotAsync("harbour", $"delta/{versions[0].Tags[0]}.rss", default));
        Assert.Equal(HttpStatusCode.IMUsed, (await AskAsync("rss", "identity", $"\"{versions[0].Tags[0]}\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"/feeds/harbour/delta/{versions[0].Tags[0]}.rss")).StatusCode);
    }

    private Task<HttpResponseMessage> AskAsync(string format, string coding, string tag) =>
        _host.GetAsync($"/feeds/harbour.{format}", ("A-IM", "feed"), ("If-None-Match", tag), ("Accept-Encoding", coding));

    private async Task<string> TagAsync(string format, string coding) => (await _host.GetAsync($"/feeds/harbour.{format}", ("Accept-Encoding", coding))).Headers.ETag!.Tag;

    private static async Task<IEnumerable<string>> TitlesAsync(HttpResponseMessage response) =>
        FeedReader.Read(await response.Content.ReadAsByteArrayAsync()).Feed.Articles.Select(article => article.Title);

    private void Write(int number, string title) =>
        _host.Write("harbour", $"ship-{number:000}.md", $"---\ndate: {new DateTime(2025, 1, 1).AddHours(number):yyyy-MM-ddTHH:mm:ssZ}\n---\n# {title}\n\nIt is number {number}.\n");
}
