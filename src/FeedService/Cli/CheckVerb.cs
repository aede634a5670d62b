using System.CommandLine;
using FeedService.Configuration;
using FeedService.Syndication.Linting;

namespace FeedService.Cli;

/// <summary><c>feedservice check</c>.</summary>
internal static class CheckVerb
{
    private const string Error = "error";

    public static Verb Create(CommonOptions options)
    {
        var what = new Argument<string[]>("what")
        {
            Description = "Definitions (feed.yaml or the folder it is in), feeds, URLs of feeds; all definitions where left out",
            HelpName = "WHAT",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Findings as a JSON array" };
        var verb = new Verb("check", "Check definitions, or any feed: what is wrong, where, and what to do about it.",
            "feedservice check                                   # all definitions",
            "feedservice check feeds/harbour-news/feed.yaml",
            "feedservice check https://example.com/feed.xml      # any feed, ours or not",
            "feedservice check --json feed.atom")
        {
            what,
            json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(options.Settings(parsed), parsed.GetValue(what) ?? [], parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(ServiceSettings settings, string[] what, bool json, CancellationToken cancellationToken)
    {
        using var inputs = new Inputs(settings);
        var findings = new List<Finding>();
        var (definitions, feeds) = (0, 0);
        if (what.Length == 0)
        {
            var all = All(settings.FeedsFolder);
            definitions = all.Count;
            findings.AddRange(all.SelectMany(OfDefinition));
        }
        foreach (var each in what)
        {
            if (DefinitionFile(each) is { } file)
            {
                definitions++;
                findings.AddRange(OfDefinition(DefinitionLoader.Load(file)));
            }
            else
            {
                feeds++;
                findings.AddRange(await OfFeedAsync(inputs, each, cancellationToken));
            }
        }
        if (json) JsonOutput.Write(Console.Out, findings);
        else foreach (var finding in findings) Terminal.Line(finding.ToString());
        var errors = findings.Count(finding => finding.Severity == Error);
        if (!json)
        {
            var subjects = feeds == 0 ? Count(definitions, "definition") : definitions == 0 ? Count(feeds, "feed") : $"{Count(definitions, "definition")} and {Count(feeds, "feed")}";
            Console.Error.WriteLine($"{subjects} checked: {Count(errors, "error")}, {Count(findings.Count(finding => finding.Severity == "warning"), "warning")}");
        }
        return errors == 0 ? CommandLine.Good : CommandLine.Findings;
    }

    private static List<DefinitionResult> All(string folder)
    {
        if (!Directory.Exists(folder)) throw new UsageException($"there is no folder of feeds at {folder}; make one with feedservice init, or say --feeds DIR");
        return [.. DefinitionFolder.LoadAll(folder).Values];
    }

    private static string? DefinitionFile(string what) =>
        Inputs.IsUrl(what) ? null :
        Directory.Exists(what) ? Path.Combine(what, DefinitionLoader.FileName) :
        Path.GetExtension(what).ToLowerInvariant() is ".yaml" or ".yml" ? what : null;

    private static IEnumerable<Finding> OfDefinition(DefinitionResult result)
    {
        foreach (var error in result.Errors) yield return new(error.File, error.Line, error.Column, Error, error.Message);
        if (result.Definition is not { } definition) yield break;
        // A folder may come later, with a volume or the first article; the feed is empty until then.
        foreach (var source in definition.Sources.Where(source => source.Kind == SourceKind.Folder && !Directory.Exists(Path.Combine(definition.Folder, source.Location))))
        {
            yield return new(DefinitionLoader.Shown(Path.Combine(definition.Folder, DefinitionLoader.FileName)), 0, 0, "warning",
                $"there is no folder '{source.Location}' (yet)");
        }
    }

    private static async Task<IEnumerable<Finding>> OfFeedAsync(Inputs inputs, string file, CancellationToken cancellationToken)
    {
        try
        {
            var input = await inputs.ReadFeedAsync(file, cancellationToken);
            var findings = FeedLinter.Lint(input.Bytes, new LintContext { ContentType = input.ContentType, Url = input.Url, Now = TimeProvider.System.GetUtcNow() });
            return findings.Select(finding => new Finding(input.Url ?? file, finding.Line, finding.Column, ShapeTable.SnakeCase(finding.Severity.ToString()), finding.Message)
            {
                Rule = finding.Rule,
                Fix = finding.Fix,
                Where = finding.Where.Length == 0 ? null : finding.Where,
            });
        }
        catch (InputException e)
        {
            return [new(file, 0, 0, Error, e.Message)];
        }
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    private sealed record Finding(string File, int Line, int Column, string Severity, string Message)
    {
        public string? Rule { get; init; }

        public string? Fix { get; init; }

        public string? Where { get; init; }

        public override string ToString()
        {
            // A definition's errors need not say that they are; a feed is judged in degrees.
            var severity = Rule is null && Severity == Error ? "" : Severity + ": ";
            var text = new DefinitionError(File, Line, Column, severity + Message).ToString();
            return Rule is null ? text : $"{text} {Fix} [{Rule}]";
        }
    }
}
