using System.Globalization;
using System.Text.Json.Nodes;
using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>
/// How a value stands in a definition: how it is read and checked, how it is written, and what the schema says about it. Shapes are derived
/// from the records by <see cref="ShapeTable"/>, so that reader, writer and schema cannot disagree.
/// </summary>
internal abstract class Shape
{
    /// <summary>Converts a node; reports every problem and answers null where there is one.</summary>
    public abstract object? Read(YamlNode node, Problems problems);

    /// <summary>The node that <see cref="Read"/> turns into this value.</summary>
    public abstract YamlNode Write(object value);

    public abstract JsonObject Schema(SchemaDefinitions definitions);

    protected static string Kind(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar scalar => $"'{Shorten(scalar.Value)}'",
        YamlSequence => "a list",
        _ => "keys and values",
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

/// <summary>Collects what is wrong, all of it.</summary>
internal sealed class Problems(string file)
{
    public List<DefinitionError> Errors { get; } = [];

    public void Add(YamlNode at, string message) => Add(at.Line, at.Column, message);

    public void Add(int line, int column, string message) => Errors.Add(new(file, line, column, message));
}

/// <summary>A single value: text, number, truth value, span and the like.</summary>
/// <param name="expected">For the message where something else stands: "a number", "a span such as 15m".</param>
/// <param name="parse">Answers the value, or what is wrong with it.</param>
/// <param name="format">Writes a value as text.</param>
/// <param name="schema">What the schema says.</param>
internal sealed class ScalarShape(
    string expected, Func<YamlScalar, (object? Value, string? Problem)> parse, Func<object, string> format, Func<JsonObject> schema) : Shape
{
    public override object? Read(YamlNode node, Problems problems)
    {
        if (node is not YamlScalar scalar)
        {
            problems.Add(node, $"expected {expected}, found {Kind(node)}");
            return null;
        }
        var (value, problem) = parse(scalar);
        if (problem is not null) problems.Add(node, problem);
        return value;
    }

    public override YamlNode Write(object value) =>
        new YamlScalar(format(value), value is bool or int or long, 0, 0);

    public override JsonObject Schema(SchemaDefinitions definitions) => schema();

    public static string Invariant(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A list; a single value may stand for a list of one.</summary>
internal sealed class ListShape(Type itemType, Shape item) : Shape
{
    public override object? Read(YamlNode node, Problems problems)
    {
        IReadOnlyList<YamlNode> nodes;
        if (node is YamlSequence sequence)
        {
            nodes = sequence.Items;
        }
        else if (node is YamlScalar == item is ScalarShape)
        {
            nodes = [node];
        }
        else
        {
            problems.Add(node, $"expected a list (each item on a line of its own, after a hyphen), found {Kind(node)}");
            return null;
        }
        var values = nodes.Select(each => item.Read(each, problems)).ToList();
        if (values.Contains(null)) return null;
        var array = Array.CreateInstance(itemType, values.Count);
        for (var i = 0; i < values.Count; i++) array.SetValue(values[i], i);
        return array;
    }

    public override YamlNode Write(object value) =>
        new YamlSequence([.. ((System.Collections.IEnumerable)value).Cast<object>().Select(item.Write)], 0, 0);

    public override JsonObject Schema(SchemaDefinitions definitions)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item.Schema(definitions) };
        return item is ScalarShape ? new JsonObject { ["anyOf"] = new JsonArray(item.Schema(definitions), list) } : list;
    }
}

/// <summary>A key of a record, the property or parameter that it stands for, and how its value stands.</summary>
internal sealed record KeyShape(string Name, string Property, Shape Value, bool Required);
