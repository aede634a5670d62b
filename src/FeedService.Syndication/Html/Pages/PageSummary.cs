namespace FeedService.Syndication.Html.Pages;

/// <summary>The standfirst, as the page gives it to others.</summary>
internal static class PageSummary
{
    private const int MaxLength = 1_000;

    internal static Found<string>? Find(PageMetadata page)
    {
        foreach (var (origin, value) in new[]
        {
            ("meta description", page.Meta("description")),
            ("og:description", page.Meta("og:description")),
            ("JSON-LD description", page.Ld.Description),
            ("twitter:description", page.Meta("twitter:description", "dc.description", "dcterms.abstract")),
        })
        {
            if (value is null)
                continue;
            var text = PageTags.Collapse(HtmlText.ToPlainText(value));
            if (text.Length is > 0 and <= MaxLength)
                return new Found<string>(text, origin);
        }

        return null;
    }
}
