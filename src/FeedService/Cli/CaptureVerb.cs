using System.CommandLine;
using System.Globalization;
using System.Text;
using AngleSharp.Html.Parser;
using FeedService.Configuration;
using FeedService.Syndication;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;

namespace FeedService.Cli;

/// <summary><c>feedservice capture</c>.</summary>
internal static class CaptureVerb
{
    // A page with fewer links to articles is an article itself, or a poor list.
    private const int FewestListed = 3;

    private const int Previewed = 10;

    public static Verb Create(CommonOptions options)
    {
        var url = new Argument<string>("url") { Description = "A site, a section of it, or a feed", HelpName = "URL" };
        var name = new Option<string?>("--name") { Description = "Write the definition of the feed of this name, instead of printing it", HelpName = "NAME" };
        var verb = new Verb("capture", "Draft a definition from a site: from its feed if it has one, else from a page that lists articles, else from its sitemap.",
            "feedservice capture https://example.com/                 # print it, with a preview of what would come out",
            "feedservice capture https://example.com/news --name example-news")
        {
            url,
            name,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = options.Settings(parsed);
            using var inputs = new Inputs(settings);
            return await RunAsync(settings, inputs, parsed.GetValue(url)!, parsed.GetValue(name), cancellationToken);
        });
        return verb;
    }

    private static async Task<int> RunAsync(ServiceSettings settings, Inputs inputs, string url, string? name, CancellationToken cancellationToken)
    {
        if (ValueFormats.Url(url, out url) is { } problem) throw new UsageException(problem);
        if (name is not null && ValueFormats.Slug(name) is { } wrong) throw new UsageException(wrong);
        Captured captured;
        try
        {
            captured = await CaptureAsync(inputs, url, cancellationToken);
        }
        catch (InputException e)
        {
            Terminal.Error($"{url}: {e.Message}");
            return CommandLine.Findings;
        }
        foreach (var (date, title) in captured.Articles.Take(Previewed))
            Console.Error.WriteLine($"  {date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "          "}  {Terminal.Safe(title)}");
        Console.Error.WriteLine($"{captured.Articles.Count} articles, from {Terminal.Safe(captured.How)}");
        var yaml = $"# yaml-language-server: $schema=../feed.schema.json\n{DefinitionLoader.Write(captured.Definition)}";
        if (name is null)
        {
            Console.Out.Write(yaml);
            return CommandLine.Good;
        }
        var file = DefinitionFolder.FileOf(settings.FeedsFolder, name);
        if (File.Exists(file)) throw new IOException($"there is {DefinitionLoader.Shown(file)} already; choose another name");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, yaml, cancellationToken);
        Terminal.Line(DefinitionLoader.Shown(file));
        return CommandLine.Good;
    }

    private static async Task<Captured> CaptureAsync(Inputs inputs, string url, CancellationToken cancellationToken)
    {
        var page = await inputs.ReadAsync(url, cancellationToken);
        if (!FeedReader.LooksLikeHtml(page.Bytes)) return OfFeed(page, null);
        var html = TextDecoder.Decode(page.Bytes, page.ContentType).Text;
        if (FeedDiscovery.Find(html, page.Url) is [var feed, ..]) return OfFeed(await inputs.ReadAsync(feed.Url, cancellationToken), page.Url);
        return OfListing(html, page.Url!) ?? await OfSitemapAsync(inputs, html, new Uri(page.Url!), cancellationToken)
            ?? throw new InputException("it has no feed, lists no articles and has no sitemap; give a page that lists articles");
    }

    private static Captured OfFeed(Input input, string? site)
    {
        Feed feed;
        try
        {
            feed = FeedReader.Read(input.Bytes, new FeedReadOptions { ContentType = input.ContentType, BaseUrl = input.Url }).Feed;
        }
        catch (FeedFormatException e)
        {
            throw new InputException($"it is no feed: {e.Message}", e);
        }
        var summariesOnly = feed.Articles.Count > 0 && feed.Articles.Count(article => article.Content is null) > feed.Articles.Count / 2;
        return new(
            Definition(feed.Title, feed.SiteUrl ?? site ?? input.Url!, new SourceDefinition { Kind = SourceKind.Feed, Location = input.Url!, FullText = summariesOnly }) with
            {
                Description = NotBlank(feed.Description),
                Language = feed.Language is { } language && ValueFormats.Language(language) is null ? language : null,
            },
            [.. feed.Articles.Select(article => (article.Published, article.Title))],
            $"the feed {input.Url}{(summariesOnly ? ", which has summaries only: each article's own page is fetched" : "")}");
    }

    private static Captured? OfListing(string html, string url)
    {
        var listing = ListingPage.FindArticles(html, url);
        if (listing.Articles.Count < FewestListed) return null;
        return new(
            Definition(TitleOf(html), url, new SourceDefinition { Kind = SourceKind.Page, Location = url }),
            [.. listing.Articles.Select(article => (article.Published, article.Title))], $"the page {url}");
    }

    private static async Task<Captured?> OfSitemapAsync(Inputs inputs, string html, Uri site, CancellationToken cancellationToken)
    {
        foreach (var candidate in await SitemapsAsync(inputs, site, cancellationToken))
        {
            if (await TryReadAsync(inputs, candidate, cancellationToken) is not { } input) continue;
            var sitemap = SitemapReader.Read(input.Bytes);
            if (sitemap.Entries.Count == 0) continue;
            return new(
                Definition(TitleOf(html), site.AbsoluteUri, new SourceDefinition { Kind = SourceKind.Sitemap, Location = candidate }),
                [.. sitemap.Entries.Select(entry => (entry.Published ?? entry.LastModified, entry.Title ?? entry.Url))], $"the sitemap {candidate}");
        }
        return null;
    }

    // What robots.txt names comes before the usual place.
    private static async Task<List<string>> SitemapsAsync(Inputs inputs, Uri site, CancellationToken cancellationToken)
    {
        const string field = "sitemap:";
        var robots = await TryReadAsync(inputs, new Uri(site, "/robots.txt").AbsoluteUri, cancellationToken);
        var named = robots is null ? [] : Encoding.UTF8.GetString(robots.Bytes).Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith(field, StringComparison.OrdinalIgnoreCase)).Select(line => line[field.Length..].Trim());
        return [.. named.Where(named => ValueFormats.Url(named, out _) is null), new Uri(site, "/sitemap.xml").AbsoluteUri];
    }

    private static async Task<Input?> TryReadAsync(Inputs inputs, string url, CancellationToken cancellationToken)
    {
        try
        {
            return await inputs.ReadAsync(url, cancellationToken);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static FeedDefinition Definition(string? title, string site, SourceDefinition source) => new()
    {
        Slug = "",
        Folder = "",
        Title = NotBlank(title) ?? new Uri(site).IdnHost,
        Site = ValueFormats.Url(site, out var url) is null ? url : null,
        Sources = [source],
        Fingerprint = "",
        FiltersFingerprint = "",
    };

    private static string? TitleOf(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        return document.Title;
    }

    internal static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : string.Concat(text.Trim().Where(c => !char.IsControl(c)));

    private sealed record Captured(FeedDefinition Definition, IReadOnlyList<(DateTimeOffset? Date, string Title)> Articles, string How);
}
