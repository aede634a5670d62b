using System.Globalization;
using System.Text;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Filters;

/// <summary>What makes two articles the same.</summary>
public enum DedupeBy
{
    /// <summary>The id that the source gives.</summary>
    Id,

    /// <summary>The URL, whatever its scheme, www, trailing slash, tracking parameters or AMP form.</summary>
    Url,

    /// <summary>The title, whatever its case, marks and punctuation.</summary>
    Title,

    /// <summary>Nearly the same text: about nine of ten phrases are shared.</summary>
    Text,
}

/// <summary>Of articles that are the same the first stays.</summary>
/// <param name="By">What makes them the same; any one of them is enough. Default: id and url.</param>
public sealed record DedupeSettings(IReadOnlyList<DedupeBy>? By = null);

/// <summary>Leaves out articles that are in the batch or the feed already.</summary>
public sealed class DedupeFilter(DedupeSettings settings) : IFilter
{
    private readonly IReadOnlyList<DedupeBy> _by = settings.By is { Count: > 0 } by ? by : [DedupeBy.Id, DedupeBy.Url];

    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Arrival;

    /// <summary>Gives each item its keys and returns them all.</summary>
    internal IReadOnlyCollection<string> AddKeys(FilterBatch batch)
    {
        var all = new HashSet<string>();
        foreach (var item in batch.Items)
        {
            foreach (var key in KeysOf(item.Article))
            {
                if (!item.DedupeKeys.Contains(key))
                    item.DedupeKeys.Add(key);
                all.Add(key);
            }
        }
        return all;
    }

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var first = new Dictionary<string, FilterItem>();
        // What is judged here is judged by what it says now, not by what the feed still knows of it.
        var here = batch.Items.Where(i => i.KnownId is not null).Select(i => i.KnownId!).ToHashSet();
        // What the feed has already was here before whatever is new.
        foreach (var item in batch.Items.OrderBy(i => i.KnownId is null))
        {
            var keys = KeysOf(item.Article).ToList();
            if (keys.Find(k => batch.Holders.TryGetValue(k, out var holder) && !here.Contains(holder)) is { } held)
                batch.Exclude(item, $"{Same(held)} that of {batch.Holders[held]}, which is in the feed already");
            else if (keys.Find(first.ContainsKey) is { } shared)
                batch.Exclude(item, $"{Same(shared)} that of '{Name(first[shared].Article)}' from {first[shared].Source}");
            else
                keys.ForEach(k => first.TryAdd(k, item));
        }
    }

    private IEnumerable<string> KeysOf(Article article)
    {
        foreach (var by in _by)
        {
            switch (by)
            {
                case DedupeBy.Id when article.Id.Length > 0:
                    yield return "id:" + article.Id;
                    break;
                case DedupeBy.Url when article.Url is { Length: > 0 } url:
                    yield return "url:" + UrlIdentity.Key(url);
                    break;
                case DedupeBy.Title when Fold(article.Title) is { Length: > 0 } title:
                    yield return "title:" + title;
                    break;
                case DedupeBy.Text:
                    foreach (var band in NearText.Bands(article.Content is { } content ? FeedText.ToPlainText(content) : article.Summary ?? ""))
                        yield return "text:" + band;
                    break;
                default:
                    break;
            }
        }
    }

    private static string Same(string key) => key[..key.IndexOf(':', StringComparison.Ordinal)] switch
    {
        "id" => "its id is",
        "url" => "its URL is",
        "title" => "its title is",
        _ => "its text is nearly",
    };

    private static string Name(Article article) => article.Title.Length > 0 ? article.Title : article.Url ?? article.Id;

    /// <summary>Letters and digits in one case, without marks.</summary>
    private static string Fold(string title)
    {
        var folded = new StringBuilder(title.Length);
        foreach (var c in title.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsLetterOrDigit(c))
                folded.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) && folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }
        return folded.ToString().TrimEnd();
    }
}
