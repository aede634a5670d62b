using System.Buffers;
using static FeedService.Syndication.Formats.XmlWriterParts;

namespace FeedService.Syndication.Formats;

/// <summary>OPML 2.0 subscription lists, in UTF-8.</summary>
public static class OpmlWriter
{
    // Far beyond any list that people keep; deeper ones would only serve to overflow a stack.
    private const int DeepestFolder = 64;

    /// <summary>Writes the list; the same one gives the same bytes.</summary>
    /// <param name="document">The list.</param>
    /// <param name="output">Takes the bytes; after an exception it holds a part of the document.</param>
    /// <exception cref="ArgumentException">The list is empty, an outline has no text, or folders nest deeper than 64.</exception>
    public static void Write(OpmlDocument document, IBufferWriter<byte> output)
    {
        if (document.Outlines.Count == 0) throw new ArgumentException($"List '{document.Title}' is empty: OPML requires an outline.", nameof(document));
        var o = new Utf8Output(output);
        o.Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\""u8);
        if (UsesFreshRss(document.Outlines, 1)) o.Raw(" xmlns:frss=\"https://freshrss.org/opml\""u8);
        o.Raw(">\n<head>\n"u8);
        Text(ref o, "<title>"u8, document.Title, "</title>\n"u8);
        if (document.Modified is { } modified)
        {
            o.Raw("<dateModified>"u8);
            o.Rfc822(modified);
            o.Raw("</dateModified>\n"u8);
        }
        Text(ref o, "<ownerName>"u8, document.Owner, "</ownerName>\n"u8);
        o.Raw("</head>\n<body>\n"u8);
        Outlines(ref o, document.Outlines, 1);
        o.Raw("</body>\n</opml>\n"u8);
        o.Flush();
    }

    private static bool UsesFreshRss(IReadOnlyList<OpmlOutline> outlines, int depth) =>
        depth <= DeepestFolder && outlines.Any(outline => outline.Paths is not null || outline.FullContent is not null || UsesFreshRss(outline.Outlines, depth + 1));

    private static void Paths(ref Utf8Output o, OpmlPaths? paths)
    {
        if (paths is null) return;
        Attribute(ref o, " frss:xPathItem=\""u8, paths.Item);
        Attribute(ref o, " frss:xPathItemUri=\""u8, paths.Uri);
        Attribute(ref o, " frss:xPathItemTitle=\""u8, paths.Title);
        Attribute(ref o, " frss:xPathItemContent=\""u8, paths.Content);
        Attribute(ref o, " frss:xPathItemTimestamp=\""u8, paths.Timestamp);
        Attribute(ref o, " frss:xPathItemThumbnail=\""u8, paths.Thumbnail);
    }

    private static void Outlines(ref Utf8Output o, IReadOnlyList<OpmlOutline> outlines, int depth)
    {
        if (depth > DeepestFolder) throw new ArgumentException($"Folders nest deeper than {DeepestFolder}.", nameof(outlines));
        for (var i = 0; i < outlines.Count; i++)
        {
            var outline = outlines[i];
            if (string.IsNullOrWhiteSpace(outline.Text)) throw new ArgumentException($"The outline of '{outline.XmlUrl}' has no text: OPML requires one.", nameof(outlines));
            Attribute(ref o, "<outline text=\""u8, outline.Text);
            if (!string.IsNullOrWhiteSpace(outline.XmlUrl))
            {
                // Readers differ in whether they show the text or the title.
                Attribute(ref o, " title=\""u8, outline.Text);
                Attribute(ref o, " type=\""u8, outline.Type ?? "rss");
                UrlAttribute(ref o, " xmlUrl=\""u8, outline.XmlUrl);
                UrlAttribute(ref o, " htmlUrl=\""u8, outline.HtmlUrl);
                Attribute(ref o, " description=\""u8, outline.Description);
                Attribute(ref o, " language=\""u8, WriterRules.Language(outline.Language));
                Paths(ref o, outline.Paths);
                Attribute(ref o, " frss:cssFullContent=\""u8, outline.FullContent);
            }
            Attribute(ref o, " category=\""u8, outline.Category);
            if (outline.Outlines.Count == 0)
            {
                o.Raw("/>\n"u8);
                continue;
            }
            o.Raw(">\n"u8);
            Outlines(ref o, outline.Outlines, depth + 1);
            o.Raw("</outline>\n"u8);
        }
    }
}
