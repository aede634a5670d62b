using FeedService.Cli;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FeedService;

/// <summary>The log for people, in the platform's form. Names and texts of others neither begin a line in it nor steer the terminal that shows it.</summary>
internal sealed class LogLines(IServiceProvider services) : ConsoleFormatter(Form)
{
    public const string Form = "lines";

    // One of those that this is one of, too: not to be had before all are made.
    private readonly Lazy<ConsoleFormatter> _platform = new(() => services.GetServices<ConsoleFormatter>().Single(one => one.Name == ConsoleFormatterNames.Simple));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var safe = Terminal.Safe(logEntry.Exception is { } exception ? $"{text} {exception}" : text);
        _platform.Value.Write(new LogEntry<TState>(logEntry.LogLevel, logEntry.Category, logEntry.EventId, logEntry.State, null, (_, _) => safe), scopeProvider, textWriter);
    }
}
