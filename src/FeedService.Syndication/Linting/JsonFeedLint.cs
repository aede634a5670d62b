using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace FeedService.Syndication.Linting;

/// <summary>JSON Feed 1.1 and 1 (https://www.jsonfeed.org/version/1.1/), read once from front to back.</summary>
internal sealed class JsonFeedLint(LintReport report)
{
    private const int DeepestValue = 64;

    // What each object may hold: a string unless said otherwise; "url" is absolute, "date" is of RFC 3339, "plain" holds no markup.
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> _members = new Dictionary<string, string>
    {
        ["feed"] = "version=string title=plain home_page_url=url feed_url=url description=plain user_comment=string next_url=url icon=url favicon=url authors=[author author=author language=string expired=bool hubs=[hub items=[item",
        ["item"] = "id=id url=url external_url=url title=plain content_html=html content_text=plain summary=plain image=url banner_image=url date_published=date date_modified=date authors=[author author=author tags=[string language=string attachments=[attachment",
        ["author"] = "name=string url=url avatar=url",
        ["hub"] = "type=string url=url",
        ["attachment"] = "url=url mime_type=type title=string size_in_bytes=number duration_in_seconds=number",
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Split(' ').Select(member => member.Split('=')).ToFrozenDictionary(parts => parts[0], parts => parts[1]));

    private readonly Dictionary<string, string> _top = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<int> _lineStarts = [0];

    public void Run(ReadOnlySpan<byte> utf8)
    {
        for (var next = utf8.IndexOf((byte)'\n'); next >= 0; next = utf8[_lineStarts[^1]..].IndexOf((byte)'\n')) _lineStarts.Add(_lineStarts[^1] + next + 1);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DeepestValue });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) Add("NotAFeed", ref reader, "$", "something that is no JSON object");
            else
            {
                Object(ref reader, "feed", "$");
                Feed();
                reader.Read();
            }
        }
        catch (JsonException error)
        {
            report.Add("InvalidJson", (int)(error.LineNumber ?? 0) + 1, (int)(error.BytePositionInLine ?? 0) + 1, "", error.Message.Split(" LineNumber:")[0]);
        }
    }

    private void Object(ref Utf8JsonReader reader, string kind, string where)
    {
        var members = _members[kind];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var start = reader;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var place = $"{where}.{name}";
            if (!seen.Add(name)) Add("DuplicateMember", ref reader, place, name);
            if (name.StartsWith('_'))
            {
                if (name.Length < 2 || !char.IsAsciiLetter(name[1]) || name.Contains('.', StringComparison.Ordinal)) Add("InvalidExtensionName", ref reader, place, name);
                reader.Read();
                reader.Skip();
            }
            else if (!members.TryGetValue(name, out var type))
            {
                Add("UnknownMember", ref reader, place, name);
                reader.Read();
                reader.Skip();
            }
            else
            {
                if (name == "author") Add("DeprecatedAuthor", ref reader, place, place);
                reader.Read();
                Value(ref reader, kind, name, type, place);
            }
        }
        switch (kind)
        {
            case "author" when !seen.Overlaps(["name", "url", "avatar"]): Add("EmptyAuthor", ref start, where, where); break;
            case "hub": Require(ref start, seen, where, "type", "url"); break;
            case "attachment": Require(ref start, seen, where, "url", "mime_type"); break;
            case "item":
                Require(ref start, seen, where, "id");
                if (!seen.Overlaps(["content_html", "content_text"])) Add("MissingContent", ref start, where);
                break;
            case "feed": Require(ref start, seen, "feed", "version", "title", "items"); break;
            default: break;
        }
    }

    private void Require(ref Utf8JsonReader start, HashSet<string> seen, string where, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!seen.Contains(name)) Add("MissingMember", ref start, where, name, where);
        }
    }

    private void Value(ref Utf8JsonReader reader, string kind, string name, string type, string where)
    {
        if (type[0] == '[')
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                Add("WrongMemberType", ref reader, where, where, "a list");
                reader.Skip();
                return;
            }
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++) Value(ref reader, kind, name, type[1..], string.Create(CultureInfo.InvariantCulture, $"{where}[{i}]"));
            return;
        }
        var expected = _members.ContainsKey(type) ? reader.TokenType == JsonTokenType.StartObject
            : type switch
            {
                "bool" => reader.TokenType is JsonTokenType.True or JsonTokenType.False,
                "number" => reader.TokenType == JsonTokenType.Number,
                _ => reader.TokenType == JsonTokenType.String,
            };
        if (!expected)
        {
            Add("WrongMemberType", ref reader, where, where, _members.ContainsKey(type) ? "an object" : type switch { "bool" => "true or false", "number" => "a number", _ => "a string" });
            reader.Skip();
        }
        else if (reader.TokenType == JsonTokenType.StartObject) Object(ref reader, type, where);
        else if (reader.TokenType == JsonTokenType.String) Text(ref reader, kind, name, type, where);
        else if (type == "number" && reader.TryGetDouble(out var number) && number < 0) Add("InvalidNonNegativeInteger", ref reader, where, name, number.ToString(CultureInfo.InvariantCulture));
    }

    private void Text(ref Utf8JsonReader reader, string kind, string name, string type, string where)
    {
        var value = reader.GetString()!;
        if (kind == "feed") _top[name] = value;
        if (value.Length == 0 && type == "id")
        {
            Add("MissingMember", ref reader, where, name, kind);
            return;
        }
        if (value.Length == 0 && name != "user_comment")
        {
            Add("NotBlank", ref reader, where, name);
            return;
        }
        switch (type)
        {
            case "url" when !Uri.TryCreate(value, UriKind.Absolute, out _) || value.Any(char.IsWhiteSpace) || !value.Contains(':', StringComparison.Ordinal) || value[0] == '/': Add("InvalidFullLink", ref reader, where, name, value); break;
            case "date" when XmlValues.Rfc3339(value, report.Context.Now) is { } rule: Add(rule, ref reader, where, name, value); break;
            case "type" when XmlValues.MediaType(value) is not null: Add("InvalidMIMEType", ref reader, where, name, value); break;
            case "id" when !_ids.Add(value): Add("DuplicateValue", ref reader, where, "id", value); break;
            case "plain" when HoldsMarkup(value): Add("HtmlInText", ref reader, where, name); break;
            case "html":
                foreach (var (rule, found) in HtmlLint.Check(value))
                {
                    // A URL that is broken in content is the content's own matter in JSON Feed.
                    Add(rule == "InvalidUriChar" ? "ContainsRelRef" : rule, ref reader, where, name, found);
                }
                break;
            default: break;
        }
        if (name == "language" && XmlValues.Language(value) is { } language) Add(language, ref reader, where, name, value);
    }

    private static bool HoldsMarkup(string value)
    {
        var at = value.IndexOf("</", StringComparison.Ordinal);
        if (at < 0) return false;
        var end = value.IndexOf('>', at);
        return end > at + 2 && HtmlLint.IsTag(value.AsSpan((at + 2)..end));
    }

    private void Feed()
    {
        if (_top.TryGetValue("version", out var version) && version != "https://jsonfeed.org/version/1.1")
            report.Add(version == "https://jsonfeed.org/version/1" ? "OldJsonFeedVersion" : "InvalidJsonFeedVersion", 1, 1, "$.version", "version", version);
        foreach (var name in (ReadOnlySpan<string>)["home_page_url", "feed_url"])
        {
            if (!_top.ContainsKey(name)) report.Add("MissingRecommendedMember", 1, 1, "$", name);
        }
        if (_top.TryGetValue("next_url", out var next) && (next == _top.GetValueOrDefault("feed_url") || next == report.Context.Url)) report.Add("NextUrlLoops", 1, 1, "$.next_url");
        if (report.Context.Url is { } url && _top.TryGetValue("feed_url", out var self) && self != url) report.Add("SelfDoesntMatchLocation", 1, 1, "$.feed_url", "feed_url", self);
        if (!_top.ContainsKey("language")) report.Add("MissingLanguage", 1, 1, "$");
    }

    private void Add(string rule, ref Utf8JsonReader reader, string where, string subject = "", string value = "")
    {
        var at = (int)reader.TokenStartIndex;
        var line = _lineStarts.BinarySearch(at);
        if (line < 0) line = ~line - 1;
        report.Add(rule, line + 1, at - _lineStarts[line] + 1, where, subject, value);
    }
}
