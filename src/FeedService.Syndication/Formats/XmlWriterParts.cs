namespace FeedService.Syndication.Formats;

/// <summary>Elements that RSS and Atom share: links, Media RSS, threading.</summary>
internal static class XmlWriterParts
{
    /// <summary>A whole element of plain text, unless the text is blank. The tags are given ready-made.</summary>
    public static void Text(ref Utf8Output o, ReadOnlySpan<byte> start, string? text, ReadOnlySpan<byte> end)
    {
        if (string.IsNullOrWhiteSpace(text)) return;
        o.Raw(start);
        o.PlainText(text);
        o.Raw(end);
    }

    /// <summary>A whole element that holds a URL, unless there is none.</summary>
    public static void Url(ref Utf8Output o, ReadOnlySpan<byte> start, string? url, ReadOnlySpan<byte> end)
    {
        if (string.IsNullOrWhiteSpace(url)) return;
        o.Raw(start);
        o.UrlText(url);
        o.Raw(end);
    }

    /// <summary>An attribute of plain text, unless the text is blank. The start holds the name and the opening quote.</summary>
    public static void Attribute(ref Utf8Output o, ReadOnlySpan<byte> start, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return;
        o.Raw(start);
        o.Attribute(text);
        o.Raw("\""u8);
    }

    public static void UrlAttribute(ref Utf8Output o, ReadOnlySpan<byte> start, string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return;
        o.Raw(start);
        o.UrlAttribute(url);
        o.Raw("\""u8);
    }

    public static void Attribute(ref Utf8Output o, ReadOnlySpan<byte> start, long? number)
    {
        if (number is not { } value || value < 0) return;
        o.Raw(start);
        o.Number(value);
        o.Raw("\""u8);
    }

    public static void Rfc3339(ref Utf8Output o, ReadOnlySpan<byte> start, DateTimeOffset? instant, ReadOnlySpan<byte> end)
    {
        if (instant is not { } value) return;
        o.Raw(start);
        o.Rfc3339(value);
        o.Raw(end);
    }

    /// <summary>An <c>atom:link</c>; the start names the element as the document does and ends before its attributes.</summary>
    public static void Link(ref Utf8Output o, ReadOnlySpan<byte> start, Link link)
    {
        if (string.IsNullOrWhiteSpace(link.Href)) return;
        o.Raw(start);
        Attribute(ref o, " rel=\""u8, link.Rel);
        Attribute(ref o, " type=\""u8, link.Type);
        Attribute(ref o, " hreflang=\""u8, WriterRules.Language(link.HrefLang));
        UrlAttribute(ref o, " href=\""u8, link.Href);
        Attribute(ref o, " title=\""u8, link.Title);
        Attribute(ref o, " thr:count=\""u8, link.Count);
        Rfc3339(ref o, " thr:updated=\""u8, link.Updated, "\""u8);
        o.Raw("/>\n"u8);
    }

    public static void EnclosureLink(ref Utf8Output o, ReadOnlySpan<byte> start, Enclosure enclosure)
    {
        if (string.IsNullOrWhiteSpace(enclosure.Url)) return;
        o.Raw(start);
        Attribute(ref o, " rel=\"enclosure\" type=\""u8, WriterRules.MediaType(enclosure));
        // A length is asked for (RFC 4287, 4.2.7.6); 0 is how feeds say that it is unknown.
        Attribute(ref o, " length=\""u8, enclosure.Length ?? 0);
        UrlAttribute(ref o, " href=\""u8, enclosure.Url);
        Attribute(ref o, " title=\""u8, enclosure.Title);
        o.Raw("/>\n"u8);
    }

    /// <summary>The lead image as <c>media:content</c> (Media RSS 1.5.1).</summary>
    public static void LeadImage(ref Utf8Output o, Image? image)
    {
        if (image is null || string.IsNullOrWhiteSpace(image.Url)) return;
        UrlAttribute(ref o, "<media:content medium=\"image\" url=\""u8, image.Url);
        Attribute(ref o, " type=\""u8, image.Type);
        Attribute(ref o, " width=\""u8, image.Width > 0 ? image.Width : null);
        Attribute(ref o, " height=\""u8, image.Height > 0 ? image.Height : null);
        if (string.IsNullOrWhiteSpace(image.Alt)) o.Raw("/>\n"u8);
        else Text(ref o, "><media:description type=\"plain\">"u8, image.Alt, "</media:description></media:content>\n"u8);
    }

    /// <summary>RFC 4685, 3.</summary>
    public static void InReplyTo(ref Utf8Output o, InReplyTo? reply)
    {
        // The id that is answered is an absolute IRI; an RSS guid may be anything.
        if (reply is null || !WriterUrl.IsAbsolute(reply.Ref)) return;
        Attribute(ref o, "<thr:in-reply-to ref=\""u8, reply.Ref);
        UrlAttribute(ref o, " href=\""u8, reply.Href);
        Attribute(ref o, " type=\""u8, reply.Type);
        UrlAttribute(ref o, " source=\""u8, reply.Source);
        o.Raw("/>\n"u8);
    }

    /// <summary>The markers of RFC 5005, sections 2 and 4.</summary>
    public static void History(ref Utf8Output o, Feed feed)
    {
        if (feed.IsComplete) o.Raw("<fh:complete/>\n"u8);
        if (feed.IsArchive) o.Raw("<fh:archive/>\n"u8);
    }
}
