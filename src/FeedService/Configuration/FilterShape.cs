using System.Text.Json.Nodes;
using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>A step of the filters: <c>name: settings</c>, or the name alone where it needs none.</summary>
internal sealed class FilterShape : Shape
{
    /// <summary>The filters that there are, with the type of their settings.</summary>
    private static readonly IReadOnlyDictionary<string, Type> Known = new Dictionary<string, Type>();

    public override object? Read(YamlNode node, Problems problems)
    {
        var (name, settings) = node switch
        {
            YamlScalar { IsNull: false } alone => (alone, null),
            YamlMapping { Entries: [var only] } => (only.Key, only.Value),
            _ => ((YamlScalar?)null, (YamlNode?)null),
        };
        if (name is null)
        {
            problems.Add(node, $"expected one filter an item, such as '- limit: 20', found {(node is YamlMapping ? "several keys; begin each filter with a hyphen" : Kind(node))}");
            return null;
        }
        if (!Known.TryGetValue(name.Value, out var type))
        {
            problems.Add(name, $"there is no filter '{name.Value}'{Suggestion.For(name.Value, [.. Known.Keys])}");
            return null;
        }
        return ShapeTable.Record(type).Read(settings ?? new YamlScalar("", true, name.Line, name.Column), problems) is { } value
            ? new FilterDefinition(name.Value, value) : null;
    }

    public override YamlNode Write(object value)
    {
        var filter = (FilterDefinition)value;
        return new YamlMapping([new(new YamlScalar(filter.Name, true, 0, 0), ShapeTable.Record(filter.Settings.GetType()).Write(filter.Settings))], 0, 0);
    }

    public override JsonObject Schema(SchemaDefinitions definitions) => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["maxProperties"] = 1,
        ["properties"] = new JsonObject(Known.Select(filter => KeyValuePair.Create<string, JsonNode?>(
            filter.Key, definitions.Documented(ShapeTable.Record(filter.Value).Schema(definitions), filter.Value, null)))),
        ["additionalProperties"] = false,
    };
}
