using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Finds the element that holds the article: the one with most prose and least of anything else.</summary>
internal static class BodyFinder
{
    /// <summary>A part with this share of the prose is no accessory, whatever it is called.</summary>
    private const double MainShare = 0.3;

    private const double NearlyAll = 0.85;

    /// <summary>What an element gains at most by standing near the headline.</summary>
    private const double HeadlineWeight = 0.4;

    /// <summary>An article among others has at least so much prose.</summary>
    private const int LeastProse = 150;

    /// <summary>How much a character of links and scraps counts against one of prose.</summary>
    private const double BadWeight = 1;

    /// <summary>The share of a page's prose that its own data must give before the rest counts as something else.</summary>
    private const double KnownShare = 0.4;

    /// <summary>Finds the element; everything on the page that is certainly not the article is taken out of the document.</summary>
    internal static IElement Find(IElement body, JsonLd ld, IElement? headline, out TextMeter meter)
    {
        var known = KnownText(ld.Body);
        var rough = new TextMeter(null);
        var all = rough.Measure(body);
        if (known is not null)
        {
            var informed = new TextMeter(known);
            if (informed.Measure(body).Good >= KnownShare * all.Good)
                rough = informed;
            else
                known = null;
        }

        var ranked = new TextMeter(known, byName: true);
        ranked.Measure(body);
        var first = Best(body, ranked, headline);
        var kept = new HashSet<IElement>();
        for (var element = first; element is not null; element = element.ParentElement)
            kept.Add(element);
        Prune(body, rough, first, kept);
        meter = new TextMeter(known, byName: true);
        meter.Measure(body);
        return OfHeadline(Innermost(Best(body, meter, headline), meter), headline, meter);
    }

    /// <summary>Where the element holds several articles, the one under the page's headline is meant.</summary>
    private static IElement OfHeadline(IElement element, IElement? headline, TextMeter meter)
    {
        for (var part = headline; part is not null && part != element; part = part.ParentElement)
        {
            if (part.LocalName == "article" && meter[part].Good >= LeastProse && element.Contains(part)
                && element.QuerySelectorAll("article").Any(other => !other.Contains(part) && !part.Contains(other) && meter[other].Good >= LeastProse))
                return part;
        }

        return element;
    }

    /// <summary>Goes down as long as one child holds nearly all the prose: what lies beside it is legal notices, teasers, boxes.</summary>
    private static IElement Innermost(IElement element, TextMeter meter)
    {
        while (Mark(element).Bonus <= 1)
        {
            var good = meter[element].Good;
            var inner = element.Children.FirstOrDefault(child => PageTags.IsWrapper(child.LocalName) && meter[child].Good >= NearlyAll * good);
            if (inner is null)
                break;
            element = inner;
        }

        return element;
    }

    private static IElement Best(IElement body, TextMeter meter, IElement? headline)
    {
        // What stands under the headline is nearer to it than what shares only the page with it.
        var nearness = new Dictionary<IElement, double>();
        for (var element = headline; element is not null; element = element.ParentElement)
            nearness[element] = 1 + (HeadlineWeight * (1 - ((double)meter[element].Text / Math.Max(1, meter[body].Text))));

        var best = body;
        var bestScore = 0.0;
        foreach (var (element, stats) in meter.All)
        {
            if (stats.Good == 0 || (element.LocalName is "p" or "li" or "td" or "tr" or "tbody" or "ul" or "ol" or "blockquote" && stats.Good < 1_000))
                continue;
            var (bonus, forgiven) = Mark(element);
            var score = (stats.Good - (BadWeight * forgiven * stats.Bad)) * bonus * Nearness(element);
            // Elements come children first: of equals the inner one wins.
            if (score > bestScore)
            {
                best = element;
                bestScore = score;
            }
        }

        return best;

        double Nearness(IElement? element)
        {
            for (; element is not null; element = element.ParentElement)
            {
                if (nearness.TryGetValue(element, out var near))
                    return near;
            }

            return 1;
        }
    }

    /// <summary>Whether the page itself says that an element holds the article's text.</summary>
    internal static bool IsMarked(IElement element) =>
        element.GetAttribute("itemprop")?.Contains("articleBody", StringComparison.OrdinalIgnoreCase) == true || PageNames.IsBody(PageNames.Of(element));

    /// <summary>What an element gains by being marked as the article's text, and how much its scraps count then.</summary>
    private static (double Bonus, double Forgiven) Mark(IElement element)
    {
        if (element.GetAttribute("itemprop")?.Contains("articleBody", StringComparison.OrdinalIgnoreCase) == true)
            return (1.25, 0.25);
        if (PageNames.IsBody(PageNames.Of(element)))
            return (1.15, 0.6);
        return (element.LocalName is "article" ? 1.05 : 1, 1);
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

    private static void Prune(IElement body, TextMeter meter, IElement main, HashSet<IElement> kept)
    {
        var named = new List<IElement>();
        Prune(body, meter, meter[main], kept, named);

        // Where a name fits much of the text it means something else on this page; what is no prose goes all the same.
        var isTrusted = named.Where(main.Contains).Sum(part => meter[part].Good) < MainShare * meter[main].Good;
        foreach (var part in named)
        {
            if (isTrusted || !main.Contains(part) || meter[part] is { Good: 0 } or { LinkDensity: > 0.3 })
                part.Remove();
        }
    }

    private static void Prune(IElement element, TextMeter meter, TextStats main, HashSet<IElement> kept, List<IElement> named)
    {
        foreach (var child in element.Children.ToArray())
        {
            var tag = child.LocalName;
            if (tag is "script" or "style" or "template" or "svg" or "button" or "input" or "select" or "textarea" or "object" or "embed" or "canvas" or "link" or "meta" or "map")
            {
                child.Remove();
                continue;
            }

            var isSmall = meter[child].Good < MainShare * main.Good;
            if (!kept.Contains(child) && PageTags.IsPart(tag))
            {
                if ((isSmall && IsAside(child, tag)) || (tag != "p" && PageNames.Of(child) is var names && PageNames.IsComments(names) && !PageNames.IsBody(names)))
                {
                    child.Remove();
                    continue;
                }

                if (isSmall && IsNamedAccessory(child, tag, meter[child]))
                {
                    named.Add(child);
                    continue;
                }
            }

            Prune(child, meter, main, kept, named);
        }
    }

    private static bool IsNamedAccessory(IElement element, string tag, TextStats stats)
    {
        if (tag is "p" or "blockquote" && stats is { Good: > 0, LinkDensity: < 0.3 })
            return false;
        var names = PageNames.Of(element);
        return names.Length > 0 && !PageNames.IsBody(names) && PageNames.IsNoise(names);
    }

    /// <summary>Whether the markup itself says that an element stands beside the article, or is not shown.</summary>
    internal static bool IsAside(IElement element, string tag) =>
        tag is "nav" or "footer" or "aside" or "dialog" or "menu" or "form"
        || element.HasAttribute("hidden")
        || element.GetAttribute("aria-hidden") is "true"
        || element.GetAttribute("role") is "navigation" or "complementary" or "banner" or "contentinfo" or "search" or "dialog" or "menu" or "menubar" or "alert" or "button" or "toolbar" or "tooltip"
        || (element.GetAttribute("style") is { } style && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase));
}
