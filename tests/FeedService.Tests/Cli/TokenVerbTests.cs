using System.Text;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Tests.Cli;

/// <summary>Tokens and subscribers by the command line, beside whatever else has the store open.</summary>
public sealed class TokenVerbTests : IDisposable
{
    private readonly FeedServiceProgram _program = new();

    public TokenVerbTests() => _program.Write("feeds/letter/feed.yaml", "title: Letter\nprivate: true\nsources: [{inbox: true}]\n");

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_token_is_shown_once_listed_by_its_name_and_taken_back()
    {
        var added = await _program.RunAsync("token", "add", "letter", "newsroom");
        Assert.Equal(0, added.ExitCode);
        var token = Assert.Single(added.Lines);
        var again = await _program.RunAsync("token", "add", "letter", "newsroom");
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        var shortLived = await _program.RunAsync("token", "add", "letter", "move", "--expires", "7d");
        Assert.NotEqual(token, Assert.Single(shortLived.Lines));

        var listed = await _program.RunAsync("token", "list", "letter");
        Assert.Equal(["move", "newsroom"], listed.Lines.Select(line => line.Split("  ")[1]));
        Assert.Contains("until", listed.Lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[1], listed.Output, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_program.Folder, "data"), "feedservice.db*"))
            Assert.DoesNotContain(token.Split('.')[1], Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);

        await using var store = StoreFactory.Create("sqlite:", Path.Combine(_program.Folder, "data"), TimeProvider.System);
        await store.OpenAsync(CancellationToken.None);
        var tokens = new AccessTokens(store, TimeProvider.System);
        Assert.Equal("newsroom", (await tokens.FindAsync(TokenUse.Push, "letter", token, CancellationToken.None))?.Name);
        Assert.Null(await tokens.FindAsync(TokenUse.Push, "other", token, CancellationToken.None));
        Assert.Null(await tokens.FindAsync(TokenUse.Read, "letter", token, CancellationToken.None));

        Assert.Equal(0, (await _program.RunAsync("token", "revoke", "letter", "newsroom")).ExitCode);
        Assert.Equal(1, (await _program.RunAsync("token", "revoke", "letter", "newsroom")).ExitCode);
        Assert.Null(await new AccessTokens(store, TimeProvider.System).FindAsync(TokenUse.Push, "letter", token, CancellationToken.None));
    }

    [Fact]
    public async Task A_subscriber_gets_an_address_a_format()
    {
        var added = await _program.RunAsync("subscriber", "add", "letter", "anna");
        Assert.Equal(0, added.ExitCode);
        Assert.Equal(
            ["http://localhost:8080/feeds/letter.rss", "http://localhost:8080/feeds/letter.atom", "http://localhost:8080/feeds/letter.json"],
            added.Lines.Select(line => line.Split("?key=")[0]));
        Assert.Single(added.Lines.Select(line => line.Split("?key=")[1]).Distinct());
        Assert.Equal(["anna"], (await _program.RunAsync("subscriber", "list", "letter")).Lines.Select(line => line.Split("  ")[1]));
        Assert.Equal(0, (await _program.RunAsync("subscriber", "revoke", "letter", "anna")).ExitCode);
        Assert.Empty((await _program.RunAsync("subscriber", "list", "letter")).Lines);
    }

    [Theory]
    [InlineData("there is no feed 'leter'", "add", "leter", "x")]
    [InlineData("there is no feed '../letter'", "add", "../letter", "x")]
    [InlineData("'soon' is not a span such as 15m, 1h30m or 1d", "add", "letter", "x", "--expires", "soon")]
    [InlineData("Required argument 'NAME' missing for command: 'add'.", "add", "letter")]
    public async Task Wrong_usage_is_two(string error, params string[] args)
    {
        var outcome = await _program.RunAsync(["token", .. args]);
        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal($"feedservice: {error}", outcome.ErrorLines[0]);
    }
}
