using FeedService.Syndication.Documents;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

/// <summary>Reads one article alone, as programs push it: a JSON Feed item, or an Atom entry (RFC 4287, 4.1.2; RFC 5023, 9.2).</summary>
/// <remarks>
/// Whoever pushes can be told what is wrong, so that nothing is mended or passed over here, unlike in feeds that are fetched. What a standard
/// lets a server decide may be left out: the id, the dates.
/// </remarks>
public static class EntryReader
{
    /// <summary>Reads a JSON Feed item.</summary>
    /// <param name="utf8">One JSON object with the members of an item (JSON Feed 1.1); only the id may be missing besides what is optional. Members that are not known are left alone.</param>
    /// <param name="baseUrl">The absolute URL that relative links in the content resolve against where the item has no <c>url</c>; null leaves them out.</param>
    /// <returns>Content is sanitized.</returns>
    /// <exception cref="DocumentException">It is not valid, says a member twice, or nests too deep; <see cref="DocumentException.Field"/> names the member.</exception>
    public static Document ReadJson(ReadOnlyMemory<byte> utf8, string? baseUrl)
    {
        JsonEntryCheck.Check(utf8);
        return Finish(JsonFeedReader.ReadItem(utf8.Span), isDraft: false, "JSON Feed item", "content_html", baseUrl);
    }

    /// <summary>Reads an Atom entry.</summary>
    /// <param name="bytes">Well-formed XML, without a document type.</param>
    /// <param name="contentType">The <c>Content-Type</c> header that came with it; null where there was none.</param>
    /// <param name="baseUrl">The absolute URL that relative links resolve against where the entry has no alternate link; null leaves them out.</param>
    /// <returns>Content is sanitized; <c>app:draft</c> (RFC 5023, 13.1) makes it a draft.</returns>
    /// <exception cref="DocumentException">It is not valid; <see cref="DocumentException.Field"/> names the element.</exception>
    public static Document ReadAtom(ReadOnlyMemory<byte> bytes, string? contentType, string? baseUrl)
    {
        var isDraft = AtomEntryCheck.Check(TextDecoder.Decode(bytes.Span, contentType).Text);
        try
        {
            var feed = FeedReader.Read(bytes, new FeedReadOptions { ContentType = contentType, BaseUrl = baseUrl }).Feed;
            return Finish(feed.Articles.Single(), isDraft, "Atom entry", "content", baseUrl);
        }
        catch (FeedFormatException e)
        {
            throw new DocumentException(e.Message, e);
        }
    }

    private static Document Finish(Article article, bool isDraft, string form, string contentField, string? baseUrl)
    {
        if (new[] { article.Title, article.Summary, article.Content }.All(string.IsNullOrWhiteSpace))
            throw new DocumentException("the article says nothing: give it a title, a summary or a content") { Field = contentField };
        try
        {
            return new Document(article with
            {
                Content = article.Content is { } html ? HtmlSanitizer.Sanitize(html, new SanitizerOptions { BaseUrl = article.Url ?? baseUrl }) : null,
            })
            {
                Draft = isDraft,
                Origins = new Dictionary<string, string> { ["article"] = form },
            };
        }
        catch (HtmlException e)
        {
            throw new DocumentException(e.Message, e) { Field = contentField };
        }
    }
}
