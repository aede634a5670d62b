using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Formats;

/// <summary>JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). Members of a wrong type are passed over; invalid JSON is refused whole, as the standard asks.</summary>
internal static partial class JsonFeedReader
{
    private const int MaxDepth = 64;

    public static FeedDocument Read(ReadOnlyMemory<byte> utf8, DecodedText decoded, FeedReadOptions options)
    {
        var bytes = utf8.Span;
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[3..];
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth });
        try
        {
            return ReadFeed(ref reader, decoded, options);
        }
        catch (JsonException e)
        {
            throw new FeedFormatException($"The document is not valid JSON: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')}", (int)(e.LineNumber ?? 0) + 1);
        }
    }

    private static FeedDocument ReadFeed(ref Utf8JsonReader reader, DecodedText decoded, FeedReadOptions options)
    {
        string version = "", title = "";
        string? description = null, site = null, self = null, next = null, icon = null, favicon = null, language = null;
        List<Person> authors = [];
        List<string> hubs = [], notes = [];
        List<Article> articles = [];
        var hasItems = false;
        reader.Read();
        while (NextMember(ref reader) is { } name)
        {
            switch (name)
            {
                case "version":
                    version = Text(ref reader) ?? "";
                    break;
                case "title":
                    title = FeedText.Collapse(Text(ref reader) ?? "");
                    break;
                case "description":
                    description = NotEmpty(FeedText.Collapse(Text(ref reader) ?? ""));
                    break;
                case "home_page_url":
                    site = Url(ref reader, options);
                    break;
                case "feed_url":
                    self = Url(ref reader, options);
                    break;
                case "next_url":
                    next = Url(ref reader, options);
                    break;
                case "icon":
                    icon = Url(ref reader, options);
                    break;
                case "favicon":
                    favicon = Url(ref reader, options);
                    break;
                case "language":
                    language = NotEmpty(Text(ref reader));
                    break;
                case "author" or "authors":
                    ReadPersons(ref reader, authors, options);
                    break;
                case "hubs":
                    ReadHubs(ref reader, hubs, options);
                    break;
                case "items" when reader.TokenType == JsonTokenType.StartArray:
                    hasItems = true;
                    ReadItems(ref reader, articles, notes, options);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (!hasItems || !version.Contains("jsonfeed.org", StringComparison.OrdinalIgnoreCase) && title.Length == 0)
            throw new FeedFormatException("The document is JSON, but no JSON Feed: it lacks a version or items");
        var feed = new Feed
        {
            Title = title,
            Description = description,
            SiteUrl = site,
            SelfUrl = self,
            NextUrl = next,
            // JSON Feed's icon is the large picture, its favicon the small one.
            Icon = favicon ?? icon,
            Logo = favicon is not null && icon is not null ? new Image(icon) : null,
            Language = language?.Replace('_', '-'),
            Authors = authors,
            Hubs = hubs,
            Articles = articles,
        };
        return new FeedDocument(feed, version.TrimEnd('/').EndsWith("1.1", StringComparison.Ordinal) ? "json11" : "json1", decoded.Encoding) { Repairs = decoded.Repairs, Notes = notes };
    }

    private static void ReadItems(ref Utf8JsonReader reader, List<Article> articles, List<string> notes, FeedReadOptions options)
    {
        var index = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            index++;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            if (articles.Count >= options.MaxItems)
                throw new FeedFormatException($"The feed has more than {options.MaxItems} items");
            // An item without an id is to be left out (JSON Feed 1.1, Items).
            if (ReadItem(ref reader, options) is { Id.Length: > 0 } article)
                articles.Add(article);
            else
                notes.AddWithinLimit($"left out item {index}, which has no id");
        }
    }

    /// <summary>One item alone, with or without an id.</summary>
    public static Article ReadItem(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        return ReadItem(ref reader, FeedReadOptions.Default);
    }

    private static Article ReadItem(ref Utf8JsonReader reader, FeedReadOptions options)
    {
        var article = new Article();
        string? text = null, html = null, banner = null;
        List<Person> authors = [];
        List<Category> tags = [];
        List<Enclosure> attachments = [];
        while (NextMember(ref reader) is { } name)
        {
            switch (name)
            {
                case "id":
                    article = article with { Id = Text(ref reader)?.Trim() ?? "" };
                    break;
                case "url":
                    article = article with { Url = Url(ref reader, options) };
                    break;
                case "external_url":
                    article = article with { ExternalUrl = Url(ref reader, options) };
                    break;
                case "title":
                    article = article with { Title = FeedText.Collapse(Text(ref reader) ?? "") };
                    break;
                case "content_html":
                    html = Text(ref reader);
                    break;
                case "content_text":
                    text = Text(ref reader);
                    break;
                case "summary":
                    article = article with { Summary = NotEmpty(FeedText.Collapse(Text(ref reader) ?? "")) };
                    break;
                case "image":
                    article = article with { Image = Url(ref reader, options) is { } image ? new Image(image) : null };
                    break;
                case "banner_image":
                    banner = Url(ref reader, options);
                    break;
                case "date_published":
                    article = article with { Published = DateParser.Parse(Text(ref reader)) };
                    break;
                case "date_modified":
                    article = article with { Updated = DateParser.Parse(Text(ref reader)) };
                    break;
                case "author" or "authors":
                    ReadPersons(ref reader, authors, options);
                    break;
                case "tags":
                    ReadTags(ref reader, tags);
                    break;
                case "language":
                    article = article with { Language = NotEmpty(Text(ref reader))?.Replace('_', '-') };
                    break;
                case "attachments":
                    ReadAttachments(ref reader, attachments, options);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        // A text that only repeats the summary, or stands in for a content that is missing, adds nothing.
        var content = NotEmpty(html) ?? (NotEmpty(text) is { } plain && FeedText.Collapse(plain) != article.Summary ? FeedText.ToHtml(plain) : null);
        return article with
        {
            Content = content,
            Authors = authors,
            Categories = tags,
            Enclosures = attachments,
            Image = article.Image ?? (banner is null ? null : new Image(banner)),
        };
    }

    private static void ReadPersons(ref Utf8JsonReader reader, List<Person> persons, FeedReadOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            // Version 1.0 has one author, not an array.
            Add(ref reader);
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            Add(ref reader);

        void Add(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                reader.Skip();
            else if (ReadPerson(ref reader, options) is { } person && !persons.Contains(person))
                persons.AddWithinLimit(person);
        }
    }

    private static Person? ReadPerson(ref Utf8JsonReader reader, FeedReadOptions options)
    {
        var person = new Person("");
        while (NextMember(ref reader) is { } name)
        {
            switch (name)
            {
                case "name":
                    person = person with { Name = FeedText.Collapse(Text(ref reader) ?? "") };
                    break;
                case "url":
                    var url = Url(ref reader, options);
                    person = url is not null && url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? person with { Email = url[7..] } : person with { Url = url };
                    break;
                case "avatar":
                    person = person with { Avatar = Url(ref reader, options) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return person.Name.Length == 0 && person.Url is null && person.Email is null && person.Avatar is null ? null : person;
    }

    private static void ReadTags(ref Utf8JsonReader reader, List<Category> tags)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var term = FeedText.Collapse(Text(ref reader) ?? "");
            if (term.Length > 0 && !tags.Exists(t => t.Term == term))
                tags.AddWithinLimit(new Category(term));
        }
    }

    private static void ReadHubs(ref Utf8JsonReader reader, List<string> hubs, FeedReadOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            while (NextMember(ref reader) is { } name)
            {
                if (name != "url")
                    reader.Skip();
                else if (Url(ref reader, options) is { } url)
                    hubs.AddWithinLimit(url);
            }
        }
    }

    private static void ReadAttachments(ref Utf8JsonReader reader, List<Enclosure> attachments, FeedReadOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            var attachment = new Enclosure("", "");
            while (NextMember(ref reader) is { } name)
            {
                switch (name)
                {
                    case "url":
                        attachment = attachment with { Url = Url(ref reader, options) ?? "" };
                        break;
                    case "mime_type":
                        attachment = attachment with { Type = Text(ref reader)?.Trim() ?? "" };
                        break;
                    case "title":
                        attachment = attachment with { Title = NotEmpty(FeedText.Collapse(Text(ref reader) ?? "")) };
                        break;
                    case "size_in_bytes":
                        attachment = attachment with { Length = Number(ref reader) is > 0 and < 1e15 and var size ? (long)size : null };
                        break;
                    case "duration_in_seconds":
                        attachment = attachment with { Duration = Number(ref reader) is > 0 and < 1e8 and var seconds ? TimeSpan.FromSeconds(seconds) : null };
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }
            if (attachment.Url.Length > 0)
                attachments.AddWithinLimit(attachment);
        }
    }

    /// <summary>Moves to the value of the next member of an object and gives its name; null at the object's end.</summary>
    private static string? NextMember(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            return null;
        var name = String(ref reader);
        reader.Read();
        return name;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return String(ref reader);
            case JsonTokenType.Number:
                // An id that is a number is taken for its digits (JSON Feed 1.1, Items).
                return Encoding.UTF8.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    private static string? Url(ref Utf8JsonReader reader, FeedReadOptions options) => FeedUrls.Resolve(Text(ref reader), options.BaseUrl);

    private static double? Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number))
            return number;
        return double.TryParse(Text(ref reader), NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : null;
    }

    /// <summary>A string in which halves of surrogate pairs and control characters, which JSON can escape and XML cannot hold, are left out.</summary>
    private static string String(ref Utf8JsonReader reader)
    {
        string text;
        try
        {
            text = reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // GetString refuses escapes of half a pair; each becomes the replacement character, and nothing else is lost.
            text = JsonSerializer.Deserialize<string>($"\"{HalfPair.Replace(Encoding.UTF8.GetString(reader.ValueSpan), "\uFFFD")}\"") ?? "";
        }
        return FeedReader.CleanText(text);
    }

    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HalfPair { get; }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
