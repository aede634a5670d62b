using System.Xml;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

/// <summary>Holds an Atom entry against the standard, as far as a server may not decide itself (RFC 4287, 4.1.2; RFC 5023, 9.2).</summary>
internal static class AtomEntryCheck
{
    private const string Atom = "http://www.w3.org/2005/Atom";
    private const string App = "http://www.w3.org/2007/app";

    /// <summary>Says whether it is a draft.</summary>
    /// <exception cref="DocumentException">The first thing that is wrong.</exception>
    public static bool Check(string text)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = text.Length };
        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart('\uFEFF')), settings);
            return Check(reader);
        }
        catch (XmlException e)
        {
            throw new DocumentException($"it is not well-formed XML without a document type: {e.Message}", e);
        }
    }

    private static bool Check(XmlReader reader)
    {
        reader.MoveToContent();
        if (reader.NamespaceURI != Atom || reader.LocalName != "entry")
            throw new DocumentException($"it is not an Atom entry: its root is <{reader.LocalName}> in {(reader.NamespaceURI.Length == 0 ? "no namespace" : reader.NamespaceURI)}");
        var (isDraft, inDraft, hasTitle) = (false, false, false);
        var field = "";
        while (reader.Read())
        {
            if (reader.Depth > MarkupReader.MaxDepth) throw new DocumentException($"it nests elements more than {MarkupReader.MaxDepth} deep") { Field = field };
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth == 1) field = reader.NamespaceURI == Atom ? reader.LocalName : "";
                    hasTitle |= reader.Depth == 1 && field == "title";
                    inDraft = reader is { Depth: 2, NamespaceURI: App, LocalName: "draft" };
                    if (reader.Depth == 1 && field == "link") CheckLink(reader);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when inDraft:
                    isDraft = reader.Value.Trim() == "yes";
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when reader.Depth == 2 && field is "published" or "updated":
                    if (DateParser.Parse(reader.Value) is null)
                        throw new DocumentException($"{field} is not a date such as 2025-12-08T07:30:00+01:00 (RFC 3339)") { Field = field };
                    break;
                case XmlNodeType.EndElement when reader.Depth == 2:
                    inDraft = false;
                    break;
            }
        }
        return hasTitle ? isDraft : throw new DocumentException("title is missing; an Atom entry has one, which may be empty") { Field = "title" };
    }

    private static void CheckLink(XmlReader reader)
    {
        var relation = reader.GetAttribute("rel") ?? "alternate";
        if (reader.GetAttribute("href") is not { Length: > 0 } href) throw new DocumentException("link has no href") { Field = "link" };
        if (relation is "alternate" or "enclosure" && Uri.TryCreate(href, UriKind.Absolute, out var absolute) && absolute.Scheme != Uri.UriSchemeFile && HtmlUrl.Absolute(href) is not { UserInfo: "" })
            throw new DocumentException($"the {relation} link is not an http or https URL") { Field = "link" };
    }
}
