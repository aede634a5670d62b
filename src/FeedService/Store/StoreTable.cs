namespace FeedService.Store;

/// <summary>What a column holds; every engine knows its own type for each.</summary>
internal enum ColumnKind
{
    Text,
    Number,
    Flag,
    Bytes,
}

/// <summary>A table as rows are written to it: the statement for it is the same on every engine.</summary>
/// <param name="Name">Its name in the database.</param>
/// <param name="KeyLength">How many of the first columns are the primary key.</param>
/// <param name="Columns">All of its columns, in order.</param>
internal sealed record StoreTable(string Name, int KeyLength, IReadOnlyList<(string Name, ColumnKind Kind)> Columns)
{
    public static readonly StoreTable Feeds = new("feeds", 1,
        [("feed", ColumnKind.Text), ("version", ColumnKind.Number), ("visible", ColumnKind.Number), ("state", ColumnKind.Bytes)]);

    public static readonly StoreTable Articles = new("articles", 2,
    [
        ("feed", ColumnKind.Text), ("id", ColumnKind.Text), ("source", ColumnKind.Text), ("key", ColumnKind.Text), ("path", ColumnKind.Text),
        ("content_hash", ColumnKind.Text), ("seen_hash", ColumnKind.Text), ("published", ColumnKind.Number), ("updated", ColumnKind.Number),
        ("first_seen", ColumnKind.Number), ("sequence", ColumnKind.Number), ("exclusion", ColumnKind.Text), ("draft", ColumnKind.Flag),
        ("released", ColumnKind.Flag), ("shown", ColumnKind.Flag), ("removed", ColumnKind.Number), ("body", ColumnKind.Bytes),
    ]);

    public static readonly StoreTable DedupeKeys = new("dedupe_keys", 3,
        [("feed", ColumnKind.Text), ("key", ColumnKind.Text), ("id", ColumnKind.Text)]);

    public static readonly StoreTable Items = new("items", 3,
        [("feed", ColumnKind.Text), ("source", ColumnKind.Text), ("key", ColumnKind.Text), ("stamp", ColumnKind.Text), ("problem", ColumnKind.Text)]);

    public static readonly StoreTable Snapshots = new("snapshots", 2,
    [
        ("feed", ColumnKind.Text), ("name", ColumnKind.Text), ("media_type", ColumnKind.Text), ("tag", ColumnKind.Text),
        ("last_modified", ColumnKind.Number), ("length", ColumnKind.Number), ("gzip", ColumnKind.Bytes), ("brotli", ColumnKind.Bytes),
    ]);

    public static readonly StoreTable Outbox = new("outbox", 1,
    [
        ("id", ColumnKind.Number), ("feed", ColumnKind.Text), ("name", ColumnKind.Text), ("created", ColumnKind.Number), ("leased_until", ColumnKind.Number),
    ]);

    public static readonly StoreTable Records = new("records", 2,
    [
        ("kind", ColumnKind.Text), ("key", ColumnKind.Text), ("feed", ColumnKind.Text), ("value", ColumnKind.Text), ("due", ColumnKind.Number), ("expires", ColumnKind.Number),
    ]);

    public static readonly StoreTable Terms = new("terms", 2,
        [("feed", ColumnKind.Text), ("path", ColumnKind.Text), ("kind", ColumnKind.Text), ("name", ColumnKind.Text), ("articles", ColumnKind.Number)]);

    public static readonly StoreTable ArticleTerms = new("article_terms", 3,
        [("feed", ColumnKind.Text), ("path", ColumnKind.Text), ("id", ColumnKind.Text), ("published", ColumnKind.Number)]);

    /// <summary>Every table there is, those that others refer to first.</summary>
    public static readonly IReadOnlyList<StoreTable> All = [Feeds, Articles, DedupeKeys, Items, Snapshots, Outbox, Records, Terms, ArticleTerms];

    public string ColumnList { get; } = string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>What follows the rows of an insert: rows that are there already are replaced.</summary>
    public string OnConflict { get; } =
        $"on conflict ({string.Join(", ", Columns.Take(KeyLength).Select(column => column.Name))}) do "
        + (Columns.Count == KeyLength
            ? "nothing"
            : $"update set {string.Join(", ", Columns.Skip(KeyLength).Select(column => $"{column.Name} = excluded.{column.Name}"))}");
}
