using System.Data.Common;

namespace FeedService.Store;

/// <summary>An entry of the ledger as a row of <see cref="StoreTable.Articles"/>.</summary>
internal static class ArticleRow
{
    /// <summary>In, as far as filters, source and author go; the indexes are made with these very words.</summary>
    public const string Listed = "exclusion is null and removed is null and not draft";

    /// <summary>What readers may see once its date has come.</summary>
    public const string Visible = Listed + " and released";

    /// <summary>Its date has come; what readers had stays, whatever a clock that is wrong or was set says.</summary>
    public const string Due = "(published <= @now or shown)";

    /// <summary>What readers have seen and may no longer see.</summary>
    public const string Withdrawn = "shown and (exclusion is not null or removed is not null or draft or not released)";

    /// <summary>The columns of an <see cref="ArticleHead"/>.</summary>
    public const string Head = "id, key, sequence, seen_hash, published, updated, first_seen, shown, removed, case when " + Visible + " then 1 else 0 end";

    public static bool IsVisible(StoredArticle article) => article is { Excluded: null, Removed: null, Draft: false, Released: true };

    public static object?[] Write(string feed, StoredArticle article) =>
    [
        feed,
        Columns.Text(article.Id),
        Columns.Text(article.Source),
        Columns.Text(article.Key),
        Columns.Text(article.Path),
        article.ContentHash,
        article.SeenHash,
        Columns.Instant(article.Published),
        Columns.Instant(article.Updated),
        Columns.Instant(article.FirstSeen),
        article.Sequence,
        article.Excluded is null ? null : Columns.Text(article.Excluded),
        article.Draft,
        article.Released,
        article.Shown,
        Columns.Instant(article.Removed),
        StoreJson.Write(article),
    ];

    /// <summary>Reads a row of all columns, in their order.</summary>
    public static StoredArticle Read(DbDataReader row)
    {
        var body = StoreJson.ReadBody(row.Bytes(16));
        return new StoredArticle
        {
            Id = row.GetString(1),
            Source = row.GetString(2),
            Key = row.GetString(3),
            Path = row.GetString(4),
            ContentHash = row.GetString(5),
            SeenHash = row.GetString(6),
            Published = InOffsetOf(body.Article.Published, row.GetInt64(7)),
            Updated = InOffsetOf(body.Article.Updated, row.GetInt64(8)),
            FirstSeen = Columns.Instant(row.GetInt64(9)),
            Sequence = row.GetInt64(10),
            Excluded = row.TextOrNull(11),
            Draft = row.GetBoolean(12),
            Released = row.GetBoolean(13),
            Shown = row.GetBoolean(14),
            Removed = row.IsDBNull(15) ? null : Columns.Instant(row.GetInt64(15)),
            Article = body.Article,
            Raw = body.Raw,
            Origins = body.Origins ?? new Dictionary<string, string>(),
            DedupeKeys = body.DedupeKeys ?? [],
        };
    }

    public static ArticleHead ReadHead(DbDataReader row) => new(row.GetString(0), row.GetString(1))
    {
        Sequence = row.GetInt64(2),
        SeenHash = row.GetString(3),
        Published = Columns.Instant(row.GetInt64(4)),
        Updated = Columns.Instant(row.GetInt64(5)),
        FirstSeen = Columns.Instant(row.GetInt64(6)),
        Shown = row.GetBoolean(7),
        Removed = row.IsDBNull(8) ? null : Columns.Instant(row.GetInt64(8)),
        Visible = row.GetInt32(9) == 1,
    };

    // Columns hold instants; the offset that the author wrote stands in the article.
    private static DateTimeOffset InOffsetOf(DateTimeOffset? written, long microseconds) =>
        written is { } same && Columns.Instant(same) == microseconds ? same : Columns.Instant(microseconds);
}
