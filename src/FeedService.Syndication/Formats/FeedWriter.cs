using System.Buffers;

namespace FeedService.Syndication.Formats;

/// <summary>Feeds to finished documents: RSS 2.0 with the RSS Advisory Board's profile, Atom 1.0 (RFC 4287), JSON Feed 1.1. Always UTF-8.</summary>
/// <remarks>
/// <para>The same feed gives the same bytes: nothing depends on a clock, a culture or the machine. Titles, names, summaries and all other plain text
/// are written on one line, with runs of white space as one space; content keeps its lines, which end in LF. Characters that XML 1.0 forbids come out as
/// U+FFFD in all three formats. Nothing is shortened.</para>
/// <para>Where a format has no place for something it is left out: JSON Feed has none for rights, feed categories, sources, replies and further
/// links; RSS and JSON Feed none for tombstones. In a feed that says it is complete, links to other pages (RFC 5005) are left out, as section 2 asks.</para>
/// </remarks>
public static class FeedWriter
{
    // Between two articles in JSON.
    private static readonly byte[] _separator = [.. ",\n"u8];

    /// <summary>Writes a whole document.</summary>
    /// <param name="format">The format.</param>
    /// <param name="feed">The feed; see the exceptions for what it must have.</param>
    /// <param name="output">Takes the bytes; after an exception it holds a part of the document.</param>
    /// <exception cref="ArgumentException">Something that the format requires is missing: a title; for RSS a site or self URL; for Atom an id and a date
    /// (the feed's own, or that of an article); in an article an id, and for Atom a date. The message names the article.</exception>
    public static void Write(FeedFormat format, Feed feed, IBufferWriter<byte> output)
    {
        var o = new Utf8Output(output);
        Begin(ref o, format, feed);
        for (var i = 0; i < feed.Articles.Count; i++)
        {
            if (format == FeedFormat.Json && i > 0) o.Raw(_separator);
            Article(ref o, format, feed, feed.Articles[i]);
        }
        o.Raw(End(format));
        o.Flush();
    }

    /// <summary>Writes what surrounds the articles, for <see cref="Join"/>: the document of the feed without any.</summary>
    /// <param name="format">The format.</param>
    /// <param name="feed">The feed; of its articles only their dates matter, and those only where the feed has no date of its own.</param>
    /// <param name="output">Takes the bytes; after an exception it holds a part of them.</param>
    /// <exception cref="ArgumentException">The feed lacks something that the format requires.</exception>
    public static void WriteFrame(FeedFormat format, Feed feed, IBufferWriter<byte> output)
    {
        var o = new Utf8Output(output);
        Begin(ref o, format, feed);
        o.Raw(End(format));
        o.Flush();
    }

    /// <summary>A whole document in parts, out of articles that were written before; one after the other they are the bytes that <see cref="Write"/> gives.</summary>
    /// <param name="format">The format.</param>
    /// <param name="frame">What <see cref="WriteFrame"/> gave.</param>
    /// <param name="articles">What <see cref="WriteArticle"/> gave for each article, with the same format and feed, in order.</param>
    public static ReadOnlyMemory<byte>[] Join(FeedFormat format, ReadOnlyMemory<byte> frame, IReadOnlyList<ReadOnlyMemory<byte>> articles)
    {
        var separated = format == FeedFormat.Json && articles.Count > 1;
        var parts = new ReadOnlyMemory<byte>[articles.Count + (separated ? articles.Count - 1 : 0) + 2];
        var end = frame.Length - End(format).Length;
        var next = 0;
        parts[next++] = frame[..end];
        for (var i = 0; i < articles.Count; i++)
        {
            if (separated && i > 0) parts[next++] = _separator;
            parts[next++] = articles[i];
        }
        parts[next] = frame[end..];
        return parts;
    }

    /// <summary>Writes one article: an RSS <c>item</c>, an Atom <c>entry</c> or a JSON Feed item, to be kept and joined with others later.</summary>
    /// <param name="format">The format.</param>
    /// <param name="feed">What the article inherits from: its authors and its language. Nothing else of it matters.</param>
    /// <param name="article">The article; it must have an id, and for Atom a date.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <exception cref="ArgumentException">The article lacks something that the format requires.</exception>
    public static void WriteArticle(FeedFormat format, Feed feed, Article article, IBufferWriter<byte> output)
    {
        var o = new Utf8Output(output);
        Article(ref o, format, feed, article);
        o.Flush();
    }

    private static void Begin(ref Utf8Output o, FeedFormat format, Feed feed)
    {
        if (string.IsNullOrWhiteSpace(feed.Title)) throw new ArgumentException($"Feed '{feed.Id}' has no title: every format requires one.", nameof(feed));
        switch (format)
        {
            case FeedFormat.Rss: RssWriter.Begin(ref o, feed); break;
            case FeedFormat.Atom: AtomWriter.Begin(ref o, feed); break;
            default: JsonFeedWriter.Begin(ref o, feed); break;
        }
    }

    private static void Article(ref Utf8Output o, FeedFormat format, Feed feed, Article article)
    {
        if (string.IsNullOrWhiteSpace(article.Id))
            throw new ArgumentException($"Article {Name(article)} has no id: readers would take it for a new one each time.", nameof(article));
        switch (format)
        {
            case FeedFormat.Rss: RssWriter.Item(ref o, feed, article); break;
            case FeedFormat.Atom: AtomWriter.Entry(ref o, feed, article); break;
            default: JsonFeedWriter.Item(ref o, feed, article); break;
        }
    }

    private static ReadOnlySpan<byte> End(FeedFormat format) => format switch
    {
        FeedFormat.Rss => "</channel>\n</rss>\n"u8,
        FeedFormat.Atom => "</feed>\n"u8,
        _ => "\n]}\n"u8,
    };

    // How a message names an article that may lack anything.
    internal static string Name(Article article) =>
        article.Id.Length > 0 ? $"'{article.Id}'" : article.Url is { Length: > 0 } url ? $"'{url}'" : $"'{article.Title}'";
}
