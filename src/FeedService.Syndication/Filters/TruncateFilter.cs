using System.ComponentModel.DataAnnotations;
using AngleSharp.Dom;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Filters;

/// <summary>Shortens the content to its beginning, with a link to the whole.</summary>
/// <param name="Words">At most so many words of the content stay.</param>
public sealed record TruncateSettings([Range(1, 100_000)] int Words = 100)
{
    /// <summary>The words of the link to the whole article.</summary>
    public string More { get; init; } = "Read more";
}

/// <summary>Shortens contents after a word, never within markup: what is open is closed, pictures and tables go or stay whole.</summary>
public sealed class TruncateFilter(TruncateSettings settings) : IFilter
{
    /// <inheritdoc/>
    public FilterStage Stage => FilterStage.Arrival;

    /// <inheritdoc/>
    public void Apply(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var item in batch.Items)
        {
            var words = 0;
            var content = ContentEditor.Edit(batch, item, body =>
            {
                words = WordCounter.Count(FeedText.ToPlainText(body.InnerHtml));
                return words > settings.Words && Cut(body);
            });
            if (content is null)
                continue;
            if (item.Article.Url is { } url)
                content += $"<p><a href=\"{HtmlText.Escape(url)}\">{HtmlText.Escape(settings.More)}</a></p>";
            batch.Change(item, item.Article with { Content = content }, $"shortened from {words} to {settings.Words} words");
        }
    }

    private bool Cut(IElement body)
    {
        var left = settings.Words;
        foreach (var text in body.Descendants<IText>().ToList())
        {
            // In a table or a list's item as elsewhere: the cut is after a word of text.
            var count = WordCounter.Count(text.Data);
            if (count <= left)
            {
                left -= count;
                if (left > 0 || count == 0)
                    continue;
            }
            else
            {
                text.Data = FirstWords(text.Data, left);
            }
            text.Data = text.Data.TrimEnd(' ', '\n', '\t', ',', ';', ':', '-', '–', '—', '.') + "…";
            RemoveAfter(text, body);
            return true;
        }
        return false;
    }

    /// <summary>Everything that stands behind a node goes, within its ancestors too.</summary>
    private static void RemoveAfter(INode node, IElement body)
    {
        for (var current = node; current != body && current is not null; current = current.Parent)
        {
            while (current.NextSibling is { } next)
                next.RemoveFromParent();
        }
    }

    private static string FirstWords(string text, int words)
    {
        var end = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            var atEnd = i == text.Length || char.IsWhiteSpace(text[i]) || char.IsHighSurrogate(text[i]) || text[i] >= '\u0E00';
            if (!atEnd || char.IsLowSurrogate(i < text.Length ? text[i] : ' '))
                continue;
            if (WordCounter.Count(text[..i]) > words)
                break;
            end = i;
        }
        return text[..end];
    }
}
