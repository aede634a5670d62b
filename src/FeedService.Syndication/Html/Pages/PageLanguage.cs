namespace FeedService.Syndication.Html.Pages;

/// <summary>The language that the page declares.</summary>
internal static class PageLanguage
{
    internal static Found<string>? Find(PageMetadata page)
    {
        foreach (var (origin, value) in new[]
        {
            ("html lang", page.Document.DocumentElement.GetAttribute("lang") ?? page.Document.DocumentElement.GetAttribute("xml:lang")),
            ("JSON-LD inLanguage", page.Ld.Language),
            ("og:locale", page.Meta("og:locale")),
            ("content-language", page.Meta("content-language", "language", "dc.language", "dcterms.language")),
        })
        {
            if (value is not null && AttributeValues.Language(value.Replace('_', '-')) is { } tag)
                return new Found<string>(tag, origin);
        }

        return null;
    }
}
