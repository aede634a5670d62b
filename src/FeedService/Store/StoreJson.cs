using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeedService.Syndication;

namespace FeedService.Store;

/// <summary>What is kept of an article beside the columns that are searched by.</summary>
internal sealed record ArticleBody(Article Article, Article? Raw, IReadOnlyDictionary<string, string>? Origins, IReadOnlyList<string>? DedupeKeys);

/// <summary>The part of a body that is needed to forget it.</summary>
internal sealed record DedupeBody(IReadOnlyList<string>? DedupeKeys);

/// <summary>Models to and from the JSON that is stored.</summary>
internal static class StoreJson
{
    // Nothing here ever stands inside a page: markup and other scripts than Latin need no escapes.
    private static readonly StoreJsonContext _context = new(new JsonSerializerOptions(StoreJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static byte[] Write(StoredArticle article) => JsonSerializer.SerializeToUtf8Bytes(
        new ArticleBody(
            article.Article,
            article.Raw,
            article.Origins.Count == 0 ? null : article.Origins,
            article.DedupeKeys.Count == 0 ? null : article.DedupeKeys),
        _context.ArticleBody);

    public static byte[] Write(FeedState state) => JsonSerializer.SerializeToUtf8Bytes(state, _context.FeedState);

    public static string Write(IEnumerable<string> texts) => JsonSerializer.Serialize(texts, _context.IEnumerableString);

    public static ArticleBody ReadBody(ReadOnlySpan<byte> json)
    {
        var body = JsonSerializer.Deserialize(json, _context.ArticleBody)!;
        return body with { Article = Whole(body.Article), Raw = body.Raw is null ? null : Whole(body.Raw) };
    }

    public static IReadOnlyList<string> ReadDedupeKeys(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, _context.DedupeBody)!.DedupeKeys ?? [];

    public static FeedState ReadState(ReadOnlySpan<byte> json)
    {
        var state = JsonSerializer.Deserialize(json, _context.FeedState)!;
        return state with
        {
            FiltersFingerprint = state.FiltersFingerprint ?? "",
            RenderFingerprint = state.RenderFingerprint ?? "",
            Archive = state.Archive is { } archive ? archive with { Root = archive.Root ?? "" } : ArchiveState.None,
            Versions = state.Versions ?? [],
            Terms = state.Terms ?? [],
            Problems = state.Problems ?? [],
            Sources = state.Sources ?? new Dictionary<string, SourceState>(),
        };
    }

    // The generated reader leaves null where a property is missing, whatever its initializer says (dotnet/runtime#84484): what an earlier
    // version wrote may lack properties that were added since.
    private static Article Whole(Article article) => article with
    {
        Id = article.Id ?? "",
        Title = article.Title ?? "",
        Authors = article.Authors ?? [],
        Categories = article.Categories ?? [],
        Enclosures = article.Enclosures ?? [],
        Links = article.Links ?? [],
        Source = article.Source is { } source ? source with { Authors = source.Authors ?? [] } : null,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ArticleBody))]
[JsonSerializable(typeof(DedupeBody))]
[JsonSerializable(typeof(FeedState))]
[JsonSerializable(typeof(IEnumerable<string>))]
internal sealed partial class StoreJsonContext : JsonSerializerContext;
