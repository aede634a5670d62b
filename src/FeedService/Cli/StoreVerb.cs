using System.CommandLine;
using System.Globalization;
using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Cli;

/// <summary><c>feedservice store copy</c>.</summary>
internal static class StoreVerb
{
    public static Verb Create(CommonOptions options) => new("store", "Work on databases as a whole.",
        "feedservice store copy sqlite: postgres://feeds:secret@db/feeds")
    {
        Copy(options),
    };

    private static Verb Copy(CommonOptions options)
    {
        var from = new Argument<string>("from") { Description = "The database to copy: sqlite:PATH, sqlite: alone for the one in the data folder, or postgres://…", HelpName = "FROM" };
        var to = new Argument<string>("to") { Description = "The database to copy to; it has to be empty", HelpName = "TO" };
        var json = new Option<bool>("--json") { Description = "The tables as a JSON array" };
        var verb = new Verb("copy", "Copy everything to another database, ids and finished feeds included, and compare the two. Stop the service before.",
            "feedservice store copy sqlite: postgres://feeds:secret@db/feeds     # from one machine to many",
            "feedservice store copy postgres://feeds:secret@db/feeds sqlite:backup.db")
        {
            from,
            to,
            json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(options.Settings(parsed), parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(ServiceSettings settings, string from, string to, bool json, CancellationToken cancellationToken)
    {
        await using var source = Create(from, settings);
        await using var target = Create(to, settings);
        try
        {
            // Opening makes what is not there: of a mistyped name there would be an empty copy of an empty database.
            await source.ListFeedsAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            Terminal.Error($"there is no store at FROM: {e.Message}");
            return CommandLine.Findings;
        }
        await source.OpenAsync(cancellationToken);
        await target.OpenAsync(cancellationToken);
        var copied = await Terminal.WithStatusAsync("Copying", say => StoreCopy.CopyAsync(source, target, new Told(say), cancellationToken));
        if (json)
        {
            JsonOutput.Write(Console.Out, copied);
            return CommandLine.Good;
        }
        foreach (var table in copied) Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{table.Table,-12} {table.Rows,12:N0} rows  {table.Hash[..16]}  the same in both"));
        return CommandLine.Good;
    }

    private static IArticleStore Create(string store, ServiceSettings settings)
    {
        try
        {
            return StoreFactory.Create(store, settings.DataFolder, TimeProvider.System);
        }
        catch (StoreException e)
        {
            throw new UsageException(e.Message);
        }
    }

    // Progress<T> reports later, from another thread.
    private sealed class Told(Action<string> say) : IProgress<CopiedTable>
    {
        public void Report(CopiedTable value) =>
            say(string.Create(CultureInfo.InvariantCulture, $"{(value.Hash.Length == 0 ? "Copying" : "Comparing")} {value.Table}, {value.Rows:N0} rows"));
    }
}
