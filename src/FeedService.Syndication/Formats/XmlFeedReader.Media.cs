namespace FeedService.Syndication.Formats;

/// <summary>Media RSS 1.5.1: files and pictures of an item.</summary>
internal ref partial struct XmlFeedReader
{
    private void ReadMedia(ArticleDraft item)
    {
        switch (_markup.Name)
        {
            case "group":
                var depth = _markup.Depth;
                while (_markup.NextChild(depth))
                {
                    if (_markup.Vocabulary == Vocabulary.Media)
                        ReadMedia(item);
                    else
                        _markup.Skip();
                }
                break;
            case "content":
                ReadMediaContent(item);
                break;
            case "thumbnail":
                item.Image.Offer(ReadThumbnail(), 1);
                break;
            case "title":
                item.Title.Offer(ReadMediaLine(), 1);
                break;
            case "description":
                var description = _markup.ReadText();
                if (string.IsNullOrEmpty(item.Description))
                    item.Description = description;
                break;
            case "credit":
                var role = _markup.Attribute("role");
                var credit = FeedText.Person(_markup.ReadText());
                if (credit is not null && role is "author" && item.Creators.Count == 0)
                    item.Creators.AddWithinLimit(credit);
                break;
            case "category":
                ReadCategory(item.Categories, NotEmpty(_markup.Attribute("scheme")) ?? MediaScheme);
                break;
            case "keywords":
                foreach (var keyword in ReadLine().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    AddCategory(item.Categories, keyword, null, null);
                break;
            default:
                _markup.Skip();
                break;
        }
    }

    private void ReadMediaContent(ArticleDraft item)
    {
        var depth = _markup.Depth;
        var url = UrlAttribute("url");
        var type = _markup.Attribute("type") ?? "";
        var medium = _markup.Attribute("medium");
        var isImage = medium is "image" || type.StartsWith("image/", StringComparison.OrdinalIgnoreCase);
        var image = url is null || !isImage ? null : new Image(url) { Type = NotEmpty(type), Width = Pixels(_markup.Attribute("width")), Height = Pixels(_markup.Attribute("height")) };
        var enclosure = url is null || isImage ? null : new Enclosure(url, type.Length == 0 && medium is "audio" or "video" ? medium + "/*" : type)
        {
            Length = Length(_markup.Attribute("fileSize")),
            Duration = Duration(_markup.Attribute("duration")),
        };
        while (_markup.NextChild(depth))
        {
            switch (_markup.Name)
            {
                case "title" when enclosure is not null:
                    enclosure = enclosure with { Title = NotEmpty(ReadMediaLine()) };
                    break;
                case "title" or "description" or "text" when image is not null && image.Alt is null:
                    image = image with { Alt = NotEmpty(ReadMediaLine()) };
                    break;
                case "thumbnail":
                    item.Image.Offer(ReadThumbnail(), 1);
                    break;
                case "credit" or "category" or "keywords":
                    ReadMedia(item);
                    break;
                default:
                    _markup.Skip();
                    break;
            }
        }
        if (image is not null)
            item.Image.Offer(image, 3);
        else if (enclosure is not null && IsFile(enclosure.Type))
            AddEnclosure(item, enclosure);
    }

    /// <summary>Text that says itself whether it is plain or HTML; where it does not, it may be either.</summary>
    private string ReadMediaLine() => _markup.Attribute("type") is "plain" ? FeedText.Collapse(_markup.ReadText()) : ReadLine();

    /// <summary>What is only playable within a page is no file to download.</summary>
    private static bool IsFile(string type) => type is not ("" or "text/html" or "application/x-shockwave-flash" or "audio/*" or "video/*");

    private Image? ReadThumbnail()
    {
        int? width = Pixels(_markup.Attribute("width")), height = Pixels(_markup.Attribute("height"));
        return ReadImageReference() is { } image ? image with { Width = width, Height = height } : null;
    }
}
