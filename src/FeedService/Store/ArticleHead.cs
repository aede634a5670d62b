namespace FeedService.Store;

/// <summary>An entry of the ledger without its article: enough to put it into its place, and to see whether it has changed.</summary>
public sealed record ArticleHead(string Id, string Key)
{
    public required long Sequence { get; init; }

    public required string SeenHash { get; init; }

    public required DateTimeOffset Published { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public DateTimeOffset? Removed { get; init; }

    /// <summary>Not excluded, not removed, no draft, released: what readers may see once its date has come.</summary>
    public required bool Visible { get; init; }

    /// <summary>Readers have had it in a snapshot.</summary>
    public required bool Shown { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>From when on readers may no longer have it; it says nothing of one that is visible.</summary>
    public DateTimeOffset Withdrawn => Removed ?? Updated;

    public static ArticleHead Of(StoredArticle article) => new(article.Id, article.Key)
    {
        Sequence = article.Sequence,
        SeenHash = article.SeenHash,
        Published = Kept(article.Published),
        Updated = Kept(article.Updated),
        Removed = article.Removed is { } removed ? Kept(removed) : null,
        Visible = ArticleRow.IsVisible(article),
        Shown = article.Shown,
        FirstSeen = Kept(article.FirstSeen),
    };

    // As it comes back from the store, so that it is the same before and after.
    private static DateTimeOffset Kept(DateTimeOffset instant) => Columns.Instant(Columns.Instant(instant));
}
