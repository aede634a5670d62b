using System.Globalization;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents;

/// <summary>
/// What an author wrote between two lines of <c>---</c> at the top of a file. Keys that are not known are left alone, since the same file may
/// serve other tools; a known key with a value of the wrong kind is an error.
/// </summary>
internal sealed partial record FrontMatter
{
    /// <summary>A file without any.</summary>
    public static FrontMatter None { get; } = new();

    public string? Title { get; private init; }
    public string? Description { get; private init; }
    public string? Id { get; private init; }
    public string? Url { get; private init; }
    public string? Language { get; private init; }
    public DateTimeOffset? Date { get; private init; }
    public DateTimeOffset? Updated { get; private init; }
    public bool Draft { get; private init; }
    public IReadOnlyList<Person> Authors { get; private init; } = [];
    public IReadOnlyList<Category> Categories { get; private init; } = [];
    public IReadOnlyList<Enclosure> Enclosures { get; private init; } = [];
    public Image? Image { get; private init; }

    /// <summary>Takes the front matter off a text.</summary>
    /// <exception cref="DocumentException">It is not closed, not YAML, or holds a value of the wrong kind; the message names line and column.</exception>
    public static (FrontMatter Matter, string Body) Split(string text, Uri? baseUrl)
    {
        var opening = Opening().Match(text);
        if (!opening.Success) return (None, text);
        var closing = Closing().Match(text, opening.Length);
        if (!closing.Success) throw new DocumentException("the front matter that starts in line 1 is not closed; end it with a line of ---") { Field = "front matter" };
        var body = text[(closing.Index + closing.Length)..];
        YamlNode? node = null;
        try
        {
            node = SafeYaml.Parse(text[opening.Length..closing.Index], firstLine: 2);
            return node switch
            {
                null => (None, body),
                YamlMapping mapping => (new Reader(baseUrl).Read(mapping), body),
                var other => throw Error(other, "front matter must be lines of 'key: value'"),
            };
        }
        catch (YamlFormatException e)
        {
            // The key under which the fault stands.
            var key = (node as YamlMapping)?.Entries.LastOrDefault(entry => entry.Key.Line <= e.Line).Key?.Value;
            throw new DocumentException($"front matter, line {e.Line}, column {e.Column}: {e.Message}", e) { Field = key ?? "front matter" };
        }
    }

    private static YamlFormatException Error(YamlNode at, string message) => new(message, at.Line, at.Column);

    // A thematic break may open a file as well: only a key, a comment or the closing line after it makes it front matter.
    [GeneratedRegex(@"\A---[ \t]*\r?\n(?=(?:[ \t]*\r?\n|[ \t]*\#.*\r?\n)*(?:[\w""'-][^\r\n:]{0,99}:(?:[ \t]|\r?\n|\z)|---[ \t]*(?:\r?\n|\z)))", RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    [GeneratedRegex(@"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\z)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Closing();

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguageTag();

    private sealed class Reader(Uri? baseUrl)
    {
        public FrontMatter Read(YamlMapping map) => new()
        {
            Title = Text(map, "title"),
            Description = Text(map, "description"),
            Id = Text(map, "id"),
            Url = map["url"] is { } url ? Address(url, "url") : null,
            Language = Language(map["language"]),
            Date = Instant(map, "date"),
            Updated = Instant(map, "last_modified_at"),
            Draft = Truth(map["draft"]),
            Authors = [.. People(map["author"], "author"), .. People(map["authors"], "authors")],
            Categories = [.. Tags(map["tags"]).Distinct(StringComparer.Ordinal).Select(tag => new Category(tag))],
            Enclosures = [.. Enclosures(map["enclosure"])],
            Image = Image(map["image"]),
        };

        private static string? Text(YamlMapping map, string key) => map[key] is { } node ? Text(node, key) : null;

        private static string? Text(YamlNode node, string key) => node switch
        {
            YamlScalar { IsNull: true } => null,
            YamlScalar scalar => scalar.Value.Trim() is { Length: > 0 } text ? text : null,
            _ => throw Error(node, $"'{key}' must be text"),
        };

        private static DateTimeOffset? Instant(YamlMapping map, string key)
        {
            if (Text(map, key) is not { } text) return null;
            return DateParser.Parse(text) ?? throw Error(map[key]!, $"'{key}' is not a date that can be read: write it as 2025-12-08 or 2025-12-08T07:30:00+01:00");
        }

        private static bool Truth(YamlNode? node) => node switch
        {
            null or YamlScalar { IsNull: true } => false,
            YamlScalar { AsBool: { } value } => value,
            _ => throw Error(node, "'draft' must be true or false"),
        };

        private static string? Language(YamlNode? node)
        {
            if (node is null || Text(node, "language") is not { } text) return null;
            var tag = text.Replace('_', '-');
            return LanguageTag().IsMatch(tag) ? tag : throw Error(node, "'language' must be a language tag such as en or pt-BR");
        }

        private string? Address(YamlNode node, string key)
        {
            if (Text(node, key) is not { } text) return null;
            if (!text.StartsWith("//", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var absolute) && absolute.Scheme != Uri.UriSchemeFile)
                return absolute.Scheme is "http" or "https" ? absolute.AbsoluteUri : throw Error(node, $"'{key}' must be an http or https address");
            if (baseUrl is null) return null;
            return Uri.TryCreate(baseUrl, text, out var resolved) && resolved.Scheme is "http" or "https"
                ? resolved.AbsoluteUri
                : throw Error(node, $"'{key}' is not an address");
        }

        private IEnumerable<Person> People(YamlNode? node, string key) => node switch
        {
            null => [],
            YamlSequence list => list.Items.SelectMany(item => item is YamlSequence ? throw Error(item, $"'{key}' must be a name, a map, or a list of them") : People(item, key)),
            YamlMapping map => [Person(map, key)],
            _ => Text(node, key) is { } name ? [new Person(name)] : [],
        };

        private Person Person(YamlMapping map, string key)
        {
            var person = new Person(Text(map, "name") ?? "")
            {
                Url = map["url"] is { } url ? Address(url, "url") : null,
                Email = Text(map, "email"),
                Avatar = map["avatar"] is { } avatar ? Address(avatar, "avatar") : null,
            };
            return person.Name.Length > 0 || person.Url is not null || person.Email is not null ? person : throw Error(map, $"'{key}' needs a name");
        }

        private static IEnumerable<string> Tags(YamlNode? node) => node switch
        {
            null => [],
            YamlSequence list => list.Items.Select(item => Text(item, "tags")).OfType<string>(),
            _ => Text(node, "tags")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        };

        private Image? Image(YamlNode? node)
        {
            var (address, alt) = node is YamlMapping map ? (map["url"] ?? throw Error(map, "'image' needs a url"), Text(map, "alt")) : (node, null);
            return address is not null && Address(address, "image") is { } url ? new Image(url) { Alt = alt, Type = MediaTypes.OfPath(url) } : null;
        }

        private IEnumerable<Enclosure> Enclosures(YamlNode? node)
        {
            if (node is YamlSequence list) return list.Items.SelectMany(item => item is YamlSequence ? throw Error(item, "'enclosure' must be an address or a map") : Enclosures(item));
            var map = node as YamlMapping;
            var address = map is null ? node : map["url"] ?? throw Error(map, "'enclosure' needs a url");
            var length = map?["length"] is { } size ? Size(size) : null;
            var type = map is null ? null : Text(map, "type");
            if (address is null || Address(address, "enclosure") is not { } url) return [];
            return [new Enclosure(url, type ?? MediaTypes.OfPath(url) ?? "application/octet-stream") { Length = length }];
        }

        private static long? Size(YamlNode node) =>
            Text(node, "length") is not { } text ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes
            : throw Error(node, "'length' must be a number of bytes");
    }
}
