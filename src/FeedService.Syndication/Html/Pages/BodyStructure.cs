using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Gives the content of a page the plain structure of an article: a row of paragraphs, headings, lists, figures.</summary>
internal static class BodyStructure
{
    /// <summary>Wrappers go, text that stood straight in them becomes paragraphs.</summary>
    internal static void Flatten(IElement element)
    {
        foreach (var child in element.Children.ToArray())
        {
            Flatten(child);
            var tag = child.LocalName;
            if (PageTags.IsWrapper(tag) || (!PageTags.IsBlock(tag) && tag is not "a" && PageTags.HasBlockInside(child)))
            {
                Wrap(child);
                Unwrap(child);
            }
        }

        if (PageTags.IsWrapper(element.LocalName))
            Wrap(element);
    }

    private static void Unwrap(IElement element)
    {
        var parent = element.Parent!;
        foreach (var node in element.ChildNodes.ToArray())
            parent.InsertBefore(node, element);
        element.Remove();
    }

    /// <summary>Puts each run of inline nodes into a paragraph of its own; two line breaks end a run.</summary>
    private static void Wrap(IElement element)
    {
        IElement? paragraph = null;
        var breaks = 0;
        foreach (var node in element.ChildNodes.ToArray())
        {
            if (node is IElement block && (PageTags.IsBlock(block.LocalName) || PageTags.HasBlockInside(block)))
            {
                paragraph = null;
                breaks = 0;
                continue;
            }

            var isBreak = node is IElement { LocalName: "br" };
            var isSpace = node is IText text && string.IsNullOrWhiteSpace(text.Data);
            if (isBreak && ++breaks > 1)
            {
                if (paragraph?.LastElementChild is { LocalName: "br" } last)
                    last.Remove();
                paragraph = null;
                node.Parent?.RemoveChild(node);
                continue;
            }

            if (!isBreak && !isSpace)
                breaks = 0;
            if (paragraph is null)
            {
                if (isBreak || isSpace)
                    continue;
                paragraph = element.Owner!.CreateElement("p");
                element.InsertBefore(paragraph, node);
            }

            paragraph.AppendChild(node);
        }
    }
}
