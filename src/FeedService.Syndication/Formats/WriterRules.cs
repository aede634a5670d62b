using System.Text.RegularExpressions;

namespace FeedService.Syndication.Formats;

/// <summary>What the writers decide alike, so that the formats agree.</summary>
internal static partial class WriterRules
{
    public static DateTimeOffset? Published(Article article) => article.Published ?? article.Updated;

    public static DateTimeOffset? Updated(Article article) => article.Updated ?? article.Published;

    /// <summary>When the article changed, where that says more than its publication.</summary>
    public static DateTimeOffset? ChangedLater(Article article) => Updated(article) is { } updated && updated != Published(article) ? updated : null;

    /// <summary>The feed's date, else that of its newest article.</summary>
    public static DateTimeOffset? Updated(Feed feed)
    {
        if (feed.Updated is { } updated) return updated;
        DateTimeOffset? newest = null;
        for (var i = 0; i < feed.Articles.Count; i++)
        {
            var article = feed.Articles[i];
            if (Updated(article) is { } date && !(date <= newest)) newest = date;
        }
        return newest;
    }

    /// <summary>The article's authors, else those of the feed that it was republished from (RFC 4287, 4.2.1); empty where the feed's stand.</summary>
    public static IReadOnlyList<Person> OwnAuthors(Article article) =>
        NamesAnybody(article.Authors) ? article.Authors : article.Source is { } source && NamesAnybody(source.Authors) ? source.Authors : [];

    private static bool NamesAnybody(IReadOnlyList<Person> persons)
    {
        for (var i = 0; i < persons.Count; i++)
        {
            var person = persons[i];
            if (Name(person) is not null) return true;
        }
        return false;
    }

    /// <summary>What to call somebody; null where nothing is known.</summary>
    public static string? Name(Person person) => NotBlank(person.Name) ?? NotBlank(person.Email) ?? NotBlank(person.Url);

    public static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>The person's address where it is one that every format takes.</summary>
    public static string? Email(Person person) => person.Email is { } email && EmailPattern().IsMatch(email) ? email : null;

    /// <summary>The tag where it has the form of one (RFC 5646, 2.1); anything else would make the document invalid.</summary>
    public static string? Language(string? tag) => tag is not null && LanguagePattern().IsMatch(tag) ? tag : null;

    /// <summary>The article's language where it is not the feed's.</summary>
    public static string? OtherLanguage(Feed feed, Article article) =>
        Language(article.Language) is { } language && !language.Equals(feed.Language, StringComparison.OrdinalIgnoreCase) ? language : null;

    /// <summary>The media type, or the one that says nothing (RFC 2046, 4.5.1), because RSS and JSON Feed require one.</summary>
    public static string MediaType(Enclosure enclosure) => NotBlank(enclosure.Type) ?? "application/octet-stream";

    /// <summary>Whether a feed may carry the link: one that is complete has no other pages (RFC 5005, 2).</summary>
    public static bool Holds(Feed feed, Link link) =>
        !feed.IsComplete || link.Rel is not ("first" or "last" or "next" or "previous" or "prev-archive" or "next-archive" or "current");

    [GeneratedRegex(@"^[A-Za-z0-9_+.'-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9][A-Za-z0-9-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LanguagePattern();
}
