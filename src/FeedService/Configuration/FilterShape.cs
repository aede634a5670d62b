using System.Text.Json.Nodes;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Filters;

namespace FeedService.Configuration;

/// <summary>A step of the filters: <c>name: settings</c>, or the name alone where it needs none.</summary>
internal sealed class FilterShape : Shape
{
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
        if (FilterTable.Find(name.Value) is not { } kind)
        {
            problems.Add(name, $"there is no filter '{name.Value}'{Suggestion.For(name.Value, [.. FilterTable.Kinds.Select(each => each.Name)])}");
            return null;
        }
        var shape = ShapeTable.Record(kind.Settings);
        if (settings is null && shape.Keys.Any(key => key.Required))
        {
            problems.Add(name, $"the filter '{kind.Name}' needs its settings: {string.Join(", ", shape.Keys.Select(key => key.Name))}");
            return null;
        }
        if (shape.Read(settings ?? new YamlScalar("", true, name.Line, name.Column), problems) is not { } value) return null;
        try
        {
            // What no single setting can tell, and whether patterns and selectors are any: the filter itself knows.
            kind.Create(value);
            return new FilterDefinition(kind.Name, value);
        }
        catch (FilterSettingsException e)
        {
            problems.Add(settings ?? name, $"the filter '{kind.Name}' cannot work: {e.Message}");
            return null;
        }
    }

    public override YamlNode Write(object value)
    {
        var filter = (FilterDefinition)value;
        return new YamlMapping([new(new YamlScalar(filter.Name, true, 0, 0), ShapeTable.Record(filter.Settings.GetType()).Write(filter.Settings))], 0, 0);
    }

    public override JsonObject Schema(SchemaDefinitions definitions) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject
            {
                ["enum"] = new JsonArray([.. FilterTable.Kinds.Where(kind => !ShapeTable.Record(kind.Settings).Keys.Any(key => key.Required)).Select(kind => JsonValue.Create(kind.Name))]),
            },
            new JsonObject
            {
                ["type"] = "object",
                ["minProperties"] = 1,
                ["maxProperties"] = 1,
                ["properties"] = new JsonObject(FilterTable.Kinds.Select(kind => KeyValuePair.Create<string, JsonNode?>(
                    kind.Name, definitions.Documented(ShapeTable.Record(kind.Settings).Schema(definitions), kind.Settings, null)))),
                ["additionalProperties"] = false,
            }),
    };
}
