using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FeedService.Syndication.Html;

/// <summary>Text to DOM, the only way in: every parse is held to <see cref="HtmlLimits"/>.</summary>
internal static class HtmlDocuments
{
    /// <summary>Depth is looked up for one element in so many, because each look costs a walk to the root.</summary>
    private const int DepthCheckInterval = 32;

    /// <summary>Parses a whole page.</summary>
    internal static IHtmlDocument ParsePage(string html) => Parse(html);

    /// <summary>Parses what stands inside a body, in standards mode, and returns that body.</summary>
    internal static IElement ParseBody(string html) =>
        Parse("<!doctype html><body>" + html).Body ?? throw new HtmlException("The HTML has no body.");

    private static IHtmlDocument Parse(string html)
    {
        if (html.Length > HtmlLimits.Characters)
            throw new HtmlException($"The HTML is {html.Length} characters long; at most {HtmlLimits.Characters} are taken.");

        var guard = new Guard();
        var parser = new HtmlParser(
            new HtmlParserOptions
            {
                IsNotSupportingFrames = true,
                SkipComments = true,
                SkipProcessingInstructions = true,
                DisableElementPositionTracking = true,
                OnCreated = (element, _) => guard.Created(element),
                MaximumDepth = HtmlLimits.Depth * 2,
            },
            BrowsingContext.New());
        // No character, but in places the parser's sign for the end of the document.
        return parser.ParseDocument(html.Replace("\uffff", "", StringComparison.Ordinal));
    }

    private sealed class Guard
    {
        private int _count;
        private IElement? _previous;

        /// <summary>Called as an element is made, before it is inserted; the one made before it is in its place by now.</summary>
        internal void Created(IElement element)
        {
            if (++_count > HtmlLimits.Elements)
                throw new HtmlException($"The HTML has more than {HtmlLimits.Elements} elements.");
            if (_count % DepthCheckInterval == 0 && _previous is not null)
            {
                var depth = 0;
                for (INode? node = _previous; node is not null; node = node.Parent)
                    depth++;
                if (depth > HtmlLimits.Depth)
                    throw new HtmlException($"The HTML nests elements more than {HtmlLimits.Depth} deep.");
            }

            _previous = element;
        }
    }
}
