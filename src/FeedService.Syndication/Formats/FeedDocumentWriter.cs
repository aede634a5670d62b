using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FeedService.Syndication.Formats;

/// <summary>Writes what was read from a feed as JSON Feed 1.1, with what that cannot say in a <c>_feedservice</c> object.</summary>
public static partial class FeedDocumentWriter
{
    private static readonly Guid WordsOfAnArticle = new("6b0e2a3c-2f0d-5b0e-8c55-0d0e6f3b9a41");

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>
    /// One JSON object without line breaks. Its <c>_feedservice</c> has <c>format</c>, <c>encoding</c>, <c>id</c>, <c>updated</c>, <c>categories</c>
    /// (<c>term</c>, <c>scheme</c>, <c>label</c>), <c>rights</c>, <c>generator</c>, <c>logo</c>, <c>links</c>, <c>repairs</c> and <c>notes</c>; an item's has
    /// <c>updated</c>, <c>categories</c>, <c>links</c>, <c>rights</c>, <c>source</c>, <c>in_reply_to</c> and <c>emails</c>. Where the document was read with its
    /// details (<see cref="FeedReadOptions.WithDetails"/>) both also have <c>texts</c> (of each text <c>type</c>, <c>language</c>, <c>base</c>, <c>src</c>),
    /// <c>contributors</c>, <c>generator_version</c>, <c>generator_url</c> and <c>published</c>, <c>links</c> are all that there are, and <c>source</c> is whole.
    /// What there is nothing of is left out.
    /// </summary>
    /// <param name="document">The feed; its contents are written as they are, not sanitized.</param>
    /// <param name="output">Where the UTF-8 goes.</param>
    public static void WriteJson(FeedDocument document, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        WriteJson(document, json);
    }

    /// <inheritdoc cref="WriteJson(FeedDocument, IBufferWriter{byte})"/>
    /// <param name="document">The feed; its contents are written as they are, not sanitized.</param>
    /// <param name="json">Where the object is written, as one value.</param>
    public static void WriteJson(FeedDocument document, Utf8JsonWriter json)
    {
        var feed = document.Feed;
        json.WriteStartObject();
        json.WriteString("version", "https://jsonfeed.org/version/1.1");
        json.WriteString("title", feed.Title);
        Text(json, "home_page_url", feed.SiteUrl);
        Text(json, "feed_url", feed.SelfUrl);
        Text(json, "description", feed.Description);
        Text(json, "next_url", feed.NextUrl);
        Text(json, "icon", feed.Logo?.Url ?? feed.Icon);
        Text(json, "favicon", feed.Icon);
        Persons(json, feed.Authors);
        Text(json, "language", feed.Language);
        if (feed.Hubs.Count > 0)
        {
            json.WriteStartArray("hubs");
            foreach (var hub in feed.Hubs)
            {
                json.WriteStartObject();
                json.WriteString("type", "WebSub");
                json.WriteString("url", hub);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteStartArray("items");
        var index = 0;
        foreach (var article in feed.Articles)
            Item(json, document, article, document.ItemDetails.Count > 0 ? document.ItemDetails[index++] : null);
        json.WriteEndArray();
        Extension(json, document);
        json.WriteEndObject();
    }

    private static void Extension(Utf8JsonWriter json, FeedDocument document)
    {
        var feed = document.Feed;
        json.WriteStartObject("_feedservice");
        json.WriteString("format", document.Format);
        json.WriteString("encoding", document.Encoding);
        Text(json, "id", feed.Id);
        Date(json, "updated", feed.Updated);
        Categories(json, feed.Categories);
        Text(json, "rights", feed.Rights);
        Text(json, "generator", feed.Generator);
        if (feed.Logo is { } logo)
        {
            json.WriteStartObject("logo");
            json.WriteString("url", logo.Url);
            Text(json, "title", logo.Alt);
            Number(json, "width", logo.Width);
            Number(json, "height", logo.Height);
            json.WriteEndObject();
        }
        Links(json, feed.Links, document.Details);
        Details(json, document.Details);
        Number(json, "interval_in_minutes", (long?)feed.Interval?.TotalMinutes);
        Emails(json, feed.Authors);
        Sentences(json, "repairs", document.Repairs);
        Sentences(json, "notes", document.Notes);
        json.WriteEndObject();
    }

    private static void Item(Utf8JsonWriter json, FeedDocument document, Article article, FeedDetails? details)
    {
        json.WriteStartObject();
        json.WriteString("id", article.Id.Length > 0 ? article.Id : article.Url ?? DerivedId(article));
        Text(json, "url", article.Url);
        Text(json, "external_url", article.ExternalUrl);
        Text(json, "title", article.Title);
        if (article.Content is not null)
            json.WriteString("content_html", article.Content);
        else
            json.WriteString("content_text", article.Summary ?? article.Title);
        Text(json, "summary", article.Summary ?? Description(document, article));
        Text(json, "image", article.Image?.Url);
        Date(json, "date_published", article.Published);
        Date(json, "date_modified", article.Updated);
        Persons(json, article.Authors);
        if (article.Categories.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var category in article.Categories)
                json.WriteStringValue(category.Term);
            json.WriteEndArray();
        }
        Text(json, "language", article.Language);
        Attachments(json, article.Enclosures);
        ItemExtension(json, article, details);
        json.WriteEndObject();
    }

    /// <summary>An item must have an id; where the document gives nothing that could be one, the same words get the same.</summary>
    private static string DerivedId(Article article) =>
        "urn:uuid:" + NameUuid.Create(WordsOfAnArticle, string.Join('\n', article.Title, article.Summary, article.Content, article.Enclosures is [var first, ..] ? first.Url : "")).ToString();

    /// <summary>In RSS a lone description was both: where it is short the words are also given as the summary that its publisher may have meant.</summary>
    private static string? Description(FeedDocument document, Article article) =>
        document.Format.StartsWith("rss", StringComparison.Ordinal) && article.Content is { Length: <= FeedText.LongestSummary } content ? FeedText.Line(content) : null;

    private static void ItemExtension(Utf8JsonWriter json, Article article, FeedDetails? details)
    {
        json.WriteStartObject("_feedservice");
        Date(json, "updated", article.Updated ?? article.Published);
        Categories(json, article.Categories);
        Links(json, article.Links, details);
        Details(json, details);
        Text(json, "rights", article.Rights);
        Emails(json, article.Authors);
        if (article.Source is { } source)
        {
            json.WriteStartObject("source");
            Text(json, "id", source.Id);
            Text(json, "title", source.Title);
            Text(json, "feed_url", source.FeedUrl);
            Text(json, "home_page_url", source.SiteUrl);
            Date(json, "updated", source.Updated);
            Persons(json, source.Authors);
            if (details?.Source is { } whole)
                SourceDetails(json, whole, details.SourceDetails);
            json.WriteEndObject();
        }
        if (article.InReplyTo is { } reply)
        {
            json.WriteStartObject("in_reply_to");
            json.WriteString("ref", reply.Ref);
            Text(json, "href", reply.Href);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Persons(Utf8JsonWriter json, IReadOnlyList<Person> persons)
    {
        if (persons.Count == 0)
            return;
        json.WriteStartArray("authors");
        foreach (var person in persons)
        {
            json.WriteStartObject();
            Text(json, "name", person.Name.Length > 0 ? person.Name : person.Email);
            Text(json, "url", person.Url);
            Text(json, "avatar", person.Avatar);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Addresses, in the authors' order: JSON Feed has no place for them.</summary>
    private static void Emails(Utf8JsonWriter json, IReadOnlyList<Person> persons)
    {
        if (persons.All(p => p.Email is null))
            return;
        json.WriteStartArray("emails");
        foreach (var person in persons)
            json.WriteStringValue(person.Email);
        json.WriteEndArray();
    }

    private static void Attachments(Utf8JsonWriter json, IReadOnlyList<Enclosure> enclosures)
    {
        if (enclosures.Count == 0)
            return;
        json.WriteStartArray("attachments");
        foreach (var enclosure in enclosures)
        {
            json.WriteStartObject();
            json.WriteString("url", enclosure.Url);
            json.WriteString("mime_type", enclosure.Type.Length > 0 ? enclosure.Type : "application/octet-stream");
            Text(json, "title", enclosure.Title);
            Number(json, "size_in_bytes", enclosure.Length);
            if (enclosure.Duration is { } duration)
                json.WriteNumber("duration_in_seconds", duration.TotalSeconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Categories(Utf8JsonWriter json, IReadOnlyList<Category> categories)
    {
        if (categories.Count == 0)
            return;
        json.WriteStartArray("categories");
        foreach (var category in categories)
        {
            json.WriteStartObject();
            json.WriteString("term", category.Term);
            Text(json, "scheme", category.Scheme);
            Text(json, "label", category.Label);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Sentences(Utf8JsonWriter json, string name, IReadOnlyList<string> sentences)
    {
        if (sentences.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var sentence in sentences)
            json.WriteStringValue(sentence);
        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.WriteString(name, text);
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
    }

    /// <summary>RFC 3339, 5.6, with a fraction only where there is one.</summary>
    private static void Date(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } value)
            json.WriteString(name, value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + (value.Offset == TimeSpan.Zero ? "Z" : value.ToString("zzz", CultureInfo.InvariantCulture)));
    }
}
