namespace FeedService.Syndication.Formats;

/// <summary>What a document says of itself: namespaces, bases and languages, and the document type, which is stepped over.</summary>
internal ref partial struct MarkupReader
{
    private void ReadXmlAttribute(ReadOnlySpan<char> name, int value, int valueLength, ref OpenElement element)
    {
        if (name.StartsWith("xmlns", StringComparison.Ordinal) && (name.Length == 5 || name[5] == ':'))
        {
            if (_namespaces.Count >= MaxNamespaces)
                return;
            var uri = DecodeAttribute(value, valueLength);
            _namespaces.Add((name.Length == 5 ? "" : name[6..].ToString(), XmlNamespaces.Of(uri), uri));
        }
        else if (name is "xml:base" && valueLength <= MaxBaseLength)
            element.Base = FeedUrls.Resolve(DecodeAttribute(value, valueLength), element.Base ?? DocumentBase) ?? element.Base;
        else if (name is "xml:lang")
            element.Language = DecodeAttribute(value, valueLength);
    }

    private void SetName(ReadOnlySpan<char> qualified)
    {
        var colon = qualified.IndexOf(':');
        var prefix = colon < 0 ? [] : qualified[..colon];
        var local = qualified[(colon + 1)..];
        Vocabulary = Find(prefix);
        Name = local;
        if (local.ContainsAnyInRange('A', 'Z'))
        {
            var length = local.ToLowerInvariant(_lowerName);
            Name = length < 0 ? local : _lowerName.AsSpan(0, length);
        }
    }

    private Vocabulary Find(ReadOnlySpan<char> prefix)
    {
        for (var i = _namespaces.Count - 1; i >= 0; i--)
        {
            if (prefix.SequenceEqual(_namespaces[i].Prefix))
                // A default namespace that nobody knows is a spelling of RSS.
                return prefix.IsEmpty && _namespaces[i].Vocabulary == Vocabulary.Other ? Vocabulary.Rss : _namespaces[i].Vocabulary;
        }
        if (prefix.IsEmpty)
            return Vocabulary.Rss;
        if (prefix is "xml")
            return Vocabulary.Xml;
        Faults.Prefixes++;
        return XmlNamespaces.OfUndeclared(prefix) ?? Vocabulary.Other;
    }

    /// <summary>The URI that a prefix is bound to here; empty where it is not.</summary>
    public readonly string NamespaceUri(string prefix)
    {
        for (var i = _namespaces.Count - 1; i >= 0; i--)
            if (_namespaces[i].Prefix == prefix)
                return _namespaces[i].Uri;
        return "";
    }

    /// <summary>True where any declaration in scope has this URI.</summary>
    public readonly bool IsDeclared(string uri) => _namespaces.Exists(n => n.Uri.Equals(uri, StringComparison.OrdinalIgnoreCase));

    private void SkipDeclaration()
    {
        var rest = _text[_position..];
        if (rest.StartsWith("<!--"))
            SkipTo("-->", 4);
        else if (rest.StartsWith("<![CDATA["))
            SkipTo("]]>", 9);
        else
            SkipDocumentType();
    }

    /// <summary>Steps over a document type with its internal subset; what it defines is not read, but what looks like an attack ends it.</summary>
    private void SkipDocumentType()
    {
        _tagStart = _position;
        var brackets = 0;
        var i = _position + 2;
        for (; i < _text.Length; i++)
        {
            switch (_text[i])
            {
                case '"' or '\'' when _text[(i + 1)..].IndexOf(_text[i]) is >= 0 and var quoted:
                    i += quoted + 1;
                    break;
                case '[':
                    brackets++;
                    break;
                case ']':
                    brackets--;
                    break;
                case '<' when _text[i..].StartsWith("<!--"):
                    var comment = _text[i..].IndexOf("-->", StringComparison.Ordinal);
                    i = comment < 0 ? _text.Length : i + comment + 2;
                    break;
                case '<' when _text[i..].StartsWith("<!ENTITY"):
                    RefuseHostileEntity(i);
                    break;
                case '>' when brackets <= 0:
                    var type = _text[_position..i];
                    HasNetscapeDocumentType |= type.Contains("Netscape", StringComparison.OrdinalIgnoreCase);
                    HasHtmlDocumentType |= type.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase);
                    _position = i + 1;
                    return;
            }
        }
        _position = _text.Length;
    }

    private readonly void RefuseHostileEntity(int at)
    {
        var declaration = _text[at..];
        var close = declaration[..Math.Min(declaration.Length, MaxEntityLength + MaxEntityName)].IndexOf('>');
        declaration = declaration[..Math.Max(close, 0)];
        var quote = declaration.IndexOfAny('"', '\'');
        var head = quote < 0 ? declaration : declaration[..quote];
        var value = quote < 0 ? [] : declaration[(quote + 1)..];
        var line = _text[..at].Count('\n') + 1;
        if (close < 0)
            throw new FeedFormatException($"The document type declares an entity longer than {MaxEntityLength} characters; feeds with such are refused", line);
        if (head.Contains('%') || head.Contains("SYSTEM", StringComparison.Ordinal) || head.Contains("PUBLIC", StringComparison.Ordinal))
            throw new FeedFormatException("The document type declares an external or parameter entity; feeds with such are refused", line);
        for (var i = value.IndexOf('&'); i >= 0 && i + 1 < value.Length; i++)
        {
            if (value[i] == '&' && value[i + 1] != '#')
                throw new FeedFormatException("The document type declares an entity that is made of others; feeds with such are refused", line);
        }
    }
}
