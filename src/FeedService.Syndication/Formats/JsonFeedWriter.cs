namespace FeedService.Syndication.Formats;

/// <summary>JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).</summary>
internal static class JsonFeedWriter
{
    public static void Begin(ref Utf8Output o, Feed feed)
    {
        o.Raw("{\"version\":\"https://jsonfeed.org/version/1.1\""u8);
        Text(ref o, ",\n\"title\":"u8, feed.Title);
        Url(ref o, ",\n\"home_page_url\":"u8, feed.SiteUrl);
        Url(ref o, ",\n\"feed_url\":"u8, feed.SelfUrl);
        Text(ref o, ",\n\"description\":"u8, feed.Description);
        if (feed.NextUrl != feed.SelfUrl && !feed.IsComplete) Url(ref o, ",\n\"next_url\":"u8, feed.NextUrl);
        Url(ref o, ",\n\"icon\":"u8, WriterRules.NotBlank(feed.Logo?.Url) ?? feed.Icon);
        Url(ref o, ",\n\"favicon\":"u8, feed.Icon);
        Authors(ref o, ",\n\"authors\":["u8, feed.Authors);
        Text(ref o, ",\n\"language\":"u8, WriterRules.Language(feed.Language));
        var separator = ",\n\"hubs\":[{\"type\":\"WebSub\",\"url\":"u8;
        for (var i = 0; i < feed.Hubs.Count; i++)
        {
            var hub = feed.Hubs[i];
            o.Raw(separator);
            o.JsonUrl(hub);
            o.Raw("}"u8);
            separator = ",{\"type\":\"WebSub\",\"url\":"u8;
        }
        if (feed.Hubs.Count > 0) o.Raw("]"u8);
        o.Raw(",\n\"items\":[\n"u8);
    }

    public static void Item(ref Utf8Output o, Feed feed, Article article)
    {
        o.Raw("{\"id\":"u8);
        o.JsonText(article.Id);
        Url(ref o, ",\"url\":"u8, article.Url);
        Url(ref o, ",\"external_url\":"u8, article.ExternalUrl);
        Text(ref o, ",\"title\":"u8, article.Title);
        if (!string.IsNullOrWhiteSpace(article.Content))
        {
            o.Raw(",\"content_html\":"u8);
            o.JsonHtml(article.Content);
        }
        // An item must have content.
        else Text(ref o, ",\"content_text\":"u8, WriterRules.NotBlank(article.Summary) ?? WriterRules.NotBlank(article.Title) ?? article.Url ?? article.Id);
        Text(ref o, ",\"summary\":"u8, article.Summary);
        Url(ref o, ",\"image\":"u8, article.Image?.Url);
        Date(ref o, ",\"date_published\":\""u8, WriterRules.Published(article));
        Date(ref o, ",\"date_modified\":\""u8, WriterRules.ChangedLater(article));
        Authors(ref o, ",\"authors\":["u8, WriterRules.OwnAuthors(article));
        Tags(ref o, article.Categories);
        Text(ref o, ",\"language\":"u8, WriterRules.OtherLanguage(feed, article));
        Attachments(ref o, article.Enclosures);
        o.Raw("}"u8);
    }

    private static void Text(ref Utf8Output o, ReadOnlySpan<byte> start, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return;
        o.Raw(start);
        o.JsonText(text);
    }

    private static void Url(ref Utf8Output o, ReadOnlySpan<byte> start, string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return;
        o.Raw(start);
        o.JsonUrl(url);
    }

    private static void Date(ref Utf8Output o, ReadOnlySpan<byte> start, DateTimeOffset? instant)
    {
        if (instant is not { } value) return;
        o.Raw(start);
        o.Rfc3339(value);
        o.Raw("\""u8);
    }

    private static void Authors(ref Utf8Output o, ReadOnlySpan<byte> start, IReadOnlyList<Person> authors)
    {
        var any = false;
        for (var i = 0; i < authors.Count; i++)
        {
            var author = authors[i];
            if (WriterRules.Name(author) is not { } name) continue;
            o.Raw(any ? ","u8 : start);
            any = true;
            o.Raw("{\"name\":"u8);
            o.JsonText(name);
            Url(ref o, ",\"url\":"u8, author.Url);
            Url(ref o, ",\"avatar\":"u8, author.Avatar);
            o.Raw("}"u8);
        }
        if (any) o.Raw("]"u8);
    }

    private static void Tags(ref Utf8Output o, IReadOnlyList<Category> categories)
    {
        var any = false;
        for (var i = 0; i < categories.Count; i++)
        {
            var category = categories[i];
            if (string.IsNullOrWhiteSpace(category.Term)) continue;
            o.Raw(any ? ","u8 : ",\"tags\":["u8);
            any = true;
            o.JsonText(category.Term);
        }
        if (any) o.Raw("]"u8);
    }

    private static void Attachments(ref Utf8Output o, IReadOnlyList<Enclosure> enclosures)
    {
        var any = false;
        for (var i = 0; i < enclosures.Count; i++)
        {
            var enclosure = enclosures[i];
            if (string.IsNullOrWhiteSpace(enclosure.Url)) continue;
            o.Raw(any ? ",{\"url\":"u8 : ",\"attachments\":[{\"url\":"u8);
            any = true;
            o.JsonUrl(enclosure.Url);
            Text(ref o, ",\"mime_type\":"u8, WriterRules.MediaType(enclosure));
            Text(ref o, ",\"title\":"u8, enclosure.Title);
            if (enclosure.Length is > 0 and { } length)
            {
                o.Raw(",\"size_in_bytes\":"u8);
                o.Number(length);
            }
            if (enclosure.Duration is { } duration && duration > TimeSpan.Zero)
            {
                o.Raw(",\"duration_in_seconds\":"u8);
                o.Seconds(duration);
            }
            o.Raw("}"u8);
        }
        if (any) o.Raw("]"u8);
    }
}
