using FeedService.Configuration;
using FeedService.Syndication;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;

namespace FeedService.Cli;

/// <summary>A subscription of a reader as we would define it.</summary>
internal sealed record Subscription(string Title, FeedDefinition Definition)
{
    private const int LongestSlug = 60;

    /// <summary>Null where there is a problem.</summary>
    public SourceDefinition? Source => Definition.Sources.Count > 0 ? Definition.Sources[0] : null;

    /// <summary>Why it cannot be taken; null where it can.</summary>
    public string? Problem { get; private init; }

    /// <summary>What of it cannot be kept.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>A name for the feed, of its title or else its host.</summary>
    public string Slug => SlugOf(Title) ?? SlugOf(Source is { } source ? new Uri(source.Location).IdnHost.Replace("www.", "", StringComparison.Ordinal) : "") ?? "feed";

    /// <summary>All subscriptions of a list, in its order; the folders that they stand in become categories.</summary>
    public static IEnumerable<Subscription> All(OpmlDocument document) => document.Outlines.SelectMany(outline => All(outline, []));

    private static IEnumerable<Subscription> All(OpmlOutline outline, IReadOnlyList<string> folders)
    {
        if (outline.XmlUrl is not null) yield return Of(outline, folders);
        IReadOnlyList<string> within = outline.XmlUrl is null && CaptureVerb.NotBlank(outline.Text) is { } folder ? [.. folders, folder] : folders;
        foreach (var subscription in outline.Outlines.SelectMany(child => All(child, within))) yield return subscription;
    }

    private static Subscription Of(OpmlOutline outline, IReadOnlyList<string> folders)
    {
        var problem = ValueFormats.Url(Location(outline.XmlUrl!), out var url);
        var title = CaptureVerb.NotBlank(outline.Text) ?? (problem is null ? new Uri(url).IdnHost : outline.XmlUrl!);
        var definition = Empty(title) with
        {
            Description = CaptureVerb.NotBlank(outline.Description),
            Site = outline.HtmlUrl is { } site && ValueFormats.Url(site, out var home) is null ? home : null,
            Language = outline.Language is { } language && ValueFormats.Language(language) is null ? language : null,
            Categories = [.. folders.Concat(Categories(outline.Category)).Distinct(StringComparer.Ordinal)],
        };
        if (problem is not null) return new(title, definition) { Problem = problem };
        switch (outline.Type)
        {
            case null:
            case "JSONFeed":
                return new(title, definition with { Sources = [new SourceDefinition { Kind = SourceKind.Feed, Location = url, FullText = outline.FullContent is not null }] });
            case "HTML+XPath":
                var notes = new List<string>();
                return new(title, definition with { Sources = [new SourceDefinition { Kind = SourceKind.Page, Location = url, Selectors = Selectors(outline.Paths, notes) }] }) { Notes = notes };
            default:
                return new(title, definition) { Problem = $"{url} is of the type '{outline.Type}', which has no counterpart here" };
        }
    }

    private static PageSelectors? Selectors(OpmlPaths? paths, List<string> notes)
    {
        if (paths is null || XPathSelector.ToCss(paths.Item) is not { Length: > 0 } items)
        {
            notes.Add($"its articles are found by themselves{(paths is null ? "" : $", since CSS cannot say {paths.Item}")}");
            return null;
        }
        return new PageSelectors
        {
            Items = items,
            Url = Part("the address", paths.Uri),
            Title = Part("the title", paths.Title),
            Date = Part("the date", paths.Timestamp),
            Image = Part("the image", paths.Thumbnail),
        };

        string? Part(string name, string? path)
        {
            if (path is null) return null;
            var css = XPathSelector.ToCss(path);
            if (css is null) notes.Add($"{name} of an article is found by itself, since CSS cannot say {path}");
            return css is { Length: > 0 } ? css : null;
        }
    }

    // feed: stands in for http: or before it.
    private static string Location(string url) =>
        url.StartsWith("feed://", StringComparison.OrdinalIgnoreCase) ? $"http{url["feed".Length..]}"
        : url.StartsWith("feed:", StringComparison.OrdinalIgnoreCase) ? url["feed:".Length..]
        : url;

    private static IEnumerable<string> Categories(string? category) =>
        (category ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(each => CaptureVerb.NotBlank(each.TrimStart('/'))).OfType<string>();

    private static string? SlugOf(string text)
    {
        var ascii = string.Concat(ArticleSlug.From(text).Where(char.IsAscii)).Trim('-');
        var slug = string.Join('-', (ascii.Length > LongestSlug ? ascii[..LongestSlug] : ascii).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return ValueFormats.Slug(slug) is null ? slug : null;
    }

    /// <summary>A definition that has a title and, so far, no sources.</summary>
    public static FeedDefinition Empty(string title) => new() { Slug = "", Folder = "", Title = title, Sources = [], Fingerprint = "", FiltersFingerprint = "" };
}
