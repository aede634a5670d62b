using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Finds the element that holds the article: the one with most prose and least of anything else.</summary>
internal static class BodyFinder
{
    /// <summary>A part with this share of all the page's text is no accessory, whatever it is called.</summary>
    private const double MainShare = 0.4;

    /// <summary>How much a character of links and scraps counts against one of prose.</summary>
    private const double BadWeight = 1;

    /// <summary>Takes out what is certainly not the article. To be called once, on the whole body.</summary>
    internal static void Prune(IElement body)
    {
        var meter = new TextMeter(null);
        var all = meter.Measure(body);
        Prune(body, meter, all);
    }

    internal static IElement Find(IElement body, JsonLd ld, out TextMeter meter)
    {
        meter = new TextMeter(KnownText(ld.Body));
        meter.Measure(body);
        var best = body;
        var bestScore = double.MinValue;
        foreach (var (element, stats) in meter.All)
        {
            if (element.LocalName is "p" or "li" or "td" or "tr" or "tbody" or "ul" or "ol" or "blockquote" && stats.Good < 1_000)
                continue;
            var score = (stats.Good - (BadWeight * stats.Bad)) * Bonus(element);
            // Elements come children first: of equals the inner one wins.
            if (score > bestScore)
            {
                best = element;
                bestScore = score;
            }
        }

        return best;
    }

    private static double Bonus(IElement element)
    {
        if (element.GetAttribute("itemprop")?.Contains("articleBody", StringComparison.OrdinalIgnoreCase) == true)
            return 1.25;
        if (PageNames.IsBody(PageNames.Of(element)))
            return 1.15;
        return element.LocalName is "article" ? 1.05 : 1;
    }

    /// <summary>Whether a paragraph, given by its first letters, stands in the text that the page's own data gives; null where it gives none.</summary>
    private static Func<string, bool?>? KnownText(string? body)
    {
        if (body is not { Length: >= 400 })
            return null;
        var text = string.Create(body.Length, body, static (span, source) =>
        {
            var length = 0;
            foreach (var c in source)
            {
                if (char.IsLetterOrDigit(c))
                    span[length++] = char.ToLowerInvariant(c);
            }

            span[length..].Fill(' ');
        });
        return start => text.Contains(start.Length > 40 ? start[..40] : start, StringComparison.Ordinal);
    }

    private static void Prune(IElement element, TextMeter meter, TextStats all)
    {
        foreach (var child in element.Children.ToArray())
        {
            var tag = child.LocalName;
            if (tag is "script" or "style" or "template" or "svg" or "button" or "input" or "select" or "textarea" or "object" or "embed" or "canvas" or "link" or "meta" or "map")
            {
                child.Remove();
                continue;
            }

            if (IsAccessory(child, tag) && meter[child].Text < MainShare * all.Text)
            {
                child.Remove();
                continue;
            }

            Prune(child, meter, all);
        }
    }

    private static bool IsAccessory(IElement element, string tag)
    {
        if (tag is "nav" or "footer" or "aside" or "dialog" or "menu" or "form")
            return true;
        if (element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") is "true" && tag is not ("img" or "picture" or "figure"))
            return true;
        if (element.GetAttribute("role") is "navigation" or "complementary" or "banner" or "contentinfo" or "search" or "dialog" or "menu" or "menubar" or "alert" or "button" or "toolbar" or "tooltip")
            return true;
        if (element.GetAttribute("style") is { } style && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase))
            return true;
        if (tag is "img" or "picture" or "source" or "figure" or "video" or "audio" or "iframe" or "figcaption" or "body" or "h1" or "main" or "article")
            return false;
        var names = PageNames.Of(element);
        return names.Length > 0 && (PageNames.IsNoise(names) || PageNames.IsComments(names)) && !PageNames.IsBody(names);
    }
}
