using System.Buffers;

namespace FeedService.Syndication.Formats;

/// <summary>How text in a feed is meant.</summary>
internal enum TextKind : byte
{
    /// <summary>No markup stood in it; what looks like some may be meant so.</summary>
    Text,

    /// <summary>Elements stood in it: the value is HTML.</summary>
    Markup,
}

internal ref partial struct MarkupReader
{
    private static readonly SearchValues<char> ReferenceOrReturn = SearchValues.Create("&\r");
    private static readonly SearchValues<char> SpecialInHtml = SearchValues.Create("&<>\"");

    /// <summary>The decoded value of an attribute of the element that was just entered, without the space around it; null where it has none.</summary>
    /// <param name="name">With or without its prefix; a name without one also finds prefixed ones.</param>
    public string? Attribute(string name)
    {
        for (var i = 0; i < _attributeCount; i++)
        {
            if (_text.Slice(_attributes[i].Name, _attributes[i].NameLength).Equals(name, StringComparison.OrdinalIgnoreCase))
                return DecodeAttribute(_attributes[i].Value, _attributes[i].ValueLength);
        }
        for (var i = 0; i < _attributeCount; i++)
        {
            var attribute = _text.Slice(_attributes[i].Name, _attributes[i].NameLength);
            var colon = attribute.IndexOf(':');
            if (colon > 0 && !attribute.StartsWith("xml", StringComparison.OrdinalIgnoreCase) && attribute[(colon + 1)..].Equals(name, StringComparison.OrdinalIgnoreCase))
                return DecodeAttribute(_attributes[i].Value, _attributes[i].ValueLength);
        }
        return null;
    }

    /// <summary>The text of the element that was just entered, without the space around it, and moves behind it.</summary>
    public string ReadText() => ReadText(out _, omitDiv: false);

    /// <inheritdoc cref="ReadText()"/>
    /// <param name="kind">What was in it.</param>
    /// <param name="omitDiv">Leaves out the <c>div</c> that wraps an Atom <c>xhtml</c> text and is no part of it (RFC 4287, 3.1.1.3).</param>
    public string ReadText(out TextKind kind, bool omitDiv)
    {
        kind = TextKind.Text;
        if (_closeTo < Depth)
        {
            Pop();
            return "";
        }
        // Nearly all text is one run, or one CDATA section, up to its element's end tag.
        var start = _position;
        var rest = _text[start..];
        var at = rest.IndexOf('<');
        if (at >= 0)
        {
            if (IsEndTagAt(start + at, out var end))
            {
                Close(end);
                return Decode(rest[..at].Trim());
            }
            if (rest[at..].StartsWith("<![CDATA[") && rest[..at].IsWhiteSpace())
            {
                var section = rest[(at + 9)..];
                var close = section.IndexOf("]]>", StringComparison.Ordinal);
                if (close >= 0)
                {
                    var after = start + at + 9 + close + 3;
                    while (after < _text.Length && char.IsWhiteSpace(_text[after]))
                        after++;
                    if (IsEndTagAt(after, out end))
                    {
                        Close(end);
                        var value = section[..close].Trim();
                        return value.Contains('\r') ? NormalizeLineEnds(value) : value.ToString();
                    }
                }
            }
        }
        return ReadMixed(out kind, omitDiv);
    }

    /// <summary>Whether the end tag of the element that is being read stands here, spelled as its start tag.</summary>
    private readonly bool IsEndTagAt(int position, out int end)
    {
        var name = _text.Slice(_open[Depth - 1].Name, _open[Depth - 1].NameLength);
        end = position + name.Length + 3;
        return end <= _text.Length && _text[position] == '<' && _text[position + 1] == '/' && _text[end - 1] == '>' && _text.Slice(position + 2, name.Length).SequenceEqual(name);
    }

    private void Close(int end)
    {
        _position = end;
        Pop();
        _closeTo = Math.Min(_closeTo, Depth);
    }

    /// <summary>Text with elements, several sections or comments in it, or without an end.</summary>
    private string ReadMixed(out TextKind kind, bool omitDiv)
    {
        kind = TextKind.Text;
        var depth = Depth;
        var output = new MixedText();
        var isInDiv = false;
        while (Depth >= depth)
        {
            if (_closeTo >= Depth)
                TakeText(ref output);
            if (!Next())
            {
                if (isInDiv && Depth == depth)
                    isInDiv = false;
                else if (Depth >= depth)
                    output.EndTag();
                continue;
            }
            if (Depth == depth + 1 && IsStructure())
            {
                EndParentBefore();
                break;
            }
            kind = TextKind.Markup;
            output.ToMarkup();
            if (omitDiv && Depth == depth + 1 && Name is "div")
                isInDiv = true;
            else
                StartTag(ref output);
        }
        return output.ToString();
    }

    /// <summary>Elements that never stand in text: the end tag of the text's element was forgotten.</summary>
    private readonly bool IsStructure() =>
        Vocabulary is Vocabulary.Rss or Vocabulary.Atom && Name is "item" or "entry" or "channel" or "pubdate" or "guid" or "enclosure" or "description" or "updated" or "published";

    private void TakeText(ref MixedText output)
    {
        while (_position < _text.Length)
        {
            var rest = _text[_position..];
            var at = rest.IndexOf('<');
            if (at < 0)
                at = rest.Length;
            if (at > 0)
                output.Text(Decode(rest[..at]));
            _position += at;
            if (!rest[at..].StartsWith("<![CDATA["))
            {
                // A bracket that opens no tag is text.
                if (at + 1 < rest.Length && !char.IsLetter(rest[at + 1]) && rest[at + 1] is not ('/' or '!' or '?' or '_' or ':'))
                {
                    Faults.Tags++;
                    output.Text("<");
                    _position++;
                    continue;
                }
                if (rest[at..].StartsWith("<!--"))
                {
                    SkipTo("-->", 4);
                    continue;
                }
                return;
            }
            var section = rest[(at + 9)..];
            var close = section.IndexOf("]]>", StringComparison.Ordinal);
            output.Section((close < 0 ? section : section[..close]).ToString());
            _position = close < 0 ? _text.Length : _position + 9 + close + 3;
        }
    }

    /// <summary>Writes the start tag that was just read as HTML; the names of XHTML, SVG and MathML lose their prefix.</summary>
    private void StartTag(ref MixedText output)
    {
        var element = _open[Depth - 1];
        var qualified = _text.Slice(element.Name, element.NameLength);
        var name = Vocabulary is Vocabulary.Xhtml or Vocabulary.Svg or Vocabulary.MathMl || qualified.IndexOf(':') < 0 ? qualified[(qualified.IndexOf(':') + 1)..] : qualified;
        output.StartTag(name.ToString());
        for (var i = 0; i < _attributeCount; i++)
        {
            var attribute = _text.Slice(_attributes[i].Name, _attributes[i].NameLength);
            if (!attribute.StartsWith("xmlns", StringComparison.Ordinal))
                output.Attribute(attribute, DecodeAttribute(_attributes[i].Value, _attributes[i].ValueLength));
        }
        var isVoid = MixedText.IsVoid(name);
        output.EndOfStartTag(isVoid);
        // <br> without an end is how HTML writes it.
        if (isVoid && _closeTo >= Depth)
        {
            Pop();
            _closeTo = Depth;
            output.EndTag();
        }
    }

    private string DecodeAttribute(int start, int length) => Decode(_text.Slice(start, length).Trim());

    private string Decode(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAny(ReferenceOrReturn);
        if (at < 0)
            return text.IsEmpty ? "" : text.ToString();
        if (text.Contains('\r'))
            text = NormalizeLineEnds(text);
        if (_buffer.Length < text.Length)
            _buffer = new char[Math.Max(text.Length, Math.Min(_text.Length, Math.Max(4096, text.Length * 2)))];
        var length = CharacterReferences.Decode(text, _buffer, ref Faults.References);
        return new string(_buffer, 0, length);
    }

    /// <summary>XML 1.0, 2.11.</summary>
    private static string NormalizeLineEnds(ReadOnlySpan<char> text) => text.ToString().ReplaceLineEndings("\n");
}
