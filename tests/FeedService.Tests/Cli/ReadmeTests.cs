using System.Text.RegularExpressions;
using FeedService.Configuration;
using Microsoft.Extensions.Configuration;
using YamlDotNet.RepresentationModel;

namespace FeedService.Tests.Cli;

/// <summary>What the README shows is so; metrics and settings are looked at where they are tested, and .ci/readme runs the commands as they stand.</summary>
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

    [Fact]
    public void Its_containers_are_given_settings_that_there_are_and_volumes_where_the_image_expects_them()
    {
        var image = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dockerfile"));
        var build = Assert.Single(DockerBuilds().Matches(_readme)).Groups[1].Value;
        var run = Assert.Single(DockerRuns().Matches(_readme)).Groups[1].Value.Split(' ');
        Assert.Equal(build, run[^1]);
        Assert.Contains($"EXPOSE {After("-p").Single().Split(':')[1]}\n", image, StringComparison.Ordinal);
        AssertMounted(After("-v"));
        AssertKnown(After("-e").Select(setting => setting.Split('=', 2)).Select(pair => (pair[0], pair[1])));

        var compose = new YamlStream();
        compose.Load(new StringReader(Assert.Single(Blocks().Matches(_readme), block => block.Groups[1].Value == "yaml" && block.Groups[2].Value.StartsWith("services:", StringComparison.Ordinal)).Groups[2].Value));
        var root = (YamlMappingNode)compose.Documents[0].RootNode;
        var (service, database) = (root["services"]["feedservice"], root["services"]["database"]);
        Assert.Equal(build, service["image"].ToString());
        Assert.Equal("true", service["read_only"].ToString());
        AssertMounted(Texts(service["volumes"]).Concat(Texts(service["tmpfs"]).Select(folder => $":{folder}")));
        foreach (var volume in Texts(service["volumes"]).Concat(Texts(database["volumes"]))) Assert.Contains(volume.Split(':')[0], ((YamlMappingNode)root["volumes"]).Children.Keys.Select(name => name.ToString()));
        var environment = ((YamlMappingNode)service["environment"]).Select(pair => (pair.Key.ToString(), pair.Value.ToString())).ToList();
        AssertKnown(environment);
        var (user, password) = (database["environment"]["POSTGRES_USER"], database["environment"]["POSTGRES_PASSWORD"]);
        Assert.Contains(("FeedService__Store", $"postgres://{user}:{password}@database/{user}"), environment);

        IEnumerable<string> After(string option) => run.Zip(run.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);
        static IEnumerable<string> Texts(YamlNode list) => ((YamlSequenceNode)list).Select(node => node.ToString());
        void AssertMounted(IEnumerable<string> volumes) => Assert.All(["Feeds", "Data"], folder =>
            Assert.Contains($"FeedService__{folder}={Assert.Single(volumes, volume => volume.Split(':')[1] == $"/{folder.ToLowerInvariant()}").Split(':')[1]}", image, StringComparison.Ordinal));
        static void AssertKnown(IEnumerable<(string Name, string Value)> environment) => Assert.Empty(SettingsLoader.Load(new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(pair => KeyValuePair.Create(pair.Name.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value))).Build()).Errors);
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

    [GeneratedRegex("`docker build -t ([a-z]+) \\.`")]
    private static partial Regex DockerBuilds();

    [GeneratedRegex("`docker run ([^`]+)`")]
    private static partial Regex DockerRuns();

    [GeneratedRegex("^  ([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Verbs();

    [GeneratedRegex("^\\| `([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("(?:^|`)feedservice ([a-z][^`\n#…]*)", RegexOptions.Multiline)]
    private static partial Regex Calls();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
