using System.Buffers;
using System.CommandLine;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Syndication.Formats;

namespace FeedService.Cli;

/// <summary><c>feedservice export</c>.</summary>
internal static class ExportVerb
{
    public static Verb Create(CommonOptions options)
    {
        var sources = new Option<bool>("--sources") { Description = "The feeds that ours come from, instead of ours" };
        var verb = new Verb("export", "Print an OPML file of all feeds, for readers.",
            "feedservice export > feeds.opml",
            "feedservice export --sources > upstream.opml        # to go on elsewhere")
        {
            sources,
        };
        verb.SetAction(parsed => Run(options.Settings(parsed), parsed.GetValue(sources)));
        return verb;
    }

    private static int Run(ServiceSettings settings, bool sources)
    {
        if (!Directory.Exists(settings.DefinitionsFolder)) throw new UsageException($"there is no folder of feeds at {settings.DefinitionsFolder}; say --feeds DIR");
        var results = DefinitionFolder.LoadAll(settings.DefinitionsFolder).Values;
        foreach (var error in results.SelectMany(result => result.Errors)) Terminal.Error(error.ToString());
        var urls = new PublicUrls(settings.PublicUrl);
        var outlines = results.Select(result => result.Definition).OfType<FeedDefinition>().Where(feed => !feed.Gone && !feed.Private)
            .SelectMany(feed => sources ? Sources(feed) : [Outline(feed, urls)]).ToList();
        if (outlines.Count == 0)
        {
            Terminal.Error("there is nothing to export");
            return CommandLine.Findings;
        }
        var output = new ArrayBufferWriter<byte>();
        OpmlWriter.Write(new OpmlDocument(settings.Title ?? new Uri(settings.PublicUrl).IdnHost, outlines), output);
        using var stream = Console.OpenStandardOutput();
        stream.Write(output.WrittenSpan);
        return results.Any(result => result.Errors.Count > 0) ? CommandLine.Findings : CommandLine.Good;
    }

    private static OpmlOutline Outline(FeedDefinition feed, PublicUrls urls) => new(feed.Title)
    {
        XmlUrl = urls.Document(feed.Slug, FeedFormat.Rss.Extension()),
        HtmlUrl = feed.Site ?? urls.Page(feed.Slug),
        Description = feed.Description,
        Language = feed.Language,
        Category = Category(feed),
    };

    /// <summary>The feeds that a definition takes articles from, described as the definition does.</summary>
    internal static IEnumerable<OpmlOutline> Sources(FeedDefinition feed) => feed.Sources.Where(source => source.Kind == SourceKind.Feed).Select(source => new OpmlOutline(feed.Title)
    {
        XmlUrl = source.Location,
        HtmlUrl = feed.Site,
        Description = feed.Description,
        Language = feed.Language,
        Category = Category(feed),
    });

    private static string? Category(FeedDefinition feed) => feed.Categories.Count > 0 ? string.Join(',', feed.Categories) : null;
}
