using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>Takes out of the article's element what is not article, and gives the rest a plain structure.</summary>
internal static class BodyCleaner
{
    private const int Scrap = 100;
    private const int Repeated = 40;
    private const int MaxTeaser = 700;
    private const int SeveralTeasers = 2;
    private const int MaxNotice = 900;

    internal static void Clean(IElement body, TextMeter meter, string title)
    {
        foreach (var heading in body.QuerySelectorAll("h1").ToArray())
            heading.Remove();
        BodyFigures.Gather(body);
        meter.Measure(body);
        Drop(body, meter);
        BodyStructure.Flatten(body);
        meter.Measure(body);
        TrimEnds(body, meter, title);
        DropEmpty(body);
    }

    /// <summary>Puts the standfirst before the text, unless the text has it.</summary>
    internal static void Lead(IElement body, string standfirst)
    {
        if (PageTitle.Key(body.TextContent).Contains(PageTitle.Key(standfirst), StringComparison.Ordinal))
            return;
        var paragraph = body.Owner!.CreateElement("p");
        paragraph.TextContent = standfirst;
        body.InsertBefore(paragraph, body.FirstChild);
    }

    private static void Drop(IElement element, TextMeter meter)
    {
        var children = element.Children.ToArray();
        var teasers = new Lazy<Dictionary<string, int>>(() => children.Where(child => IsTeaser(child, meter)).CountBy(child => child.LocalName).ToDictionary());
        foreach (var child in children)
        {
            var tag = child.LocalName;
            if (!PageTags.IsBlock(tag) || tag is "figure" or "pre" or "img")
                continue;
            var stats = meter[child];
            var isTeaser = IsTeaser(child, meter);
            if (IsLinks(tag, stats) || IsBoilerplate(child, tag, stats) || (isTeaser && teasers.Value[tag] >= SeveralTeasers))
            {
                if (isTeaser)
                    teasers.Value[tag]--;
                child.Remove();
            }
            else
            {
                Drop(child, meter);
            }
        }
    }

    private static bool IsLinks(string tag, TextStats stats)
    {
        if (stats.Text == 0 || tag is "blockquote" or "tr" or "td" or "tbody" or "li" or "dd" or "dt")
            return false;
        if (tag == "p")
            return stats.LinkDensity > 0.9 && stats.Text < 200;
        return stats.LinkDensity > 0.6 || (stats.Good == 0 && stats.LinkDensity > 0.5);
    }

    /// <summary>A short text under a headline that leads elsewhere; it goes where several stand side by side.</summary>
    private static bool IsTeaser(IElement element, TextMeter meter) => meter[element].Good < MaxTeaser && HasLinkedHeading(element);

    private static bool HasLinkedHeading(IElement element) =>
        (PageTags.IsWrapper(element.LocalName) || element.LocalName == "li")
        && element.QuerySelector("h2, h3, h4, h5") is { } heading
        && (heading.Closest("a") is not null || (heading.QuerySelector("a[href]") is { } link && link.TextContent.Trim().Length >= 0.8 * heading.TextContent.Trim().Length))
        && heading.TextContent.Trim().Length > 15;

    private static bool IsBoilerplate(IElement element, string tag, TextStats stats) =>
        stats.Text is > 0 and < MaxNotice && PageTags.Text(element) is var text
        && ((stats.Text < 250 && PagePhrases.IsBoilerplate(text, PageTags.IsHeading(tag), stats.LinkDensity)) || PagePhrases.IsRights(text));

    /// <summary>Before the first paragraph stand dates, names and labels, after the last one signatures and labels.</summary>
    private static void TrimEnds(IElement body, TextMeter meter, string title)
    {
        var blocks = body.Children.Where(child => PageTags.IsBlock(child.LocalName)).ToList();
        var first = blocks.FindIndex(block => meter[block].Good > 0);
        var last = blocks.FindLastIndex(block => meter[block].Good > 0);
        if (first < 0)
            return;
        var seen = new HashSet<string> { title };
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            var tag = block.LocalName;
            if (tag is "figure" or "pre" or "table" or "hr" or "img" or "video" or "audio" or "iframe")
                continue;
            var text = PageTags.Text(block);
            if (text.Length == 0)
                continue;
            var isScrap = meter[block].Good == 0 && text.Length < Scrap && tag is "p" or "div" or "ul" or "ol";
            if ((i < first && isScrap) || (i > last && isScrap && !text.EndsWith('.')) || (text.Length >= Repeated && !seen.Add(text)) || text == title)
                block.Remove();
        }
    }

    private static void DropEmpty(IElement body)
    {
        foreach (var element in body.QuerySelectorAll("p, li, ul, ol, h2, h3, h4, h5, h6, blockquote, dl, span, em, strong").ToArray())
        {
            if (string.IsNullOrWhiteSpace(element.TextContent) && element.QuerySelector("img, video, audio, iframe, picture, br") is null)
            {
                if (element.TextContent.Length > 0 && !PageTags.IsBlock(element.LocalName))
                    element.Replace(element.Owner!.CreateTextNode(" "));
                else
                    element.Remove();
            }
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
