using System.Xml;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

/// <summary>Reads sitemaps (sitemaps.org protocol 0.9): page lists and indexes in XML, with the news and image extensions, and plain lists of URLs.</summary>
/// <remarks>Streaming. No document type is processed; of a document that breaks off, or breaks the rules, what came before counts.</remarks>
public static class SitemapReader
{
    /// <summary>How many pages or sitemaps one document may list, as the protocol says.</summary>
    public const int MaxEntries = 50_000;

    /// <summary>How large a document may be in bytes, unpacked, as the protocol says.</summary>
    public const int MaxBytes = 52_428_800;

    private const int MaxUrlLength = 2_048;
    private const int MaxImages = 50;
    private const int MaxDepth = 32;
    private const int MaxTextLength = 4_000;

    /// <summary>Reads a sitemap or an index of sitemaps.</summary>
    /// <param name="bytes">The whole document, unpacked.</param>
    /// <exception cref="FeedFormatException">It is no sitemap, or over <see cref="MaxBytes"/>.</exception>
    public static Sitemap Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            throw new FeedFormatException($"The sitemap has {bytes.Length} bytes; at most {MaxBytes} are taken");
        var text = TextDecoder.Decode(bytes).Text;
        var start = text.AsSpan().TrimStart();
        return start.StartsWith("<") ? ReadXml(text) : ReadLines(start);
    }

    private static Sitemap ReadLines(ReadOnlySpan<char> text)
    {
        var entries = new List<SitemapEntry>();
        foreach (var line in text.EnumerateLines())
        {
            if (entries.Count == MaxEntries)
                return new Sitemap(false, entries) { IsTruncated = true };
            if (line.Length <= MaxUrlLength && Url(line.ToString()) is { } url)
                entries.Add(new SitemapEntry(url));
            else if (entries.Count == 0 && !line.Trim().IsEmpty)
                throw new FeedFormatException("The document is no sitemap: neither XML nor a list of URLs");
        }

        return entries.Count > 0 ? new Sitemap(false, entries) : throw new FeedFormatException("The sitemap is empty");
    }

    private static Sitemap ReadXml(string text)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            CheckCharacters = false,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = MaxBytes,
        };
        var entries = new List<SitemapEntry>();
        bool? isIndex = null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart()), settings);
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                if (reader.Depth > MaxDepth)
                    throw new FeedFormatException($"The sitemap nests elements more than {MaxDepth} deep");
                switch (reader.LocalName)
                {
                    case "urlset" when isIndex is null:
                        isIndex = false;
                        break;
                    case "sitemapindex" when isIndex is null:
                        isIndex = true;
                        break;
                    case "url" or "sitemap" when isIndex is not null:
                        if (entries.Count == MaxEntries)
                            return new Sitemap(isIndex.Value, entries) { IsTruncated = true };
                        if (ReadEntry(reader) is { } entry)
                            entries.Add(entry);
                        break;
                    default:
                        if (isIndex is null)
                            throw new FeedFormatException($"The document is no sitemap: its root is <{reader.Name}>");
                        break;
                }
            }
        }
        catch (XmlException e) when (isIndex is not null)
        {
            return new Sitemap(isIndex.Value, entries) { IsTruncated = true, Fault = $"line {e.LineNumber}: {e.Message}" };
        }
        catch (XmlException e)
        {
            throw new FeedFormatException($"The sitemap is no XML, line {e.LineNumber}: {e.Message}");
        }

        return new Sitemap(isIndex ?? throw new FeedFormatException("The sitemap is empty"), entries);
    }

    /// <summary>Reads one <c>url</c> or <c>sitemap</c>; null where it has no address that could be fetched.</summary>
    private static SitemapEntry? ReadEntry(XmlReader reader)
    {
        var depth = reader.Depth;
        var entry = new SitemapEntry("");
        var images = new List<Image>();
        if (reader.IsEmptyElement)
            return null;
        reader.Read();
        while (reader.Depth > depth)
        {
            if (reader.Depth > MaxDepth)
                throw new FeedFormatException($"The sitemap nests elements more than {MaxDepth} deep");
            if (reader.NodeType != XmlNodeType.Element)
            {
                reader.Read();
                continue;
            }

            var isOwn = reader.Depth == depth + 1;
            var isImage = reader.NamespaceURI.Contains("image", StringComparison.OrdinalIgnoreCase) || reader.Prefix == "image";
            switch (reader.LocalName)
            {
                case "loc" when isOwn:
                    entry = entry with { Url = Url(Text(reader)) ?? "" };
                    break;
                case "lastmod" when isOwn:
                    entry = entry with { LastModified = DateParser.Parse(Text(reader)) };
                    break;
                case "loc" when isImage:
                    if (Url(Text(reader)) is { } image && images.Count < MaxImages)
                        images.Add(new Image(image));
                    break;
                case "caption" or "title" when isImage:
                    var alt = Text(reader);
                    if (images.Count > 0 && alt.Length > 0)
                        images[^1] = images[^1] with { Alt = alt };
                    break;
                case "publication_date":
                    entry = entry with { Published = DateParser.Parse(Text(reader)) };
                    break;
                case "title" when entry.Title is null && IsNews(reader):
                    entry = entry with { Title = Text(reader) is { Length: > 0 } title ? HtmlText.ToPlainText(title) : null };
                    break;
                case "language" when IsNews(reader):
                    entry = entry with { Language = Text(reader) is { Length: > 0 and < 36 } language ? language : null };
                    break;
                case "keywords" when IsNews(reader):
                    entry = entry with { Keywords = Text(reader).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) };
                    break;
                default:
                    reader.Read();
                    break;
            }
        }

        return entry.Url.Length == 0 ? null : entry with { Images = images };
    }

    private static bool IsNews(XmlReader reader) => reader.NamespaceURI.Contains("news", StringComparison.OrdinalIgnoreCase) || reader.Prefix == "news";

    /// <summary>The element's text; afterwards the reader stands behind it.</summary>
    private static string Text(XmlReader reader)
    {
        var depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return "";
        }

        var text = "";
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && text.Length < MaxTextLength)
                text += reader.Value.Length > MaxTextLength ? reader.Value[..MaxTextLength] : reader.Value;
        }

        reader.Read();
        return text.Trim();
    }

    private static string? Url(string text) =>
        text.Length <= MaxUrlLength && HtmlUrl.Clean(text, null, HtmlUrl.Use.Media) is { } url && HtmlUrl.Absolute(url) is not null ? url : null;
}
