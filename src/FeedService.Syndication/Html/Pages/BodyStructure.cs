using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Gives the content of a page the plain structure of an article: a row of paragraphs, headings, lists, figures.</summary>
internal static class BodyStructure
{
    /// <summary>Wrappers go, text that stood straight in them becomes paragraphs.</summary>
    internal static void Flatten(IElement element)
    {
        var nodes = element.ChildNodes.ToArray();
        var wrappers = new HashSet<INode>();
        foreach (var child in nodes.OfType<IElement>())
        {
            Flatten(child);
            var tag = child.LocalName;
            if (PageTags.IsWrapper(tag) || (!PageTags.IsBlock(tag) && tag is not "a" && PageTags.HasBlockInside(child)))
            {
                Wrap(child);
                wrappers.Add(child);
            }
        }

        if (wrappers.Count > 0)
            Unwrap(element, nodes, wrappers);
        if (PageTags.IsWrapper(element.LocalName))
            Wrap(element);
    }

    // All is taken out first, from the front, and put back in order: to find one of many children again costs a walk.
    private static void Unwrap(IElement element, INode[] nodes, HashSet<INode> wrappers)
    {
        foreach (var node in nodes)
            element.RemoveChild(node);
        foreach (var node in nodes)
        {
            if (!wrappers.Contains(node))
            {
                element.AppendChild(node);
                continue;
            }

            foreach (var inner in node.ChildNodes.ToArray())
                element.AppendChild(inner);
        }
    }

    /// <summary>Puts each run of inline nodes into a paragraph of its own; two line breaks end a run.</summary>
    private static void Wrap(IElement element)
    {
        var nodes = element.ChildNodes.ToArray();
        if (Array.TrueForAll(nodes, node => IsSpace(node) || IsBreak(node) || IsBlock(node)) && !Array.Exists(nodes, IsBreak))
            return;

        // As above.
        foreach (var node in nodes)
            element.RemoveChild(node);
        IElement? paragraph = null;
        var breaks = 0;
        foreach (var node in nodes)
        {
            if (IsBlock(node))
            {
                paragraph = null;
                breaks = 0;
                element.AppendChild(node);
                continue;
            }

            if (IsBreak(node) && ++breaks > 1)
            {
                if (paragraph?.LastElementChild is { LocalName: "br" } last)
                    last.Remove();
                paragraph = null;
                continue;
            }

            var isText = !IsBreak(node) && !IsSpace(node);
            if (isText)
                breaks = 0;
            if (paragraph is null && isText)
            {
                paragraph = element.Owner!.CreateElement("p");
                element.AppendChild(paragraph);
            }

            (paragraph ?? element).AppendChild(node);
        }
    }

    private static bool IsBreak(INode node) => node is IElement { LocalName: "br" };

    private static bool IsSpace(INode node) => node is IText text && string.IsNullOrWhiteSpace(text.Data);

    private static bool IsBlock(INode node) => node is IElement element && (PageTags.IsBlock(element.LocalName) || PageTags.HasBlockInside(element));
}
