using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using FeedService.Configuration;

namespace FeedService.Cli;

/// <summary>The verbs, and what all of them share.</summary>
public static class CommandLine
{
    public const int Good = 0;
    public const int Findings = 1;
    public const int WrongUsage = 2;

    /// <summary>Runs what the arguments ask for; without a verb, <c>serve</c>.</summary>
    /// <param name="args">As the process got them.</param>
    /// <param name="serve">Runs the service until it is told to stop, and answers the exit code.</param>
    /// <param name="create">Puts the service together without running it.</param>
    public static async Task<int> RunAsync(
        string[] args, Func<ServiceSettings, CancellationToken, Task<int>> serve, Func<ServiceSettings, Action<WebApplicationBuilder>?, WebApplication> create)
    {
        var options = new CommonOptions();
        var serving = ServeVerb.Create(options, serve);
        var root = new RootCommand("Turns articles into RSS, Atom and JSON feeds, on a schedule, and serves them.")
        {
            serving,
            PublishVerb.Create(options, create),
            CheckVerb.Create(options),
            ReadVerb.Create(options),
            ExtractVerb.Create(options),
            CaptureVerb.Create(options),
            ExplainVerb.Create(options),
            ImportVerb.Create(options),
            ExportVerb.Create(options),
            FeedsVerb.Create(options),
            StoreVerb.Create(options),
            InitVerb.Create(options),
            TokenVerbs.CreateToken(options),
            TokenVerbs.CreateSubscriber(options),
            HealthVerb.Create(options),
            SchemaVerb.Create(),
            SbomVerb.Create(),
        };
        options.AddTo(root);
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);

        // Options alone are meant for serve.
        var verbless = !args.Any(arg => root.Subcommands.Any(verb => verb.Name == arg) || arg is "-h" or "--help" or "-?" or "--version") &&
            (args.Length == 0 || args[0].StartsWith('-'));
        var parsed = root.Parse(verbless ? [serving.Name, .. args] : args);
        if (parsed.CommandResult.Command == root && parsed.UnmatchedTokens is [var unknown, ..])
        {
            Terminal.Error($"there is no verb '{unknown}'{Suggestion.For(unknown, [.. root.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)])}");
            return WrongUsage;
        }
        if (parsed.Action is not HelpWithExamples && parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Terminal.Error(error.Message);
            Terminal.Error($"see feedservice {Path(parsed.CommandResult)}--help");
            return WrongUsage;
        }
        if (MisspeltOption(parsed) is { } misspelt)
        {
            Terminal.Error(misspelt);
            return WrongUsage;
        }
        try
        {
            // The host of the service has its own ways with signals; everything else may be cut off soon.
            var grace = parsed.CommandResult.Command == serving ? (TimeSpan?)null : TimeSpan.FromSeconds(2);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = grace });
        }
        catch (UsageException e)
        {
            foreach (var line in e.Message.Split('\n')) Terminal.Error(line);
            return WrongUsage;
        }
        catch (OperationCanceledException)
        {
            return Findings;
        }
        // People get the cause; where it came from in the program is no help to them.
        catch (Exception e)
        {
            for (var cause = e; cause is not null; cause = cause.InnerException) Terminal.Error(cause.Message);
            return Findings;
        }
    }

    private static string Path(CommandResult command) => command.Parent is CommandResult parent ? $"{Path(parent)}{command.Command.Name} " : "";

    // An argument that takes any number of files takes a misspelt option too.
    private static string? MisspeltOption(ParseResult parsed)
    {
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)) return null;
        var misspelt = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .FirstOrDefault(token => token.Value is ['-', _, ..])?.Value;
        if (misspelt is null) return null;
        var known = parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options).Select(option => option.Name).ToList();
        return $"there is no option '{misspelt}'{Suggestion.For(misspelt, known)} (a file of that name can be given after --)";
    }

    /// <summary>Help, followed by the verb's examples.</summary>
    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var result = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var example in verb.Examples) output.WriteLine("  " + example);
                output.WriteLine();
            }
            return result;
        }
    }
}

/// <summary>A verb of the command line.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Whole command lines, each with what it does.</param>
internal sealed class Verb(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>The command line or the settings make no sense; a line a cause.</summary>
internal sealed class UsageException(string message) : Exception(message);
