namespace FeedService.Syndication.Formats;

/// <summary>What is kept of an element besides its meaning, where it was asked for.</summary>
internal ref partial struct XmlFeedReader
{
    /// <summary>A feed's or an item's details while its elements come in.</summary>
    private sealed class DetailsDraft
    {
        public readonly Dictionary<string, TextDetails> Texts = [];
        public readonly List<LinkDetails> Links = [];
        public readonly List<Person> Contributors = [];
        public string? GeneratorVersion;
        public string? GeneratorUrl;
        public Feed? Source;
        public FeedDetails? SourceDetails;

        public FeedDetails ToDetails(DateTimeOffset? published = null) => new()
        {
            Texts = Texts,
            Links = Links,
            Contributors = Contributors,
            Published = published,
            GeneratorVersion = GeneratorVersion,
            GeneratorUrl = GeneratorUrl,
            Source = Source,
            SourceDetails = SourceDetails,
        };
    }

    /// <summary>Notes what the element that was just entered says of itself; true where that was all there is to it, and it was read.</summary>
    private bool ReadDetails(DetailsDraft details, bool isFeed)
    {
        switch (Vocabulary, _markup.Name.ToString())
        {
            case (Vocabulary.Rss or Vocabulary.Atom or Vocabulary.Dc, "title"):
                AddText(details, "title");
                break;
            case (Vocabulary.Rss or Vocabulary.Atom, "subtitle" or "tagline" or "description"):
                AddText(details, isFeed ? "description" : "summary");
                break;
            case (Vocabulary.Rss or Vocabulary.Atom, "summary"):
                AddText(details, "summary");
                break;
            case (Vocabulary.Rss or Vocabulary.Atom or Vocabulary.Dc, "rights" or "copyright"):
                AddText(details, "rights");
                break;
            case (Vocabulary.Content, "encoded"):
            case (Vocabulary.Xhtml, "body" or "div"):
            case (Vocabulary.Rss or Vocabulary.Atom, "content"):
                AddText(details, "content");
                break;
            case (Vocabulary.Rss or Vocabulary.Atom, "link"):
                var link = LinkAttributes(out var href, out var length);
                if (href is not null)
                    details.Links.AddWithinLimit(new LinkDetails(link, length));
                break;
            case (Vocabulary.Rss or Vocabulary.Atom, "generator"):
                details.GeneratorVersion ??= NotEmpty(_markup.Attribute("version"));
                details.GeneratorUrl ??= UrlAttribute("uri") ?? UrlAttribute("url");
                break;
            case (Vocabulary.Rss or Vocabulary.Atom or Vocabulary.Dc, "contributor"):
                ReadPersonInto(details.Contributors);
                return true;
            default:
                break;
        }
        return false;
    }

    private void AddText(DetailsDraft details, string name)
    {
        var type = _markup.Attribute("type")?.Trim().ToLowerInvariant() switch
        {
            "text" => "text/plain",
            "html" => "text/html",
            "xhtml" => "application/xhtml+xml",
            not (null or "") and var stated => stated,
            _ => Vocabulary switch
            {
                Vocabulary.Atom => "text/plain",
                Vocabulary.Content => "text/html",
                Vocabulary.Xhtml => "application/xhtml+xml",
                _ => null,
            },
        };
        var text = new TextDetails(type, _markup.Language is "" ? "" : Language(_markup.Language), _markup.Base, UrlAttribute("src"));
        if (text is not (null, null, null, null))
            details.Texts.TryAdd(name, text);
    }
}
