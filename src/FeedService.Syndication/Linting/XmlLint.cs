using System.Text;
using System.Xml;

namespace FeedService.Syndication.Linting;

/// <summary>Goes through an XML feed once, from element to element, with what is open kept on a stack.</summary>
internal sealed class XmlLint(XmlReader reader, LintReport report)
{
    private const int DeepestElement = 256;
    private const string Atom = "http://www.w3.org/2005/Atom";
    private const string Rss1 = "http://purl.org/rss/1.0/";
    private const string Rss090 = "http://my.netscape.com/rdf/simple/0.9/";

    private readonly IXmlLineInfo _place = (IXmlLineInfo)reader;
    private readonly Stack<XmlLintElement> _open = new();
    private readonly XmlElementRules _rules = new(report);

    // The namespace that the document's own elements are in, once the root is known.
    private string _core = "";

    public XmlFormat Format => _rules.Format;

    public void Run()
    {
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element: Start(); break;
                case XmlNodeType.EndElement: End(); break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace: Text(); break;
                case XmlNodeType.DocumentType: _rules.Doctype(reader.GetAttribute("PUBLIC"), reader.GetAttribute("SYSTEM"), _place); break;
                default: break;
            }
        }
    }

    private void Start()
    {
        if (_open.Count >= DeepestElement)
        {
            Report("TooDeep", _open.Peek().Where, DeepestElement.ToString(System.Globalization.CultureInfo.InvariantCulture));
            throw new XmlException("The document is nested too deep.");
        }
        var parent = _open.Count > 0 ? _open.Peek() : null;
        var empty = reader.IsEmptyElement;
        var element = parent is null ? Root() : Child(parent);
        element.Line = _place.LineNumber;
        element.Column = _place.LinePosition - 1;
        ReadAttributes(element);
        _open.Push(element);
        if (!element.IsOpaque) _rules.Start(element);
        if (empty) End();
    }

    private XmlLintElement Root()
    {
        var (name, ns) = (reader.LocalName, reader.NamespaceURI);
        var element = (name, ns) switch
        {
            ("rss", _) => New("rss", "rss"),
            ("RDF", "http://www.w3.org/1999/02/22-rdf-syntax-ns#") => New("rdf:RDF", "rdf"),
            ("feed", _) => New("feed", "feed"),
            ("entry", _) => New("entry", "entry"),
            ("opml", "") => New("opml", "opml"),
            _ => New(reader.Name, "any"),
        };
        _rules.Format = element.Kind switch { "rss" => XmlFormat.Rss, "rdf" => XmlFormat.Rss1, "feed" or "entry" => XmlFormat.Atom, "opml" => XmlFormat.Opml, _ => XmlFormat.Unknown };
        _core = element.Kind == "rdf" ? Rss1 : ns;
        switch (element.Kind)
        {
            case "any": Report("NotAFeed", "", $"<{reader.Name}>"); break;
            case "rss" when ns.Length > 0: Report("InvalidNamespace", "rss", "rss", ns); break;
            case "feed" or "entry" when ns.Length == 0: Report("MissingNamespace", name, name); element.Kind = "any"; break;
            case "feed" or "entry" when ns == "http://purl.org/atom/ns#": Report("ObsoleteNamespace", name); element.Kind = "any"; break;
            case "feed" or "entry" when ns != Atom: Report("InvalidNamespace", name, name, ns); break;
            default: break;
        }
        return element;
    }

    private XmlLintElement New(string name, string kind, XmlLintElement? parent = null) => new(name, kind, parent, reader.NamespaceURI);

    private XmlLintElement Child(XmlLintElement parent)
    {
        var ns = reader.NamespaceURI;
        if (parent.Kind == "any")
        {
            if (_rules.Format == XmlFormat.Rss && ns.Length == 0 && parent.Name.Contains(':', StringComparison.Ordinal)) Report("NotInANamespace", parent.Where, reader.LocalName);
            return New(reader.Name, "any", parent);
        }
        if (parent.Kind == "div") return InDiv(parent, ns);
        if (parent.Kind is "atomText" or "atomContent") return _rules.InText(parent, New(reader.Name, "any", parent), _place);

        // RSS 0.90 and the rest of RSS 1.0 are told apart by the channel's namespace.
        if (parent.Kind == "rdf" && ns == Rss090) _core = Rss090;
        var prefix = ns == _core ? "" : XmlVocabulary.Prefix(ns);
        if (prefix is null || (ns.Length == 0 && _core.Length > 0))
        {
            if (ns.Length == 0) Report("UndeterminableVocabulary", parent.Where, reader.LocalName);
            return New(reader.Name.Contains(':', StringComparison.Ordinal) ? reader.Name : ":" + reader.Name, "any", parent);
        }
        if (!XmlVocabulary.IsContext(parent.Kind))
        {
            if (_rules.Format != XmlFormat.Rss1) Report("UndefinedElement", parent.Where, reader.Name, parent.Name);
            parent.HasMarkup = true;
            return New(reader.Name, "any", parent);
        }

        var name = prefix.Length == 0 ? reader.LocalName : $"{prefix}:{reader.LocalName}";
        if (parent.Kind == "rdf" && _core == Rss090 && name == "channel") name = "rss090:channel";
        var kind = XmlVocabulary.Find(parent.Kind, name);
        if (kind is null && XmlVocabulary.Find(XmlVocabulary.Questionable, name) is { } elsewhere)
        {
            Report("QuestionableUsage", parent.Where, name, parent.Name);
            kind = elsewhere;
        }
        var child = New(name, kind?.Name ?? "any", parent);
        if (kind is null) Report(prefix == "xhtml" ? "MisplacedXHTMLContent" : "UndefinedElement", parent.Where, name, parent.Name);
        else if (kind.Once && parent.Has(name)) Report("DuplicateElement", parent.Where, name);
        child.Index = parent.Children.GetValueOrDefault(name) + 1;
        _rules.Placed(parent, child, _place);
        parent.Children[name] = child.Index;
        return child;
    }

    // XHTML holds XHTML and what nobody knows, but nothing that belongs to feeds, and nothing without a namespace.
    private XmlLintElement InDiv(XmlLintElement parent, string ns)
    {
        var kind = "div";
        if (ns.Length == 0) Report("MissingNamespace", parent.Where, reader.LocalName);
        else if (XmlVocabulary.Prefix(ns) is not (null or "xhtml" or "svg" or "mathml"))
        {
            if (!parent.Name.EndsWith("metadata", StringComparison.Ordinal)) Report("UndefinedElement", parent.Where, reader.Name, parent.Name);
            kind = "any";
        }
        return New(reader.Name, kind, parent);
    }

    private void ReadAttributes(XmlLintElement element)
    {
        if (!reader.MoveToFirstAttribute()) return;
        do
        {
            if (reader.NamespaceURI == "http://www.w3.org/2000/xmlns/")
            {
                _rules.Namespace(reader.Prefix.Length == 0 ? "" : reader.LocalName, reader.Value, element);
                continue;
            }
            var prefix = reader.NamespaceURI.Length == 0 ? "" : XmlVocabulary.Prefix(reader.NamespaceURI) ?? "?";
            var name = prefix.Length == 0 ? reader.LocalName : $"{prefix}:{reader.LocalName}";
            element[name] = reader.Value;
            if (prefix == "xml" || element.IsOpaque) continue;
            if (prefix == "?")
            {
                if (_rules.Format == XmlFormat.Rss && !element.Name.Contains(':', StringComparison.Ordinal)) Report("UseOfExtensionAttr", element.Where, element.Name, reader.Name);
            }
            else if (!XmlVocabulary.Allows(element.Kind, name) && !(_rules.Format == XmlFormat.Rss1 && prefix == "rdf")) Report("UnexpectedAttribute", element.Where, element.Name, reader.Name);
        }
        while (reader.MoveToNextAttribute());
        reader.MoveToElement();
    }

    private void Text()
    {
        if (_open.Count == 0) return;
        var element = _open.Peek();
        // Content of any kind may be as long as it likes; what nobody looks at is not kept.
        if (element.IsOpaque)
        {
            if (element.Kind == "div" || element.Parent is { Kind: "atomContent" or "atomText" or "any" or "div" }) return;
            _rules.Characters(element, reader.Value, _place);
            return;
        }
        _rules.Characters(element, reader.Value, _place);
        element.AddText(reader.Value);
    }

    private void End()
    {
        var element = _open.Pop();
        if (!element.IsOpaque) _rules.End(element);
    }

    private void Report(string rule, string where, string subject = "", string value = "") => report.Add(rule, _place.LineNumber, _place.LinePosition, where, subject, value);
}

internal enum XmlFormat
{
    Unknown,
    Rss,
    Rss1,
    Atom,
    Opml,
}

/// <summary>An element that is open. Most are small: what few of them have is made when it is first needed.</summary>
internal sealed class XmlLintElement(string name, string kind, XmlLintElement? parent, string ns)
{
    private Dictionary<string, string>? _attributes;
    private Dictionary<string, int>? _children;
    private string _text = "";
    private StringBuilder? _longText;

    public string Name { get; } = name;
    public string Kind { get; set; } = kind;
    public string Namespace { get; } = ns;
    public XmlLintElement? Parent { get; } = parent;

    /// <summary>How often each child has come so far.</summary>
    public Dictionary<string, int> Children => _children ??= new(StringComparer.Ordinal);

    public List<XmlLintElement> Links => field ??= [];

    /// <summary>Whether nobody looks at what it holds.</summary>
    public bool IsOpaque => Kind is "any" or "div";

    public string Text => _longText?.ToString() ?? _text;

    public int Index { get; set; } = 1;
    public int Line { get; set; }
    public int Column { get; set; }
    public bool HasMarkup { get; set; }

    /// <summary>Values of children that the element's own rules ask for, by the child's name.</summary>
    public Dictionary<string, string> Values => field ??= new(StringComparer.Ordinal);

    /// <summary>Values that must not come twice, by kind.</summary>
    public Dictionary<string, HashSet<string>> Seen => field ??= new(StringComparer.Ordinal);

    public string Where => Parent is null ? Name : Name is "item" or "entry" or "outline" || Index > 1 ? $"{Parent.Where}/{Name}[{Index}]" : $"{Parent.Where}/{Name}";

    public bool Has(string child) => _children?.ContainsKey(child) == true;

    public string? this[string attribute]
    {
        get => _attributes?.GetValueOrDefault(attribute);
        set => (_attributes ??= new(StringComparer.Ordinal))[attribute] = value!;
    }

    /// <summary>Text mostly comes in one piece.</summary>
    public void AddText(string text)
    {
        if (_longText is null && _text.Length == 0) _text = text;
        else (_longText ??= new StringBuilder(_text)).Append(text);
    }
}
