namespace FeedService.Syndication.Formats;

/// <summary>A value that several elements can give: the one that means it most counts, and among equals the first.</summary>
internal struct Ranked<T> where T : class
{
    private int _rank;

    public T? Value { get; private set; }

    /// <summary>Takes the value unless one of the same or a higher rank is there.</summary>
    public void Offer(T? value, int rank)
    {
        if (value is null or "" || Value is not null && rank <= _rank)
            return;
        Value = value;
        _rank = rank;
    }
}

internal static class DraftLists
{
    /// <summary>How many links, categories, people or files an item or a feed may have; more are left out. Each is compared with those before it.</summary>
    public const int Limit = 500;

    public static void AddWithinLimit<T>(this List<T> list, T value)
    {
        if (list.Count < Limit)
            list.Add(value);
    }
}

/// <summary>An item while its elements come in, in any order and from any vocabulary.</summary>
internal sealed class ArticleDraft
{
    public Ranked<string> Id;
    public Ranked<string> Url;
    public Ranked<string> Title;
    public Ranked<string> Summary;
    public Ranked<string> Language;
    public Ranked<string> Rights;
    public Ranked<Image> Image;
    public string? Description;
    public bool DescriptionIsMarkup;
    public Ranked<string> Content;
    public DateTimeOffset? Published;
    public DateTimeOffset? Issued;
    public DateTimeOffset? Created;
    public DateTimeOffset? Updated;
    public DateTimeOffset? Date;
    public bool HasNoLanguage;
    public readonly List<Person> Authors = [];
    public readonly List<Person> Creators = [];
    public readonly List<Category> Categories = [];
    public readonly List<Enclosure> Enclosures = [];
    public readonly List<Link> Links = [];
    public readonly List<string> Related = [];
    public string? Comments;
    public string? CommentFeed;
    public int? CommentCount;
    public TimeSpan? Duration;
    public ArticleSource? Source;
    public InReplyTo? InReplyTo;

    public Article ToArticle()
    {
        Published ??= Issued ?? Created;
        SettleDescription();
        SettleLinks();
        if (Enclosures.Count > 0 && Duration is not null && Enclosures[0].Duration is null)
            Enclosures[0] = Enclosures[0] with { Duration = Duration };
        if (Image.Value is null && Enclosures.Find(e => e.Type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)) is { } picture)
            Image.Offer(new Image(picture.Url) { Type = picture.Type }, 0);
        return new Article
        {
            Id = Id.Value ?? "",
            Url = Url.Value,
            ExternalUrl = Related.Find(url => url != InReplyTo?.Href),
            Title = Title.Value ?? "",
            Summary = Summary.Value,
            Content = Content.Value,
            Published = Published ?? Date,
            Updated = Updated ?? (Published is null ? Date : null),
            Authors = Persons.Merge(Authors, Creators),
            Categories = Categories,
            Enclosures = Enclosures,
            Links = Links,
            Image = Image.Value,
            Language = HasNoLanguage ? null : Language.Value,
            Rights = Rights.Value,
            Source = Source,
            InReplyTo = InReplyTo,
        };
    }

    /// <summary>
    /// RSS has one element for summaries and whole articles. Beside another content it is the summary; alone it is the article where it has
    /// markup or is long, and a summary where it is a few plain words.
    /// </summary>
    private void SettleDescription()
    {
        if (string.IsNullOrWhiteSpace(Description))
            return;
        var isHtml = DescriptionIsMarkup || FeedText.HasMarkup(Description);
        if (Content.Value is not null && Content.Value != Description)
            Summary.Offer(FeedText.Line(Description), 1);
        else if (isHtml)
            Content.Offer(Description, 0);
        else if (Description.Length > FeedText.LongestSummary)
            Content.Offer(FeedText.ToHtml(CharacterReferences.Decode(Description)), 0);
        else
            Summary.Offer(FeedText.Line(Description), 1);
    }

    private void SettleLinks()
    {
        if (Comments is not null && !Links.Exists(l => l.Rel == "replies" && l.Href == Comments))
            Links.Add(new Link("replies", Comments) { Type = "text/html", Count = CommentCount });
        if (CommentFeed is not null && !Links.Exists(l => l.Rel == "replies" && l.Href == CommentFeed))
            Links.Add(new Link("replies", CommentFeed) { Type = "application/rss+xml" });
        // The first related page is what the article is about; further ones are just links.
        foreach (var url in Related.Where(url => url != InReplyTo?.Href).Skip(1))
            Links.Add(new Link("related", url));
    }
}

/// <summary>People whom several elements name.</summary>
internal static class Persons
{
    /// <summary>Each once. A creator's name completes an author who is only an address.</summary>
    public static IReadOnlyList<Person> Merge(List<Person> authors, List<Person> creators)
    {
        if (authors.Count == 0 && creators.Count <= 1)
            return creators;
        if (authors is [{ Name: "" } address] && creators is [{ Name: not "" } named] && named.Email is null)
            return [named with { Email = address.Email, Url = named.Url ?? address.Url }];
        var merged = new List<Person>();
        // Where RSS names writers twice, the creators are the names and the author the address of the desk.
        foreach (var person in authors.Count > 0 && authors.Exists(a => a.Name.Length > 0) || creators.Count == 0 ? authors : creators)
        {
            if (!merged.Exists(m => m.Name == person.Name && m.Email == person.Email && m.Url == person.Url))
                merged.Add(person);
        }
        return merged;
    }
}
