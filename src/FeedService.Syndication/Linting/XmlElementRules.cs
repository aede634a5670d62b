using System.Text.RegularExpressions;
using System.Xml;

namespace FeedService.Syndication.Linting;

/// <summary>The rules for elements of RSS, Atom and OPML; which of them stand where is the vocabulary's business.</summary>
internal sealed partial class XmlElementRules(LintReport report)
{
    private const string Xhtml = "http://www.w3.org/1999/xhtml";

    // Elements of RSS and what extensions call the same thing.
    private static readonly (string Core, string Extension)[] _sameMeaning =
    [
        ("pubDate", "dc:date"), ("pubDate", "atom:published"), ("author", "dc:creator"), ("category", "dc:subject"), ("guid", "atom:id"), ("source", "dc:source"), ("language", "dc:language"),
        ("copyright", "dc:rights"), ("managingEditor", "dc:creator"), ("webMaster", "dc:publisher"), ("lastBuildDate", "dcterms:modified"), ("generator", "admin:generatorAgent"),
    ];

    private readonly HashSet<(string Prefix, string Namespace)> _namespaces = [];
    private bool _netscape;

    public XmlFormat Format { get; set; }

    public void Doctype(string? publicId, string? systemId, IXmlLineInfo place)
    {
        if (publicId == "-//Netscape Communications//DTD RSS 0.91//EN")
        {
            _netscape = true;
            if (systemId?.StartsWith("http://my.netscape.com/", StringComparison.Ordinal) == true) report.Add("DeprecatedDTD", place.LineNumber, place.LinePosition, "");
        }
        else if (systemId is not null) report.Add("ContainsSystemEntity", place.LineNumber, place.LinePosition, "");
    }

    public void Namespace(string prefix, string ns, XmlLintElement element)
    {
        if (!_namespaces.Add((prefix, ns))) return;
        if (ns == "http://search.yahoo.com/mrss") Add("MediaRssNamespace", element);
        else if (XmlVocabulary.Prefix(ns) is { } usual)
        {
            if (prefix.Length > 0 && prefix != usual && XmlVocabulary.IsKnownPrefix(prefix)) Add("ReservedPrefix", element, prefix, ns);
        }
        else if (XmlVocabulary.IsKnownPrefix(prefix)) Add("ReservedPrefix", element, prefix, "another namespace");
        else if (ns.Length > 0 && XmlValues.Iri(ns, false) is { } broken) Add(broken, element, "xmlns", ns);
        else if (ns.Length > 0 && ns != "http://www.w3.org/2000/xmlns/" && element.Parent is not null) Add("UnknownNamespace", element, ns);
    }

    /// <summary>A child took its place: is it a good one?</summary>
    public void Placed(XmlLintElement parent, XmlLintElement child, IXmlLineInfo place)
    {
        child.Line = place.LineNumber;
        child.Column = place.LinePosition - 1;
        if (parent.Kind == "channel" && child.Name != "item" && parent.Has("item") && XmlVocabulary.Find("channel", child.Name) is not null && (!child.Name.Contains(':', StringComparison.Ordinal) || child.Name == "atom:link"))
            Add("MisplacedItem", child, child.Name);
        if (parent.Kind == "feed" && child.Name != "entry" && parent.Has("entry") && child.Name is "author" or "category" or "contributor" or "generator" or "id" or "icon" or "link" or "logo" or "title" or "subtitle" or "rights" or "updated"
            && parent.Kind == "feed") Add("MisplacedMetadata", child, child.Name);
        if (child is { Kind: "enclosure", Index: > 1 }) Add("DuplicateEnclosure", child);
        if (child.Name == "content:encoded" && Format == XmlFormat.Rss && !parent.Has("description")) Add("NeedDescriptionBeforeContent", child);
        if (child is { Name: "author", Parent: { Kind: "source", Parent: { } entry } }) entry.Children.TryAdd("author", 1);
    }

    /// <summary>An element inside of an Atom text or content.</summary>
    public XmlLintElement InText(XmlLintElement text, XmlLintElement child, IXmlLineInfo place)
    {
        child.Line = place.LineNumber;
        child.Column = place.LinePosition - 1;
        var type = text["type"] ?? "text";
        if (type == "xhtml")
        {
            if (!text.HasMarkup && (child.Namespace != Xhtml || child.Name.Split(':')[^1] != "div") && text.Text.AsSpan().Trim().IsEmpty) Add("MissingXhtmlDiv", child);
        }
        else if (!type.EndsWith("+xml", StringComparison.Ordinal) && !type.EndsWith("/xml", StringComparison.Ordinal)) Add("UndefinedElement", child, child.Name, text.Name);
        if (child.Namespace == Xhtml && child.Name.Split(':')[^1] == "div") child.Kind = "div";
        text.HasMarkup = true;
        return child;
    }

    public void Characters(XmlLintElement element, string text, IXmlLineInfo place)
    {
        var damage = text.AsSpan().IndexOfAnyInRange('\u0080', '\u009F');
        if (damage >= 0 || text.Contains('\uFFFD', StringComparison.Ordinal)) report.Add("BadCharacters", place.LineNumber, place.LinePosition, element.Where, element.Name);
        if (element.Kind == "any" || text.AsSpan().Trim().IsEmpty) return;
        if (XmlVocabulary.IsContext(element.Kind)) report.Add("UnexpectedText", place.LineNumber, place.LinePosition, element.Where, element.Name);
        else if (element.Kind == "atomLink") report.Add("AtomLinkNotEmpty", place.LineNumber, place.LinePosition, element.Where, element.Name);
        else if (element.Kind is "atomText" or "atomContent" && (element.HasMarkup || element["src"] is not null)) report.Add("UnexpectedText", place.LineNumber, place.LinePosition, element.Where, element.Name);
        else if (element.Kind is "atomText" or "atomContent" && element["type"] == "xhtml") report.Add("MissingXhtmlDiv", place.LineNumber, place.LinePosition, element.Where);
    }

    public void Start(XmlLintElement element)
    {
        if (element["xml:lang"] is { Length: > 0 } language) Check(XmlValues.Language(language), element, "xml:lang", language);
        if (element["xml:base"] is { } address) Check(XmlValues.Iri(address, false), element, "xml:base", address);
        switch (element.Kind)
        {
            case "rss": Version(element); break;
            case "textInput" when Format == XmlFormat.Rss: Add("AvoidTextInput", element); break;
            case "blink": Add("NoBlink", element); break;
            case "cloud": Cloud(element); break;
            case "enclosure": Enclosure(element); break;
            case "rssSource": RequiredUrl(element, "url"); break;
            case "rdfChannel" or "rdfItem" or "rdfImage": About(element); break;
            case "atomCategory": AtomCategory(element); break;
            case "atomGenerator" when element["uri"] is { } uri: Check(XmlValues.Url(uri, false, "InvalidURIAttribute"), element, "uri", uri); break;
            case "atomText" or "atomContent": TextType(element); break;
            case "atomLink": Link(element); break;
            case "reply": Reply(element); break;
            case "tombstone": Tombstone(element); break;
            case "thumbnail" or "mediaContent": Media(element); break;
            case "mediaText" or "mediaTitle": MediaText(element); break;
            case "mediaCategory": OptionalUrl(element, "scheme"); break;
            case "mediaCopyright": OptionalUrl(element, "url"); break;
            case "mediaCredit": Credit(element); break;
            case "mediaPlayer": Player(element); break;
            case "mediaHash" when element["algo"] is { Length: > 0 } algorithm and not ("md5" or "sha-1"): Add("InvalidMediaHash", element, "algo", algorithm); break;
            case "itunesCategory" or "itunesSubcategory": PodcastCategory(element); break;
            case "rdfResource": Resource(element); break;
            case "itunesImage": if (element["href"] is { } href) Check(XmlValues.HttpUrl(href), element, "href", href); else Add("MissingAttribute", element, element.Name, "href"); break;
            case "opml": OpmlVersion(element); break;
            case "outline": Outline(element); break;
            default: break;
        }
    }

    private void Version(XmlLintElement rss)
    {
        if (rss["version"] is not { } version) Add("MissingAttribute", rss, "rss", "version");
        else if (_netscape ? version != "0.91" : version is not ("0.91" or "0.92" or "2.0")) Add(_netscape ? "InvalidDoctype" : "InvalidRSSVersion", rss, "rss", version);
    }

    private void Cloud(XmlLintElement cloud)
    {
        foreach (var name in (ReadOnlySpan<string>)["domain", "port", "path", "registerProcedure", "protocol"])
        {
            if (cloud[name] is not { } value) Add("MissingAttribute", cloud, "cloud", name);
            else if (name == "port" && XmlValues.Positive(value) is not null) Add("InvalidIntegerAttribute", cloud, name, value);
        }
    }

    private void Enclosure(XmlLintElement enclosure)
    {
        if (enclosure["length"] is not { } length) Add("MissingAttribute", enclosure, "enclosure", "length");
        else if (!XmlValues.IsWhole(length, out var bytes)) Add("InvalidIntegerAttribute", enclosure, "length", length);
        else if (bytes < 0) Add(bytes == -1 ? "UseZeroForUnknown" : "InvalidNonNegativeInteger", enclosure, "length", length);
        if (enclosure["type"] is not { } type) Add("MissingAttribute", enclosure, "enclosure", "type");
        else if (XmlValues.MediaType(type) is not null) Add("InvalidMIMEAttribute", enclosure, "type", type);
        if (enclosure["url"] is not { } url) Add("MissingAttribute", enclosure, "enclosure", "url");
        else Check(XmlValues.HttpUrl(url), enclosure, "url", url);
    }

    private void About(XmlLintElement element)
    {
        if (element["rdf:about"] is not { } about)
        {
            // RSS 0.90 had no such attribute.
            if (element.Namespace != "http://my.netscape.com/rdf/simple/0.9/") Add("MissingAttribute", element, element.Name, "rdf:about");
        }
        else
        {
            Check(XmlValues.Url(about, false), element, "rdf:about", about);
            if (element.Kind != "rdfImage") Unique(element, element.Parent!, "rdf:about", about, "DuplicateValue");
        }
    }

    private void Resource(XmlLintElement element)
    {
        if (element["rdf:resource"] is { } resource) Check(XmlValues.Url(resource, false), element, "rdf:resource", resource);
        else if (Format == XmlFormat.Rss1) Add("MissingAttribute", element, element.Name, "rdf:resource");
    }

    private void AtomCategory(XmlLintElement category)
    {
        if (category["term"] is not { } term) Add("MissingAttribute", category, "category", "term");
        else if (term.Length == 0) Add("NotBlank", category, "term");
        if (category["scheme"] is { } scheme) Check(XmlValues.Iri(scheme, true), category, "scheme", scheme);
        if (category["label"] is { } label) Plain(category, label, "label");
    }

    private void TextType(XmlLintElement text)
    {
        var type = text["type"];
        var source = text["src"];
        if (source is not null)
        {
            Check(XmlValues.Url(source, false, "InvalidURIAttribute"), text, "src", source);
            if (type is null) Add("MissingTypeAttr", text, text.Name);
        }
        if (type is null) return;
        if (type.Length == 0) Add("AttrNotBlank", text, "type");
        if (type.Contains('/', StringComparison.Ordinal) && text.Kind == "atomText") Add("InvalidTextType", text, "type", type);
        else if (!(type is "text" or "html" or "xhtml" && source is null) && type.Length > 0 && (XmlValues.MediaType(type) is not null || type.StartsWith("multipart/", StringComparison.Ordinal))) Add("InvalidMIMEType", text, "type", type);
    }

    private void Reply(XmlLintElement reply)
    {
        if (reply["ref"] is { } id) Check(XmlValues.Iri(id, true), reply, "ref", id);
        else Add("MissingAttribute", reply, reply.Name, "ref");
        foreach (var name in (ReadOnlySpan<string>)["href", "source"])
        {
            if (reply[name] is { } url) Check(XmlValues.Iri(url, false), reply, name, url);
        }
        if (reply["type"] is { } type) Check(XmlValues.MediaType(type), reply, "type", type);
    }

    // RFC 6721, 3. No validator looks at these, so that nothing here is an error.
    private void Tombstone(XmlLintElement tombstone)
    {
        var (id, when) = (tombstone["ref"], tombstone["when"]);
        if (string.IsNullOrEmpty(id)) Add("InvalidTombstone", tombstone, "ref", id ?? "");
        if (when is null || XmlValues.Rfc3339(when, null) is not null) Add("InvalidTombstone", tombstone, "when", when ?? "");
        Unique(tombstone, tombstone.Parent!, "tombstone", $"{id} {when}", "DuplicateTombstone");
    }

    private void OpmlVersion(XmlLintElement opml)
    {
        if (opml["version"] is not { } version) Add("MissingAttribute", opml, "opml", "version");
        else if (version is not ("1.0" or "1.1" or "2.0")) Add("InvalidOPMLVersion", opml, "version", version);
    }

    private void Outline(XmlLintElement outline)
    {
        if (outline["text"] is null) Add("MissingAttribute", outline, "outline", "text");
        var type = outline["type"]?.ToLowerInvariant();
        if (type == "rss" && outline["xmlUrl"] is null) Add("MissingXmlURL", outline);
        if (type == "rss" && outline["title"] is null) Add("MissingTitleAttr", outline);
        if (type == "link" && outline["url"] is null) Add("MissingUrlAttr", outline);
        if (type is null && (outline["description"] ?? outline["htmlUrl"] ?? outline["language"] ?? outline["title"] ?? outline["version"] ?? outline["xmlUrl"]) is not null) Add("MissingOutlineType", outline);
        if (outline["version"] is { } version and not ("RSS" or "RSS1" or "RSS2" or "scriptingNews")) Add("InvalidOutlineVersion", outline, "version", version);
        if (outline["created"] is { } created) Check(XmlValues.Rfc822(created, report.Context.Now), outline, "created", created);
        foreach (var name in (ReadOnlySpan<string>)["htmlUrl", "url"])
        {
            if (outline[name] is { } url) Check(XmlValues.Url(url, true), outline, name, url);
        }
        foreach (var name in (ReadOnlySpan<string>)["isBreakpoint", "isComment"])
        {
            if (outline[name] is { } flag && !bool.TryParse(flag, out _)) Add("InvalidTrueFalse", outline, name, flag);
        }
        if (outline["language"] is { } language) Check(XmlValues.Language(language), outline, "language", language);
        foreach (var name in (ReadOnlySpan<string>)["text", "title", "description"])
        {
            if (outline[name] is { } html) Html(outline, html);
        }
    }

    private void RequiredUrl(XmlLintElement element, string attribute)
    {
        if (element[attribute] is { } url) Check(XmlValues.Url(url, true), element, attribute, url);
        else Add("MissingAttribute", element, element.Name, attribute);
    }

    // HTML that stands where only text belongs.
    private void Plain(XmlLintElement element, string value, string subject, string rule = "ContainsHTML")
    {
        foreach (var tag in EndTagPattern().EnumerateMatches(value))
        {
            if (!HtmlLint.IsTag(value.AsSpan(tag.Index + 2, tag.Length - 3))) continue;
            Add(rule, element, subject, value.Substring(tag.Index, tag.Length));
            return;
        }
        // A reference that is still there once XML's own are read was escaped twice.
        foreach (var reference in ReferencePattern().EnumerateMatches(value))
        {
            if (System.Net.WebUtility.HtmlDecode(value.Substring(reference.Index, reference.Length)) is not { Length: 1 or 2 }) continue;
            Add(rule, element, subject, value.Substring(reference.Index, reference.Length));
            return;
        }
    }

    private void Html(XmlLintElement element, string value)
    {
        foreach (var (rule, found) in HtmlLint.Check(value))
        {
            // References in Atom have a base, so that a broken one is the content's own matter.
            Add(rule == "InvalidUriChar" && element.Kind is "atomText" or "atomContent" ? "ContainsRelRef" : rule, element, element.Name, found);
        }
    }

    private void Unique(XmlLintElement element, XmlLintElement scope, string what, string value, string rule)
    {
        if (!scope.Seen.TryGetValue(what, out var seen)) scope.Seen[what] = seen = new HashSet<string>(StringComparer.Ordinal);
        if (value.Length > 0 && !seen.Add(value)) Add(rule, element, element.Name, value);
    }

    private void Check(string? rule, XmlLintElement element, string subject, string value)
    {
        if (rule is not null) Add(rule, element, subject, value);
    }

    private void Add(string rule, XmlLintElement element, string subject = "", string value = "") => report.Add(rule, element.Line, element.Column, element.Where, subject, value);

    [GeneratedRegex(@"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"</(\w+)>")]
    private static partial Regex EndTagPattern();
}
