using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Takes out of the article's element what is not article, and gives the rest a plain structure.</summary>
internal static partial class BodyCleaner
{
    internal static void Clean(IElement body, TextMeter meter, string title)
    {
        meter.Measure(body);
        foreach (var heading in body.QuerySelectorAll("h1").ToArray())
            heading.Remove();
        Drop(body, meter, meter[body]);
        Flatten(body);
        DropLeftovers(body, title);
    }

    private static void Drop(IElement element, TextMeter meter, TextStats all)
    {
        foreach (var child in element.Children.ToArray())
        {
            var tag = child.LocalName;
            if (!PageTags.IsBlock(tag) || tag is "figure" or "pre" or "img")
                continue;
            var stats = meter[child];
            if (IsLinks(child, tag, stats) || IsBoilerplate(child, tag, stats))
            {
                child.Remove();
                continue;
            }

            Drop(child, meter, all);
        }
    }

    private static bool IsLinks(IElement element, string tag, TextStats stats)
    {
        if (stats.Text == 0 || tag is "blockquote" or "tr" or "td" or "tbody")
            return false;
        if (tag is "p" or "li" or "dd" or "dt")
            return stats.LinkDensity > 0.9 && stats.Text < 200 && tag == "p";
        return stats.LinkDensity > 0.6 || (stats.Good == 0 && stats.LinkDensity > 0.35);
    }

    private static bool IsBoilerplate(IElement element, string tag, TextStats stats) =>
        stats.Text is > 0 and < 200 && PagePhrases.IsBoilerplate(PageTags.Text(element), PageTags.IsHeading(tag));

    /// <summary>Wrappers go, text that stood straight in them becomes paragraphs.</summary>
    private static void Flatten(IElement element)
    {
        foreach (var child in element.Children.ToArray())
        {
            Flatten(child);
            var tag = child.LocalName;
            if (!PageTags.IsWrapper(tag) && tag != "span")
                continue;
            if (tag == "span" && !PageTags.HasBlockInside(child))
                continue;
            if (PageTags.HasBlockInside(child))
            {
                Wrap(child);
                Unwrap(child);
            }
            else if (string.IsNullOrWhiteSpace(child.TextContent))
            {
                Unwrap(child);
            }
            else
            {
                Wrap(child);
                Unwrap(child);
            }
        }

        if (PageTags.IsWrapper(element.LocalName))
            Wrap(element);
    }

    /// <summary>Puts each run of inline nodes into a paragraph of its own; two line breaks end a run.</summary>
    private static void Wrap(IElement element)
    {
        var document = element.Owner!;
        IElement? paragraph = null;
        var breaks = 0;
        foreach (var node in element.ChildNodes.ToArray())
        {
            var isBlock = node is IElement block && (PageTags.IsBlock(block.LocalName) || PageTags.HasBlockInside(block));
            if (isBlock)
            {
                paragraph = null;
                breaks = 0;
                continue;
            }

            if (node is IElement { LocalName: "br" })
            {
                breaks++;
                if (breaks > 1)
                {
                    paragraph?.LastElementChild?.Remove();
                    paragraph = null;
                    node.Parent?.RemoveChild(node);
                    continue;
                }
            }
            else if (node is IText text && string.IsNullOrWhiteSpace(text.Data))
            {
                if (paragraph is null)
                    continue;
            }
            else
            {
                breaks = 0;
            }

            if (paragraph is null)
            {
                if (node is IElement { LocalName: "br" })
                    continue;
                paragraph = document.CreateElement("p");
                element.InsertBefore(paragraph, node);
            }

            paragraph.AppendChild(node);
        }
    }

    private static void Unwrap(IElement element)
    {
        var parent = element.Parent!;
        foreach (var node in element.ChildNodes.ToArray())
            parent.InsertBefore(node, element);
        element.Remove();
    }

    private static void DropLeftovers(IElement body, string title)
    {
        foreach (var element in body.QuerySelectorAll("p, li, ul, ol, h2, h3, h4, h5, h6, blockquote, dl").ToArray().Reverse())
        {
            var text = PageTags.Text(element);
            if (text.Length == 0 && element.QuerySelector("img, video, audio, iframe, picture") is null)
                element.Remove();
            else if (text.Length == title.Length && text == title)
                element.Remove();
        }

        // A heading with nothing under it announces what was taken out.
        IElement? next = null;
        foreach (var child in body.Children.ToArray().Reverse())
        {
            if (PageTags.IsHeading(child.LocalName) && (next is null || (PageTags.IsHeading(next.LocalName) && next.LocalName[1] < child.LocalName[1])))
                child.Remove();
            else
                next = child;
        }
    }
}
