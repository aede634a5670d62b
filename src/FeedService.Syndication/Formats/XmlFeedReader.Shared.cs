using System.Globalization;

namespace FeedService.Syndication.Formats;

/// <summary>Elements that feeds and items share.</summary>
internal ref partial struct XmlFeedReader
{
    private readonly string? BaseUrl => _markup.Base ?? options.BaseUrl;

    /// <summary>The vocabulary of the element that was just entered; in an Atom document without a namespace it is Atom.</summary>
    private readonly Vocabulary Vocabulary => _isAtom && _markup.Vocabulary == Vocabulary.Rss ? Vocabulary.Atom : _markup.Vocabulary;

    /// <summary>A language tag as RFC 5646 writes it; null where there is none.</summary>
    private static string? Language(string? tag)
    {
        tag = tag?.Trim().Replace('_', '-');
        return string.IsNullOrEmpty(tag) || tag.Length > 35 || !tag.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? null : tag;
    }

    /// <summary>A line of plain text from an element that may hold HTML.</summary>
    private string ReadLine() => FeedText.Line(_markup.ReadText());

    /// <summary>An Atom text construct (RFC 4287, 3.1; Atom 0.3's modes) as plain text on one line.</summary>
    private string ReadAtomLine()
    {
        var text = ReadAtomText(out var isHtml, out _);
        return isHtml ? FeedText.Collapse(FeedText.ToPlainText(text)) : FeedText.Collapse(text);
    }

    /// <summary>An Atom text construct or content as it is, with the base that its links have where <c>xml:base</c> gives one.</summary>
    private string ReadAtomText(out bool isHtml, out string? baseUrl)
    {
        var type = _markup.Attribute("type");
        var mode = _markup.Attribute("mode");
        baseUrl = _markup.Base;
        var text = _markup.ReadText(out var kind, omitDiv: type is "xhtml" or "application/xhtml+xml");
        if (mode is "base64" || type is not null && IsBase64Type(type) && text.Length > 0 && kind == TextKind.Text)
        {
            if (TryBase64(text, out var decoded))
            {
                text = decoded;
                isHtml = mode is "base64" ? type is not "text/plain" && FeedText.HasMarkup(text) : FeedText.HasMarkup(text);
                return text;
            }
        }
        isHtml = kind == TextKind.Markup || type switch
        {
            "html" or "xhtml" or "text/html" or "application/xhtml+xml" => true,
            // Atom 0.3's escaped mode, and feeds that leave the type out.
            null or "" => mode is "escaped" ? FeedText.HasMarkup(text) : _isAtom03 && FeedText.HasMarkup(text),
            _ => false,
        };
        return text;
    }

    private static bool IsBase64Type(string type) =>
        type.Contains('/') && !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("/xml", StringComparison.OrdinalIgnoreCase);

    private static bool TryBase64(string text, out string decoded)
    {
        decoded = "";
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            return false;
        decoded = TextDecoder.Decode(bytes.AsSpan(0, length)).Text.Trim();
        return true;
    }

    private DateTimeOffset? ReadDate()
    {
        var text = _markup.ReadText();
        if (text.Length == 0)
            return null;
        var date = DateParser.Parse(text);
        if (date is null)
            Note($"'{Shorten(text)}' is no date");
        return date;
    }

    private string? ReadUrl()
    {
        // Taken before the text is read: with it the element, and its base, are gone.
        var baseUrl = BaseUrl;
        var text = _markup.ReadText();
        var url = FeedUrls.Resolve(text, baseUrl);
        if (url is null && text.Length > 0)
            Note($"'{Shorten(text)}' is no link to follow");
        return url;
    }

    private string? UrlAttribute(string name)
    {
        var text = _markup.Attribute(name);
        var url = FeedUrls.Resolve(text, BaseUrl);
        if (url is null && !string.IsNullOrEmpty(text))
            Note($"'{Shorten(text)}' is no link to follow");
        return url;
    }

    /// <summary>An Atom person construct (RFC 4287, 3.2), or text where the document treats one as RSS does.</summary>
    private Person? ReadPerson()
    {
        var depth = _markup.Depth;
        string name = "", address = "";
        string? url = null;
        if (!_markup.BeginsWithElement)
            return FeedText.Person(_markup.ReadText());
        while (_markup.NextChild(depth))
        {
            switch (_markup.Name)
            {
                case "name":
                    name = ReadLine();
                    break;
                case "email":
                    address = _markup.ReadText();
                    break;
                case "uri" or "url" or "homepage":
                    url = ReadUrl();
                    break;
                default:
                    _markup.Skip();
                    break;
            }
        }
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            address = address[7..];
        if (address.Length == 0 && name.Contains('@') && FeedText.Person(name) is { } parsed)
            return parsed with { Url = url };
        return name.Length == 0 && address.Length == 0 && url is null ? null : new Person(name) { Email = address.Length == 0 ? null : address, Url = url };
    }

    private void ReadPersonInto(List<Person> persons)
    {
        if (ReadPerson() is { } person)
            persons.AddWithinLimit(person);
    }

    private void ReadNameInto(List<Person> persons)
    {
        var text = _markup.ReadText();
        if (FeedText.Person(text) is { } person)
            persons.AddWithinLimit(person);
    }

    private void ReadAtomCategory(List<Category> categories)
    {
        var term = _markup.Attribute("term");
        var scheme = _markup.Attribute("scheme");
        var label = _markup.Attribute("label");
        // In a feed that calls itself Atom the term may stand in the element, as in RSS.
        var text = ReadLine();
        AddCategory(categories, string.IsNullOrWhiteSpace(term) ? text : term, scheme, label);
    }

    private void ReadCategory(List<Category> categories, string? scheme)
    {
        var text = ReadLine();
        AddCategory(categories, text, scheme, null);
    }

    private static void AddCategory(List<Category> categories, string term, string? scheme, string? label)
    {
        term = FeedText.Collapse(term);
        if (term.Length == 0 || categories.Exists(c => c.Term == term && c.Scheme == (string.IsNullOrEmpty(scheme) ? null : scheme)))
            return;
        categories.AddWithinLimit(new Category(term) { Scheme = string.IsNullOrEmpty(scheme) ? null : scheme, Label = string.IsNullOrEmpty(label) || label == term ? null : label });
    }

    /// <summary>An <c>atom:link</c> as a whole; null where it has no usable address. Some feeds write the address as RSS does.</summary>
    private Link? ReadLink(out long? length)
    {
        var link = LinkAttributes(out var href, out length);
        if (href is not null)
        {
            _markup.Skip();
            return link;
        }
        return ReadUrl() is { } text ? link with { Href = text } : null;
    }

    private Link LinkAttributes(out string? href, out long? length)
    {
        href = UrlAttribute("href");
        // An empty reference is the base itself (RFC 3986, 5.2.2); without a base of its own it is a mistake.
        if (href is null && _markup.Attribute("href") is "")
            href = _markup.Base;
        length = Length(_markup.Attribute("length"));
        var rel = _markup.Attribute("rel")?.Trim();
        if (string.IsNullOrEmpty(rel))
            rel = "alternate";
        else if (rel.StartsWith("http://www.iana.org/assignments/relation/", StringComparison.Ordinal))
            rel = rel["http://www.iana.org/assignments/relation/".Length..];
        return new Link(rel, href ?? "")
        {
            Type = NotEmpty(_markup.Attribute("type")),
            HrefLang = NotEmpty(_markup.Attribute("hreflang")),
            Title = NotEmpty(FeedText.Line(_markup.Attribute("title") ?? "")),
            Count = int.TryParse(_markup.Attribute("thr:count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null,
            Updated = DateParser.Parse(_markup.Attribute("thr:updated")),
        };
    }

    private Image? ReadImage()
    {
        var depth = _markup.Depth;
        Image? image = UrlAttribute("href") is { } href ? new Image(href) : null;
        string? alt = null;
        int? width = null, height = null;
        while (_markup.NextChild(depth))
        {
            switch (_markup.Name)
            {
                case "url":
                    image = ReadUrl() is { } url ? new Image(url) : image;
                    break;
                case "title":
                    alt = NotEmpty(ReadLine());
                    break;
                case "width":
                    width = Pixels(_markup.ReadText());
                    break;
                case "height":
                    height = Pixels(_markup.ReadText());
                    break;
                default:
                    _markup.Skip();
                    break;
            }
        }
        return image is null ? null : image with { Alt = alt, Width = width, Height = height };
    }

    private static int? Pixels(string? text) => int.TryParse(text?.Replace("px", "", StringComparison.OrdinalIgnoreCase).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels > 0 ? pixels : null;

    private static long? Length(string? text) => long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0 ? length : null;

    /// <summary>Seconds, or hours, minutes and seconds parted by colons.</summary>
    private static TimeSpan? Duration(string? text)
    {
        double seconds = 0;
        foreach (var part in (text ?? "").Split(':'))
        {
            if (!double.TryParse(part.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > 1e7)
                return null;
            seconds = seconds * 60 + value;
        }
        return seconds is > 0 and < 1e8 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    /// <summary>Content whose links are relative to a base of its own is resolved now: later nobody knows the base.</summary>
    private static string WithAbsoluteLinks(string html, string? baseUrl) => baseUrl is null ? html : ContentLinks.Resolve(html, baseUrl);
}
