using System.Text.Json;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

/// <summary>Holds a JSON Feed item against the standard (JSON Feed 1.1, Items), member by member.</summary>
internal static class JsonEntryCheck
{
    private const int MaxDepth = 64;

    private static readonly Dictionary<string, Action<string, JsonElement>> Members = new()
    {
        ["id"] = Id,
        ["url"] = Url,
        ["external_url"] = Url,
        ["title"] = Text,
        ["content_html"] = Text,
        ["content_text"] = Text,
        ["summary"] = Text,
        ["image"] = Url,
        ["banner_image"] = Url,
        ["date_published"] = Date,
        ["date_modified"] = Date,
        ["authors"] = (field, value) => Each(field, value, Author),
        ["author"] = Author,
        ["tags"] = (field, value) => Each(field, value, Text),
        ["language"] = Language,
        ["attachments"] = (field, value) => Each(field, value, Attachment),
    };

    /// <exception cref="DocumentException">The first thing that is wrong.</exception>
    public static void Check(ReadOnlyMemory<byte> utf8)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            throw new DocumentException($"it is not valid JSON: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')} (line {(e.LineNumber ?? 0) + 1})", e);
        }
        using (document)
        {
            try
            {
                CheckItem(document.RootElement);
            }
            catch (InvalidOperationException e)
            {
                // What JSON can escape and no text can hold, in the name of a member.
                throw new DocumentException("the name of a member contains half of a surrogate pair", e);
            }
        }
    }

    private static void CheckItem(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) throw new DocumentException("it is not a JSON object with the members of an item");
        CheckNames(item, "");
        if (item.TryGetProperty("items", out _)) throw Wrong("items", "is a whole feed's; send the members of one item");
        foreach (var member in item.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && Members.TryGetValue(member.Name, out var check)) check(member.Name, member.Value);
        }
    }

    // Of a member that is given twice nobody knows which one was meant.
    private static void CheckNames(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray()) CheckNames(item, $"{path}[{index++}]");
        }
        if (value.ValueKind != JsonValueKind.Object) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!names.Add(member.Name)) throw Wrong(name, "is given twice");
            CheckNames(member.Value, name);
        }
    }

    private static void Id(string field, JsonElement value)
    {
        // A number is taken for its digits (JSON Feed 1.1, Items).
        if (value.ValueKind == JsonValueKind.Number) return;
        if (string.IsNullOrWhiteSpace(String(field, value))) throw Wrong(field, "is empty; leave it out where there is none");
    }

    private static void Text(string field, JsonElement value) => String(field, value);

    private static void Url(string field, JsonElement value)
    {
        if (HtmlUrl.Absolute(String(field, value)) is not { UserInfo: "" }) throw Wrong(field, "is not an absolute http or https URL");
    }

    private static void Date(string field, JsonElement value)
    {
        if (DateParser.Parse(String(field, value)) is null) throw Wrong(field, "is not a date such as 2025-12-08T07:30:00+01:00 (RFC 3339)");
    }

    private static void Language(string field, JsonElement value)
    {
        if (WriterRules.Language(String(field, value)) is null) throw Wrong(field, "is not a language tag such as en or pt-BR (RFC 5646)");
    }

    private static void Each(string field, JsonElement value, Action<string, JsonElement> check)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(field, "is not an array");
        var index = 0;
        foreach (var item in value.EnumerateArray()) check($"{field}[{index++}]", item);
    }

    private static void Author(string field, JsonElement value)
    {
        Object(field, value);
        var parts = 0;
        parts += Part(field, value, "name", Text);
        // A mail address stands there as mailto: (JSON Feed 1.1, author).
        parts += Part(field, value, "url", Text);
        parts += Part(field, value, "avatar", Url);
        if (parts == 0) throw Wrong(field, "has neither name, url nor avatar");
    }

    private static void Attachment(string field, JsonElement value)
    {
        Object(field, value);
        if (Part(field, value, "url", Url) == 0) throw Wrong($"{field}.url", "is missing");
        if (Part(field, value, "mime_type", Text) == 0) throw Wrong($"{field}.mime_type", "is missing");
    }

    private static int Part(string field, JsonElement value, string name, Action<string, JsonElement> check)
    {
        if (!value.TryGetProperty(name, out var part) || part.ValueKind == JsonValueKind.Null) return 0;
        check($"{field}.{name}", part);
        return 1;
    }

    private static void Object(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(field, "is not an object");
    }

    private static string String(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(field, "is not a string");
        try
        {
            var text = value.GetString()!;
            return text.Contains('\0', StringComparison.Ordinal) ? throw Wrong(field, "contains a NUL character") : text;
        }
        catch (InvalidOperationException e)
        {
            throw new DocumentException($"{field} contains half of a surrogate pair", e) { Field = field };
        }
    }

    private static DocumentException Wrong(string field, string what) => new($"{field} {what}") { Field = field };
}
