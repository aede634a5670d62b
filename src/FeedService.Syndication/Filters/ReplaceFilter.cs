using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Filters;

/// <summary>A part of an article in which text can be replaced.</summary>
public enum ReplaceIn
{
    /// <summary>The title.</summary>
    Title,

    /// <summary>The summary.</summary>
    Summary,

    /// <summary>The text of the content; its markup stays.</summary>
    Content,

    /// <summary>Authors' names.</summary>
    Author,

    /// <summary>Categories; one that becomes empty is dropped.</summary>
    Category,

    /// <summary>The article's URL.</summary>
    Url,
}

/// <summary>Replaces what a regular expression matches.</summary>
public sealed record ReplaceSettings
{
    /// <summary>A regular expression, without slashes; <c>(?i)</c> in front makes its case not matter.</summary>
    public required string Pattern { get; init; }

    /// <summary>What comes in its place; <c>$1</c> stands for the first group. Default: nothing.</summary>
    public string With { get; init; } = "";

    /// <summary>Where. Default: title.</summary>
    public IReadOnlyList<ReplaceIn> In { get; init; } = [];
}

/// <summary>Replaces what a regular expression matches, in the parts of an article that are named.</summary>
public sealed class ReplaceFilter : IFilter
{
    /// <summary>How long a part may become; a replacement that repeats what it matched could grow without end.</summary>
    private const int MaxLength = 1_000_000;

    private readonly Regex _pattern;
    private readonly string _with;
    private readonly IReadOnlyList<ReplaceIn> _in;

    /// <exception cref="FilterSettingsException">The pattern is no regular expression that runs without backtracking.</exception>
    public ReplaceFilter(ReplaceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _pattern = TextPattern.Compile(settings.Pattern);
        _with = settings.With;
        _in = settings.In.Count > 0 ? settings.In : [ReplaceIn.Title];
    }

    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Arrival;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var item in batch.Items)
            foreach (var part in _in)
                Apply(batch, item, part);
    }

    private void Apply(FilterBatch batch, FilterItem item, ReplaceIn part)
    {
        var article = item.Article;
        switch (part)
        {
            case ReplaceIn.Title when Replace(article.Title) is { } title:
                batch.Change(item, article with { Title = title.Trim() }, $"the title '{article.Title}' became '{title.Trim()}'");
                break;
            case ReplaceIn.Summary when article.Summary is { } before && Replace(before) is { } summary:
                batch.Change(item, article with { Summary = summary.Trim() is { Length: > 0 } trimmed ? trimmed : null }, "replaced text in the summary");
                break;
            case ReplaceIn.Content when ContentEditor.Edit(batch, item, ReplaceText) is { } content:
                batch.Change(item, article with { Content = content }, "replaced text in the content");
                break;
            case ReplaceIn.Author when article.Authors.Any(a => Replace(a.Name) is not null):
                batch.Change(item, article with { Authors = [.. article.Authors.Select(a => a with { Name = (Replace(a.Name) ?? a.Name).Trim() }).Where(a => a.Name.Length > 0 || a.Url is not null || a.Email is not null)] }, "replaced text in authors' names");
                break;
            case ReplaceIn.Category when article.Categories.Any(c => Replace(c.Term) is not null):
                batch.Change(item, article with { Categories = [.. article.Categories.Select(c => Replace(c.Term) is { } term ? c with { Term = term.Trim(), Label = null } : c).Where(c => c.Term.Length > 0).DistinctBy(c => (c.Term, c.Scheme))] }, "replaced text in categories");
                break;
            case ReplaceIn.Url when article.Url is { } url && Replace(url) is { } replaced:
                if (Uri.TryCreate(replaced, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                    batch.Change(item, article with { Url = replaced }, $"the URL {url} became {replaced}");
                else
                    batch.Note(item, $"kept the URL: '{replaced}' would not be one");
                break;
            default:
                break;
        }
    }

    private bool ReplaceText(IElement body)
    {
        var changed = false;
        foreach (var text in body.Descendants<IText>().ToList())
        {
            if (Replace(text.Data) is not { } replaced)
                continue;
            text.Data = replaced;
            changed = true;
        }
        return changed;
    }

    /// <summary>Null where nothing changes.</summary>
    private string? Replace(string text)
    {
        if (!_pattern.IsMatch(text))
            return null;
        var replaced = _pattern.Replace(text, _with);
        return replaced == text || replaced.Length > MaxLength ? null : replaced;
    }
}
