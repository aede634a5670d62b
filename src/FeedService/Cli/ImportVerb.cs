using System.CommandLine;
using System.Text;
using FeedService.Configuration;
using FeedService.Syndication.Formats;

namespace FeedService.Cli;

/// <summary><c>feedservice import</c>.</summary>
internal static class ImportVerb
{
    public static Verb Create(CommonOptions options)
    {
        var file = new Argument<string>("file") { Description = "An OPML file, as every reader exports one, or its URL", HelpName = "FILE.opml" };
        var into = new Option<string?>("--into") { Description = "Make one feed of this name that collects all subscriptions, instead of a feed each", HelpName = "NAME" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and write nothing" };
        var verb = new Verb("import", "Make definitions of a reader's subscriptions; what is there already stays as it is.",
            "feedservice import subscriptions.opml --dry-run",
            "feedservice import subscriptions.opml                # feeds/NAME/feed.yaml each; folders become categories",
            "feedservice import subscriptions.opml --into reading # one feed with many sources")
        {
            file,
            into,
            dryRun,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = options.Settings(parsed);
            using var inputs = new Inputs(settings);
            return await RunAsync(settings.FeedsFolder, inputs, parsed.GetValue(file)!, parsed.GetValue(into), parsed.GetValue(dryRun), cancellationToken);
        });
        return verb;
    }

    private static async Task<int> RunAsync(string feedsFolder, Inputs inputs, string file, string? into, bool dryRun, CancellationToken cancellationToken)
    {
        if (into is not null && ValueFormats.Slug(into) is { } wrong) throw new UsageException(wrong);
        OpmlDocument document;
        try
        {
            var input = await inputs.ReadAsync(file, cancellationToken);
            document = OpmlReader.Read(input.Bytes, input.ContentType);
        }
        catch (Exception e) when (e is InputException or FeedFormatException)
        {
            Terminal.Error($"{file}: {e.Message}");
            return CommandLine.Findings;
        }
        var import = new Import(feedsFolder, dryRun);
        var subscriptions = Subscription.All(document).ToList();
        foreach (var subscription in subscriptions) import.Look(subscription);
        if (into is null) import.WriteEach();
        else import.WriteInto(into, CaptureVerb.NotBlank(document.Title) ?? into);
        Console.Error.WriteLine($"{subscriptions.Count} subscription{(subscriptions.Count == 1 ? "" : "s")}: {import.Taken} taken, {import.Known} there already, {import.Failed} not taken{(dryRun ? " (nothing was written)" : "")}");
        // Taken all the same: what is there already is left alone when the whole list comes.
        if (document.IsTruncated) Terminal.Error($"{file}: the list breaks off; what came after its last subscription is missing");
        return subscriptions.Count == 0 || import.Failed > 0 || document.IsTruncated ? CommandLine.Findings : CommandLine.Good;
    }

    /// <summary>One run: what is there, what is to be written, and how many of each.</summary>
    private sealed class Import
    {
        private readonly string _folder;
        private readonly bool _dryRun;
        private readonly HashSet<string> _slugs = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
        private readonly List<Subscription> _found = [];

        public Import(string folder, bool dryRun)
        {
            (_folder, _dryRun) = (folder, dryRun);
            if (!Directory.Exists(folder)) return;
            foreach (var name in new DirectoryInfo(folder).EnumerateDirectories()) _slugs.Add(name.Name);
            foreach (var definition in DefinitionFolder.LoadAll(folder).Values.Select(result => result.Definition).OfType<FeedDefinition>())
            {
                _slugs.UnionWith(definition.FormerSlugs);
                foreach (var source in definition.Sources) _sources.TryAdd(source.Key, definition.Slug);
            }
        }

        public int Taken { get; private set; }

        public int Known { get; private set; }

        public int Failed { get; private set; }

        public void Look(Subscription subscription)
        {
            if (subscription.Problem is { } problem)
            {
                Failed++;
                Terminal.Error($"{subscription.Title}: {problem}");
            }
            else if (!_sources.TryAdd(subscription.Source!.Key, subscription.Title))
            {
                Known++;
                Console.Error.WriteLine($"{Terminal.Safe(subscription.Title)}: there already, in {Terminal.Safe(_sources[subscription.Source.Key])}");
            }
            else
            {
                foreach (var note in subscription.Notes) Console.Error.WriteLine($"{Terminal.Safe(subscription.Title)}: {Terminal.Safe(note)}");
                _found.Add(subscription);
            }
        }

        public void WriteEach()
        {
            foreach (var subscription in _found)
            {
                var slug = Free(subscription.Slug);
                if (Write(slug, subscription.Definition)) Taken++;
                else Failed++;
            }
        }

        public void WriteInto(string slug, string title)
        {
            if (_found.Count == 0) return;
            if (!_slugs.Add(slug)) throw new IOException($"there is {DefinitionLoader.Shown(Path.Combine(_folder, slug))} already; choose another name");
            if (Write(slug, Subscription.Empty(title) with { Sources = [.. _found.Select(subscription => subscription.Source!)] })) Taken += _found.Count;
            else Failed += _found.Count;
        }

        private string Free(string slug)
        {
            var free = slug;
            for (var number = 2; !_slugs.Add(free); number++) free = $"{slug}-{number}";
            return free;
        }

        private bool Write(string slug, FeedDefinition definition)
        {
            var file = DefinitionFolder.FileOf(_folder, slug);
            var yaml = $"# yaml-language-server: $schema=../feed.schema.json\n{DefinitionLoader.Write(definition)}";
            // A list that somebody else wrote is looked at like a definition that somebody wrote.
            if (DefinitionLoader.Parse(yaml, slug, Path.GetDirectoryName(file)!, DefinitionLoader.Shown(file)).Errors is { Count: > 0 } errors)
            {
                foreach (var error in errors) Terminal.Error($"{definition.Title}: {error.Message}");
                return false;
            }
            if (!_dryRun)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                using var stream = new FileStream(file, FileMode.CreateNew);
                stream.Write(Encoding.UTF8.GetBytes(yaml));
            }
            Terminal.Line($"{DefinitionLoader.Shown(file)}  {definition.Title}");
            return true;
        }
    }
}
