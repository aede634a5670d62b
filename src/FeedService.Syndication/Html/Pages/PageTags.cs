using System.Collections.Frozen;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Kinds of elements, as the extractor sees them.</summary>
internal static class PageTags
{
    private static readonly FrozenSet<string> Inline = new[]
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
        "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var", "wbr",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Silent = new[]
    {
        "audio", "button", "canvas", "embed", "head", "iframe", "input", "link", "map", "math", "meta", "noscript", "object", "script",
        "select", "style", "svg", "template", "textarea", "title", "video",
    }.ToFrozenSet();

    internal static bool IsBlock(string tag) => !Inline.Contains(tag);

    /// <summary>Elements that hold no text of the article.</summary>
    internal static bool IsSilent(string tag) => Silent.Contains(tag);

    /// <summary>Elements that can be a part of a page, not a word or an image in its text.</summary>
    internal static bool IsPart(string tag) =>
        tag is not ("img" or "picture" or "source" or "figure" or "video" or "audio" or "iframe" or "figcaption" or "h1" or "a" or "em" or "strong" or "b" or "i" or "cite" or "q" or "abbr" or "mark" or "br");

    internal static bool IsHeading(string tag) => tag is ['h', >= '1' and <= '6'];

    /// <summary>Elements that mean nothing but that their content belongs together.</summary>
    internal static bool IsWrapper(string tag) =>
        tag is "div" or "section" or "article" or "main" or "header" or "footer" or "center" or "form" or "fieldset" or "body" or "hgroup" or "address" or "aside" || tag.Contains('-', StringComparison.Ordinal);

    internal static bool HasBlockInside(IElement element)
    {
        foreach (var child in element.Children)
        {
            if (!IsSilent(child.LocalName) && (IsBlock(child.LocalName) || HasBlockInside(child)))
                return true;
        }

        return false;
    }

    /// <summary>Parents of so many nodes are no article's: what costs a walk over the siblings of each child is left out there.</summary>
    internal static bool IsWide(INode? parent) => parent is { ChildNodes.Length: > 2_000 };

    /// <summary>The length of an element's text, counted no further than over <paramref name="limit"/>.</summary>
    internal static int Length(INode node, int limit)
    {
        var length = 0;
        foreach (var child in node.ChildNodes)
        {
            if (length > limit)
                break;
            length += child is IText text ? text.Data.Length : Length(child, limit - length);
        }

        return length;
    }

    /// <summary>An element's text without scripts, styles and the like.</summary>
    internal static string Spoken(IElement element)
    {
        var text = new System.Text.StringBuilder();
        AddSpoken(element, text);
        return text.ToString();
    }

    private static void AddSpoken(INode node, System.Text.StringBuilder text)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText words)
                text.Append(words.Data);
            else if (child is IElement element && !IsSilent(element.LocalName))
                AddSpoken(element, text);
        }
    }

    internal static string Text(INode node) => Collapse(node.TextContent);

    internal static string Collapse(string text)
    {
        var collapsed = new System.Text.StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                collapsed.Append(c);
            else if (collapsed.Length > 0 && collapsed[^1] != ' ')
                collapsed.Append(' ');
        }

        if (collapsed.Length > 0 && collapsed[^1] == ' ')
            collapsed.Length--;
        return collapsed.ToString();
    }
}
