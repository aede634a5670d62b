using System.Globalization;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Linting;

/// <summary>The rules that are judged when an element ends: its value, and what it holds or lacks.</summary>
internal sealed partial class XmlElementRules
{
    private const int ManyEntries = 9;

    public void End(XmlLintElement element)
    {
        var raw = element.Text;
        var value = raw.Trim();
        if (element is { Name: "link" or "title" or "url", Parent: { } parent }) parent.Values[element.Name] = value;
        switch (element.Kind)
        {
            case "title": if (value.Length == 0) Add("NotBlank", element, element.Name); Plain(element, value, element.Name); break;
            case "plain" or "category" or "rssSource": Plain(element, value, element.Name); break;
            case "html": Html(element, value); break;
            case "url" or "uri": Check(XmlValues.Url(value, element.Kind == "url"), element, element.Name, value); break;
            case "http": Check(XmlValues.HttpUrl(value), element, element.Name, value); break;
            case "rfc822": Check(XmlValues.Rfc822(value, Now), element, element.Name, value); break;
            case "rfc3339": Check(XmlValues.Rfc3339(value, Now), element, element.Name, value); break;
            case "w3cdtf": Check(XmlValues.W3cdtf(value, Now), element, element.Name, value); break;
            case "iso8601": Check(XmlValues.Iso8601(value), element, element.Name, value); break;
            case "lang": Check(XmlValues.Language(value), element, element.Name, value); break;
            case "contact": Check(XmlValues.Contact(value), element, element.Name, value); break;
            case "email": Check(XmlValues.Email(value), element, element.Name, value); break;
            case "addrSpec": Check(XmlValues.AddrSpec(value), element, element.Name, value); break;
            case "integer": if (value.Length > 0 && !XmlValues.IsWhole(value, out _)) Add("InvalidInteger", element, element.Name, value); break;
            case "positive": Check(XmlValues.Positive(value), element, element.Name, value); break;
            case "nonNegative": Check(XmlValues.NonNegative(value), element, element.Name, value); break;
            case "latitude": Check(XmlValues.Degrees(value, 90, "InvalidLatitude"), element, element.Name, value); break;
            case "longitude": Check(XmlValues.Degrees(value, 180, "InvalidLongitude"), element, element.Name, value); break;
            case "period": if (value is not ("hourly" or "daily" or "weekly" or "monthly" or "yearly")) Add("InvalidUpdatePeriod", element, element.Name, value); break;
            case "yesno": if (raw.ToLowerInvariant() is not ("yes" or "no" or "clean")) Add("InvalidYesNo", element, element.Name, value); break;
            case "yesnoclean": if (raw.ToLowerInvariant() is not ("yes" or "no" or "clean" or "true" or "false")) Add("InvalidYesNo", element, element.Name, value); break;
            case "truefalse": if (!bool.TryParse(value, out _)) Add("InvalidTrueFalse", element, element.Name, value); break;
            case "short": Short(element, value, 255); break;
            case "long": Short(element, value, 4000); break;
            case "itunesType": if (value is not ("episodic" or "serial")) Add("InvalidItunesChannelType", element, element.Name, value); break;
            case "itunesEpisodeType": if (value is not ("full" or "trailer" or "bonus")) Add("InvalidItunesEpisodeType", element, element.Name, value); break;
            case "decimal": if (!XmlValues.IsDecimal(value)) Add("InvalidFloat", element, element.Name, value); break;
            case "number": if (value is [] or ['-' or '+', ..] || !XmlValues.IsDecimal(value)) Add("InvalidFloat", element, element.Name, value); break;
            case "integers": if (value.Length == 0 || !LinesPattern().IsMatch(value)) Add("InvalidCommaSeparatedIntegers", element, element.Name, value); break;
            case "position": Check(XmlValues.Position(value), element, element.Name, value); break;
            case "positions": Check(XmlValues.Positions(value), element, element.Name, value); break;
            case "duration": if (!XmlValues.IsDuration(value)) Add("InvalidDuration", element, element.Name, value); break;
            case "lines": if (!LinesPattern().IsMatch(value)) Add("InvalidExpansionState", element, element.Name, value); break;
            case "width": if (!XmlValues.IsWhole(value, out var width) || width is < 1 or > 144) Add("InvalidWidth", element, element.Name, value); break;
            case "height": if (!XmlValues.IsWhole(value, out var height) || height is < 1 or > 400) Add("InvalidHeight", element, element.Name, value); break;
            case "hour": Hour(element, value); break;
            case "day": Day(element, value); break;
            case "guid": Guid(element, value); break;
            case "personName": PersonName(element, value); break;
            case "personUri": NoSpaceAround(element, raw); if (value.Length == 0) Add("NotBlank", element, element.Name); Check(XmlValues.Iri(value, false), element, element.Name, value); break;
            case "atomUri": NoSpaceAround(element, raw); Check(XmlValues.Iri(value, false), element, element.Name, value); break;
            case "atomDate": NoSpaceAround(element, raw); AtomDate(element, value); break;
            case "atomId" or "entryId": AtomId(element, raw); break;
            case "atomText" or "atomContent": Text(element, value); break;
            case "mediaHash": MediaHash(element, value); break;
            case "mediaRating": Rating(element, value); break;
            case "mediaRestriction": Restriction(element, value); break;
            case "mediaText" or "mediaTitle": Plain(element, value, element.Name, "ContainsUndeclaredHTML"); break;
            case "skipHours" when !element.Has("hour"): Add("MissingElement", element, "hour", element.Name); break;
            case "skipDays" when !element.Has("day"): Add("MissingElement", element, "day", element.Name); break;
            case "skipHours": if (element.Children.GetValueOrDefault("hour") > 24) Add("NotEnoughHoursInTheDay", element); break;
            case "skipDays": if (element.Children.GetValueOrDefault("day") > 7) Add("EightDaysAWeek", element); break;
            default: Container(element); break;
        }
    }

    private DateTimeOffset? Now => report.Context.Now;

    private void Container(XmlLintElement element)
    {
        switch (element.Kind)
        {
            case "rss" or "rdf": if (!element.Has("channel") && !element.Has("rss090:channel")) Add("MissingElement", element, "channel", element.Name); break;
            case "channel" or "rdfChannel" or "channel090": Channel(element); break;
            case "item" or "rdfItem": Item(element); break;
            case "image" or "rdfImage" or "textInput": ImageOrInput(element); break;
            case "person": if (!element.Has("name") && !element.Has("atom:name")) Add("MissingElement", element, "name", element.Name); break;
            case "feed" or "source": Feed(element); break;
            case "entry": Entry(element); break;
            case "mediaGroup": if (element.Children.GetValueOrDefault("media:content") < 2) Add("MediaGroupWithoutAlternatives", element); break;
            case "geoPoint":
                if (!element.Has("geo:lat")) Add("MissingElement", element, "geo:lat", element.Name);
                if (!element.Has("geo:long")) Add("MissingElement", element, "geo:long", element.Name);
                break;
            case "itunesOwner": if (!element.Has("itunes:email")) Add("MissingElement", element, "itunes:email", element.Name); break;
            case "opml":
                if (!element.Has("head")) Add("MissingElement", element, "head", "opml");
                if (!element.Has("body")) Add("MissingElement", element, "body", "opml");
                break;
            case "opmlBody": if (!element.Has("outline")) Add("MissingElement", element, "outline", "body"); break;
            default: break;
        }
    }

    private void Channel(XmlLintElement channel)
    {
        if (!channel.Has("title")) Add("MissingTitle", channel, "The channel");
        if (!channel.Has("link")) Add("MissingLink", channel, "The channel");
        if (!channel.Has("description")) Add("MissingDescription", channel, "The channel");
        if (!channel.Has("language") && !channel.Has("dc:language")) Add("MissingLanguage", channel);
        if (channel.Kind == "rdfChannel" && !channel.Has("items")) Add("MissingElement", channel, "items", "channel");
        SameMeaning(channel);
        if (Format == XmlFormat.Rss && channel.Parent?["version"] == "2.0" && !channel.Links.Exists(link => Rel(link) == "self")) Add("MissingAtomSelfLink", channel);
        History(channel, "fh:complete", "fh:archive");
    }

    private void Item(XmlLintElement item)
    {
        if (item.Kind == "rdfItem")
        {
            if (!item.Has("title")) Add("MissingElement", item, "title", "item");
            if (!item.Has("link")) Add("MissingElement", item, "link", "item");
        }
        else if (!item.Has("title") && !item.Has("description")) Add("ItemMustContainTitleOrDescription", item);
        if (Format != XmlFormat.Rss) return;
        if (!item.Has("guid") && item.Parent?.Parent?["version"]?.StartsWith("2.", StringComparison.Ordinal) == true) Add("MissingGuid", item);
        if (item.Has("slash:comments") && item.Parent?.Has("lastBuildDate") == false) Add("SlashDate", item);
        SameMeaning(item);
    }

    private void SameMeaning(XmlLintElement element)
    {
        foreach (var (core, extension) in _sameMeaning)
        {
            if (element.Has(core) && element.Has(extension)) Add("DuplicateSemantics", element, core, extension);
        }
    }

    private void ImageOrInput(XmlLintElement element)
    {
        if (element["rdf:resource"] is not null) return;
        if (!element.Has("title")) Add("MissingTitle", element, element.Name);
        if (!element.Has("link")) Add("MissingLink", element, element.Name);
        if (element.Kind == "textInput")
        {
            if (!element.Has("description")) Add("MissingDescription", element, element.Name);
            if (!element.Has("name")) Add("MissingElement", element, "name", element.Name);
            return;
        }
        if (!element.Has("url")) Add("MissingElement", element, "url", element.Name);
        else if (element.Values["url"].Split('.')[^1].ToLowerInvariant() is var extension && extension.Length > 0 && extension.All(char.IsAsciiLetterOrDigit) && extension is not ("jpg" or "jpeg" or "gif" or "png"))
            Add("ImageUrlFormat", element, "image", element.Values["url"]);
        var channel = element.Parent!;
        if (element.Values.TryGetValue("link", out var link) && channel.Values.TryGetValue("link", out var own) && link != own) Add("ImageLinkDoesntMatch", element);
        if (element.Values.TryGetValue("title", out var title) && channel.Values.TryGetValue("title", out var name) && title != name) Add("ImageTitleDoesntMatch", element);
    }

    private void Guid(XmlLintElement guid, string value)
    {
        if (value.Length == 0) Add("NotBlank", guid, "guid");
        Unique(guid, guid.Parent!.Parent!, "guid", value, "DuplicateValue");
        var flag = guid["isPermaLink"];
        if (flag is not (null or "true" or "false")) Add("InvalidBooleanAttribute", guid, "isPermaLink", flag);
        if (flag is null or "true")
        {
            if (XmlValues.Url(value, true) is { } broken && LintRules.All[broken].Severity == LintSeverity.Error) Add("InvalidHttpGUID", guid, "guid", value);
            else if (value.StartsWith("tag:", StringComparison.OrdinalIgnoreCase) || value.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase)) Add("InvalidPermalink", guid, "guid", value);
        }
        else if (value.Length is > 0 and < 9 && value.All(char.IsAsciiDigit)) Add("NotSufficientlyUnique", guid, "guid", value);
    }

    private void Hour(XmlLintElement hour, string value)
    {
        if (!XmlValues.IsWhole(value, out var number) || number is < 0 or > 24) Add("InvalidHour", hour, "hour", value);
        else
        {
            if (number == 24) Add("UseZeroForMidnight", hour);
            Unique(hour, hour.Parent!, "hour", (number % 24).ToString(CultureInfo.InvariantCulture), "DuplicateValue");
        }
    }

    private void Day(XmlLintElement day, string value)
    {
        if (value is not ("Monday" or "Tuesday" or "Wednesday" or "Thursday" or "Friday" or "Saturday" or "Sunday")) Add("InvalidDay", day, "day", value);
        Unique(day, day.Parent!, "day", value, "DuplicateValue");
    }

    private void PersonName(XmlLintElement name, string value)
    {
        if (value.Length == 0) Add("NotBlank", name, "name");
        Plain(name, value, "name");
        if (MailPattern().IsMatch(value)) Add("ContainsEmail", name, "name");
    }

    private void Short(XmlLintElement element, string value, int longest)
    {
        if (value.Length > longest) Add("TooLong", element, element.Name, longest.ToString(CultureInfo.InvariantCulture));
        Plain(element, value, element.Name);
    }

    private void NoSpaceAround(XmlLintElement element, string raw)
    {
        if (raw.Length != raw.Trim().Length) Add("UnexpectedWhitespace", element, element.Name);
    }

    private void AtomDate(XmlLintElement date, string value)
    {
        Check(XmlValues.Rfc3339(value, Now), date, date.Name, value);
        if (date is { Name: "updated", Parent: { Kind: "entry", Parent: { } feed } }) Unique(date, feed, "updated", value, "DuplicateUpdated");
    }

    private void AtomId(XmlLintElement id, string raw)
    {
        NoSpaceAround(id, raw);
        var value = raw.Trim();
        var broken = XmlValues.Iri(value, true);
        Check(broken, id, "id", value);
        if (broken is null && !IsNormal(value)) Add("NonCanonicalURI", id, "id", value);
        if (id is { Kind: "entryId", Parent.Parent: { } feed }) Unique(id, feed, "id", value, "DuplicateEntries");
    }

    private static bool IsNormal(string iri)
    {
        var match = AuthorityPattern().Match(iri);
        if (!match.Success) return true;
        var (scheme, host, port, path) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value);
        return !scheme.Any(char.IsAsciiLetterUpper) && !host.Any(char.IsAsciiLetterUpper) && port != ":" && (scheme, port) is not (("http", ":80") or ("https", ":443"))
            && (path.Length > 0 || scheme is not ("http" or "https")) && !DotSegmentPattern().IsMatch(path) && !LowerEscapePattern().IsMatch(path);
    }

    private void Text(XmlLintElement text, string value)
    {
        var type = text["type"] ?? "text";
        if (text["src"] is null && value.Length == 0 && !text.HasMarkup) Add("NotBlank", text, text.Name);
        if (type == "text") Plain(text, value, text.Name, "ContainsUndeclaredHTML");
        else if (type == "html" || type.EndsWith("/html", StringComparison.Ordinal)) Html(text, value);
        else if (type.Contains('/', StringComparison.Ordinal) && !type.StartsWith("text/", StringComparison.Ordinal) && !type.EndsWith("+xml", StringComparison.Ordinal) && !type.EndsWith("/xml", StringComparison.Ordinal)
            && text["src"] is null && !System.Buffers.Text.Base64.IsValid(value)) Add("NotBase64", text, text.Name);
        if (text.Kind == "atomContent" && text.Parent is { } parent)
        {
            parent.Values["content type"] = type;
            if (text["src"] is not null) parent.Values["content src"] = "";
        }
    }

    private void Feed(XmlLintElement feed)
    {
        foreach (var name in (ReadOnlySpan<string>)["title", "id", "updated"])
        {
            if (!feed.Has(name)) Add(feed.Kind == "source" ? "MissingSourceElement" : "MissingElement", feed, name, feed.Name);
        }
        DuplicateAlternates(feed);
        if (feed.Kind == "source") return;
        if (!feed.Links.Exists(link => Rel(link) == "self")) Add("MissingSelf", feed);
        if (feed["xml:lang"] is null) Add("MissingLanguage", feed);
        History(feed, "fh:complete", "fh:archive");
        // Of many entries with one id each repeats the first.
        var entries = feed.Children.GetValueOrDefault("entry");
        if (entries > ManyEntries && feed.Seen.TryGetValue("id", out var ids) && ids.Count == 1 && report.Remove("DuplicateEntries") == entries - 1) Add("DuplicateIds", feed);
    }

    private void Entry(XmlLintElement entry)
    {
        foreach (var name in (ReadOnlySpan<string>)["title", "id", "updated"])
        {
            if (!entry.Has(name)) Add("MissingElement", entry, name, "entry");
        }
        if (!entry.Has("author") && entry.Parent?.Has("author") != true) Add("MissingElement", entry, "author", "entry");
        DuplicateAlternates(entry);
        if (!entry.Has("content"))
        {
            if (!entry.Has("summary")) Add("MissingTextualContent", entry);
            if (!entry.Links.Exists(link => Rel(link) == "alternate")) Add("MissingContentOrAlternate", entry);
        }
        else if (!entry.Has("summary") && entry.Values.TryGetValue("content type", out var type)
            && (entry.Values.ContainsKey("content src") || (type.Contains('/', StringComparison.Ordinal) && !type.StartsWith("text/", StringComparison.Ordinal)
                && !type.EndsWith("+xml", StringComparison.Ordinal) && !type.EndsWith("/xml", StringComparison.Ordinal)))) Add("MissingSummary", entry);
    }

    private void DuplicateAlternates(XmlLintElement element)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var link in element.Links)
        {
            if (Rel(link) == "alternate" && !seen.Add((link["type"] ?? "", link["hreflang"] ?? ""))) Add("DuplicateAtomLink", link);
        }
    }

    [GeneratedRegex(@"^(\d+(,\s*\d+)*)?$")]
    private static partial Regex LinesPattern();

    [GeneratedRegex(@"<[^@<>\s]+@[^@<>\s]+>")]
    private static partial Regex MailPattern();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#:]*)(:\d*)?([^?#]*)")]
    private static partial Regex AuthorityPattern();

    [GeneratedRegex(@"/\.{1,2}(/|$)")]
    private static partial Regex DotSegmentPattern();

    [GeneratedRegex("%([a-f][0-9a-fA-F]|[0-9A-F][a-f])")]
    private static partial Regex LowerEscapePattern();
}
