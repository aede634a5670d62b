using System.Globalization;

namespace FeedService.Syndication.Documents;

/// <summary>A value in a YAML document, with the place where it stands.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public abstract record YamlNode(int Line, int Column);

/// <summary>A single value.</summary>
/// <param name="Value">The text, unquoted and unfolded.</param>
/// <param name="IsPlain">True where it was written without quotes, so that it may be a number, a truth value or null.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record YamlScalar(string Value, bool IsPlain, int Line, int Column) : YamlNode(Line, Column)
{
    /// <summary>Nothing, <c>~</c> or <c>null</c>, unquoted.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

    /// <summary><c>true</c> or <c>false</c> (YAML 1.2), also <c>yes no on off</c> (1.1), unquoted; null for anything else.</summary>
    public bool? AsBool => !IsPlain ? null : Value.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => null,
    };

    /// <summary>A decimal integer, unquoted; null for anything else.</summary>
    public long? AsInteger =>
        IsPlain && long.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A list of values.</summary>
/// <param name="Items">In the order of the document.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record YamlSequence(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

/// <summary>Keys and their values.</summary>
/// <param name="Entries">In the order of the document; no key occurs twice.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record YamlMapping(IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries, int Line, int Column) : YamlNode(Line, Column)
{
    /// <summary>The value of a key, compared exactly; null where the mapping lacks it.</summary>
    public YamlNode? this[string key]
    {
        get
        {
            foreach (var (name, value) in Entries)
            {
                if (name.Value == key) return value;
            }
            return null;
        }
    }
}
