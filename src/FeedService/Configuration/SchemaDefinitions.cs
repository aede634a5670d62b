using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FeedService.Configuration;

/// <summary>
/// The JSON Schema of definitions (draft 2020-12), for editors: derived from the same records as the loader, described by their doc comments,
/// which the compiler writes beside the assembly.
/// </summary>
internal sealed partial class SchemaDefinitions
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, XElement> _comments = [];

    private SchemaDefinitions()
    {
        foreach (var assembly in new[] { typeof(FeedDefinition).Assembly, typeof(Syndication.Feed).Assembly })
        {
            var file = Path.ChangeExtension(assembly.Location, ".xml");
            foreach (var member in XDocument.Load(file).Descendants("member")) _comments[member.Attribute("name")!.Value] = member;
        }
    }

    /// <summary>The whole schema as text, ending in a line feed.</summary>
    /// <exception cref="FileNotFoundException">The file of doc comments is not beside the assembly.</exception>
    public static string Render()
    {
        var definitions = new SchemaDefinitions();
        var root = ShapeTable.Record(typeof(FeedDefinition));
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A feed's definition (feed.yaml)",
            ["$ref"] = (string)root.Schema(definitions)["$ref"]!,
            ["$defs"] = new JsonObject(definitions._definitions.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value))),
        };
        return schema.ToJsonString(Indented) + "\n";
    }

    /// <summary>A reference to a record's description, which is made once.</summary>
    public JsonObject Reference(RecordShape shape, Func<SchemaDefinitions, JsonObject> describe)
    {
        var name = ShapeTable.SnakeCase(shape.Type.Name);
        if (_definitions.TryAdd(name, [])) _definitions[name] = Documented(describe(this), shape.Type, null);
        return new() { ["$ref"] = $"#/$defs/{name}" };
    }

    /// <summary>Adds the doc comment of a property, parameter, field or (with null) of the type itself.</summary>
    public JsonObject Documented(JsonObject schema, Type type, string? member)
    {
        if (Comment(type, member) is { Length: > 0 } comment) schema.Insert(0, "description", comment);
        return schema;
    }

    private string? Comment(Type type, string? member)
    {
        // A property that is inherited is described where it is declared.
        if (member is not null && type.GetProperty(member)?.DeclaringType is { } declaring) type = declaring;
        var element = member is null
            ? _comments.GetValueOrDefault($"T:{type.FullName}")?.Element("summary")
            : (_comments.GetValueOrDefault($"P:{type.FullName}.{member}") ?? _comments.GetValueOrDefault($"F:{type.FullName}.{member}"))?.Element("summary")
                ?? _comments.GetValueOrDefault($"T:{type.FullName}")?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == member);
        return element is null ? null : Blanks().Replace(string.Concat(element.Nodes().Select(Words)), " ").Trim();
    }

    private static string Words(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } reference =>
            ((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? "").Split('.', ':')[^1],
        XElement element => string.Concat(element.Nodes().Select(Words)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
