using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FeedService.Syndication;
using FeedService.Syndication.Formats;

namespace FeedService.Cli;

/// <summary>Results of single files as JSON: a line each, or documents for people.</summary>
internal static class ItemJson
{
    private static readonly Feed NoFeed = new() { Title = "-" };

    /// <summary>An article as a JSON Feed item, with a <c>_feedservice</c> object that says where its fields came from.</summary>
    public static byte[] Item(Article article, string name, IReadOnlyDictionary<string, string> origins)
    {
        var output = new ArrayBufferWriter<byte>(8192);
        // An item must have an id; the file's own name is the nearest thing where nothing better is known.
        var id = article.Id.Length > 0 ? article.Id : article.Url ?? name;
        FeedWriter.WriteArticle(FeedFormat.Json, NoFeed, article with { Id = id }, output);
        if (origins.Count == 0) return output.WrittenSpan.ToArray();
        var about = JsonOutput.ToLine(new { origins = origins.OrderBy(each => each.Key, StringComparer.Ordinal).ToDictionary(each => Configuration.ShapeTable.SnakeCase(each.Key), each => each.Value) });
        return [.. output.WrittenSpan[..^1], .. Encoding.UTF8.GetBytes($",\"_feedservice\":{about}}}")];
    }

    /// <summary><c>{"file": …, "item": …}</c>, or with <c>error</c>, and a line feed.</summary>
    public static void WriteLine(Stream output, string file, string member, ReadOnlySpan<byte> json)
    {
        output.Write(Encoding.UTF8.GetBytes($"{{\"file\":{JsonOutput.ToLine(file)},\"{member}\":"));
        output.Write(json);
        output.Write("}\n"u8);
    }

    /// <summary>Indented; several as an array.</summary>
    public static void WriteIndented(TextWriter output, IReadOnlyList<byte[]> documents)
    {
        if (documents is [var only]) JsonOutput.Write(output, JsonNode.Parse(only));
        else if (documents.Count > 1) JsonOutput.Write(output, new JsonArray([.. documents.Select(each => JsonNode.Parse(each))]));
    }
}
