using FeedService.Configuration;
using FeedService.Publishing;

namespace FeedService.Tests.Publishing;

/// <summary>What the linter objects to does not go out, and costs nobody what is good.</summary>
public sealed class FeedLintTests : IAsyncLifetime
{
    private readonly FeedsOnDisk _disk = new();

    public async Task InitializeAsync()
    {
        _disk.Define("harbour", "title: Harbour\ndescription: What moves.\nsources: [{folder: articles}]\n");
        _disk.Write("harbour", "2026-02-01-tide.md", "# High tide\n\nThe water rose.\n");
        Assert.Empty((await _disk.PublishAsync("harbour")).Problems);
    }

    public async Task DisposeAsync() => await _disk.DisposeAsync();

    [Fact]
    public async Task An_article_that_may_not_go_out_is_left_out_and_named_until_it_is_mended()
    {
        _disk.Write("harbour", "2026-02-02-song.md", "---\nenclosure: {url: https://harbour.example/song.mp3, type: some song, length: 3}\n---\n# A song\n\nListen.\n");
        _disk.Write("harbour", "2026-02-03-crane.md", "# New crane\n\nIt came by barge.\n");

        var problem = Assert.Single((await _disk.PublishAsync("harbour")).Problems);
        Assert.StartsWith("2026-02-02-song.md: left out: ", problem, StringComparison.Ordinal);
        Assert.Contains("'some song'", problem, StringComparison.Ordinal);
        Assert.Equal(["New crane", "High tide"], (await _disk.EntriesAsync("harbour")).Select(entry => entry.Title));

        _disk.Write("harbour", "2026-02-02-song.md", "---\nenclosure: {url: https://harbour.example/song.mp3, type: audio/mpeg, length: 3}\n---\n# A song\n\nListen.\n");
        Assert.Empty((await _disk.PublishAsync("harbour")).Problems);
        Assert.Equal(["New crane", "A song", "High tide"], (await _disk.EntriesAsync("harbour")).Select(entry => entry.Title));
    }

    [Fact]
    public async Task A_feed_that_may_not_go_out_keeps_its_last_good_documents_until_it_is_mended()
    {
        var formats = (string[])["rss", "atom", "json"];
        var before = await Task.WhenAll(formats.Select(format => _disk.BytesAsync("harbour", format)));
        // No definition that is loaded says this.
        var wrong = _disk.Get<Definitions>().Find("harbour")! with { Site = "nowhere" };
        _disk.Write("harbour", "2026-02-03-crane.md", "# New crane\n\nIt came by barge.\n");

        var report = await _disk.Get<FeedPublisher>().PublishAsync(wrong, CancellationToken.None);
        Assert.True(report.KeptLastGood);
        Assert.Empty(report.Documents);
        Assert.Contains(report.Problems, problem => problem.Contains("'nowhere'", StringComparison.Ordinal));
        Assert.Equal(before, await Task.WhenAll(formats.Select(format => _disk.BytesAsync("harbour", format))));

        Assert.False((await _disk.PublishAsync("harbour")).KeptLastGood);
        Assert.Equal(["New crane", "High tide"], (await _disk.EntriesAsync("harbour")).Select(entry => entry.Title));
    }
}
