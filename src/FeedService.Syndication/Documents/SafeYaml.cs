using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FeedService.Syndication.Documents;

/// <summary>How much YAML is accepted.</summary>
public sealed record YamlLimits
{
    /// <summary>64 kB, 32 levels.</summary>
    public static YamlLimits Default { get; } = new();

    /// <summary>In bytes of UTF-8.</summary>
    public int MaxBytes { get; init; } = 64 * 1024;

    /// <summary>Levels of sequences and mappings within each other.</summary>
    public int MaxDepth { get; init; } = 32;
}

/// <summary>
/// Reads YAML that strangers wrote. The tree is built here, over the parser's events, since the parser's own builders recurse without a bound
/// and let aliases multiply. What configuration does not need is refused: anchors, aliases, tags of one's own, several documents, keys that are
/// not plain text, and keys given twice.
/// </summary>
public static class SafeYaml
{
    private const string CoreTags = "tag:yaml.org,2002:";

    /// <summary>Parses one document.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="limits">Null for <see cref="YamlLimits.Default"/>.</param>
    /// <param name="firstLine">The number that the text's first line has in its file.</param>
    /// <returns>The root; null where the document is empty.</returns>
    /// <exception cref="YamlFormatException">It is not YAML, or is beyond the limits.</exception>
    public static YamlNode? Parse(string yaml, YamlLimits? limits = null, int firstLine = 1)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        limits ??= YamlLimits.Default;
        if (Encoding.UTF8.GetByteCount(yaml) > limits.MaxBytes)
            throw new YamlFormatException($"the YAML is larger than {limits.MaxBytes / 1024} kB", firstLine, 1);
        try
        {
            return new Builder(limits, firstLine).Build(new Parser(new StringReader(yaml)));
        }
        catch (YamlException e)
        {
            throw new YamlFormatException(Reason(e), (int)e.End.Line + firstLine - 1, Math.Max(1, (int)e.End.Column), e);
        }
        // Odd tags, escapes and numbers make the parser throw what the runtime throws.
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or OverflowException or IndexOutOfRangeException)
        {
            throw new YamlFormatException("this is not YAML: " + e.Message.ReplaceLineEndings(" "), firstLine, 1, e);
        }
    }

    // The parser's sentences are for its authors; the commonest two mistakes get plain words.
    private static string Reason(YamlException e)
    {
        var message = e.Message.ReplaceLineEndings(" ").TrimEnd('.');
        if (message.Contains("mapping values", StringComparison.OrdinalIgnoreCase) || message.Contains("invalid mapping", StringComparison.OrdinalIgnoreCase))
            return "a colon stands where none is expected; put quotes around text that contains \": \"";
        if (message.Contains("cannot start any token", StringComparison.OrdinalIgnoreCase) || message.Contains("invalid tab", StringComparison.OrdinalIgnoreCase))
            return "a tab or a reserved character stands where a value should start; indent with spaces and quote such values";
        return message.Length == 0 ? "this is not YAML" : char.ToLowerInvariant(message[0]) + message[1..];
    }

    private sealed class Builder(YamlLimits limits, int firstLine)
    {
        private readonly Stack<Open> _open = new();
        private YamlNode? _root;

        // A sequence or mapping that is not closed yet.
        private sealed class Open(ParsingEvent start)
        {
            public ParsingEvent Start { get; } = start;
            public List<YamlNode> Items { get; } = [];
            public List<KeyValuePair<YamlScalar, YamlNode>> Entries { get; } = [];
            public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);
            public YamlScalar? Key { get; set; }
        }

        public YamlNode? Build(Parser parser)
        {
            var documents = 0;
            while (parser.MoveNext())
            {
                var current = parser.Current!;
                switch (current)
                {
                    case DocumentStart when ++documents > 1:
                        throw Error(current, "only one document is expected here; remove what follows the second ---");
                    case AnchorAlias:
                        throw Error(current, "aliases (*name) are not supported; write the value out");
                    case Scalar scalar:
                        Check(scalar);
                        Add(new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty, Line(scalar), Column(scalar)), scalar);
                        break;
                    case SequenceStart or MappingStart:
                        Check((NodeEvent)current);
                        if (_open.Count > 0 && _open.Peek() is { Start: MappingStart, Key: null })
                            throw Error(current, "a key must be plain text; put quotes around a value that starts with [ or {");
                        if (_open.Count == limits.MaxDepth) throw Error(current, $"more than {limits.MaxDepth} levels within each other");
                        _open.Push(new Open(current));
                        break;
                    case SequenceEnd:
                        var sequence = _open.Pop();
                        Add(new YamlSequence(sequence.Items, Line(sequence.Start), Column(sequence.Start)), sequence.Start);
                        break;
                    case MappingEnd:
                        var mapping = _open.Pop();
                        Add(new YamlMapping(mapping.Entries, Line(mapping.Start), Column(mapping.Start)), mapping.Start);
                        break;
                }
            }
            return _root is YamlScalar { IsNull: true } ? null : _root;
        }

        private void Add(YamlNode node, ParsingEvent at)
        {
            if (!_open.TryPeek(out var parent))
            {
                _root = node;
            }
            else if (parent.Start is SequenceStart)
            {
                parent.Items.Add(node);
            }
            else if (parent.Key is null)
            {
                var key = (YamlScalar)node;
                if (!parent.Keys.Add(key.Value)) throw Error(at, $"the key '{key.Value}' is given twice");
                parent.Key = key;
            }
            else
            {
                parent.Entries.Add(new(parent.Key, node));
                parent.Key = null;
            }
        }

        private void Check(NodeEvent node)
        {
            if (!node.Anchor.IsEmpty) throw Error(node, "anchors (&name) are not supported; write the value out where it is needed");
            if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && !node.Tag.Value.StartsWith(CoreTags, StringComparison.Ordinal))
                throw Error(node, $"the tag {node.Tag.Value} is not supported; remove it");
        }

        private YamlFormatException Error(ParsingEvent at, string message) => new(message, Line(at), Column(at));

        private int Line(ParsingEvent at) => (int)at.Start.Line + firstLine - 1;

        private static int Column(ParsingEvent at) => (int)at.Start.Column;
    }
}
