namespace FeedService.Syndication.Formats;

/// <summary>A feed while its elements come in.</summary>
internal sealed class FeedDraft
{
    public Ranked<string> Id;
    public Ranked<string> Title;
    public Ranked<string> Description;
    public Ranked<string> SiteUrl;
    public Ranked<string> SelfUrl;
    public Ranked<string> Language;
    public Ranked<string> Rights;
    public Ranked<string> Generator;
    public Ranked<string> Icon;
    public Ranked<Image> Logo;
    public DateTimeOffset? Updated;
    public DateTimeOffset? Published;
    public readonly List<Person> Authors = [];
    public readonly List<Person> Creators = [];

    /// <summary>Those who run the feed, who stand in where nobody wrote it.</summary>
    public readonly List<Person> WebMasters = [];

    public readonly List<Category> Categories = [];
    public readonly List<string> Hubs = [];
    public readonly List<Link> Links = [];
    public readonly List<Tombstone> Tombstones = [];
    public TimeSpan? Interval;
    public string? Period;
    public int? Frequency;
    public bool IsArchive;
    public bool IsComplete;

    public Feed ToFeed(IReadOnlyList<Article> articles) => new()
    {
        Id = Id.Value ?? "",
        Title = Title.Value ?? "",
        Description = Description.Value,
        SiteUrl = SiteUrl.Value,
        SelfUrl = SelfUrl.Value,
        Hubs = Hubs,
        Links = Links,
        IsArchive = IsArchive,
        IsComplete = IsComplete,
        Language = Language.Value,
        Authors = Persons.Merge(Authors, Creators) is { Count: > 0 } writers ? writers : WebMasters,
        Categories = Categories,
        Icon = Icon.Value,
        Logo = Logo.Value,
        Rights = Rights.Value,
        Generator = Generator.Value,
        Updated = Updated ?? Published,
        Interval = Interval ?? SyndicationInterval(),
        Articles = articles,
        Tombstones = Tombstones,
    };

    /// <summary>RSS 1.0's syndication module: so many times a period.</summary>
    private TimeSpan? SyndicationInterval()
    {
        TimeSpan? period = Period switch
        {
            "hourly" => TimeSpan.FromHours(1),
            "daily" => TimeSpan.FromDays(1),
            "weekly" => TimeSpan.FromDays(7),
            "monthly" => TimeSpan.FromDays(30),
            "yearly" => TimeSpan.FromDays(365),
            _ => null,
        };
        return period / Math.Max(1, Frequency ?? 1);
    }
}
