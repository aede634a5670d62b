using System.Globalization;

namespace FeedService.Syndication.Formats;

/// <summary>The elements of an RSS channel or an Atom feed.</summary>
internal ref partial struct XmlFeedReader
{
    private void ReadFeed(DetailsDraft? details)
    {
        var depth = _markup.Depth;
        _feed.Language.Offer(Language(_markup.Language), 2);
        while (_markup.NextChild(depth))
        {
            if (details is not null && ReadDetails(details, isFeed: true))
                continue;
            switch (Vocabulary)
            {
                case Vocabulary.Rss:
                    ReadChannelElement();
                    break;
                case Vocabulary.Atom:
                    ReadAtomFeedElement();
                    break;
                case Vocabulary.Dc or Vocabulary.DcTerms:
                    ReadFeedDublinCore();
                    break;
                case Vocabulary.Itunes:
                    ReadFeedItunes();
                    break;
                case Vocabulary.Syndication or Vocabulary.History or Vocabulary.Tombstones:
                    ReadFeedExtension();
                    break;
                default:
                    _markup.Skip();
                    break;
            }
        }
    }

    private void ReadChannelElement()
    {
        switch (_markup.Name)
        {
            case "item" or "entry":
                ReadItem();
                break;
            case "title":
                _feed.Title.Offer(ReadLine(), 2);
                break;
            case "link":
                ReadChannelLink();
                break;
            case "description" or "tagline" or "subtitle":
                _feed.Description.Offer(ReadLine(), 2);
                break;
            case "language":
                _feed.Language.Offer(Language(_markup.ReadText()), 3);
                break;
            case "copyright" or "rights":
                _feed.Rights.Offer(ReadLine(), 2);
                break;
            case "managingeditor" or "author":
                ReadPersonInto(_feed.Authors);
                break;
            case "webmaster":
                ReadNameInto(_feed.WebMasters);
                break;
            case "category":
                ReadCategory(_feed.Categories, _markup.Attribute("domain"));
                break;
            case "generator":
                _feed.Generator.Offer(ReadLine(), 2);
                break;
            case "lastbuilddate":
                _feed.Updated ??= ReadDate();
                break;
            case "pubdate":
                _feed.Published ??= ReadDate();
                break;
            case "ttl":
                if (int.TryParse(_markup.ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 10_000_000)
                    _feed.Interval = TimeSpan.FromMinutes(minutes);
                break;
            case "image":
                _feed.Logo.Offer(ReadImage(), 2);
                break;
            case "id" or "guid":
                _feed.Id.Offer(_markup.ReadText(), 1);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadChannelLink()
    {
        // Some feeds forget Atom's prefix.
        if (_markup.Attribute("href") is not null)
        {
            ReadFeedLink();
            return;
        }
        _feed.SiteUrl.Offer(ReadUrl(), 3);
    }

    private void ReadAtomFeedElement()
    {
        switch (_markup.Name)
        {
            case "entry" or "item":
                ReadItem();
                break;
            case "id":
                _feed.Id.Offer(_markup.ReadText(), 2);
                break;
            case "title":
                _feed.Title.Offer(ReadAtomLine(), _isAtom ? 3 : 1);
                break;
            case "subtitle" or "tagline":
                _feed.Description.Offer(ReadAtomLine(), _isAtom ? 3 : 1);
                break;
            case "info":
                _feed.Description.Offer(ReadAtomLine(), 0);
                break;
            case "link":
                ReadFeedLink();
                break;
            case "updated" or "modified":
                _feed.Updated ??= ReadDate();
                break;
            case "published" or "issued" or "created":
                _feed.Published ??= ReadDate();
                break;
            case "author":
                ReadPersonInto(_feed.Authors);
                break;
            case "category":
                ReadAtomCategory(_feed.Categories);
                break;
            case "rights" or "copyright":
                _feed.Rights.Offer(ReadAtomLine(), 3);
                break;
            case "generator":
                _feed.Generator.Offer(ReadLine(), 3);
                break;
            case "icon":
                _feed.Icon.Offer(ReadUrl(), 2);
                break;
            case "logo":
                _feed.Logo.Offer(ReadUrl() is { } logo ? new Image(logo) : null, 3);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadFeedLink()
    {
        var link = ReadLink(out _);
        if (link is null)
            return;
        switch (link.Rel)
        {
            case "alternate" when link.Type is null or "text/html" or "application/xhtml+xml":
                _feed.SiteUrl.Offer(link.Href, link.Type is "text/html" ? 2 : 1);
                break;
            case "self":
                _feed.SelfUrl.Offer(link.Href, 1);
                break;
            case "hub":
                if (!_feed.Hubs.Contains(link.Href))
                    _feed.Hubs.AddWithinLimit(link.Href);
                break;
            default:
                _feed.Links.AddWithinLimit(link);
                break;
        }
    }

    private void ReadFeedDublinCore()
    {
        switch (_markup.Name)
        {
            case "title":
                _feed.Title.Offer(ReadLine(), 0);
                break;
            case "description":
                _feed.Description.Offer(ReadLine(), 0);
                break;
            case "creator" or "author" or "contributor" or "publisher" when _markup.Name is not ("contributor" or "publisher"):
                ReadNameInto(_feed.Creators);
                break;
            case "publisher":
                ReadNameInto(_feed.WebMasters);
                break;
            case "subject":
                ReadCategory(_feed.Categories, null);
                break;
            case "language":
                _feed.Language.Offer(Language(_markup.ReadText()), 2);
                break;
            case "rights":
                _feed.Rights.Offer(ReadLine(), 1);
                break;
            case "date" or "modified":
                _feed.Updated ??= ReadDate();
                break;
            case "issued" or "created":
                _feed.Published ??= ReadDate();
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadFeedItunes()
    {
        switch (_markup.Name)
        {
            case "image":
                _feed.Logo.Offer(ReadImageReference(), 1);
                break;
            case "author":
                ReadNameInto(_feed.Creators);
                break;
            case "summary":
                _feed.Description.Offer(ReadLine(), 1);
                break;
            case "subtitle":
                _feed.Description.Offer(ReadLine(), 0);
                break;
            case "owner":
                ReadPersonInto(_feed.WebMasters);
                break;
            case "category":
                ReadItunesCategory(_feed.Categories);
                break;
            case "keywords":
                ReadKeywords(_feed.Categories);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadFeedExtension()
    {
        switch (Vocabulary, _markup.Name.ToString())
        {
            case (Vocabulary.Syndication, "updateperiod"):
                _feed.Period = _markup.ReadText().ToLowerInvariant();
                break;
            case (Vocabulary.Syndication, "updatefrequency"):
                _feed.Frequency = int.TryParse(_markup.ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var frequency) ? frequency : null;
                break;
            case (Vocabulary.History, "archive"):
                _feed.IsArchive = true;
                _markup.Skip();
                break;
            case (Vocabulary.History, "complete"):
                _feed.IsComplete = true;
                _markup.Skip();
                break;
            case (Vocabulary.Tombstones, "deleted-entry"):
                if (_markup.Attribute("ref") is { Length: > 0 } id && DateParser.Parse(_markup.Attribute("when")) is { } when)
                    _feed.Tombstones.AddWithinLimit(new Tombstone(id, when));
                _markup.Skip();
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    /// <summary>An element whose attribute or text names a picture.</summary>
    private Image? ReadImageReference()
    {
        var url = UrlAttribute("href") ?? UrlAttribute("url");
        var text = ReadUrl();
        return (url ?? text) is { } address ? new Image(address) : null;
    }

    /// <summary>iTunes nests the finer category in the coarser.</summary>
    private void ReadItunesCategory(List<Category> categories)
    {
        var depth = _markup.Depth;
        AddCategory(categories, _markup.Attribute("text") ?? "", ItunesScheme, null);
        while (_markup.NextChild(depth))
        {
            if (_markup.Name is "category")
                ReadItunesCategory(categories);
            else
                _markup.Skip();
        }
    }

    private void ReadKeywords(List<Category> categories)
    {
        var text = ReadLine();
        foreach (var keyword in text.Split(text.Contains(',') ? ',' : ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            AddCategory(categories, keyword, ItunesScheme, null);
    }

    private const string ItunesScheme = "http://www.itunes.com/";
}
