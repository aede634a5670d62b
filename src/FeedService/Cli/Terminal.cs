using System.Globalization;
using System.Text;
using Spectre.Console;

namespace FeedService.Cli;

/// <summary>Writing for people. What comes from outside never reaches the terminal with control characters in it.</summary>
internal static class Terminal
{
    // Bidirectional overrides make a line read as something else.
    private const string Reordering = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    /// <summary>One cause, one line, on stderr.</summary>
    public static void Error(string message) => Console.Error.WriteLine($"feedservice: {Safe(message)}");

    /// <summary>One line of what was asked for, on stdout.</summary>
    public static void Line(string text) => Console.Out.WriteLine(Safe(text));

    /// <summary>The text on one line, control characters spelled out.</summary>
    public static string Safe(string text)
    {
        if (!text.Any(IsUnsafe)) return text;
        var safe = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c is '\n' or '\r' or '\t') safe.Append(' ');
            else if (IsUnsafe(c)) safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else safe.Append(c);
        }
        return safe.ToString();
    }

    /// <summary>Runs long work with a progress bar, where somebody watches: on stderr, and only if that is a terminal.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">How many steps there are.</param>
    /// <param name="work">Calls the action once a step.</param>
    public static async Task WithProgressAsync(string title, int total, Func<Action, Task> work)
    {
        if (Console.IsErrorRedirected || total < 2)
        {
            await work(() => { });
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(title), maxValue: total);
                await work(() => task.Increment(1));
            });
    }

    /// <summary>Runs long work of unknown length, where somebody watches with a line that says how far it is.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">Calls the action with a new line.</param>
    public static Task<T> WithStatusAsync<T>(string title, Func<Action<string>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return work(_ => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Status().StartAsync(Markup.Escape(title), status => work(line => status.Status(Markup.Escape(Safe(line)))));
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || Reordering.Contains(c, StringComparison.Ordinal) || c is '\u2028' or '\u2029';
}
