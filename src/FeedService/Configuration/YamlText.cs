using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>Writes YAML as people would: block style, quotes only where they are needed.</summary>
public static class YamlText
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(YamlNode node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, YamlNode node, int indent)
    {
        switch (node)
        {
            case YamlMapping mapping:
                var first = true;
                foreach (var (key, value) in mapping.Entries)
                {
                    // The first key stands on the line of the hyphen before it.
                    if (!first || text.Length == 0 || text[^1] == '\n') text.Append(' ', indent);
                    first = false;
                    text.Append(Scalar(key)).Append(':');
                    Nested(text, value, indent + 2);
                }
                break;
            case YamlSequence sequence:
                foreach (var item in sequence.Items)
                {
                    text.Append(' ', indent).Append('-');
                    if (item is YamlMapping { Entries.Count: > 0 }) Write(text.Append(' '), item, indent + 2);
                    else Nested(text, item, indent + 2);
                }
                break;
            case YamlScalar scalar:
                text.Append(' ', indent).Append(Scalar(scalar)).Append('\n');
                break;
        }
    }

    private static void Nested(StringBuilder text, YamlNode value, int indent)
    {
        switch (value)
        {
            case YamlScalar scalar: text.Append(' ').Append(Scalar(scalar)).Append('\n'); break;
            case YamlMapping { Entries.Count: 0 }: text.Append(" {}\n"); break;
            case YamlSequence { Items.Count: 0 }: text.Append(" []\n"); break;
            default: Write(text.Append('\n'), value, indent); break;
        }
    }

    /// <summary>The text as a value, in quotes where it needs them.</summary>
    public static string Quote(string text) => IsSafe(text) ? text : JsonSerializer.Serialize(text, Quoted);

    private static string Scalar(YamlScalar scalar) => scalar.IsPlain ? scalar.Value : Quote(scalar.Value);

    // Narrow on purpose: what could be a number, a truth value or mean something to a YAML parser is quoted. JSON strings are YAML strings.
    private static bool IsSafe(string value) =>
        value.Length is > 0 and <= 200 && char.IsLetter(value[0]) && value[^1] is not (' ' or ':') &&
        !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal) &&
        value.All(c => char.IsLetterOrDigit(c) || " /.,:;_-+@?&=%()!*".Contains(c, StringComparison.Ordinal)) &&
        value.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n");
}
