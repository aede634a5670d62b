using System.Text.Json;
using System.Xml.Linq;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Writing;

/// <summary>What a conforming parser, not ours, reads from a document: the parts that all three formats carry.</summary>
internal sealed record ReadBack(string Id, string Title, string? Url, string? Summary, string? Content, DateTimeOffset? Published, DateTimeOffset? Updated, string Authors, string Tags, string Enclosures, string? Image)
{
    private static readonly XNamespace _atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace _dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace _content = "http://purl.org/rss/1.0/modules/content/";
    private static readonly XNamespace _media = "http://search.yahoo.com/mrss/";

    public static IReadOnlyList<ReadBack> From(FeedFormat format, byte[] document) => format switch
    {
        FeedFormat.Rss => FromRss(Load(document)),
        FeedFormat.Atom => FromAtom(Load(document)),
        _ => FromJson(JsonDocument.Parse(document).RootElement),
    };

    private static XElement Load(byte[] document)
    {
        using var stream = new MemoryStream(document);
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace).Root!;
    }

    private static List<ReadBack> FromRss(XElement rss) =>
        [.. rss.Element("channel")!.Elements("item").Select(item => new ReadBack(
            item.Element("guid")!.Value,
            item.Element("title")?.Value ?? "",
            item.Element("link")?.Value,
            item.Element(_content + "encoded") is null ? null : System.Net.WebUtility.HtmlDecode(item.Element("description")?.Value),
            (item.Element(_content + "encoded") ?? item.Element("description"))?.Value,
            Instant(item.Element("pubDate")?.Value),
            Instant(item.Element(_atom + "updated")?.Value) ?? Instant(item.Element("pubDate")?.Value),
            string.Join('|', item.Elements(_dc + "creator").Select(e => e.Value)),
            string.Join('|', item.Elements("category").Select(e => e.Value)),
            string.Join('|', item.Elements("enclosure").Select(e => e.Attribute("url")!.Value)
                .Concat(item.Elements(_atom + "link").Where(e => (string?)e.Attribute("rel") == "enclosure").Select(e => e.Attribute("href")!.Value))),
            item.Elements(_media + "content").FirstOrDefault(e => (string?)e.Attribute("medium") == "image")?.Attribute("url")!.Value))];

    private static List<ReadBack> FromAtom(XElement feed) =>
        [.. feed.Elements(_atom + "entry").Select(entry => new ReadBack(
            entry.Element(_atom + "id")!.Value,
            entry.Element(_atom + "title")!.Value,
            Links(entry, "alternate").FirstOrDefault(),
            entry.Element(_atom + "summary")?.Value,
            entry.Element(_atom + "content")?.Value,
            Instant(entry.Element(_atom + "published")?.Value),
            Instant(entry.Element(_atom + "updated")?.Value),
            string.Join('|', (entry.Elements(_atom + "author").Any() ? entry : feed).Elements(_atom + "author").Select(e => e.Element(_atom + "name")!.Value)),
            string.Join('|', entry.Elements(_atom + "category").Select(e => e.Attribute("term")!.Value)),
            string.Join('|', Links(entry, "enclosure")),
            entry.Element(_media + "content")?.Attribute("url")!.Value))];

    private static List<ReadBack> FromJson(JsonElement feed) =>
        [.. feed.GetProperty("items").EnumerateArray().Select(item => new ReadBack(
            Member(item, "id")!,
            Member(item, "title") ?? "",
            Member(item, "url"),
            Member(item, "summary"),
            Member(item, "content_html"),
            Instant(Member(item, "date_published")),
            Instant(Member(item, "date_modified")) ?? Instant(Member(item, "date_published")),
            string.Join('|', Array(Array(item, "authors").Count > 0 ? item : feed, "authors").Select(e => Member(e, "name"))),
            string.Join('|', Array(item, "tags").Select(e => e.GetString())),
            string.Join('|', Array(item, "attachments").Select(e => Member(e, "url"))),
            Member(item, "image")))];

    private static IEnumerable<string> Links(XElement entry, string rel) =>
        entry.Elements(_atom + "link").Where(e => (string?)e.Attribute("rel") == rel).Select(e => e.Attribute("href")!.Value);

    private static string? Member(JsonElement element, string name) => element.TryGetProperty(name, out var member) ? member.GetString() : null;

    private static List<JsonElement> Array(JsonElement element, string name) => element.TryGetProperty(name, out var member) ? [.. member.EnumerateArray()] : [];

    // RSS knows whole seconds only.
    private static DateTimeOffset? Instant(string? text) =>
        text is null ? null : DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds());
}
