namespace FeedService.Syndication.Formats;

/// <summary>
/// RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0. One reader for all, because feeds borrow each other's elements freely: what an element means is
/// decided by its vocabulary and name, not by the kind of document that it stands in.
/// </summary>
/// <remarks>A mutable ref struct. Its files: this one reads the document's frame, the others the feed's own elements, an item's, and those that both share.</remarks>
internal ref partial struct XmlFeedReader(MarkupReader markup, FeedReadOptions options)
{
    private const int MaxNotes = 20;

    private MarkupReader _markup = markup;
    private FeedDraft _feed = new();
    private readonly List<Article> _articles = [];
    private readonly List<FeedDetails> _itemDetails = [];
    private readonly List<string> _notes = [];
    private bool _isAtom;
    private bool _isAtom03;
    private bool _leftOutTheLast;
    private bool _isInSource;

    /// <exception cref="FeedFormatException">The document is no feed, or over a limit.</exception>
    public FeedDocument Read(DecodedText decoded)
    {
        if (!_markup.ReadRoot())
            throw new FeedFormatException("The document holds no element: it is no feed");
        var details = options.WithDetails ? new DetailsDraft() : null;
        var format = ReadFrame(details);
        return new FeedDocument(_feed.ToFeed(_articles), format, decoded.Encoding)
        {
            Repairs = [.. decoded.Repairs, .. Repairs()],
            Notes = _notes,
            IsTruncated = _markup.IsTruncated,
            Details = details?.ToDetails(_feed.Published),
            ItemDetails = _itemDetails,
        };
    }

    private string ReadFrame(DetailsDraft? details)
    {
        var root = _markup.Name.ToString();
        switch (root)
        {
            case "rss" or "rdf" or "channel":
                var version = RssVersion(root);
                if (root == "channel")
                    ReadFeed(details);
                else
                    ReadRss(details);
                return version;
            case "feed":
                _isAtom = true;
                var atom = AtomVersion();
                _isAtom03 = atom == "atom03";
                ReadFeed(details);
                return atom;
            case "entry":
                // A single entry, as push (RFC 5023) and some publishers send it.
                _isAtom = true;
                var single = AtomVersion();
                ReadItem();
                return single;
            default:
                throw NoFeed(root);
        }
    }

    private FeedFormatException NoFeed(string root) => new(root switch
    {
        "html" or "head" or "body" or "div" or "script" or "meta" or "title" => "The document is an HTML page, not a feed; give the page's feed, or let the feed be looked for in the page",
        _ when _markup.HasHtmlDocumentType => "The document is an HTML page, not a feed; give the page's feed, or let the feed be looked for in the page",
        "urlset" or "sitemapindex" => $"The document is a sitemap (<{root}>), not a feed",
        "opml" => "The document is a list of feeds (OPML), not a feed",
        _ => $"The document begins with <{(root.Length > 40 ? root[..40] + "…" : root)}>, which is no kind of feed",
    }, _markup.Line);

    private string RssVersion(string root)
    {
        if (root == "rdf")
        {
            return _markup.IsDeclared(XmlNamespaces.Rss10) ? "rss10"
                : _markup.IsDeclared(XmlNamespaces.Rss090) || _markup.IsDeclared("http://channel.netscape.com/rdf/simple/0.9/") ? "rss090"
                : "rss10";
        }
        if (root == "channel" && _markup.IsDeclared(XmlNamespaces.Rss11))
            return "rss11";
        return _markup.Attribute("version")?.Trim() switch
        {
            "0.90" => "rss090",
            "0.91" => _markup.HasNetscapeDocumentType ? "rss091n" : "rss091u",
            "0.92" => "rss092",
            "0.93" => "rss093",
            "0.94" => "rss094",
            ['2', ..] => "rss20",
            _ => "rss",
        };
    }

    private readonly string AtomVersion() =>
        _markup.IsDeclared(XmlNamespaces.Atom03) || _markup.IsDeclared("http://purl.org/atom/ns") ? "atom03"
        : _markup.IsDeclared("http://www.w3.org/2005/Atom") ? "atom10"
        : "atom";

    /// <summary>The element around the channel; in RSS 1.0, and in feeds that forget themselves, the items stand beside the channel.</summary>
    private void ReadRss(DetailsDraft? details)
    {
        var depth = _markup.Depth;
        _feed.Language.Offer(Language(_markup.Language), 2);
        while (_markup.NextChild(depth))
        {
            switch (_markup.Name)
            {
                case "channel" or "feed":
                    ReadFeed(details);
                    break;
                case "item" or "entry":
                    ReadItem();
                    break;
                case "image" when _markup.Vocabulary == Vocabulary.Rss:
                    ReadImage();
                    break;
                default:
                    _markup.Skip();
                    break;
            }
        }
    }

    private readonly List<string> Repairs()
    {
        var faults = _markup.Faults;
        var repairs = new List<string>();
        if (faults.References > 0)
            repairs.Add($"read {Count(faults.References, "ampersand or entity", "ampersands and entities")} that XML does not know");
        if (faults.Tags > 0)
            repairs.Add($"read over {Count(faults.Tags, "tag that is", "tags that are")} broken, missing or without a match");
        if (faults.Prefixes > 0)
            repairs.Add($"took {Count(faults.Prefixes, "undeclared namespace prefix", "undeclared namespace prefixes")} for what is usually meant");
        if (_markup.IsTruncated)
            repairs.Add(_leftOutTheLast ? "the document ends early: left out the item that it ends in" : "the document ends early");
        return repairs;
    }

    private static string Count(int count, string one, string many) => count == 1 ? "1 " + one : $"{count} {many}";

    private readonly void Note(string note)
    {
        // An address is looked at twice where details are kept.
        if (_notes.Contains(note))
            return;
        if (_notes.Count < MaxNotes)
            _notes.Add(note);
        else if (_notes.Count == MaxNotes)
            _notes.Add("and more");
    }
}
