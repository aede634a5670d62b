using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Judges where a link stands on a page. Links share most of what is around them, so each element is looked at once.</summary>
internal sealed partial class ListingPlaces
{
    /// <summary>How far up a date still belongs to the link.</summary>
    private const int DateSteps = 5;

    /// <summary>An element with so many links shows more than one article.</summary>
    private const int SeveralLinks = 8;

    private readonly Dictionary<IElement, int> _links = [];
    private readonly Dictionary<IElement, double> _scores = [];
    private readonly Dictionary<IElement, bool> _dated = [];

    internal ListingPlaces(IEnumerable<IElement> links)
    {
        foreach (var link in links)
        {
            var steps = 0;
            for (var element = link.ParentElement; element is not null && steps < DateSteps; element = element.ParentElement, steps++)
                _links[element] = _links.GetValueOrDefault(element) + 1;
        }
    }

    internal double Score(IElement link)
    {
        var score = link.QuerySelector("h1, h2, h3, h4, h5") is null ? 0 : 2.0;
        var steps = 0;
        var hasDate = false;
        for (var element = link; element is not null && element.LocalName != "body"; element = element.ParentElement, steps++)
        {
            if (!_scores.TryGetValue(element, out var own))
                _scores[element] = own = Own(element);
            score += own;
            hasDate = hasDate || (steps < DateSteps && element.ParentElement is { } parent && IsDated(parent));
        }

        return score + (hasDate ? 1.5 : 0);
    }

    private static double Own(IElement element)
    {
        var score = 0.0;
        if (PageTags.IsHeading(element.LocalName))
            score += 2;
        if (element.LocalName == "article" || element.GetAttribute("itemtype") is { } type && (type.EndsWith("Article", StringComparison.Ordinal) || type.EndsWith("Posting", StringComparison.Ordinal)))
            score += 1.5;
        if (element.LocalName is "nav" or "footer" or "menu" or "form" || element.GetAttribute("role") is "navigation" or "menu" or "contentinfo")
            score -= 4;
        else if (element.LocalName is "aside")
            score -= 2;
        if (PageNames.Of(element) is { Length: > 0 } names && Elsewhere().IsMatch(names))
            score -= 3;
        return score;
    }

    private bool IsDated(IElement element)
    {
        if (!_dated.TryGetValue(element, out var isDated))
            _dated[element] = isDated = _links.GetValueOrDefault(element) < SeveralLinks && element.QuerySelector("time, [itemprop~=datePublished]") is not null;
        return isDated;
    }

    [GeneratedRegex(@"(?:^|[\s_-])(?:nav\w*|menu\w*|footer\w*|breadcrumbs?|pagination|pager|social\w*|share\w*|cookie\w*|tags?|tag-?cloud|widget\w*|sidebar\w*|related\w*|most-?(?:read|popular)|popular|trending|sponsor\w*|advert\w*|ads?|promo\w*|login|subscri\w*|newsletter\w*|comments?|skip-?links?)(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();
}
