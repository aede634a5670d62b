using System.Text.Json.Nodes;
using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>A source: the key that says its kind (<c>folder: articles</c>) and the record's other keys.</summary>
internal sealed class SourceShape(IReadOnlyList<KeyShape> keys) : RecordShape(typeof(SourceDefinition), keys)
{
    private static readonly IReadOnlyList<string> Kinds = [.. Enum.GetNames<SourceKind>().Select(ShapeTable.SnakeCase)];

    private static readonly Shape Url = ShapeTable.Scalar(typeof(string), ValueFormat.Url);

    private static readonly Shape Folder = ShapeTable.Scalar(typeof(string), ValueFormat.Folder);

    public override object? Read(YamlNode node, Problems problems)
    {
        if (node is not YamlMapping mapping)
        {
            problems.Add(node, $"expected a source such as 'folder: articles' or 'feed: https://…', found {Kind(node)}");
            return null;
        }
        if (ReadValues(mapping, problems) is not { } values) return null;
        var given = mapping.Entries.Where(entry => Kinds.Contains(entry.Key.Value)).ToList();
        if (given.Count == 0)
        {
            problems.Add(mapping, $"the source does not say what it is: give one of {string.Join(", ", Kinds)}");
            return null;
        }
        if (given.Count > 1)
        {
            problems.Add(given[1].Key, $"a source is either '{given[0].Key.Value}' or '{given[1].Key.Value}'; begin a new one with a hyphen");
            return null;
        }
        var source = (SourceDefinition)Create(values);
        Unfitting(mapping, nameof(SourceDefinition.FullText), source.FullText && source.Kind != SourceKind.Feed, "feed", problems);
        Unfitting(mapping, nameof(SourceDefinition.Selectors), source.Selectors is not null && source.Kind != SourceKind.Page, "page", problems);
        Unfitting(mapping, nameof(SourceDefinition.Publish), source.Publish != InboxPublish.AtOnce && source.Kind != SourceKind.Inbox, "inbox", problems);
        return source;
    }

    protected override void ReadEntry(YamlScalar name, YamlNode node, Dictionary<string, object?> values, Problems problems)
    {
        if (Kinds.Contains(name.Value))
        {
            var kind = Enum.Parse<SourceKind>(name.Value, ignoreCase: true);
            values[nameof(SourceDefinition.Kind)] = kind;
            values[nameof(SourceDefinition.Location)] = kind switch
            {
                SourceKind.Folder => Folder.Read(node, problems),
                SourceKind.Inbox => Inbox(node, problems),
                _ => Url.Read(node, problems),
            };
        }
        else if (Keys.All(key => key.Name != name.Value))
        {
            problems.Add(name, $"unknown key '{name.Value}'{Suggestion.For(name.Value, [.. Kinds, .. Keys.Select(key => key.Name)])}");
        }
        else
        {
            base.ReadEntry(name, node, values, problems);
        }
    }

    public override YamlNode Write(object value)
    {
        var source = (SourceDefinition)value;
        var location = source.Kind == SourceKind.Inbox ? new YamlScalar("true", true, 0, 0) : new YamlScalar(source.Location, false, 0, 0);
        var rest = (YamlMapping)base.Write(value);
        return rest with { Entries = [new(Name(ShapeTable.SnakeCase(source.Kind.ToString())), location), .. rest.Entries] };
    }

    protected override JsonObject Describe(SchemaDefinitions definitions)
    {
        var schema = base.Describe(definitions);
        var properties = (JsonObject)schema["properties"]!;
        foreach (var kind in Enum.GetValues<SourceKind>().Reverse())
        {
            var value = kind switch
            {
                SourceKind.Folder => Folder.Schema(definitions),
                SourceKind.Inbox => new JsonObject { ["const"] = true },
                _ => Url.Schema(definitions),
            };
            properties.Insert(0, ShapeTable.SnakeCase(kind.ToString()), definitions.Documented(value, typeof(SourceKind), kind.ToString()));
        }
        schema["oneOf"] = new JsonArray([.. Kinds.Select(kind => new JsonObject { ["required"] = new JsonArray(JsonValue.Create(kind)) })]);
        return schema;
    }

    private static string? Inbox(YamlNode node, Problems problems)
    {
        if (node is YamlScalar { AsBool: true }) return "";
        problems.Add(node, "'inbox' is switched on with true, or left out");
        return null;
    }

    private static void Unfitting(YamlMapping mapping, string property, bool unfitting, string kind, Problems problems)
    {
        var name = ShapeTable.SnakeCase(property);
        if (unfitting) problems.Add(mapping.Entries.First(entry => entry.Key.Value == name).Key, $"'{name}' is for '{kind}' sources only");
    }
}
