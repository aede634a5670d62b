using System.CommandLine;
using FeedService.Configuration;

namespace FeedService.Cli;

/// <summary><c>feedservice check</c>.</summary>
internal static class CheckVerb
{
    public static Verb Create(CommonOptions options)
    {
        var what = new Argument<string[]>("what")
        {
            Description = "Definitions (feed.yaml or the folder it is in); all of the folder of feeds where left out",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Findings as a JSON array" };
        var verb = new Verb("check", "Check definitions: every error with its file, line and what was probably meant.",
            "feedservice check                                   # all definitions",
            "feedservice check feeds/harbour-news/feed.yaml",
            "feedservice check --json")
        {
            what,
            json,
        };
        verb.SetAction(parsed => Run(options.Settings(parsed), parsed.GetValue(what) ?? [], parsed.GetValue(json)));
        return verb;
    }

    private static int Run(ServiceSettings settings, string[] what, bool json)
    {
        var results = what.Length > 0 ? [.. what.Select(each => DefinitionLoader.Load(FileOf(each)))] : All(settings.FeedsFolder);
        var findings = results.SelectMany(Findings).ToList();
        if (json) JsonOutput.Write(Console.Out, findings);
        else foreach (var finding in findings) Terminal.Line(finding.ToString());
        var errors = findings.Count(finding => finding.Severity == "error");
        if (!json)
        {
            Console.Error.WriteLine($"{Count(results.Count, "definition")} checked, {Count(errors, "error")}, {Count(findings.Count - errors, "warning")}");
        }
        return errors == 0 ? CommandLine.Good : CommandLine.Findings;
    }

    private static List<DefinitionResult> All(string folder)
    {
        if (!Directory.Exists(folder)) throw new UsageException($"there is no folder of feeds at {folder}; make one with feedservice init, or say --feeds DIR");
        return [.. DefinitionFolder.LoadAll(folder).Values];
    }

    private static string FileOf(string path) => Directory.Exists(path) ? Path.Combine(path, DefinitionLoader.FileName) : path;

    private static IEnumerable<Finding> Findings(DefinitionResult result)
    {
        foreach (var error in result.Errors) yield return new(error.File, error.Line, error.Column, "error", error.Message);
        if (result.Definition is not { } definition) yield break;
        // A folder may come later, with a volume or the first article; the feed is empty until then.
        foreach (var source in definition.Sources.Where(source => source.Kind == SourceKind.Folder && !Directory.Exists(Path.Combine(definition.Folder, source.Location))))
        {
            yield return new(DefinitionLoader.Shown(Path.Combine(definition.Folder, DefinitionLoader.FileName)), 0, 0, "warning",
                $"there is no folder '{source.Location}' (yet)");
        }
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    private sealed record Finding(string File, int Line, int Column, string Severity, string Message)
    {
        public override string ToString() =>
            $"{new DefinitionError(File, Line, Column, Severity == "error" ? Message : $"{Severity}: {Message}")}";
    }
}
