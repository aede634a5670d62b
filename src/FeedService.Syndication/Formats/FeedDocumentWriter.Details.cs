using System.Text.Json;

namespace FeedService.Syndication.Formats;

/// <summary>The parts of <c>_feedservice</c> that a document's details are in.</summary>
public static partial class FeedDocumentWriter
{
    private static void Details(Utf8JsonWriter json, FeedDetails? details)
    {
        if (details is null)
            return;
        Date(json, "published", details.Published);
        Text(json, "generator_version", details.GeneratorVersion);
        Text(json, "generator_url", details.GeneratorUrl);
        People(json, "contributors", details.Contributors);
        Texts(json, details.Texts);
    }

    /// <summary>What an entry's source says beyond what an article keeps of it.</summary>
    private static void SourceDetails(Utf8JsonWriter json, Feed source, FeedDetails? details)
    {
        Text(json, "description", source.Description);
        Text(json, "rights", source.Rights);
        Text(json, "language", source.Language);
        Text(json, "icon", source.Icon);
        Text(json, "logo", source.Logo?.Url);
        Text(json, "generator", source.Generator);
        Emails(json, source.Authors);
        Categories(json, source.Categories);
        Links(json, source.Links, details);
        Details(json, details);
    }

    private static void Texts(Utf8JsonWriter json, IReadOnlyDictionary<string, TextDetails> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartObject("texts");
        foreach (var (name, text) in texts)
        {
            json.WriteStartObject(name);
            Text(json, "type", text.Type);
            // Nothing where the document is silent, null where it says that there is no language.
            if (text.Language is "")
                json.WriteNull("language");
            else
                Text(json, "language", text.Language);
            Text(json, "base", text.Base);
            Text(json, "src", text.Source);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>All links that the document has, where they are known; else those that have no member of their own.</summary>
    private static void Links(Utf8JsonWriter json, IReadOnlyList<Link> links, FeedDetails? details)
    {
        if ((details?.Links.Count ?? links.Count) == 0)
            return;
        json.WriteStartArray("links");
        foreach (var (link, length) in details?.Links ?? [.. links.Select(link => new LinkDetails(link, null))])
        {
            json.WriteStartObject();
            json.WriteString("rel", link.Rel);
            json.WriteString("href", link.Href);
            Text(json, "type", link.Type);
            Text(json, "hreflang", link.HrefLang);
            Text(json, "title", link.Title);
            Number(json, "length", length);
            Number(json, "count", link.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>People with their addresses, which JSON Feed's authors have no place for.</summary>
    private static void People(Utf8JsonWriter json, string name, IReadOnlyList<Person> people)
    {
        if (people.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var person in people)
        {
            json.WriteStartObject();
            Text(json, "name", person.Name);
            Text(json, "email", person.Email);
            Text(json, "url", person.Url);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
