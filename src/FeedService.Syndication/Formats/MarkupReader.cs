using System.Buffers;

namespace FeedService.Syndication.Formats;

/// <summary>
/// Reads XML forward, an element at a time, straight from the text, and never gives up: end tags that are missing or match nothing, stray
/// brackets, undeclared prefixes, unquoted attributes and a missing end are read as they were meant, and counted. Document types are skipped
/// over; no entity is ever defined.
/// </summary>
/// <remarks>
/// Why not <see cref="System.Xml.XmlReader"/>: it stops at the first fault, and one in five feeds in the wild has one; a second, tolerant reader
/// beside it would have to agree with it in every detail. A mutable ref struct: pass it by reference.
/// </remarks>
internal ref partial struct MarkupReader
{
    /// <summary>How deep elements may nest.</summary>
    public const int MaxDepth = 256;

    /// <summary>How many attributes an element may have.</summary>
    public const int MaxAttributes = 256;

    /// <summary>How long an attribute may be, in UTF-16 units.</summary>
    public const int MaxAttributeLength = 100_000;

    /// <summary>How long a declared entity may be before its document is taken for an attack, in UTF-16 units.</summary>
    private const int MaxEntityLength = 1000;

    private const int MaxEntityName = 100;

    /// <summary>How many namespace declarations are kept at a time; a feed has about ten.</summary>
    private const int MaxNamespaces = 256;

    /// <summary>How long a base may be: each relative link is resolved against it.</summary>
    private const int MaxBaseLength = 2000;

    private const int LongestKnownName = 32;

    private static readonly SearchValues<char> NameEnd = SearchValues.Create(" \t\r\n/>=<\"'");
    private static readonly SearchValues<char> UnquotedEnd = SearchValues.Create(" \t\r\n><");

    private readonly ReadOnlySpan<char> _text;
    private readonly OpenElement[] _open = new OpenElement[MaxDepth];
    private readonly List<(string Prefix, Vocabulary Vocabulary, string Uri)> _namespaces = [];
    private (int Name, int NameLength, int Value, int ValueLength)[] _attributes = new (int, int, int, int)[16];
    private int _attributeCount;
    private int _position;
    private int _tagStart;
    private int _closeTo;
    private char[] _buffer = [];
    private readonly char[] _lowerName = new char[LongestKnownName];

    private struct OpenElement
    {
        public int Name;
        public int NameLength;
        public int Namespaces;
        public string? Base;
        public string? Language;
    }

    public MarkupReader(ReadOnlySpan<char> text)
    {
        _text = text;
    }

    /// <summary>What a relative <c>xml:base</c> of the root is relative to.</summary>
    public string? DocumentBase { get; set; }

    /// <summary>How many elements are open; while one is being read it counts itself.</summary>
    public int Depth { get; private set; }

    public Vocabulary Vocabulary { get; private set; }

    /// <summary>The element's name without its prefix, in lower case; changes with the next element.</summary>
    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>The text ended while elements were open.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>A document type names Netscape's RSS 0.91.</summary>
    public bool HasNetscapeDocumentType { get; private set; }

    public bool HasHtmlDocumentType { get; private set; }

    /// <summary>Ampersands that are not XML's, end tags that match nothing or are missing, prefixes without a declaration.</summary>
    public MarkupFaults Faults;

    public readonly string? Base => Depth > 0 ? _open[Depth - 1].Base : null;

    /// <summary>What <c>xml:lang</c> says; empty where it says that there is none, null where it is silent.</summary>
    public readonly string? Language => Depth > 0 ? _open[Depth - 1].Language : null;

    public readonly int Line => _text[..Math.Min(_tagStart, _text.Length)].Count('\n') + 1;

    /// <summary>Whether the first thing in the element that was just entered is another one.</summary>
    public readonly bool BeginsWithElement => _closeTo >= Depth && _text[_position..].TrimStart() is ['<', var first, ..] && (char.IsLetter(first) || first == '_');

    private readonly bool IsAtEnd => _position >= _text.Length;

    /// <summary>Moves to the root element.</summary>
    public bool ReadRoot()
    {
        while (!IsAtEnd)
        {
            if (Next())
                return true;
        }
        return false;
    }

    /// <summary>Moves to the next child of the element at this depth, the one before having been read or skipped; false at the element's end.</summary>
    public bool NextChild(int depth)
    {
        while (Depth >= depth)
        {
            if (Next())
                return true;
        }
        return false;
    }

    /// <summary>Moves behind the element that was just entered.</summary>
    public void Skip()
    {
        for (var depth = Depth; Depth >= depth;)
            Next();
    }

    /// <summary>Takes back the element that was just entered and ends the one around it: its end tag must have been forgotten.</summary>
    public void EndParentBefore()
    {
        _position = _tagStart;
        Pop();
        Pop();
        _closeTo = Depth;
        Faults.Tags++;
    }

    /// <summary>Moves on to the next start tag (true) or end of an element (false).</summary>
    private bool Next()
    {
        if (Depth > _closeTo)
        {
            Pop();
            return false;
        }
        while (true)
        {
            var at = _text[Math.Min(_position, _text.Length)..].IndexOf('<');
            if (at < 0 || _position + at + 1 >= _text.Length)
            {
                _position = _text.Length;
                if (Depth > 0)
                {
                    IsTruncated = true;
                    _closeTo = 0;
                    Pop();
                }
                return false;
            }
            _position += at;
            switch (_text[_position + 1])
            {
                case '/':
                    if (ReadEndTag())
                        return false;
                    break;
                case '!':
                    SkipDeclaration();
                    break;
                case '?':
                    SkipTo("?>", 2);
                    break;
                case var c when char.IsLetter(c) || c is '_' or ':':
                    ReadStartTag();
                    return true;
                default:
                    Faults.Tags++;
                    _position++;
                    break;
            }
        }
    }

    private void Pop()
    {
        Depth--;
        _namespaces.RemoveRange(_open[Depth].Namespaces, _namespaces.Count - _open[Depth].Namespaces);
    }

    private bool ReadEndTag()
    {
        var start = _position + 2;
        var rest = _text[start..];
        var end = rest.IndexOfAny('>', '<');
        var name = end < 0 ? rest : rest[..end];
        name = name.TrimEnd();
        _tagStart = _position;
        _position = end < 0 ? _text.Length : start + end + (rest[end] == '>' ? 1 : 0);
        for (var i = Depth - 1; i >= 0; i--)
        {
            if (!name.Equals(_text.Slice(_open[i].Name, _open[i].NameLength), StringComparison.OrdinalIgnoreCase))
                continue;
            if (i < Depth - 1)
                Faults.Tags++;
            _closeTo = i;
            Pop();
            return true;
        }
        Faults.Tags++;
        return false;
    }

    private void ReadStartTag()
    {
        _tagStart = _position;
        var start = _position + 1;
        var length = _text[start..].IndexOfAny(NameEnd);
        if (length < 0)
            length = _text.Length - start;
        _position = start + length;
        if (Depth >= MaxDepth)
            throw new FeedFormatException($"Elements nest more than {MaxDepth} deep", Line);
        ref var element = ref _open[Depth];
        element = new OpenElement { Name = start, NameLength = length, Namespaces = _namespaces.Count, Base = Base, Language = Language };
        Depth++;
        _attributeCount = 0;
        // Nearly all elements have no attributes.
        var isEmpty = false;
        if (_position < _text.Length && _text[_position] == '>')
            _position++;
        else
            isEmpty = ReadAttributes(ref element);
        _closeTo = isEmpty ? Depth - 1 : Depth;
        SetName(_text.Slice(start, length));
    }

    private bool ReadAttributes(ref OpenElement element)
    {
        var isEmpty = false;
        while (true)
        {
            while (_position < _text.Length && (char.IsWhiteSpace(_text[_position]) || _text[_position] is '/' or '"' or '\'' or '='))
            {
                isEmpty = _text[_position] == '/';
                _position++;
            }
            if (IsAtEnd || _text[_position] == '<')
            {
                Faults.Tags++;
                return isEmpty;
            }
            if (_text[_position] == '>')
            {
                _position++;
                return isEmpty;
            }
            isEmpty = false;
            ReadAttribute(ref element);
        }
    }

    private void ReadAttribute(ref OpenElement element)
    {
        var name = _position;
        var length = _text[name..].IndexOfAny(NameEnd);
        length = length < 0 ? _text.Length - name : length;
        _position += length;
        SkipSpace();
        int value = _position, valueLength = 0;
        if (_position < _text.Length && _text[_position] == '=')
        {
            _position++;
            SkipSpace();
            value = _position;
            if (_position < _text.Length && _text[_position] is '"' or '\'')
            {
                var quote = _text[_position];
                value++;
                valueLength = _text[value..].IndexOf(quote);
                if (valueLength < 0)
                    valueLength = _text.Length - value;
                _position = Math.Min(_text.Length, value + valueLength + 1);
            }
            else
            {
                Faults.Tags++;
                valueLength = _text[value..].IndexOfAny(UnquotedEnd);
                if (valueLength < 0)
                    valueLength = _text.Length - value;
                _position = value + valueLength;
            }
        }
        if (valueLength > MaxAttributeLength || length > MaxAttributeLength)
            throw new FeedFormatException($"An attribute is longer than {MaxAttributeLength} characters", Line);
        if (length == 0)
            return;
        if (_attributeCount == MaxAttributes)
            throw new FeedFormatException($"An element has more than {MaxAttributes} attributes", Line);
        if (_attributeCount == _attributes.Length)
            Array.Resize(ref _attributes, _attributes.Length * 2);
        _attributes[_attributeCount++] = (name, length, value, valueLength);
        if (_text[name] is 'x' or 'X' && length >= 5)
            ReadXmlAttribute(_text.Slice(name, length), value, valueLength, ref element);
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            _position++;
    }

    private void SkipTo(string end, int offset)
    {
        var at = _text[Math.Min(_text.Length, _position + offset)..].IndexOf(end, StringComparison.Ordinal);
        _position = at < 0 ? _text.Length : _position + offset + at + end.Length;
    }
}

/// <summary>How often a document was not well-formed, by kind.</summary>
internal struct MarkupFaults
{
    public int Tags;
    public int Prefixes;
    public int References;
}
