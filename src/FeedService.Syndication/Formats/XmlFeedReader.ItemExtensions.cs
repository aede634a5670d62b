using System.Globalization;

namespace FeedService.Syndication.Formats;

/// <summary>What other vocabularies say of an item: Dublin Core, iTunes, threads, comments.</summary>
internal ref partial struct XmlFeedReader
{
    private void ReadItemDublinCore(ArticleDraft item)
    {
        switch (_markup.Name)
        {
            case "title":
                item.Title.Offer(ReadLine(), 1);
                break;
            case "description" or "abstract":
                var description = _markup.ReadText();
                if (string.IsNullOrEmpty(item.Description))
                    item.Description = description;
                break;
            case "creator" or "author":
                ReadNameInto(item.Creators);
                break;
            case "subject":
                ReadCategory(item.Categories, null);
                break;
            case "language":
                item.Language.Offer(Language(_markup.ReadText()), 3);
                break;
            case "rights":
                item.Rights.Offer(ReadLine(), 1);
                break;
            case "date":
                item.Date ??= ReadDate();
                break;
            case "issued" or "created":
                item.Published ??= ReadDate();
                break;
            case "modified":
                item.Updated ??= ReadDate();
                break;
            case "identifier":
                item.Id.Offer(_markup.ReadText(), 1);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadItemItunes(ArticleDraft item)
    {
        switch (_markup.Name)
        {
            case "title":
                item.Title.Offer(ReadLine(), 0);
                break;
            case "author":
                var author = FeedText.Person(_markup.ReadText());
                if (author is not null && item.Creators.Count == 0)
                    item.Creators.AddWithinLimit(author);
                break;
            case "summary":
                item.Summary.Offer(ReadLine(), 1);
                break;
            case "subtitle":
                item.Summary.Offer(ReadLine(), 0);
                break;
            case "image":
                item.Image.Offer(ReadImageReference(), 2);
                break;
            case "duration":
                item.Duration ??= Duration(_markup.ReadText());
                break;
            case "category":
                ReadItunesCategory(item.Categories);
                break;
            case "keywords":
                ReadKeywords(item.Categories);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadItemExtension(ArticleDraft item)
    {
        switch (_markup.Vocabulary, _markup.Name.ToString())
        {
            case (Vocabulary.Thread, "in-reply-to"):
                if (_markup.Attribute("ref") is { Length: > 0 } reference)
                    item.InReplyTo ??= new InReplyTo(reference) { Href = UrlAttribute("href"), Type = NotEmpty(_markup.Attribute("type")), Source = UrlAttribute("source") };
                _markup.Skip();
                break;
            case (Vocabulary.Slash, "comments"):
                item.CommentCount = int.TryParse(_markup.ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
                break;
            case (Vocabulary.CommentApi, "commentrss"):
                item.CommentFeed ??= ReadUrl();
                break;
            // Where the article is, behind a counter of clicks.
            case (Vocabulary.FeedBurner, "origlink"):
                item.Url.Offer(ReadUrl(), 4);
                break;
            case (Vocabulary.FeedBurner, "origenclosurelink"):
                if (ReadUrl() is { } original && item.Enclosures.Count > 0)
                    item.Enclosures[0] = item.Enclosures[0] with { Url = original };
                break;
            case (Vocabulary.License, "license"):
                var license = UrlAttribute("rdf:resource");
                var text = ReadUrl();
                if ((license ?? text) is { } href)
                    item.Links.AddWithinLimit(new Link("license", href));
                break;
            default:
                _markup.Skip();
                break;
        }
    }
}
