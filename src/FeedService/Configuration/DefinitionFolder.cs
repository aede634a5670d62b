using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>All definitions of a folder of feeds.</summary>
public static class DefinitionFolder
{
    /// <summary>Loads every feed of the folder; results are by slug.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public static SortedDictionary<string, DefinitionResult> LoadAll(string feedsFolder)
    {
        var slugs = Slugs(feedsFolder).ToArray();
        var results = new DefinitionResult[slugs.Length];
        Parallel.For(0, slugs.Length, i => results[i] = DefinitionLoader.Load(FileOf(feedsFolder, slugs[i])));
        var all = new SortedDictionary<string, DefinitionResult>(StringComparer.Ordinal);
        for (var i = 0; i < slugs.Length; i++) all[slugs[i]] = results[i];
        foreach (var (slug, errors) in NameErrors(all.Values.Select(result => result.Definition).OfType<FeedDefinition>(), feedsFolder))
            all[slug] = all[slug] with { Errors = [.. all[slug].Errors, .. errors] };
        return all;
    }

    public static string FileOf(string feedsFolder, string slug) => Path.Combine(feedsFolder, slug, DefinitionLoader.FileName);

    /// <summary>
    /// The folders that are meant as feeds: those with a definition, or with what looks as if one was forgotten or misnamed. Others, such as
    /// those of tools, are nobody's business.
    /// </summary>
    public static IEnumerable<string> Slugs(string feedsFolder) =>
        new DirectoryInfo(feedsFolder).EnumerateDirectories()
            .Where(folder => File.Exists(FileOf(feedsFolder, folder.Name)) || (folder.Name[0] != '.' &&
                (File.Exists(Path.Combine(folder.FullName, "feed.yml")) || Directory.Exists(Path.Combine(folder.FullName, "articles")))))
            .Select(folder => folder.Name)
            .Order(StringComparer.Ordinal);

    /// <summary>
    /// A former slug may be neither the name of a feed nor another feed's former slug. Just the claim is refused: the name stays with the feed
    /// that has it, and the definition is good otherwise.
    /// </summary>
    internal static Dictionary<string, List<DefinitionError>> NameErrors(IEnumerable<FeedDefinition> definitions, string feedsFolder)
    {
        var all = definitions.OrderBy(definition => definition.Slug, StringComparer.Ordinal).ToList();
        var errors = new Dictionary<string, List<DefinitionError>>();
        if (all.All(definition => definition.FormerSlugs.Count == 0)) return errors;
        var taken = all.ToDictionary(definition => definition.Slug, definition => definition.Slug);
        foreach (var definition in all)
        {
            for (var i = 0; i < definition.FormerSlugs.Count; i++)
            {
                var former = definition.FormerSlugs[i];
                if (taken.TryAdd(former, definition.Slug)) continue;
                var owner = taken[former];
                var message =
                    owner == definition.Slug ? $"'{former}' is a name of this feed already; remove it" :
                    owner == former ? $"'{former}' is the name of another feed; remove it, or rename that feed" :
                    $"'{former}' is a former name of the feed '{owner}' too; remove it from one of them";
                if (!errors.TryGetValue(definition.Slug, out var list)) errors[definition.Slug] = list = [];
                list.Add(At(FileOf(feedsFolder, definition.Slug), i, message));
            }
        }
        return errors;
    }

    // Places are not kept with definitions; this is rare enough to read the file again.
    private static DefinitionError At(string file, int index, string message)
    {
        var result = DefinitionLoader.Load(file);
        var key = result.Root?["former_slugs"];
        var node = key is YamlSequence list && index < list.Items.Count ? list.Items[index] : key;
        return new(DefinitionLoader.Shown(file), node?.Line ?? 0, node?.Column ?? 0, message);
    }
}
