namespace FeedService.Syndication.Formats;

/// <summary>
/// Reads OPML 1.0 and 2.0 subscription lists as readers write them: XML that is not well-formed is mended, wrong and missing encodings are found
/// out, no document type is processed.
/// </summary>
public static class OpmlReader
{
    /// <summary>The largest list that is taken, in bytes.</summary>
    public const int MaxBytes = 20 * 1024 * 1024;

    /// <summary>How many outlines are taken, folders included.</summary>
    public const int MaxOutlines = 50_000;

    /// <summary>How deep folders may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads a list.</summary>
    /// <param name="bytes">The whole document.</param>
    /// <param name="contentType">The <c>Content-Type</c> header that came with it; null where there was none.</param>
    /// <exception cref="FeedFormatException">It is no OPML, or over a limit.</exception>
    public static OpmlDocument Read(ReadOnlySpan<byte> bytes, string? contentType = null)
    {
        if (bytes.Length > MaxBytes)
            throw new FeedFormatException($"The document has {bytes.Length} bytes; at most {MaxBytes} are taken");
        var markup = new MarkupReader(FeedReader.CleanText(TextDecoder.Decode(bytes, contentType).Text));
        if (!markup.ReadRoot() || markup.Name is not "opml")
            throw new FeedFormatException("The document is no list of subscriptions (OPML)");
        var document = new OpmlDocument("", []);
        var outlines = new List<OpmlOutline>();
        var count = 0;
        var depth = markup.Depth;
        while (markup.NextChild(depth))
        {
            if (markup.Name is "head") document = ReadHead(ref markup, document);
            else if (markup.Name is "body") ReadOutlines(ref markup, outlines, 1, ref count);
            else markup.Skip();
        }
        return document with { Outlines = outlines, IsTruncated = markup.IsTruncated };
    }

    private static OpmlDocument ReadHead(ref MarkupReader markup, OpmlDocument document)
    {
        var depth = markup.Depth;
        while (markup.NextChild(depth))
        {
            switch (markup.Name)
            {
                case "title":
                    document = document with { Title = FeedText.Collapse(markup.ReadText()) };
                    break;
                case "datemodified":
                    document = document with { Modified = DateParser.Parse(markup.ReadText()) };
                    break;
                case "ownername":
                    document = document with { Owner = NotBlank(markup.ReadText()) };
                    break;
                default:
                    markup.Skip();
                    break;
            }
        }
        return document;
    }

    private static void ReadOutlines(ref MarkupReader markup, List<OpmlOutline> outlines, int level, ref int count)
    {
        if (level > MaxDepth)
            throw new FeedFormatException($"Folders nest deeper than {MaxDepth}", markup.Line);
        var depth = markup.Depth;
        while (markup.NextChild(depth))
        {
            if (markup.Name is not "outline")
            {
                markup.Skip();
                continue;
            }
            if (++count > MaxOutlines)
                throw new FeedFormatException($"The list has more than {MaxOutlines} outlines");
            var outline = ReadOutline(ref markup);
            var within = new List<OpmlOutline>();
            ReadOutlines(ref markup, within, level + 1, ref count);
            outlines.Add(outline with { Outlines = within });
        }
    }

    private static OpmlOutline ReadOutline(ref MarkupReader markup)
    {
        // OPML 1.0 lists have the one or the other.
        var text = NotBlank(markup.Attribute("text")) ?? NotBlank(markup.Attribute("title")) ?? "";
        var url = NotBlank(markup.Attribute("xmlUrl"));
        var type = NotBlank(markup.Attribute("type"));
        return new OpmlOutline(FeedText.Collapse(text))
        {
            XmlUrl = url,
            HtmlUrl = NotBlank(markup.Attribute("htmlUrl")),
            Type = url is null || type is null || type.Equals("rss", StringComparison.OrdinalIgnoreCase) ? null : type,
            Description = NotBlank(markup.Attribute("description")),
            Language = NotBlank(markup.Attribute("language")),
            Category = NotBlank(markup.Attribute("category")),
            FullContent = NotBlank(markup.Attribute("frss:cssFullContent")),
            Paths = NotBlank(markup.Attribute("frss:xPathItem")) is not { } item ? null : new OpmlPaths(item)
            {
                Uri = NotBlank(markup.Attribute("frss:xPathItemUri")),
                Title = NotBlank(markup.Attribute("frss:xPathItemTitle")),
                Content = NotBlank(markup.Attribute("frss:xPathItemContent")),
                Timestamp = NotBlank(markup.Attribute("frss:xPathItemTimestamp")),
                Thumbnail = NotBlank(markup.Attribute("frss:xPathItemThumbnail")),
            },
        };
    }

    private static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
