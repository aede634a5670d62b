using static FeedService.Syndication.Formats.XmlWriterParts;

namespace FeedService.Syndication.Formats;

/// <summary>Atom 1.0 (RFC 4287) with threading (RFC 4685), archives (RFC 5005), tombstones (RFC 6721) and Media RSS.</summary>
internal static class AtomWriter
{
    public static void Begin(ref Utf8Output o, Feed feed)
    {
        if (string.IsNullOrWhiteSpace(feed.Id)) throw new ArgumentException($"Feed '{feed.Title}' has no id: Atom requires one (RFC 4287, 4.1.1).", nameof(feed));
        if (WriterRules.Updated(feed) is not { } updated)
            throw new ArgumentException($"Feed '{feed.Id}' has no date, nor has an article of it: Atom requires one (RFC 4287, 4.1.1).", nameof(feed));

        o.Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\" xmlns:fh=\"http://purl.org/syndication/history/1.0\""u8);
        // Declared only where it is used, because validators remark on namespaces that they do not know.
        if (feed.Tombstones.Count > 0) o.Raw(" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\""u8);
        Attribute(ref o, " xml:lang=\""u8, WriterRules.Language(feed.Language));
        o.Raw(">\n"u8);
        Text(ref o, "<id>"u8, feed.Id, "</id>\n"u8);
        Text(ref o, "<title>"u8, feed.Title, "</title>\n"u8);
        Text(ref o, "<subtitle>"u8, feed.Description, "</subtitle>\n"u8);
        Rfc3339(ref o, "<updated>"u8, updated, "</updated>\n"u8);
        UrlAttribute(ref o, "<link rel=\"self\" type=\"application/atom+xml\" href=\""u8, feed.SelfUrl);
        if (!string.IsNullOrWhiteSpace(feed.SelfUrl)) o.Raw("/>\n"u8);
        Links(ref o, feed.SiteUrl, feed.Links, feed);
        for (var i = 0; i < feed.Hubs.Count; i++) Link(ref o, "<link"u8, new Link("hub", feed.Hubs[i]));
        History(ref o, feed);
        // A feed must have an author unless every entry has one (RFC 4287, 4.1.1): where nobody is named the publication stands for its writers.
        if (!Persons(ref o, feed.Authors)) Text(ref o, "<author><name>"u8, feed.Title, "</name></author>\n"u8);
        Categories(ref o, feed.Categories);
        Url(ref o, "<icon>"u8, feed.Icon, "</icon>\n"u8);
        Url(ref o, "<logo>"u8, feed.Logo?.Url, "</logo>\n"u8);
        Text(ref o, "<rights>"u8, feed.Rights, "</rights>\n"u8);
        Text(ref o, "<generator>"u8, feed.Generator, "</generator>\n"u8);
        // Anywhere in the feed for RFC 6721, before the entries for RFC 4287's own grammar.
        for (var i = 0; i < feed.Tombstones.Count; i++)
        {
            Attribute(ref o, "<at:deleted-entry ref=\""u8, feed.Tombstones[i].Id);
            Rfc3339(ref o, " when=\""u8, feed.Tombstones[i].When, "\"/>\n"u8);
        }
    }

    public static void Entry(ref Utf8Output o, Feed feed, Article article)
    {
        if (WriterRules.Updated(article) is not { } updated)
            throw new ArgumentException($"Article {FeedWriter.Name(article)} has no date: Atom requires one (RFC 4287, 4.1.2).", nameof(article));

        o.Raw("<entry"u8);
        Attribute(ref o, " xml:lang=\""u8, WriterRules.OtherLanguage(feed, article));
        o.Raw(">\n"u8);
        Text(ref o, "<id>"u8, article.Id, "</id>\n"u8);
        // An entry always has a title, if an empty one (RFC 4287, 4.1.2).
        o.Raw("<title>"u8);
        o.PlainText(article.Title);
        o.Raw("</title>\n"u8);
        Links(ref o, AlternateUrl(article), article.Links);
        if (article.ExternalUrl is { } external) Link(ref o, "<link"u8, new Link("related", external));
        if (article.InReplyTo?.Href is { } replied && replied != article.ExternalUrl)
            Link(ref o, "<link"u8, new Link("related", replied) { Type = article.InReplyTo.Type });
        for (var i = 0; i < article.Enclosures.Count; i++) EnclosureLink(ref o, "<link"u8, article.Enclosures[i]);
        Rfc3339(ref o, "<published>"u8, WriterRules.Published(article), "</published>\n"u8);
        Rfc3339(ref o, "<updated>"u8, updated, "</updated>\n"u8);
        // Those of the source hold for the entry anyway (RFC 4287, 4.2.1), but many readers look at the entry and the feed only.
        Persons(ref o, WriterRules.OwnAuthors(article));
        Categories(ref o, article.Categories);
        Text(ref o, "<rights>"u8, article.Rights, "</rights>\n"u8);
        Text(ref o, "<summary>"u8, article.Summary, "</summary>\n"u8);
        if (!string.IsNullOrWhiteSpace(article.Content))
        {
            o.Raw("<content type=\"html\">"u8);
            o.HtmlSection(article.Content);
            o.Raw("</content>\n"u8);
        }
        LeadImage(ref o, article.Image);
        InReplyTo(ref o, article.InReplyTo);
        Source(ref o, article.Source, updated);
        o.Raw("</entry>\n"u8);
    }

    // An entry without content must have an alternate (RFC 4287, 4.1.2); its id serves where it is a URL.
    private static string? AlternateUrl(Article article) =>
        article.Url ?? (string.IsNullOrWhiteSpace(article.Content) && WriterUrl.IsHttp(article.Id) ? article.Id : null);

    private static void Links(ref Utf8Output o, string? page, IReadOnlyList<Link> links, Feed? feed = null)
    {
        var hasPage = !string.IsNullOrWhiteSpace(page);
        if (hasPage)
        {
            UrlAttribute(ref o, "<link rel=\"alternate\" type=\"text/html\" href=\""u8, page);
            o.Raw("/>\n"u8);
        }
        for (var i = 0; i < links.Count; i++)
        {
            if (feed is not null && !WriterRules.Holds(feed, links[i])) continue;
            // No two alternates of one type and language (RFC 4287, 4.1.1 and 4.1.2).
            if (links[i].Rel == "alternate" && (hasPage && links[i] is { Type: "text/html", HrefLang: null } || RepeatsAlternate(links, i))) continue;
            Link(ref o, "<link"u8, links[i]);
        }
    }

    private static bool RepeatsAlternate(IReadOnlyList<Link> links, int at)
    {
        for (var i = 0; i < at; i++)
        {
            if (links[i].Rel == "alternate" && links[i].Type == links[at].Type && links[i].HrefLang == links[at].HrefLang) return true;
        }
        return false;
    }

    private static bool Persons(ref Utf8Output o, IReadOnlyList<Person> persons)
    {
        var any = false;
        for (var i = 0; i < persons.Count; i++)
        {
            var person = persons[i];
            if (WriterRules.Name(person) is not { } name) continue;
            any = true;
            Text(ref o, "<author><name>"u8, name, "</name>"u8);
            if (WriterUrl.IsAbsolute(person.Url)) Url(ref o, "<uri>"u8, person.Url, "</uri>"u8);
            Text(ref o, "<email>"u8, WriterRules.Email(person), "</email>"u8);
            o.Raw("</author>\n"u8);
        }
        return any;
    }

    private static void Categories(ref Utf8Output o, IReadOnlyList<Category> categories)
    {
        for (var i = 0; i < categories.Count; i++)
        {
            var category = categories[i];
            if (string.IsNullOrWhiteSpace(category.Term)) continue;
            Attribute(ref o, "<category term=\""u8, category.Term);
            // In Atom a scheme is an IRI; in RSS a domain is any text.
            if (WriterUrl.IsAbsolute(category.Scheme)) UrlAttribute(ref o, " scheme=\""u8, category.Scheme);
            Attribute(ref o, " label=\""u8, category.Label);
            o.Raw("/>\n"u8);
        }
    }

    private static void Source(ref Utf8Output o, ArticleSource? source, DateTimeOffset updated)
    {
        if (source is null) return;
        o.Raw("<source>\n"u8);
        Text(ref o, "<id>"u8, WriterRules.NotBlank(source.Id) ?? source.FeedUrl, "</id>\n"u8);
        Text(ref o, "<title>"u8, WriterRules.NotBlank(source.Title) ?? source.SiteUrl ?? source.FeedUrl, "</title>\n"u8);
        // It was no older than the entry that was taken from it.
        Rfc3339(ref o, "<updated>"u8, source.Updated ?? updated, "</updated>\n"u8);
        if (source.FeedUrl is { } self) Link(ref o, "<link"u8, new Link("self", self));
        if (source.SiteUrl is { } site) Link(ref o, "<link"u8, new Link("alternate", site) { Type = "text/html" });
        Persons(ref o, source.Authors);
        o.Raw("</source>\n"u8);
    }
}
