using System.CommandLine;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Cli;

/// <summary><c>feedservice feeds push</c>.</summary>
internal static class FeedsVerb
{
    public static Verb Create(CommonOptions options) => new("feeds", "Keep definitions in the store, for many nodes.",
        "feedservice feeds push --store postgres://feeds:secret@db/feeds")
    {
        Push(options),
    };

    private static Verb Push(CommonOptions options)
    {
        var prune = new Option<bool>("--prune") { Description = "Remove the definitions in the store that are not in the folder" };
        var verb = new Verb("push", "Put the folder's definitions into the store, if all are good; nodes with Definitions=store follow within seconds.",
            "feedservice feeds push --feeds feeds --store postgres://feeds:secret@db/feeds",
            "feedservice feeds push --prune                       # the store has what the folder has, and no more")
        {
            prune,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(options.Settings(parsed), parsed.GetValue(prune), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(ServiceSettings settings, bool prune, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(settings.FeedsFolder)) throw new UsageException($"there is no folder of feeds at {settings.FeedsFolder}; say --feeds DIR");
        var results = DefinitionFolder.LoadAll(settings.FeedsFolder).Values;
        if (results.Count == 0) throw new UsageException($"there are no feeds in {settings.FeedsFolder}; say --feeds DIR");
        foreach (var error in results.SelectMany(result => result.Errors)) Terminal.Error(error.ToString());
        if (results.Any(result => result.Errors.Count > 0))
        {
            Terminal.Error("nothing was pushed");
            return CommandLine.Findings;
        }

        await using var store = StoreFactory.Create(settings, TimeProvider.System);
        await store.OpenAsync(cancellationToken);
        var changed = await new StoredDefinitions(store, settings, TimeProvider.System).PushAsync(results.Select(result => result.Definition!), prune, cancellationToken);
        foreach (var (slug, pushed) in changed.OrderBy(one => one.Key, StringComparer.Ordinal)) Terminal.Line($"{slug}: {(pushed ? "pushed" : "removed")}");
        Console.Error.WriteLine($"{results.Count} definitions, {changed.Count} changed");
        return CommandLine.Good;
    }
}
