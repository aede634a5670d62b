using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Brings images and what is said of them together in figures.</summary>
internal static class BodyFigures
{
    private const int MaxCaption = 600;
    private const int GalleryCaptions = 4;
    private const double GalleryShare = 1.5;

    internal static void Gather(IElement body)
    {
        foreach (var element in body.QuerySelectorAll("div, p, span, small, li, dd, em, i, cite, aside, footer").ToArray())
        {
            if (element.Parent is not null && IsCaption(element))
                MakeCaption(element);
        }

        foreach (var figure in body.QuerySelectorAll("figure").ToArray())
            Tidy(figure);
        Unfold(body);
    }

    /// <summary>In a gallery the captions are the article: they become its paragraphs.</summary>
    private static void Unfold(IElement body)
    {
        var captions = body.QuerySelectorAll("figcaption").ToArray();
        var told = captions.Sum(caption => caption.TextContent.Length);
        if (captions.Length < GalleryCaptions || told < GalleryShare * (body.TextContent.Length - told))
            return;
        foreach (var caption in captions)
        {
            var figure = caption.Closest("figure") ?? caption;
            var paragraph = Rename(caption, PageTags.HasBlockInside(caption) ? "div" : "p");
            if (figure != caption)
                figure.Parent!.InsertBefore(paragraph, figure.NextSibling);
        }
    }

    private static bool IsCaption(IElement element)
    {
        var length = PageTags.Length(element, MaxCaption);
        if (length is 0 or > MaxCaption || PageTags.HasBlockInside(element) && element.QuerySelector("img, figcaption") is not null)
            return false;
        return (PageNames.Of(element) is { Length: > 0 } names && PageNames.IsCaption(names))
            || (length < 300 && element.LocalName is "p" or "div" or "em" or "small" or "span" && PagePhrases.IsCredit(PageTags.Text(element)) && FollowsImage(element));
    }

    private static bool FollowsImage(IElement element) =>
        Previous(element) is { } previous && (previous.LocalName is "img" or "picture" or "figure" || (previous.QuerySelector("img") is not null && string.IsNullOrWhiteSpace(previous.TextContent)));

    /// <summary>A caption belongs to the image beside it; without one it says nothing.</summary>
    private static void MakeCaption(IElement element)
    {
        if (element.Closest("figcaption") is not null)
            return;
        if (element.Closest("figure") is not null)
        {
            Rename(element, "figcaption");
            return;
        }

        for (var (near, steps) = (element.ParentElement, 0); near is not null && steps < 4; near = near.ParentElement, steps++)
        {
            var around = new Surroundings();
            around.Add(near, inPicture: false);
            if (!around.IsLittle)
                break;
            if (around.Image is not { } shown)
                continue;
            if (shown.Closest("figure") is null)
            {
                var figure = element.Owner!.CreateElement("figure");
                near.InsertBefore(figure, near.FirstChild);
                figure.AppendChild(shown);
                figure.AppendChild(Rename(element, "figcaption"));
                return;
            }

            break;
        }

        var previous = Previous(element);
        if (previous is { LocalName: "figure" } before && before.QuerySelector("figcaption") is null)
            before.AppendChild(Rename(element, "figcaption"));
        else if (previous is { LocalName: "img" or "picture" } image)
        {
            var figure = element.Owner!.CreateElement("figure");
            image.Parent!.InsertBefore(figure, image);
            figure.AppendChild(image);
            figure.AppendChild(Rename(element, "figcaption"));
        }
        else
        {
            element.Remove();
        }
    }

    private static IElement? Previous(IElement element) => PageTags.IsWide(element.Parent) ? null : element.PreviousElementSibling;

    private static IElement Rename(IElement element, string tag)
    {
        var renamed = element.Owner!.CreateElement(tag);
        foreach (var node in element.ChildNodes.ToArray())
            renamed.AppendChild(node);
        element.Parent!.ReplaceChild(renamed, element);
        return renamed;
    }

    /// <summary>A figure is its images, tables or code, and one caption with whatever else is said in it.</summary>
    private static void Tidy(IElement figure)
    {
        if (PageTags.IsWide(figure) || figure.QuerySelector("table, pre, blockquote, p + p + p") is not null || figure.QuerySelectorAll("figure").Length > 0)
            return;
        var caption = figure.QuerySelector("figcaption");
        var texts = new List<INode>();
        Loose(figure, texts);
        if (texts.Count == 0 && figure.QuerySelectorAll("figcaption").Length < 2)
            return;
        if (caption is null)
        {
            caption = figure.Owner!.CreateElement("figcaption");
            figure.AppendChild(caption);
        }

        foreach (var text in texts)
        {
            caption.AppendChild(figure.Owner!.CreateTextNode(" "));
            caption.AppendChild(text);
        }

        foreach (var other in figure.QuerySelectorAll("figcaption").Where(other => other != caption).ToArray())
        {
            caption.AppendChild(figure.Owner!.CreateTextNode(" "));
            foreach (var node in other.ChildNodes.ToArray())
                caption.AppendChild(node);
            other.Remove();
        }
    }

    private static void Loose(INode parent, List<INode> texts)
    {
        foreach (var node in parent.ChildNodes)
        {
            if (node is IText text && !string.IsNullOrWhiteSpace(text.Data))
                texts.Add(text);
            else if (node is IElement element && element.LocalName is not "figcaption" && !PageTags.IsSilent(element.LocalName))
                Loose(element, texts);
        }
    }

    /// <summary>What stands around a caption, looked at no longer than it may be the caption's: one image and a few words.</summary>
    private sealed class Surroundings
    {
        private const int MaxNodes = 1_000;
        private int _length;
        private int _images;
        private int _nodes;

        internal IElement? Image { get; private set; }

        internal bool IsLittle => _length < MaxCaption && _images < 2 && _nodes < MaxNodes;

        internal void Add(INode parent, bool inPicture)
        {
            foreach (var node in parent.ChildNodes)
            {
                if (!IsLittle)
                    return;
                _nodes++;
                if (node is IText text)
                {
                    _length += text.Data.Length;
                    continue;
                }

                var isPicture = node is IElement { LocalName: "picture" };
                if (!inPicture && (isPicture || node is IElement { LocalName: "img" or "amp-img" }))
                {
                    _images++;
                    Image ??= (IElement)node;
                }

                Add(node, inPicture || isPicture);
            }
        }
    }
}
