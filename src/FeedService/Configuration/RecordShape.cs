using System.Reflection;
using System.Text.Json.Nodes;
using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>A record: keys in snake case, one for each property that can be given.</summary>
internal class RecordShape(Type type, IReadOnlyList<KeyShape> keys) : Shape
{
    private readonly ConstructorInfo _constructor = ShapeTable.Constructor(type);
    private readonly Dictionary<string, KeyShape> _byName = keys.ToDictionary(key => key.Name);

    // Asked for once and not for each of ten thousand definitions.
    private readonly (string Name, object? Default)[] _parameters =
        [.. ShapeTable.Constructor(type).GetParameters().Select(parameter => (parameter.Name!, parameter.HasDefaultValue ? parameter.DefaultValue : null))];
    private readonly Dictionary<string, PropertyInfo> _properties = type.GetProperties().ToDictionary(property => property.Name);
    private object? _defaults;

    public Type Type => type;

    public IReadOnlyList<KeyShape> Keys => keys;

    /// <summary>Where a record has a single parameter, its value may stand for the whole: <c>limit: 20</c>.</summary>
    private KeyShape? Short => _parameters is [var only] ? keys.FirstOrDefault(key => key.Property == only.Name) : null;

    public override object? Read(YamlNode node, Problems problems)
    {
        if (node is not YamlMapping mapping)
        {
            if (Short is { } only && node is not YamlScalar { IsNull: true })
                return only.Value.Read(node, problems) is { } value ? Create(new() { [only.Property] = value }) : null;
            if (node is YamlScalar { IsNull: true } && !keys.Any(key => key.Required)) return Create([]);
            problems.Add(node, $"expected keys and values ({string.Join(", ", keys.Take(4).Select(key => key.Name))} …), found {Kind(node)}");
            return null;
        }
        return ReadValues(mapping, problems) is { } values ? Create(values) : null;
    }

    /// <summary>The values that are given, by property; null where there was any problem.</summary>
    public Dictionary<string, object?>? ReadValues(YamlMapping mapping, Problems problems)
    {
        var before = problems.Errors.Count;
        var values = new Dictionary<string, object?>(keys.Count);
        foreach (var (name, node) in mapping.Entries) ReadEntry(name, node, values, problems);
        foreach (var key in keys.Where(key => key.Required && mapping[key.Name] is null))
            problems.Add(mapping, $"'{key.Name}' is missing");
        return problems.Errors.Count == before ? values : null;
    }

    protected virtual void ReadEntry(YamlScalar name, YamlNode node, Dictionary<string, object?> values, Problems problems)
    {
        if (!_byName.TryGetValue(name.Value, out var key))
        {
            problems.Add(name, $"unknown key '{name.Value}'{Suggestion.For(name.Value, _byName.Keys)}");
        }
        else if (node is YamlScalar { IsNull: true } or YamlScalar { Value: "" })
        {
            // A key without a value counts as left out.
            if (key.Required) problems.Add(name, $"'{key.Name}' has no value");
        }
        else if (key.Required && node is YamlScalar { Value: var blank } && string.IsNullOrWhiteSpace(blank))
        {
            problems.Add(node, $"'{key.Name}' is blank");
        }
        else
        {
            values[key.Property] = key.Value.Read(node, problems);
        }
    }

    public virtual object Create(Dictionary<string, object?> values)
    {
        var record = _constructor.Invoke([.. _parameters.Select(parameter => values.GetValueOrDefault(parameter.Name) ?? parameter.Default)]);
        foreach (var (name, value) in values)
        {
            if (value is not null && !Array.Exists(_parameters, parameter => parameter.Name == name)) _properties[name].SetValue(record, value);
        }
        return record;
    }

    public override YamlNode Write(object value)
    {
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        if (_defaults is null && (_parameters.Length == 0 || !keys.Any(key => key.Required))) _defaults = Create([]);
        foreach (var key in keys)
        {
            var property = _properties[key.Property];
            if (property.GetValue(value) is not { } given || (!key.Required && IsDefault(given, property, _defaults))) continue;
            entries.Add(new(Name(key.Name), key.Value.Write(given)));
        }
        return new YamlMapping(entries, 0, 0);
    }

    // What is as it would be anyway is not written, so that stating a default changes nothing.
    private static bool IsDefault(object given, PropertyInfo property, object? defaults) => given switch
    {
        false => true,
        System.Collections.IEnumerable list and not string => !list.GetEnumerator().MoveNext(),
        _ => defaults is not null && given.Equals(property.GetValue(defaults)),
    };

    protected static YamlScalar Name(string name) => new(name, true, 0, 0);

    public override JsonObject Schema(SchemaDefinitions definitions) => definitions.Reference(this, Describe);

    protected virtual JsonObject Describe(SchemaDefinitions definitions)
    {
        var properties = new JsonObject();
        foreach (var key in keys) properties[key.Name] = definitions.Documented(key.Value.Schema(definitions), type, key.Property);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (keys.Any(key => key.Required)) schema["required"] = new JsonArray([.. keys.Where(key => key.Required).Select(key => JsonValue.Create(key.Name))]);
        schema["additionalProperties"] = false;
        return Short is { } only ? new JsonObject { ["anyOf"] = new JsonArray(only.Value.Schema(definitions), schema) } : schema;
    }
}
