using System.CommandLine;
using System.Globalization;
using System.Text;
using AngleSharp.Html.Parser;
using FeedService.Configuration;
using FeedService.Sources;
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

    // A site may name thousands.
    private const int SitemapsTried = 5;
    private const int PartsTried = 3;

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
        if (!FeedReader.LooksLikeHtml(page.Bytes)) return OfFeed(await AgainAsync(inputs, page, cancellationToken), null);
        var html = TextDecoder.Decode(page.Bytes, page.ContentType).Text;
        if (FeedDiscovery.Find(html, page.Url) is [var feed, ..]) return OfFeed(await inputs.FollowAsync(page, feed.Url, robots: true, cancellationToken), page.Url);
        if (OfListing(html, page.Url!) is { } listing)
        {
            await AgainAsync(inputs, page, cancellationToken);
            return listing;
        }
        return await OfSitemapAsync(inputs, page, html, new Uri(page.Url!), cancellationToken)
            ?? throw new InputException("it has no feed, lists no articles and has no sitemap; give a page that lists articles");
    }

    // As a program, and no more as a visitor: a definition of what robots.txt forbids to fetch would never give an article.
    private static Task<Input> AgainAsync(Inputs inputs, Input typed, CancellationToken cancellationToken) => inputs.FollowAsync(typed, typed.Url!, robots: true, cancellationToken);

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

    private static async Task<Captured?> OfSitemapAsync(Inputs inputs, Input page, string html, Uri site, CancellationToken cancellationToken)
    {
        foreach (var candidate in await SitemapsAsync(inputs, page, site, cancellationToken))
        {
            if (await TrySitemapAsync(inputs, page, candidate, cancellationToken) is not { } sitemap) continue;
            var entries = sitemap.IsIndex ? await NewestPartAsync(inputs, page, sitemap, cancellationToken) : sitemap.Entries;
            if (entries.Count == 0) continue;
            return new(
                Definition(TitleOf(html), site.AbsoluteUri, new SourceDefinition { Kind = SourceKind.Sitemap, Location = candidate }),
                [.. entries.OrderByDescending(Date).Select(entry => (Date(entry), entry.Title ?? entry.Url))], $"the sitemap {candidate}");
        }
        return null;
    }

    /// <summary>The pages of the file of an index that changed last, which stand for all of them.</summary>
    private static async Task<IReadOnlyList<SitemapEntry>> NewestPartAsync(Inputs inputs, Input page, Sitemap index, CancellationToken cancellationToken)
    {
        foreach (var part in index.Entries.OrderByDescending(Date).Take(PartsTried))
            if (await TrySitemapAsync(inputs, page, part.Url, cancellationToken) is { IsIndex: false, Entries: { Count: > 0 } entries }) return entries;
        return [];
    }

    private static async Task<Sitemap?> TrySitemapAsync(Inputs inputs, Input page, string url, CancellationToken cancellationToken)
    {
        try
        {
            return SitemapSource.Read((await inputs.FollowAsync(page, url, robots: true, cancellationToken)).Bytes);
        }
        catch (Exception e) when (e is InputException or FeedFormatException or InvalidDataException)
        {
            Console.Error.WriteLine($"  {Terminal.Safe(e is InputException ? e.Message : $"{url}: {e.Message}")}");
            return null;
        }
    }

    private static DateTimeOffset? Date(SitemapEntry entry) => entry.Published ?? entry.LastModified;

    // What robots.txt names comes before the usual place.
    private static async Task<List<string>> SitemapsAsync(Inputs inputs, Input page, Uri site, CancellationToken cancellationToken)
    {
        const string field = "sitemap:";
        string[] named = [];
        try
        {
            var robots = await inputs.FollowAsync(page, new Uri(site, "/robots.txt").AbsoluteUri, robots: false, cancellationToken);
            named = [.. Encoding.UTF8.GetString(robots.Bytes).Split('\n', StringSplitOptions.TrimEntries)
                .Where(line => line.StartsWith(field, StringComparison.OrdinalIgnoreCase)).Select(line => line[field.Length..].Trim())];
        }
        catch (InputException)
        {
            // Most sites without one are simply without one.
        }
        return [.. named.Where(named => ValueFormats.Url(named, out _) is null).Take(SitemapsTried), new Uri(site, "/sitemap.xml").AbsoluteUri];
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
