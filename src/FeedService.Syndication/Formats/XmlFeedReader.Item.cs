namespace FeedService.Syndication.Formats;

/// <summary>The elements of an RSS item or an Atom entry.</summary>
internal ref partial struct XmlFeedReader
{
    private const string MediaScheme = "http://search.yahoo.com/mrss/category_schema";

    private void ReadItem()
    {
        if (_isInSource)
        {
            _markup.Skip();
            return;
        }
        if (_articles.Count >= options.MaxItems)
            throw new FeedFormatException($"The feed has more than {options.MaxItems} items", _markup.Line);
        var depth = _markup.Depth;
        var item = new ArticleDraft();
        var details = options.WithDetails ? new DetailsDraft() : null;
        // RSS 1.0 names an item by the address it is about.
        if (_markup.Vocabulary == Vocabulary.Rss && _markup.Attribute("rdf:about") is { } about)
            item.Id.Offer(about, 0);
        item.Language.Offer(Language(_markup.Language), 1);
        while (_markup.NextChild(depth))
        {
            if (details is not null && ReadDetails(details, isFeed: false))
                continue;
            switch (Vocabulary)
            {
                case Vocabulary.Rss:
                    if (_markup.Name is "item" or "entry" && _markup.Depth == depth + 1)
                        _markup.EndParentBefore();
                    else
                        ReadItemElement(item);
                    break;
                case Vocabulary.Atom:
                    if (_markup.Name is "item" or "entry" && _markup.Depth == depth + 1)
                        _markup.EndParentBefore();
                    else
                        ReadEntryElement(item, details);
                    break;
                case Vocabulary.Content or Vocabulary.Xhtml:
                    ReadItemContent(item);
                    break;
                case Vocabulary.Dc or Vocabulary.DcTerms:
                    ReadItemDublinCore(item);
                    break;
                case Vocabulary.Media:
                    ReadMedia(item);
                    break;
                case Vocabulary.Itunes:
                    ReadItemItunes(item);
                    break;
                default:
                    ReadItemExtension(item);
                    break;
            }
        }
        // What the document ends in the middle of is half an article.
        if (_markup.IsTruncated)
        {
            _leftOutTheLast = true;
            return;
        }
        _articles.Add(item.ToArticle());
        if (details is not null)
            _itemDetails.Add(details.ToDetails());
    }

    private void ReadItemElement(ArticleDraft item)
    {
        switch (_markup.Name)
        {
            case "title":
                item.Title.Offer(ReadLine(), 3);
                break;
            case "link":
                if (_markup.Attribute("href") is not null)
                    ReadItemLink(item);
                else
                    item.Url.Offer(ReadUrl(), 3);
                break;
            case "guid":
                ReadGuid(item);
                break;
            case "id":
                item.Id.Offer(_markup.ReadText(), 2);
                break;
            case "description" or "summary":
                var isSummary = _markup.Name is "summary";
                var description = WithAbsoluteLinks(_markup.ReadText(out var kind, omitDiv: false), _markup.Base);
                if (isSummary)
                    item.Summary.Offer(FeedText.Line(description), 2);
                else if (string.IsNullOrEmpty(item.Description))
                    (item.Description, item.DescriptionIsMarkup) = (description, kind == TextKind.Markup);
                break;
            case "fullitem" or "body" or "content":
                ReadContent(item, 2);
                break;
            case "pubdate" or "published":
                item.Published ??= ReadDate();
                break;
            case "updated" or "lastbuilddate":
                item.Updated ??= ReadDate();
                break;
            case "author":
                ReadPersonInto(item.Authors);
                break;
            case "category":
                ReadCategory(item.Categories, _markup.Attribute("domain"));
                break;
            case "enclosure":
                ReadEnclosure(item);
                break;
            case "comments":
                item.Comments ??= ReadUrl();
                break;
            case "source":
                ReadRssSource(item);
                break;
            case "image":
                item.Image.Offer(ReadImage(), 1);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadGuid(ArticleDraft item)
    {
        var isPermanentLink = !"false".Equals(_markup.Attribute("isPermaLink"), StringComparison.OrdinalIgnoreCase);
        var baseUrl = BaseUrl;
        var guid = _markup.ReadText();
        item.Id.Offer(guid, 3);
        // A guid that is a page unless it says otherwise; a link outranks it.
        if (isPermanentLink && guid.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            item.Url.Offer(FeedUrls.Resolve(guid, baseUrl), 0);
    }

    private void ReadContent(ArticleDraft item, int rank)
    {
        var baseUrl = _markup.Base;
        var text = _markup.ReadText(out var kind, omitDiv: false);
        item.Content.Offer(WithAbsoluteLinks(kind == TextKind.Markup || FeedText.HasMarkup(text) ? text : AsHtml(text), baseUrl), rank);
    }

    /// <summary>Text without a tag may still have HTML's entities, which stay as they are.</summary>
    private static string AsHtml(string text) => text.Contains('<') ? Html.HtmlText.Escape(CharacterReferences.Decode(text)) : text;

    private void ReadItemContent(ArticleDraft item)
    {
        if (_markup.Vocabulary == Vocabulary.Content ? _markup.Name is "encoded" : _markup.Name is "body" or "div")
            ReadContent(item, 3);
        else
            _markup.Skip();
    }

    private void ReadEntryElement(ArticleDraft item, DetailsDraft? details)
    {
        switch (_markup.Name)
        {
            case "id":
                item.Id.Offer(_markup.ReadText(), _isAtom ? 4 : 2);
                break;
            case "title":
                item.Title.Offer(ReadAtomLine(), _isAtom ? 3 : 2);
                break;
            case "link":
                ReadItemLink(item);
                break;
            case "summary" or "tagline" or "description":
                item.Summary.Offer(ReadAtomLine(), 3);
                break;
            case "content":
                ReadAtomContent(item);
                break;
            case "published":
                item.Published = ReadDate() ?? item.Published;
                break;
            case "issued":
                item.Issued ??= ReadDate();
                break;
            case "created":
                item.Created ??= ReadDate();
                break;
            case "updated" or "modified":
                item.Updated ??= ReadDate();
                break;
            case "author":
                ReadPersonInto(item.Authors);
                break;
            case "category":
                ReadAtomCategory(item.Categories);
                break;
            case "rights":
                item.Rights.Offer(ReadAtomLine(), 2);
                break;
            case "source":
                item.Source ??= ReadAtomSource(details);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadAtomContent(ArticleDraft item)
    {
        var type = _markup.Attribute("type");
        if (UrlAttribute("src") is { } source)
        {
            // Content that lies elsewhere is media that belongs to the entry (RFC 4287, 4.1.3.2).
            _markup.Skip();
            if (!item.Enclosures.Exists(e => e.Url == source))
                item.Enclosures.AddWithinLimit(new Enclosure(source, type ?? ""));
            return;
        }
        item.HasNoLanguage |= _markup.Language is "";
        item.Language.Offer(Language(_markup.Language), 2);
        var text = ReadAtomText(out var isHtml, out var baseUrl);
        item.Content.Offer(isHtml ? WithAbsoluteLinks(text, baseUrl) : FeedText.ToHtml(text), 2);
    }

    private void ReadItemLink(ArticleDraft item)
    {
        var link = ReadLink(out var length);
        if (link is null)
            return;
        switch (link.Rel)
        {
            case "alternate" when item.Url.Value is null || link.Type is "text/html" or null:
                item.Url.Offer(link.Href, link.Type is "text/html" or null ? 2 : 1);
                break;
            case "enclosure":
                AddEnclosure(item, new Enclosure(link.Href, link.Type ?? "") { Length = length, Title = link.Title });
                break;
            case "related":
                if (!item.Related.Contains(link.Href))
                    item.Related.AddWithinLimit(link.Href);
                break;
            default:
                item.Links.AddWithinLimit(link);
                break;
        }
    }

    private void ReadEnclosure(ArticleDraft item)
    {
        var enclosure = UrlAttribute("url") is { } url ? new Enclosure(url, _markup.Attribute("type") ?? "") { Length = Length(_markup.Attribute("length")) } : null;
        _markup.Skip();
        if (enclosure is not null)
            AddEnclosure(item, enclosure);
    }

    /// <summary>Feeds name the same file in several ways; each knows something of it.</summary>
    private static void AddEnclosure(ArticleDraft item, Enclosure enclosure)
    {
        var index = item.Enclosures.FindIndex(e => e.Url == enclosure.Url);
        if (index < 0)
        {
            item.Enclosures.AddWithinLimit(enclosure);
            return;
        }
        var known = item.Enclosures[index];
        item.Enclosures[index] = known with
        {
            Type = known.Type.Length > 0 ? known.Type : enclosure.Type,
            Length = known.Length ?? enclosure.Length,
            Title = known.Title ?? enclosure.Title,
            Duration = known.Duration ?? enclosure.Duration,
        };
    }

    private void ReadRssSource(ArticleDraft item)
    {
        var url = UrlAttribute("url");
        var title = ReadLine();
        if (url is not null || title.Length > 0)
            item.Source ??= new ArticleSource(url ?? "", title) { FeedUrl = url };
    }

    /// <summary>A feed's elements without its items.</summary>
    private ArticleSource ReadAtomSource(DetailsDraft? itemDetails)
    {
        var details = itemDetails is null ? null : new DetailsDraft();
        (var around, _feed, _isInSource) = (_feed, new FeedDraft(), true);
        ReadFeed(details);
        (var draft, _feed, _isInSource) = (_feed, around, false);
        var source = draft.ToFeed([]);
        if (itemDetails is not null)
            (itemDetails.Source, itemDetails.SourceDetails) = (source, details!.ToDetails(draft.Published));
        return new ArticleSource(source.Id, source.Title) { FeedUrl = source.SelfUrl, SiteUrl = source.SiteUrl, Updated = source.Updated, Authors = source.Authors };
    }
}
