namespace FeedService.Store;

/// <summary>
/// Articles, the ledger of their identity, sources' state and finished snapshots. Everything that a publication changes is written by one
/// <see cref="CommitAsync"/>, in one transaction: whoever looks sees all of it or nothing.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="StoreException"/>: the store cannot be used for now, for the reason that the message gives; a later call
/// finds out by itself that the cause has gone. Instants are kept to the microsecond. Texts are kept as well-formed Unicode without NUL:
/// U+FFFD stands for what isn't, in lookups too, so that they find it.
/// </remarks>
public interface IArticleStore : IAsyncDisposable
{
    /// <summary>Opens the database, brings it to this version's schema, and checks it.</summary>
    /// <exception cref="StoreException">It cannot be used: locked, damaged, read-only, from a newer version. The message says what to do.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>What is kept of a feed; null where it has never run.</summary>
    Task<FeedState?> FindFeedAsync(string feed, CancellationToken cancellationToken);

    Task<IReadOnlyList<FeedState>> ListFeedsAsync(CancellationToken cancellationToken);

    /// <summary>What is kept of a source's items.</summary>
    Task<IReadOnlyList<StoredItem>> ItemsAsync(string feed, string source, CancellationToken cancellationToken);

    /// <summary>The ledger's entries that match any of the lookup's keys, ids, paths or content hashes; removed ones too.</summary>
    Task<IReadOnlyList<StoredArticle>> FindAsync(string feed, ArticleLookup lookup, CancellationToken cancellationToken);

    /// <summary>The newest articles that readers may see at <paramref name="now"/>: not excluded, not removed, no draft, released, due or shown before. By published (newest first), then id.</summary>
    Task<IReadOnlyList<StoredArticle>> NewestAsync(string feed, DateTimeOffset now, int count, CancellationToken cancellationToken);

    /// <summary>The same articles as <see cref="NewestAsync"/>, without what makes them large.</summary>
    Task<IReadOnlyList<ArticleHead>> NewestHeadsAsync(string feed, DateTimeOffset now, int count, CancellationToken cancellationToken);

    /// <summary>
    /// By the sequence in which they last changed, after <paramref name="after"/>, oldest first: the articles that readers may see at
    /// <paramref name="now"/>, and those that they have seen, may no longer see, and that were there at <paramref name="archived"/>.
    /// </summary>
    Task<IReadOnlyList<ArticleHead>> HistoryAsync(string feed, long after, DateTimeOffset now, DateTimeOffset? archived, int count, CancellationToken cancellationToken);

    /// <summary>Articles that readers may see at <paramref name="now"/> and have not seen, although their sequence is at most <paramref name="until"/>.</summary>
    Task<IReadOnlyList<StoredArticle>> UnseenAsync(string feed, long until, DateTimeOffset now, int count, CancellationToken cancellationToken);

    /// <summary>Articles by the sequence in which they last changed, after <paramref name="after"/>, oldest first; hidden ones too. For going through all of a feed in batches.</summary>
    Task<IReadOnlyList<StoredArticle>> BySequenceAsync(string feed, long after, int count, CancellationToken cancellationToken);

    /// <summary>The oldest articles that wait for their release and have no date in the future, by published, then id.</summary>
    Task<IReadOnlyList<StoredArticle>> BacklogAsync(string feed, DateTimeOffset now, int count, CancellationToken cancellationToken);

    /// <summary>When the next article with a date in the future is due; null where none waits.</summary>
    Task<DateTimeOffset?> NextDueAsync(string feed, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Articles that readers had seen and that were removed since then, newest first.</summary>
    Task<IReadOnlyList<Syndication.Tombstone>> TombstonesAsync(string feed, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Who holds these dedupe keys: for each, the first seen of the articles that are in (not excluded, not removed, no draft), by id.</summary>
    Task<IReadOnlyDictionary<string, string>> DedupeHoldersAsync(string feed, IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>The most used terms of each kind, at most <paramref name="count"/> of each, by use, then path.</summary>
    Task<IReadOnlyList<StoredTerm>> TermsAsync(string feed, int count, CancellationToken cancellationToken);

    /// <summary>Those of the terms with these paths that are in use.</summary>
    Task<IReadOnlyList<StoredTerm>> FindTermsAsync(string feed, IReadOnlyCollection<string> paths, CancellationToken cancellationToken);

    /// <summary>The terms that these articles have; those that readers may not see have none.</summary>
    Task<IReadOnlyList<ArticleTerm>> TermsOfAsync(string feed, IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>The newest articles with a term that readers may see at <paramref name="now"/>, by published (newest first), then id.</summary>
    Task<IReadOnlyList<ArticleHead>> NewestOfTermAsync(string feed, string path, DateTimeOffset now, int count, CancellationToken cancellationToken);

    /// <summary>How many articles of the feed readers may see.</summary>
    Task<long> CountAsync(string feed, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes all that one run changed, or nothing.</summary>
    /// <exception cref="StoreConflictException">Another run has committed since <see cref="Publication.ExpectedVersion"/> was read.</exception>
    Task CommitAsync(Publication publication, CancellationToken cancellationToken);

    /// <summary>All feeds' own snapshots without their bytes, for the start. Those with a slash in their names, of which a feed may have any number, are asked for by name.</summary>
    Task<IReadOnlyList<StoredSnapshot>> ListSnapshotsAsync(CancellationToken cancellationToken);

    /// <summary>One feed's own snapshots without their bytes; none with a slash in its name.</summary>
    Task<IReadOnlyList<StoredSnapshot>> ListSnapshotsAsync(string feed, CancellationToken cancellationToken);

    /// <summary>Those of a feed's snapshots that have these names, without their bytes.</summary>
    Task<IReadOnlyList<StoredSnapshot>> ListSnapshotsAsync(string feed, IReadOnlyCollection<string> names, CancellationToken cancellationToken);

    /// <summary>Says when other processes have changed snapshots, until it is cancelled: one of the first things that it says is to compare all.</summary>
    IAsyncEnumerable<SnapshotChange> WatchAsync(CancellationToken cancellationToken);

    /// <summary>One snapshot with its bytes; null where there is none.</summary>
    Task<StoredSnapshot?> FindSnapshotAsync(string feed, string name, CancellationToken cancellationToken);

    /// <summary>The oldest announcements that nobody works at, lent until <paramref name="now"/> plus <paramref name="lease"/>: whoever dies meanwhile leaves them to others.</summary>
    Task<IReadOnlyList<Announcement>> LeaseAnnouncementsAsync(DateTimeOffset now, TimeSpan lease, int count, CancellationToken cancellationToken);

    /// <summary>Forgets announcements that have been made.</summary>
    Task CompleteAnnouncementsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken);

    /// <summary>One record; null where there is none or it has expired.</summary>
    Task<StoredRecord?> FindRecordAsync(string kind, string key, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Records of a kind that have not expired, those of one feed or of all, by key, after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<StoredRecord>> ListRecordsAsync(string kind, string? feed, string after, int count, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes records, whether they were there or not: all of them or none.</summary>
    Task PutRecordsAsync(IReadOnlyCollection<StoredRecord> records, CancellationToken cancellationToken);

    /// <summary>Writes a record where there is none, or only one that has expired.</summary>
    /// <returns>False where there is one; it stays.</returns>
    Task<bool> TryAddRecordAsync(StoredRecord record, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Puts <paramref name="replacement"/> in the place of <paramref name="expected"/>, or deletes that where it is null, if nobody has changed it in between.</summary>
    /// <returns>False where somebody has; nothing is written.</returns>
    Task<bool> ReplaceRecordAsync(StoredRecord expected, StoredRecord? replacement, CancellationToken cancellationToken);

    /// <summary>
    /// The records that have been due longest, lent until <paramref name="now"/> plus <paramref name="lease"/>, which is what their Due says then:
    /// whoever dies meanwhile leaves them to others, and who comes too late finds out by <see cref="ReplaceRecordAsync"/>.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>> LeaseRecordsAsync(string kind, DateTimeOffset now, TimeSpan lease, int count, CancellationToken cancellationToken);

    /// <summary>How much waits for somebody to work at it: announcements, and the records that are due, by kind.</summary>
    Task<IReadOnlyDictionary<string, long>> CountWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes the records that have expired.</summary>
    Task DeleteExpiredRecordsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes a feed and all that is kept of it.</summary>
    Task DeleteFeedAsync(string feed, CancellationToken cancellationToken);

    /// <summary>Whether the store answers.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}
