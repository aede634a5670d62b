namespace FeedService.Tests.Cli;

public sealed class StoreVerbTests : IDisposable
{
    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_store_is_copied_and_compared_table_by_table()
    {
        await PublishAsync();

        var copied = await _program.RunAsync("store", "copy", "sqlite:", "sqlite:copy.db");

        Assert.Equal(0, copied.ExitCode);
        Assert.Equal(["feeds", "articles", "dedupe_keys", "items", "snapshots", "outbox", "records", "terms", "article_terms"], copied.Lines.Select(line => line.Split(' ')[0]));
        Assert.All(copied.Lines, line => Assert.EndsWith("the same in both", line, StringComparison.Ordinal));
        Assert.Matches("^articles +1 rows", copied.Lines[1]);

        // The copy is the store of a service as the other was: nothing is new to it, and every id is the same.
        var before = await _program.RunAsync("explain", "harbour", "--json");
        Assert.Equal(before.Output, (await _program.RunAsync("explain", "harbour", "--json", "--store", "sqlite:copy.db")).Output);
    }

    [Fact]
    public async Task A_copy_to_a_store_that_holds_feeds_and_one_of_nothing_are_refused()
    {
        await PublishAsync();

        var full = await _program.RunAsync("store", "copy", "sqlite:", "sqlite:data/feedservice.db");
        Assert.Equal(1, full.ExitCode);
        Assert.Contains("name an empty one", full.Errors, StringComparison.Ordinal);

        var nothing = await _program.RunAsync("store", "copy", "sqlite:missing.db", "sqlite:copy.db");
        Assert.Equal(1, nothing.ExitCode);
        Assert.Contains("there is no store at FROM", nothing.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_program.Folder, "missing.db")));

        var wrong = await _program.RunAsync("store", "copy", "sqlite:", "mysql://root:s3cr3t@db/feeds");
        Assert.Equal(2, wrong.ExitCode);
        Assert.DoesNotContain("s3cr3t", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definitions_are_pushed_when_all_are_good_and_pruned_on_request()
    {
        _program.Write("feeds/harbour/feed.yaml", "title: Harbour\nsources: [{folder: articles}]\n");
        _program.Write("feeds/bakery/feed.yaml", "titel: Bakery\n");
        var broken = await _program.RunAsync("feeds", "push");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("feeds/bakery/feed.yaml:1:1: unknown key 'titel'", broken.Errors, StringComparison.Ordinal);
        Assert.Contains("nothing was pushed", broken.Errors, StringComparison.Ordinal);

        _program.Write("feeds/bakery/feed.yaml", "title: Bakery\nsources: [{folder: articles}]\n");
        Assert.Equal(["bakery: pushed", "harbour: pushed"], (await _program.RunAsync("feeds", "push")).Lines);
        Assert.Empty((await _program.RunAsync("feeds", "push")).Lines);
        Directory.Delete(Path.Combine(_program.Folder, "feeds", "bakery"), recursive: true);
        Assert.Empty((await _program.RunAsync("feeds", "push")).Lines);
        Assert.Equal(["bakery: removed"], (await _program.RunAsync("feeds", "push", "--prune")).Lines);

        Directory.Delete(Path.Combine(_program.Folder, "feeds", "harbour"), recursive: true);
        Assert.Equal(2, (await _program.RunAsync("feeds", "push", "--prune")).ExitCode);
    }

    private async Task PublishAsync()
    {
        _program.Write("feeds/harbour/feed.yaml", "title: Harbour\nsources: [{folder: articles}]\n");
        File.SetLastWriteTimeUtc(_program.Write("feeds/harbour/articles/2026-01-01-tide.md", "# High tide\n\nThe water rose.\n"), DateTime.UtcNow.AddDays(-1));
        Assert.Equal(0, (await _program.RunAsync("publish", "--output", "site")).ExitCode);
    }
}
