using static FeedService.Syndication.Formats.XmlWriterParts;

namespace FeedService.Syndication.Formats;

/// <summary>RSS 2.0 as the RSS Advisory Board's profile advises, with the extensions that readers know.</summary>
internal static class RssWriter
{
    // The largest picture that RSS 2.0 allows as a channel's image.
    private const int WidestImage = 144;
    private const int TallestImage = 400;

    public static void Begin(ref Utf8Output o, Feed feed)
    {
        var link = WriterRules.NotBlank(feed.SiteUrl) ?? WriterRules.NotBlank(feed.SelfUrl)
            ?? throw new ArgumentException($"Feed '{feed.Title}' has neither a site nor a self URL: RSS requires a link.", nameof(feed));

        o.Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:fh=\"http://purl.org/syndication/history/1.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\">\n<channel>\n"u8);
        Text(ref o, "<title>"u8, feed.Title, "</title>\n"u8);
        Url(ref o, "<link>"u8, link, "</link>\n"u8);
        Text(ref o, "<description>"u8, WriterRules.NotBlank(feed.Description) ?? feed.Title, "</description>\n"u8);
        Text(ref o, "<language>"u8, WriterRules.Language(feed.Language), "</language>\n"u8);
        Text(ref o, "<copyright>"u8, feed.Rights, "</copyright>\n"u8);
        Authors(ref o, feed.Authors);
        if (WriterRules.Updated(feed) is { } updated)
        {
            o.Raw("<lastBuildDate>"u8);
            o.Rfc822(updated);
            o.Raw("</lastBuildDate>\n"u8);
        }
        Categories(ref o, feed.Categories);
        Text(ref o, "<generator>"u8, feed.Generator, "</generator>\n"u8);
        o.Raw("<docs>https://www.rssboard.org/rss-specification</docs>\n"u8);
        Schedule(ref o, feed.Interval);
        Picture(ref o, feed, link);
        UrlAttribute(ref o, "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\""u8, feed.SelfUrl);
        if (!string.IsNullOrWhiteSpace(feed.SelfUrl)) o.Raw("/>\n"u8);
        for (var i = 0; i < feed.Hubs.Count; i++) Link(ref o, "<atom:link"u8, new Link("hub", feed.Hubs[i]));
        for (var i = 0; i < feed.Links.Count; i++)
        {
            var other = feed.Links[i];
            if (WriterRules.Holds(feed, other)) Link(ref o, "<atom:link"u8, other);
        }
        History(ref o, feed);
    }

    public static void Item(ref Utf8Output o, Feed feed, Article article)
    {
        o.Raw("<item>\n"u8);
        var summary = WriterRules.NotBlank(article.Summary);
        var content = WriterRules.NotBlank(article.Content);
        // An item has a title or a description.
        Text(ref o, "<title>"u8, WriterRules.NotBlank(article.Title) ?? (summary is null && content is null ? article.Url ?? article.Id : null), "</title>\n"u8);
        Url(ref o, "<link>"u8, article.Url, "</link>\n"u8);
        // An id that is the article's own URL is a permalink; any other one is just a name.
        o.Raw(article.Id == article.Url && WriterUrl.IsHttp(article.Id) && WriterUrl.Clean(article.Id) == article.Id ? "<guid isPermaLink=\"true\">"u8 : "<guid isPermaLink=\"false\">"u8);
        o.PlainText(article.Id);
        o.Raw("</guid>\n"u8);
        if (WriterRules.Published(article) is { } published)
        {
            o.Raw("<pubDate>"u8);
            o.Rfc822(published);
            o.Raw("</pubDate>\n"u8);
        }
        Rfc3339(ref o, "<atom:updated>"u8, WriterRules.ChangedLater(article), "</atom:updated>\n"u8);
        Creators(ref o, WriterRules.OwnAuthors(article) is { Count: > 0 } own ? own : feed.Authors);
        Text(ref o, "<dc:language>"u8, WriterRules.OtherLanguage(feed, article), "</dc:language>\n"u8);
        Text(ref o, "<dc:rights>"u8, article.Rights, "</dc:rights>\n"u8);
        Categories(ref o, article.Categories);
        Body(ref o, summary, content);
        Media(ref o, article);
        Links(ref o, article);
        InReplyTo(ref o, article.InReplyTo);
        Source(ref o, article.Source);
        o.Raw("</item>\n"u8);
    }

    // content:encoded stands only beside a summary, after it: a lone text is the description (RSS Advisory Board profile).
    private static void Body(ref Utf8Output o, string? summary, string? content)
    {
        if (summary is not null)
        {
            o.Raw("<description>"u8);
            o.PlainTextAsHtml(summary);
            o.Raw("</description>\n"u8);
        }
        if (content is null) return;
        o.Raw(summary is null ? "<description>"u8 : "<content:encoded>"u8);
        o.HtmlSection(content);
        o.Raw(summary is null ? "</description>\n"u8 : "</content:encoded>\n"u8);
    }

    private static void Media(ref Utf8Output o, Article article)
    {
        var one = false;
        for (var i = 0; i < article.Enclosures.Count; i++)
        {
            var enclosure = article.Enclosures[i];
            if (string.IsNullOrWhiteSpace(enclosure.Url)) continue;
            // An enclosure is fetched over HTTP.
            if (!one && WriterUrl.IsHttp(enclosure.Url))
            {
                one = true;
                UrlAttribute(ref o, "<enclosure url=\""u8, enclosure.Url);
                Attribute(ref o, " length=\""u8, enclosure.Length ?? 0);
                Attribute(ref o, " type=\""u8, WriterRules.MediaType(enclosure));
                o.Raw("/>\n"u8);
                continue;
            }
            // More than one enclosure is against the profile. Readers look for others in Media RSS or in an Atom link, so both are there.
            EnclosureLink(ref o, "<atom:link"u8, enclosure);
            UrlAttribute(ref o, "<media:content url=\""u8, enclosure.Url);
            Attribute(ref o, " type=\""u8, WriterRules.MediaType(enclosure));
            Attribute(ref o, " fileSize=\""u8, enclosure.Length > 0 ? enclosure.Length : null);
            if (enclosure.Duration is { } duration && duration > TimeSpan.Zero)
            {
                o.Raw(" duration=\""u8);
                o.Seconds(duration);
                o.Raw("\""u8);
            }
            if (string.IsNullOrWhiteSpace(enclosure.Title)) o.Raw("/>\n"u8);
            else Text(ref o, "><media:title type=\"plain\">"u8, enclosure.Title, "</media:title></media:content>\n"u8);
        }
        LeadImage(ref o, article.Image);
    }

    private static void Links(ref Utf8Output o, Article article)
    {
        var comments = false;
        for (var i = 0; i < article.Links.Count; i++)
        {
            var link = article.Links[i];
            if (!comments && link.Rel == "replies" && link.Type is null or "text/html")
            {
                Url(ref o, "<comments>"u8, link.Href, "</comments>\n"u8);
                comments = true;
            }
            Link(ref o, "<atom:link"u8, link);
        }
        if (article.ExternalUrl is { } external) Link(ref o, "<atom:link"u8, new Link("related", external));
    }

    private static void Creators(ref Utf8Output o, IReadOnlyList<Person> authors)
    {
        for (var i = 0; i < authors.Count; i++) Text(ref o, "<dc:creator>"u8, WriterRules.Name(authors[i]), "</dc:creator>\n"u8);
    }

    // A mail address with its owner's name, where there is one; else names, which RSS itself has no element for.
    private static void Authors(ref Utf8Output o, IReadOnlyList<Person> authors)
    {
        for (var i = 0; i < authors.Count; i++)
        {
            var author = authors[i];
            if (WriterRules.Email(author) is not { } email || string.IsNullOrWhiteSpace(author.Name) || author.Name.AsSpan().ContainsAny('(', ')')) continue;
            o.Raw("<managingEditor>"u8);
            o.PlainText(email);
            o.Raw(" ("u8);
            o.PlainText(author.Name);
            o.Raw(")</managingEditor>\n"u8);
            return;
        }
        Creators(ref o, authors);
    }

    private static void Categories(ref Utf8Output o, IReadOnlyList<Category> categories)
    {
        for (var i = 0; i < categories.Count; i++)
        {
            var category = categories[i];
            if (string.IsNullOrWhiteSpace(category.Term)) continue;
            o.Raw("<category"u8);
            Attribute(ref o, " domain=\""u8, category.Scheme);
            Text(ref o, ">"u8, category.Term, "</category>\n"u8);
        }
    }

    private static void Schedule(ref Utf8Output o, TimeSpan? interval)
    {
        if (interval is not { } every || every <= TimeSpan.Zero) return;
        o.Raw("<ttl>"u8);
        o.Number(Math.Max(1, (long)Math.Ceiling(every.TotalMinutes)));
        o.Raw("</ttl>\n<sy:updatePeriod>"u8);
        var (name, period) = every.TotalDays switch
        {
            <= 1 / 24.0 => ("hourly", TimeSpan.FromHours(1)),
            <= 1 => ("daily", TimeSpan.FromDays(1)),
            <= 7 => ("weekly", TimeSpan.FromDays(7)),
            <= 31 => ("monthly", TimeSpan.FromDays(30)),
            _ => ("yearly", TimeSpan.FromDays(365)),
        };
        o.PlainText(name);
        o.Raw("</sy:updatePeriod>\n<sy:updateFrequency>"u8);
        o.Number(Math.Max(1, (long)Math.Round(period / every)));
        o.Raw("</sy:updateFrequency>\n"u8);
    }

    private static void Picture(ref Utf8Output o, Feed feed, string link)
    {
        Url(ref o, "<atom:icon>"u8, feed.Icon, "</atom:icon>\n"u8);
        if (feed.Logo is not { } logo || string.IsNullOrWhiteSpace(logo.Url)) return;
        if (!IsChannelImage(logo))
        {
            Url(ref o, "<atom:logo>"u8, logo.Url, "</atom:logo>\n"u8);
            return;
        }
        o.Raw("<image>\n"u8);
        Url(ref o, "<url>"u8, logo.Url, "</url>\n"u8);
        Text(ref o, "<title>"u8, feed.Title, "</title>\n"u8);
        Url(ref o, "<link>"u8, link, "</link>\n"u8);
        if (logo.Width is { } width)
        {
            o.Raw("<width>"u8);
            o.Number(width);
            o.Raw("</width>\n"u8);
        }
        if (logo.Height is { } height)
        {
            o.Raw("<height>"u8);
            o.Number(height);
            o.Raw("</height>\n"u8);
        }
        o.Raw("</image>\n"u8);
    }

    // A GIF, JPEG or PNG, and not larger than RSS 2.0 allows.
    private static bool IsChannelImage(Image image)
    {
        if (image.Width is <= 0 or > WidestImage || image.Height is <= 0 or > TallestImage) return false;
        if (image.Type is { } type && type is not ("image/gif" or "image/jpeg" or "image/png")) return false;
        var path = image.Url.AsSpan();
        if (path.IndexOfAny('?', '#') is >= 0 and var end) path = path[..end];
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.LastIndexOf('.') is var dot && (dot < 0 || name[(dot + 1)..] is var extension
            && (extension.Equals("png", StringComparison.OrdinalIgnoreCase) || extension.Equals("gif", StringComparison.OrdinalIgnoreCase)
                || extension.Equals("jpg", StringComparison.OrdinalIgnoreCase) || extension.Equals("jpeg", StringComparison.OrdinalIgnoreCase)));
    }

    private static void Source(ref Utf8Output o, ArticleSource? source)
    {
        if (source is null || (WriterRules.NotBlank(source.FeedUrl) ?? (WriterUrl.IsHttp(source.Id) ? source.Id : null)) is not { } url) return;
        UrlAttribute(ref o, "<source url=\""u8, url);
        Text(ref o, ">"u8, WriterRules.NotBlank(source.Title) ?? url, "</source>\n"u8);
    }
}
