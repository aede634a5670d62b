using System.CommandLine;
using System.Globalization;
using FeedService.Configuration;

namespace FeedService.Cli;

/// <summary><c>feedservice init</c>.</summary>
internal static class InitVerb
{
    public static Verb Create(CommonOptions options)
    {
        var slug = new Argument<string>("name") { Description = "The feed's name, as in its URL", HelpName = "NAME", DefaultValueFactory = _ => "my-feed" };
        var title = new Option<string?>("--title") { Description = "What the feed is called" };
        var verb = new Verb("init", "Make a feed to start from: a commented definition and a first article.",
            "feedservice init                                    # feeds/my-feed",
            "feedservice init garden-notes --title \"Garden Notes\"")
        {
            slug,
            title,
        };
        verb.SetAction(parsed => Run(options.Settings(parsed).FeedsFolder, parsed.GetValue(slug)!, parsed.GetValue(title)));
        return verb;
    }

    private static int Run(string feedsFolder, string slug, string? title)
    {
        if (ValueFormats.Slug(slug) is { } problem) throw new UsageException(problem);
        var file = DefinitionFolder.FileOf(feedsFolder, slug);
        var folder = Path.GetDirectoryName(file)!;
        if (Directory.Exists(folder)) throw new IOException($"there is {DefinitionLoader.Shown(folder)} already; choose another name");
        title ??= CultureInfo.InvariantCulture.TextInfo.ToTitleCase(slug.Replace('-', ' '));

        Directory.CreateDirectory(Path.Combine(folder, "articles"));
        var schema = Path.Combine(feedsFolder, "feed.schema.json");
        if (!File.Exists(schema)) Write(schema, SchemaDefinitions.Render());
        var today = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Write(Path.Combine(folder, "articles", $"{today}-hello.md"), Article(title));
        // Last, so that a running service never sees a feed without its article.
        Write(file, Definition(YamlText.Quote(title)));
        Console.Error.WriteLine("Next: feedservice check, then feedservice serve");
        return CommandLine.Good;
    }

    private static void Write(string file, string text)
    {
        File.WriteAllText(file, text);
        Terminal.Line(DefinitionLoader.Shown(file));
    }

    private static string Article(string title) => $"""
        ---
        title: {YamlText.Quote($"Hello from {title}")}
        description: The first article, to be replaced by a real one.
        tags: [news]
        ---
        Articles are **Markdown**, plain text or HTML files in this folder. Save one and it is in the feed within seconds.

        The date comes from the front matter (`date:`), the file's name, or the moment the file is first seen.

        """;

    private static string Definition(string title) => $"""
        # yaml-language-server: $schema=../feed.schema.json
        title: {title}
        # description: What it is about, in a sentence.
        # site: https://example.com/             # default: the feed's own page
        language: en
        # authors: [{"{"}name: Your Name, url: https://example.com/you{"}"}]
        # categories: [news]
        # icon: https://example.com/icon.png

        schedule: 15m                            # or cron: 0 0 7 * * ?
        # time_zone: Europe/Amsterdam            # where a cron expression's fixed hours are meant

        sources:                                 # mixed at will
          - folder: articles                     # .txt .md .html, subfolders too
          # - feed: https://example.com/rss.xml  # RSS, Atom, RDF or JSON Feed
          #   full_text: true                    # fetch each article's own page
          # - page: https://example.com/news     # a page without a feed
          # - sitemap: https://example.com/sitemap.xml
          # - inbox: true                        # articles pushed over HTTP

        # publish:
        #   items: 50
        #   max_size: 512kB
        #   release: {"{"}every: 1d, articles: 1{"}"}     # a drip from the backlog

        """;
}
