using System.Globalization;
using System.Text;
using System.Xml;

namespace FeedService.Syndication.Linting;

/// <summary>
/// Judges any feed: RSS 2.0, 0.9x and 1.0, Atom 1.0, JSON Feed, OPML. The verdict, errors or none, is meant to be that of the W3C Feed Validation Service
/// where that knows the format; the rules are one table, named as there.
/// </summary>
public static class FeedLinter
{
    /// <summary>The largest document that is judged, in bytes; validators and readers draw the line at about the same place.</summary>
    public const int LargestDocument = 5_000_000;

    // In characters, over the whole document.
    private const int LargestExpansion = 100_000;

    /// <summary>Lists what is wrong or doubtful, in the order it was found; an empty list means a good feed.</summary>
    /// <param name="document">The document's bytes, decoded from any content coding. What they hold is never trusted: size, depth and the number of findings are bounded.</param>
    /// <param name="context">What else is known of the document.</param>
    public static IReadOnlyList<LintFinding> Lint(ReadOnlyMemory<byte> document, LintContext? context = null)
    {
        var report = new LintReport(context ?? new LintContext());
        if (document.Length > LargestDocument)
        {
            report.Add("ValidatorLimit", 0, 0, "", LargestDocument.ToString(CultureInfo.InvariantCulture));
            return report.Findings;
        }
        if (LooksLikeJson(document.Span)) Json(document.Span, report);
        else Xml(document.Span, report);
        return report.Findings;
    }

    /// <summary>Whether a finding is an error, which keeps a document from being published.</summary>
    public static bool HasErrors(IReadOnlyList<LintFinding> findings)
    {
        foreach (var finding in findings)
        {
            if (finding.Severity == LintSeverity.Error) return true;
        }
        return false;
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[3..];
        return bytes.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
    }

    private static void Json(ReadOnlySpan<byte> bytes, LintReport report)
    {
        MediaType(report, "application/feed+json", "application/feed+json", "application/json");
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            report.Add("ByteOrderMark", 1, 1, "");
            bytes = bytes[3..];
        }
        if (System.Text.Unicode.Utf8.IsValid(bytes)) new JsonFeedLint(report).Run(bytes);
        else NotUtf8(bytes, report);
    }

    // At the first byte that is none of UTF-8.
    private static void NotUtf8(ReadOnlySpan<byte> bytes, LintReport report)
    {
        Span<char> characters = new char[bytes.Length];
        System.Text.Unicode.Utf8.ToUtf16(bytes, characters, out _, out var length, replaceInvalidSequences: false);
        var before = characters[..length];
        report.Add("UnicodeError", before.Count('\n') + 1, length - before.LastIndexOf('\n'), "", "UTF-8");
    }

    private static void Xml(ReadOnlySpan<byte> bytes, LintReport report)
    {
        if (Text(bytes, report) is not { } text) return;
        var start = text.AsSpan().TrimStart();
        if (start is not ['<', ..] || start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase))
        {
            report.Add("NotAFeed", 1, 1, "", start is [] ? "nothing" : start is ['<', ..] ? "a document type of HTML" : "something that is neither XML nor JSON");
            return;
        }
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings
        {
            DtdProcessing = DocumentType(text),
            XmlResolver = null,
            MaxCharactersFromEntities = LargestExpansion,
            MaxCharactersInDocument = LargestDocument,
            CloseInput = true,
        });
        var lint = new XmlLint(reader, report);
        try
        {
            lint.Run();
        }
        catch (XmlException error)
        {
            if (report.Findings is [.., { Rule: "TooDeep" }]) return;
            var position = error.Message.LastIndexOf(" Line ", StringComparison.Ordinal);
            report.Add("SAXError", error.LineNumber, error.LinePosition, "", position > 0 ? error.Message[..position] : error.Message);
        }
        switch (lint.Format)
        {
            case XmlFormat.Rss: MediaType(report, "application/rss+xml", "application/rss+xml", "application/xml", "text/xml", "application/rdf+xml"); break;
            case XmlFormat.Rss1: MediaType(report, "application/rss+xml", "application/rdf+xml", "application/rss+xml", "application/xml", "text/xml"); break;
            case XmlFormat.Atom: MediaType(report, "application/atom+xml", "application/atom+xml", "application/xml", "text/xml"); break;
            case XmlFormat.Opml: MediaType(report, "text/x-opml", "text/x-opml", "text/xml", "application/xml", "application/opml+xml"); break;
            default: break;
        }
    }

    // A document that declares entities is well formed by them. Nothing outside is read and what they grow to is limited; but element declarations cost
    // the square of their length, and attributes with defaults come with each element: a document type with those, or with parameter entities that could
    // hold them, is passed over.
    private static DtdProcessing DocumentType(ReadOnlySpan<char> text)
    {
        if (!text.Contains("<!DOCTYPE", StringComparison.Ordinal) || text.Contains("<!ELEMENT", StringComparison.Ordinal) || text.Contains("<!ATTLIST", StringComparison.Ordinal)) return DtdProcessing.Ignore;
        const string Declaration = "<!ENTITY";
        for (var at = text.IndexOf(Declaration); at >= 0; at = text.IndexOf(Declaration))
        {
            text = text[(at + Declaration.Length)..].TrimStart();
            if (text is ['%', ..]) return DtdProcessing.Ignore;
        }
        return DtdProcessing.Parse;
    }

    // The text, or null where the bytes are none in the encoding that they claim.
    private static string? Text(ReadOnlySpan<byte> bytes, LintReport report)
    {
        var claimed = Declared(bytes);
        var served = Charset(report.Context.ContentType);
        // As nearly all feeds are, ours among them.
        if (claimed is "utf-8" && served is null && bytes is [(byte)'<', ..] && System.Text.Unicode.Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var decoded = TextDecoder.Decode(bytes, report.Context.ContentType);
        foreach (var repair in decoded.Repairs)
        {
            if (repair.Contains("unknown encoding", StringComparison.Ordinal)) report.Add("UnknownEncoding", 1, 1, "", repair.Split('\'') is [_, var name, ..] ? name : repair);
        }
        if (IsLie(bytes, claimed, served))
        {
            report.Add("UnicodeError", 1, 1, "", claimed!);
            return null;
        }
        if (claimed is null or "utf-8" or "utf8" && decoded.Encoding is "utf-8" or "windows-1252" && !System.Text.Unicode.Utf8.IsValid(bytes) && served is null)
        {
            NotUtf8(bytes, report);
            return null;
        }
        if (claimed is not null && served is not null && !served.Equals(claimed, StringComparison.OrdinalIgnoreCase)) report.Add("EncodingMismatch", 1, 1, "", served, claimed);
        return decoded.Text;
    }

    // The declaration is read as ASCII, which no encoding of two or four bytes could have been; HTTP's word goes before the document's.
    private static bool IsLie(ReadOnlySpan<byte> bytes, string? claimed, string? served)
    {
        if (claimed is null || served is not null) return false;
        return bytes.StartsWith(Encoding.UTF8.Preamble) && claimed is not ("utf-8" or "utf8")
            || claimed is "us-ascii" or "ascii" && bytes.ContainsAnyInRange((byte)0x80, (byte)0xFF)
            || claimed.StartsWith("utf-16", StringComparison.Ordinal) || claimed.StartsWith("utf-32", StringComparison.Ordinal);
    }

    private static string? Declared(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[3..];
        if (!bytes.StartsWith("<?xml"u8)) return null;
        var end = bytes.IndexOf("?>"u8);
        if (end is < 0 or > TextDecoder.MaxDeclarationOffset) return null;
        var prolog = Encoding.Latin1.GetString(bytes[..end]);
        var at = prolog.IndexOf("encoding", StringComparison.Ordinal);
        if (at < 0) return null;
        var parts = prolog[at..].Split('"', '\'');
        return parts.Length > 1 ? parts[1].ToLowerInvariant() : null;
    }

    private static string? Charset(string? contentType)
    {
        var at = contentType?.IndexOf("charset=", StringComparison.OrdinalIgnoreCase) ?? -1;
        return at < 0 ? null : contentType![(at + 8)..].Split(';')[0].Trim(' ', '"', '\'').ToLowerInvariant();
    }

    private static void MediaType(LintReport report, string best, params ReadOnlySpan<string> good)
    {
        if (report.Context.ContentType is not { } served) return;
        var type = served.Split(';')[0].Trim().ToLowerInvariant();
        if (!good.Contains(type)) report.Add("UnexpectedContentType", 0, 0, "", type, best);
        else if (type is "text/xml" or "application/xml" or "application/json") report.Add("NonSpecificMediaType", 0, 0, "", type, best);
    }
}
