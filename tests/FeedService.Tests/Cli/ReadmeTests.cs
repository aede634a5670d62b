using System.Text.RegularExpressions;
using FeedService.Configuration;

namespace FeedService.Tests.Cli;

/// <summary>What the README shows is so; metrics and settings are looked at where they are tested.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly string _readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md")).ReplaceLineEndings("\n");
    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void The_definition_that_it_shows_is_good()
    {
        var definitions = Blocks().Matches(_readme).Where(block => block.Groups[1].Value == "yaml" && block.Groups[2].Value.Contains("\ntitle:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(definitions);
        Assert.All(definitions, block => Assert.Empty(DefinitionLoader.Parse(block.Groups[2].Value, "harbour", "/feeds/harbour", "feed.yaml").Errors));
    }

    [Fact]
    public async Task The_commands_of_the_first_feed_do_what_it_says()
    {
        var init = Assert.Single(Commands(), words => words[0] == "init");
        Assert.Equal(0, (await _program.RunAsync([.. init])).ExitCode);
        Assert.Equal(0, (await _program.RunAsync("check")).ExitCode);
        Assert.Equal(0, (await _program.RunAsync("publish", "--output", "site")).ExitCode);
        Assert.Contains("<item>", _program.Read(Path.Combine("site", "feeds", $"{init[1]}.rss")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_names_every_verb_with_the_options_that_there_are_and_no_other()
    {
        var help = (await _program.RunAsync("--help")).Output;
        var verbs = Verbs().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(verbs.Order(), Rows().Matches(Table("| command |")).Select(row => row.Groups[1].Value).Distinct().Order());

        foreach (var words in Commands().DistinctBy(words => string.Join(" ", words)))
        {
            Assert.Contains(words[0], verbs);
            var path = words.TakeWhile(word => word.All(char.IsAsciiLetterLower)).Take(2).ToArray();
            var outcome = await _program.RunAsync([.. path, "--help"]);
            foreach (var option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal))) Assert.Contains(option, outcome.Output, StringComparison.Ordinal);
        }
    }

    private string Table(string head)
    {
        var start = _readme.IndexOf(head, StringComparison.Ordinal);
        return _readme[start.._readme.IndexOf("\n\n", start, StringComparison.Ordinal)];
    }

    /// <summary>Every <c>feedservice …</c> in it, in words.</summary>
    private IEnumerable<IReadOnlyList<string>> Commands() => Calls().Matches(_readme)
        .Select(call => (IReadOnlyList<string>)[.. Words().Matches(call.Groups[1].Value).Select(word => word.Value.Trim('"'))]);

    [GeneratedRegex("^```(\\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("^  ([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Verbs();

    [GeneratedRegex("^\\| `([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("(?:^|`)feedservice ([a-z][^`\n#…]*)", RegexOptions.Multiline)]
    private static partial Regex Calls();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
