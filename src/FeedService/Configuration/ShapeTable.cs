using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FeedService.Syndication;
using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>
/// Derives shapes from types: a record's keys are its constructor's parameters and settable properties in snake case, what is <c>required</c>
/// or a parameter without a default must be given, and <see cref="FormatAttribute"/> and <see cref="RangeAttribute"/> narrow values.
/// </summary>
internal static class ShapeTable
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Records = new();

    // The model in FeedService.Syndication knows nothing of definitions.
    private static readonly Dictionary<(Type, string), ValueFormat> ModelFormats = new()
    {
        [(typeof(Person), nameof(Person.Url))] = ValueFormat.Url,
        [(typeof(Person), nameof(Person.Avatar))] = ValueFormat.Url,
        [(typeof(Person), nameof(Person.Email))] = ValueFormat.Email,
    };

    public static RecordShape Record(Type type) => Records.GetOrAdd(type, static type =>
        type == typeof(SourceDefinition) ? new SourceShape(KeysOf(type)) : new RecordShape(type, KeysOf(type)));

    /// <summary>The primary constructor, or the one without parameters; never the one that copies.</summary>
    public static ConstructorInfo Constructor(Type type) =>
        type.GetConstructors().Where(constructor => constructor.GetParameters() is not [var only] || only.ParameterType != type)
            .OrderByDescending(constructor => constructor.GetParameters().Length).First();

    public static string SnakeCase(string name)
    {
        var words = string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
        return words.Replace("web_sub", "websub", StringComparison.Ordinal);
    }

    private static List<KeyShape> KeysOf(Type type)
    {
        var parameters = Constructor(type).GetParameters();
        var nullability = new NullabilityInfoContext();
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is not null && property.GetCustomAttribute<NotInFileAttribute>() is null)
            .Select(property =>
            {
                var parameter = parameters.FirstOrDefault(candidate => candidate.Name == property.Name);
                var required = parameter is { HasDefaultValue: false } || property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
                var format = (property.GetCustomAttribute<FormatAttribute>() ?? parameter?.GetCustomAttribute<FormatAttribute>())?.Format
                    ?? ModelFormats.GetValueOrDefault((type, property.Name));
                var range = property.GetCustomAttribute<RangeAttribute>() ?? parameter?.GetCustomAttribute<RangeAttribute>();
                return new KeyShape(SnakeCase(property.Name), property.Name, Of(property.PropertyType, format, range), required);
            })];
    }

    private static Shape Of(Type type, ValueFormat format, RangeAttribute? range)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(FilterDefinition)) return new FilterShape();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var item = type.GetGenericArguments()[0];
            return new ListShape(item, Of(item, format, range));
        }
        return IsScalar(type) ? Scalar(type, format, range) : Record(type);
    }

    private static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(TimeZoneInfo) || type == typeof(FeedSchedule);

    public static ScalarShape Scalar(Type type, ValueFormat format = ValueFormat.Text, RangeAttribute? range = null) => type switch
    {
        _ when type == typeof(string) => Text(format),
        _ when type == typeof(bool) => new("true or false", scalar => scalar.AsBool is { } flag ? (flag, null) : (null, $"expected true or false, found '{scalar.Value}'"),
            value => value is true ? "true" : "false", () => new() { ["type"] = "boolean" }),
        _ when type == typeof(long) && format == ValueFormat.Size => new("a size such as 512kB",
            scalar => ValueFormats.Size(scalar.Value, out var size) is { } problem ? (null, problem) : (size, null), ScalarShape.Invariant,
            () => new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, Pattern(ValueFormats.SizePattern)) }),
        _ when type == typeof(int) || type == typeof(long) || type == typeof(double) => Number(type, range),
        _ when type == typeof(TimeSpan) => new("a span such as 15m",
            scalar => ValueFormats.Span(scalar.Value, out var span) is { } problem ? (null, problem) : (span, null), value => ValueFormats.Span((TimeSpan)value),
            () => Pattern(ValueFormats.SpanPattern)),
        _ when type == typeof(TimeZoneInfo) => new("a time zone such as Europe/Amsterdam", Zone, value => ((TimeZoneInfo)value).Id, () => new() { ["type"] = "string" }),
        _ when type == typeof(FeedSchedule) => new("a cron expression or a span such as 15m",
            scalar => ScheduleParser.Parse(scalar.Value.Trim(), TimeZoneInfo.Utc, out var schedule) is { } problem ? (null, problem) : (schedule, null),
            value => ((FeedSchedule)value).Text, () => new() { ["type"] = "string" }),
        _ when type.IsEnum => Choice(type),
        _ => throw new NotSupportedException($"{type} has no form in a definition"),
    };

    private static ScalarShape Text(ValueFormat format) => new("text", scalar =>
    {
        // Spaces in quotes are meant, in a replacement for instance; no format but plain text has any.
        var text = format == ValueFormat.Text ? scalar.Value.TrimEnd('\n', '\r') : scalar.Value.Trim();
        if (text.Length == 0) return (null, "the text is empty");
        if (text.Any(c => char.IsControl(c) && c is not '\n' and not '\t')) return (null, "the text contains a control character");
        var problem = format switch
        {
            ValueFormat.Url => ValueFormats.Url(text, out text),
            ValueFormat.Language => ValueFormats.Language(text),
            ValueFormat.Slug => ValueFormats.Slug(text),
            ValueFormat.Email => MailAddressProblem(text),
            _ => null,
        };
        return problem is null ? (text, null) : (null, problem);
    }, ScalarShape.Invariant, () => format switch
    {
        ValueFormat.Url => new() { ["type"] = "string", ["format"] = "uri", ["pattern"] = "^https?://" },
        ValueFormat.Language => Pattern(ValueFormats.LanguagePattern),
        ValueFormat.Slug => Pattern(ValueFormats.SlugPattern),
        ValueFormat.Email => new() { ["type"] = "string", ["format"] = "email" },
        _ => new() { ["type"] = "string", ["minLength"] = 1 },
    });

    private static ScalarShape Number(Type type, RangeAttribute? range) => new("a number", scalar =>
    {
        object? value =
            type == typeof(double) ? double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real : null :
            scalar.AsInteger is not { } whole ? null :
            type == typeof(long) ? whole :
            whole is >= int.MinValue and <= int.MaxValue ? (int)whole : null;
        if (value is null) return (null, $"expected a number, found '{scalar.Value}'");
        return range is null || range.IsValid(value) ? (value, null) : (null, $"{scalar.Value} is not between {range.Minimum} and {range.Maximum}");
    }, ScalarShape.Invariant, () =>
    {
        var schema = new JsonObject { ["type"] = type == typeof(double) ? "number" : "integer" };
        if (range is not null)
        {
            schema["minimum"] = JsonValue.Create(Convert.ToDecimal(range.Minimum, CultureInfo.InvariantCulture));
            schema["maximum"] = JsonValue.Create(Convert.ToDecimal(range.Maximum, CultureInfo.InvariantCulture));
        }
        return schema;
    });

    private static ScalarShape Choice(Type type)
    {
        var names = Enum.GetNames(type).ToDictionary(SnakeCase);
        return new($"one of {string.Join(", ", names.Keys)}",
            scalar => names.TryGetValue(scalar.Value, out var name)
                ? (Enum.Parse(type, name), null)
                : (null, $"'{scalar.Value}' is not possible here{Suggestion.For(scalar.Value, names.Keys)}"),
            value => SnakeCase(value.ToString()!),
            () => new() { ["enum"] = new JsonArray([.. names.Keys.Select(name => JsonValue.Create(name))]) });
    }

    private static (object?, string?) Zone(YamlScalar scalar)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(scalar.Value, out var zone)) return (zone, null);
        var nearest = Suggestion.Nearest(scalar.Value, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id));
        return (null, $"there is no time zone '{scalar.Value}'" + (nearest is null ? "; use a name such as Europe/Amsterdam or UTC" : $": did you mean '{nearest}'?"));
    }

    private static string? MailAddressProblem(string text) =>
        System.Net.Mail.MailAddress.TryCreate(text, out var address) && address.Address == text ? null : $"'{text}' is not an e-mail address";

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };
}
