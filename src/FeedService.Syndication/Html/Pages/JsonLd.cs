using System.Text.Json;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>What a page's JSON-LD (schema.org) says of its article; everything as it stands there, untrusted.</summary>
internal sealed record JsonLd
{
    private const int MaxScriptLength = 3_000_000;
    private const int MaxNodes = 5_000;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    internal static readonly JsonLd None = new();

    internal bool IsArticle { get; init; }

    internal string? Headline { get; init; }

    internal string? Description { get; init; }

    internal string? Body { get; init; }

    internal string? Published { get; init; }

    internal string? Modified { get; init; }

    internal string? Language { get; init; }

    internal string? Url { get; init; }

    internal IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>Authors that are no persons.</summary>
    internal IReadOnlyList<Person> Organizations { get; init; } = [];

    internal IReadOnlyList<string> Images { get; init; } = [];

    internal IReadOnlyList<string> Keywords { get; init; } = [];

    internal IReadOnlyList<string> Publishers { get; init; } = [];

    /// <summary>The addresses of an ItemList.</summary>
    internal IReadOnlyList<string> Listed { get; init; } = [];

    internal static JsonLd Read(IEnumerable<IElement> scripts)
    {
        var nodes = new List<JsonElement>();
        foreach (var script in scripts)
        {
            if (Parse(script.TextContent) is { } root)
                Collect(root, nodes);
        }

        return nodes.Count == 0 ? None : new Reader(nodes).Read();
    }

    private static JsonElement? Parse(string text)
    {
        if (text.Length > MaxScriptLength)
            return null;
        foreach (var attempt in new[] { text, Mend(text) })
        {
            try
            {
                using var document = JsonDocument.Parse(attempt, Lenient);
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                // A page's slip of the pen: line breaks in strings, comments around. Mended once, then left alone.
            }
        }

        return null;
    }

    private static string Mend(string text)
    {
        var inner = text.Trim().TrimEnd(';');
        var start = inner.AsSpan().IndexOfAny('{', '[');
        var end = inner.AsSpan().LastIndexOfAny('}', ']');
        return start < 0 || end < start
            ? "null"
            : string.Create(end - start + 1, (inner, start), static (span, state) =>
            {
                state.inner.AsSpan(state.start, span.Length).CopyTo(span);
                foreach (ref var c in span)
                {
                    if (char.IsControl(c))
                        c = ' ';
                }
            });
    }

    private static void Collect(JsonElement element, List<JsonElement> nodes)
    {
        if (nodes.Count >= MaxNodes)
            return;
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Collect(item, nodes);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            nodes.Add(element);
            foreach (var property in element.EnumerateObject())
            {
                if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    Collect(property.Value, nodes);
            }
        }
    }

    private sealed class Reader(List<JsonElement> nodes)
    {
        private Dictionary<string, JsonElement>? _described;

        internal JsonLd Read()
        {
            // The article is the one that says most: its text, a headline, dates, authors. Lists of other articles say little of each.
            // The reviews of a recipe are its readers'.
            var isRecipe = nodes.Exists(node => TypeIs(node, "Recipe"));
            var article = nodes.Where(node => IsArticleType(node) && !(isRecipe && TypeIs(node, "Review"))).OrderByDescending(Weight).FirstOrDefault();
            var isArticle = article.ValueKind == JsonValueKind.Object;
            var page = nodes.FirstOrDefault(node => TypeIs(node, "WebPage", "ItemPage", "VideoObject", "Recipe", "Product"));
            var node = isArticle ? article : page;
            var listed = nodes.Where(n => TypeIs(n, "ItemList", "Blog", "CollectionPage")).SelectMany(n => Listing(n)).Distinct().ToList();
            if (node.ValueKind != JsonValueKind.Object)
                return None with { Listed = listed };
            return new JsonLd
            {
                IsArticle = isArticle,
                Headline = Text(node, "headline") ?? (isArticle ? Text(node, "name") : null),
                Description = Text(node, "description"),
                Body = Text(node, "articleBody"),
                Published = Text(node, "datePublished") ?? Text(node, "dateCreated"),
                Modified = Text(node, "dateModified"),
                Language = Text(node, "inLanguage"),
                Url = Link(node, "mainEntityOfPage") ?? Text(node, "url"),
                Authors = People(node, "author", false) is { Count: > 0 } authors ? authors : People(node, "creator", false),
                Organizations = People(node, "author", true),
                Images = Links(node, "image") is { Count: > 0 } images ? images : Links(node, "thumbnailUrl"),
                Keywords = Keywords(node),
                Listed = listed,
                Publishers = [.. People(node, "publisher", true).Select(p => p.Name), .. nodes.Where(n => TypeIs(n, "WebSite", "Organization", "NewsMediaOrganization")).Select(n => Text(n, "name")).OfType<string>()],
            };
        }

        private static int Weight(JsonElement node) =>
            Math.Min((Text(node, "articleBody")?.Length ?? 0) / 100, 20)
            + (Text(node, "datePublished") is null ? 0 : 5)
            + (node.TryGetProperty("author", out _) ? 5 : 0)
            + (Text(node, "headline") is null ? 0 : 5)
            + (node.TryGetProperty("mainEntityOfPage", out _) ? 3 : 0)
            + (node.TryGetProperty("publisher", out _) ? 2 : 0);

        private static bool IsArticleType(JsonElement node) =>
            Types(node).Any(type => type.EndsWith("Article", StringComparison.OrdinalIgnoreCase) || type.EndsWith("Posting", StringComparison.OrdinalIgnoreCase)
                || type is "Report" or "Review" or "CriticReview" or "LiveBlog" or "AnalysisNews" or "CreativeWork");

        private static bool TypeIs(JsonElement node, params string[] wanted) => Types(node).Any(wanted.Contains);

        private static IEnumerable<string> Types(JsonElement node)
        {
            if (!node.TryGetProperty("@type", out var type))
                yield break;
            if (type.ValueKind == JsonValueKind.String)
            {
                yield return Local(type.GetString()!);
            }
            else if (type.ValueKind == JsonValueKind.Array)
            {
                foreach (var one in type.EnumerateArray())
                {
                    if (one.ValueKind == JsonValueKind.String)
                        yield return Local(one.GetString()!);
                }
            }

            static string Local(string name) => name[(name.LastIndexOfAny(['/', '#', ':']) + 1)..];
        }

        private static string? Text(JsonElement node, string property) =>
            node.TryGetProperty(property, out var value) ? Text(value) : null;

        private static string? Text(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text && !string.IsNullOrWhiteSpace(text) ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Array => value.EnumerateArray().Select(Text).FirstOrDefault(text => text is not null),
            JsonValueKind.Object => Text(value, "@value") ?? Text(value, "name"),
            _ => null,
        };

        private static string? Link(JsonElement node, string property) =>
            node.TryGetProperty(property, out var value) ? Links(value).FirstOrDefault() : null;

        private List<string> Links(JsonElement node, string property) =>
            node.TryGetProperty(property, out var value) ? [.. Links(Resolve(value)).Distinct()] : [];

        private static IEnumerable<string> Links(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => value.EnumerateArray().SelectMany(Links),
            JsonValueKind.Object => (Text(value, "url") ?? Text(value, "contentUrl") ?? Text(value, "@id")) is { } url ? [url] : [],
            _ => [],
        };

        private List<Person> People(JsonElement node, string property, bool organizations)
        {
            var people = new List<Person>();
            if (node.TryGetProperty(property, out var value))
                People(value, people, organizations);
            return people;
        }

        private void People(JsonElement value, List<Person> people, bool organizations)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    if (!organizations)
                        people.Add(new Person(value.GetString()!));
                    break;
                case JsonValueKind.Array:
                    foreach (var item in value.EnumerateArray())
                        People(item, people, organizations);
                    break;
                case JsonValueKind.Object:
                    var who = Resolve(value);
                    if (Types(who).Any(type => type.EndsWith("Organization", StringComparison.Ordinal)) != organizations)
                        break;
                    if (who.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.Array)
                        People(name, people, organizations: false);
                    else if (Text(who, "name") is { } text)
                        people.Add(new Person(text) { Url = Text(who, "url") ?? Text(who, "sameAs") });
                    break;
                default:
                    break;
            }
        }

        /// <summary>Follows <c>{"@id": …}</c> to the node of that id.</summary>
        private JsonElement Resolve(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() > 2 || Text(value, "name") is not null || Text(value, "@id") is not { } id)
                return value;
            _described ??= nodes.Where(node => node.EnumerateObject().Count() > 2 && Text(node, "@id") is not null)
                .DistinctBy(node => Text(node, "@id"))
                .ToDictionary(node => Text(node, "@id")!);
            return _described.TryGetValue(id, out var target) ? target : value;
        }

        private static IEnumerable<string> Listing(JsonElement node)
        {
            foreach (var property in new[] { "itemListElement", "blogPost", "hasPart" })
            {
                if (!node.TryGetProperty(property, out var items) || items.ValueKind != JsonValueKind.Array)
                    continue;
                foreach (var item in items.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object))
                {
                    if ((Text(item, "url") ?? Link(item, "item")) is { } url)
                        yield return url;
                }
            }
        }

        private static List<string> Keywords(JsonElement node)
        {
            if (!node.TryGetProperty("keywords", out var value))
                return [];
            return value.ValueKind == JsonValueKind.Array
                ? [.. value.EnumerateArray().Select(Text).OfType<string>()]
                : [.. (Text(value) ?? "").Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        }
    }
}
