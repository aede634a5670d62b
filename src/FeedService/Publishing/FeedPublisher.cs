using FeedService.Configuration;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Publishing;

/// <summary>One run of one feed: from its sources to the bytes that readers get.</summary>
public sealed partial class FeedPublisher(
    IArticleStore store,
    SourceCollector sources,
    WorkPlaces places,
    ArticleFilters filters,
    FeedRenderer renderer,
    SnapshotCache cache,
    PublishedFeeds published,
    RunObserver observer,
    TimeProvider time,
    ILogger<FeedPublisher> logger)
{
    /// <summary>How long readers are told of an article that was removed.</summary>
    public static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(30);

    private const int ConflictRetries = 3;

    /// <summary>So many stored articles go through new filters at a time.</summary>
    private const int PortionOfStored = 1_000;

    /// <exception cref="StoreException">The store cannot be used; what was published stays.</exception>
    public async Task<PublicationReport> PublishAsync(FeedDefinition feed, CancellationToken cancellationToken)
    {
        using var run = observer.Begin(feed.Slug);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var report = run.Finish(await RunAsync(feed, cancellationToken));
                if (report.Documents.Count > 0)
                    Log.Published(logger, feed.Slug, report.Changed, report.Articles, report.Took.TotalMilliseconds);
                return report;
            }
            catch (StoreConflictException) when (attempt < ConflictRetries)
            {
                Log.Conflict(logger, feed.Slug);
            }
        }
    }

    private async Task<PublicationReport> RunAsync(FeedDefinition feed, CancellationToken cancellationToken)
    {
        using var work = new WorkTurn(places);
        await work.TakeAsync(cancellationToken);
        // Dates in feeds are whole seconds; so is everything that is derived from this one.
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var state = await store.FindFeedAsync(feed.Slug, cancellationToken) ?? new FeedState(feed.Slug);

        if (state.Version > 0 && state.FiltersFingerprint != feed.FiltersFingerprint)
            state = await FilterAgainAsync(feed, state, now, cancellationToken);

        CollectedFeed collected;
        Recorded recorded;
        while (true)
        {
            work.Leave();
            collected = await sources.CollectAsync(feed, state, now, cancellationToken);
            await work.TakeAsync(cancellationToken);
            recorded = await RecordAsync(feed, state, collected, now, cancellationToken);
            if (!collected.More)
                break;
            var portion = state with { Sources = collected.States, LastSequence = recorded.LastSequence, RenderFingerprint = "" };
            state = await CommitPortionAsync(portion, recorded.Changed, recorded.Items, collected.Removed, collected.UsedRecords, cancellationToken);
        }

        var fingerprint = renderer.Fingerprint(feed);
        var released = await ReleaseAsync(feed, state, recorded, fingerprint, now, cancellationToken);
        var next = state with
        {
            Sources = collected.States,
            FiltersFingerprint = feed.FiltersFingerprint,
            LastSequence = released.LastSequence,
            LastRelease = released.Slot ?? state.LastRelease,
        };
        var mustRender = released.Changed.Count > 0
            || fingerprint != state.RenderFingerprint
            || await FellDueAsync(feed.Slug, state, now, cancellationToken);
        if (!mustRender && recorded.Items.Count == 0 && collected.Removed.Count == 0 && collected.UsedRecords.Count == 0 && SameButForTime(next, state))
            return await ReportAsync(feed, next, collected, released, [], now, cancellationToken);

        var documents = new List<Snapshot>();
        IReadOnlyList<string> shown = [];
        if (mustRender)
        {
            var selected = await SelectAsync(feed, released, now, cancellationToken);
            var updated = selected.Updated ?? state.Updated ?? now;
            var (rendered, articles, problems) = RenderGood(feed, selected, updated);
            foreach (var problem in problems)
                Log.LintError(logger, feed.Slug, problem);
            next = next with { LastRun = now, Updated = updated, Articles = articles.Count, Problems = problems };
            if (rendered is null)
            {
                // The articles are recorded, the documents are not: the last good ones stay, and the next run renders again.
                next = next with { RenderFingerprint = "" };
            }
            else
            {
                documents = await ChangedAsync(feed, rendered, now, cancellationToken);
                shown = [.. articles.Where(a => !a.Shown).Select(a => a.Id)];
                next = next with { RenderFingerprint = fingerprint };
            }
        }

        using var commit = RunObserver.Step("commit");
        await store.CommitAsync(new Publication(feed.Slug)
        {
            ExpectedVersion = state.Version,
            State = next,
            Articles = released.Changed,
            Items = recorded.Items,
            RemovedItems = collected.Removed,
            Shown = shown,
            Snapshots = [.. documents.Select(Stored)],
            Announcements = renderer.HasHubs(feed) ? [.. documents.Where(d => !d.Immutable).Select(d => d.Name)] : [],
            UsedRecords = collected.UsedRecords,
        }, cancellationToken);

        // From here on the store has it: nothing may fail or be cancelled before memory has it too.
        if (feed.IsServed)
            cache.Swap(feed.Slug, documents);
        published.Update(feed, next);
        return await ReportAsync(feed, next, collected, released, documents, now, CancellationToken.None);
    }

    /// <summary>Filters what arrived and gives each article its id; nothing is written yet.</summary>
    private async Task<Recorded> RecordAsync(FeedDefinition feed, FeedState state, CollectedFeed collected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<ArrivedArticle> arrived = [.. collected.Articles.Select(a => ArrivedArticle.Of(a.Source, a.Article))];
        var (changes, sequence) = await RecordAsync(feed, arrived, collected.Removed, state.LastSequence, now, cancellationToken);
        return new Recorded(changes.Changed, Items(collected, changes.Duplicates), sequence);
    }

    private async Task<(LedgerChanges Changes, long LastSequence)> RecordAsync(
        FeedDefinition feed, IReadOnlyList<ArrivedArticle> arrived, IReadOnlyList<(string, string)> removed, long sequence, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (arrived.Count == 0 && removed.Count == 0)
            return (LedgerChanges.None, sequence);
        var ledger = new Ledger(feed.Slug, now, feed.Publish.Release is not null, sequence);
        var found = await store.FindAsync(feed.Slug, ledger.Lookup(arrived, removed), cancellationToken);
        var filtered = await filters.ArriveAsync(feed, arrived, found, now, cancellationToken);
        return (ledger.Record(filtered, removed, found), ledger.LastSequence);
    }

    /// <summary>Takes all stored articles through new filters, in portions; the feed is rendered after the last.</summary>
    private async Task<FeedState> FilterAgainAsync(FeedDefinition feed, FeedState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var end = state.LastSequence;
        for (long after = 0; after < end;)
        {
            var stored = await store.BySequenceAsync(feed.Slug, after, PortionOfStored, cancellationToken);
            if (stored.Count == 0)
                break;
            after = stored[^1].Sequence;
            var again = stored.Where(a => a.Removed is null && a.Sequence <= end).Select(ArrivedArticle.Of).ToList();
            var (changes, sequence) = await RecordAsync(feed, again, [], state.LastSequence, now, cancellationToken);
            state = await CommitPortionAsync(state with { LastSequence = sequence, RenderFingerprint = "" }, changes.Changed, [], [], [], cancellationToken);
        }

        return state;
    }

    /// <summary>Lets go what the release pace holds, if it is time.</summary>
    private async Task<Released> ReleaseAsync(FeedDefinition feed, FeedState state, Recorded recorded, string fingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = recorded.Changed.ToDictionary(a => a.Id);
        var sequence = recorded.LastSequence;
        if (feed.Publish.Release is { } release && ReleasePace.DueSlot(release, state.LastRelease, now) is { } slot)
        {
            var backlog = await BacklogAsync(release.Articles);
            foreach (var article in ReleasePace.Release(backlog, slot))
                changed[article.Id] = article with { Sequence = ++sequence };
            return new Released([.. changed.Values], backlog.Count > 0 ? slot : null, sequence);
        }

        if (feed.Publish.Release is null && fingerprint != state.RenderFingerprint)
        {
            // The definition may have had a release pace until now: what waited for it goes out as it came.
            foreach (var article in await BacklogAsync(int.MaxValue))
                changed[article.Id] = article with { Released = true, Sequence = ++sequence };
        }

        return new Released([.. changed.Values], null, sequence);

        async Task<List<StoredArticle>> BacklogAsync(int count)
        {
            var stored = await store.BacklogAsync(feed.Slug, now, (int)Math.Min(int.MaxValue, (long)count + changed.Count), cancellationToken);
            return stored.Where(a => !changed.ContainsKey(a.Id)).Concat(changed.Values)
                .Where(a => !a.Released && IsVisibleAt(a with { Released = true }, now))
                .OrderBy(a => a.Published).ThenBy(a => a.Id, StringComparer.Ordinal).Take(count).ToList();
        }
    }

    /// <summary>What is in the feed now: due, released, newest first, at most as many as the definition says.</summary>
    private async Task<Selected> SelectAsync(FeedDefinition feed, Released released, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = released.Changed.ToDictionary(a => a.Id);

        // As many more as may drop out because they changed just now.
        var candidates = filters.Candidates(feed);
        var newest = await store.NewestAsync(feed.Slug, now, candidates + changed.Count, cancellationToken);
        var merged = newest.Where(a => !changed.ContainsKey(a.Id)).Concat(changed.Values.Where(a => IsVisibleAt(a, now)))
            .OrderByDescending(a => a.Published).ThenBy(a => a.Id, StringComparer.Ordinal).Take(candidates).ToList();
        var articles = filters.Select(feed, merged, now).Take(feed.Publish.Items).ToList();

        var since = now - TombstoneLife;
        var tombstones = (await store.TombstonesAsync(feed.Slug, since, cancellationToken))
            .Concat(changed.Values.Where(a => a is { Removed: not null, Shown: true }).Select(a => new Tombstone(a.Id, a.Removed!.Value)))
            .Where(t => !changed.TryGetValue(t.Id, out var article) || article.Removed is not null)
            .DistinctBy(t => t.Id).OrderByDescending(t => t.When).ThenBy(t => t.Id, StringComparer.Ordinal).ToList();
        DateTimeOffset? updated = articles.Select(a => a.Updated).Concat(tombstones.Select(t => t.When)).DefaultIfEmpty().Max() is var max && max != default ? max : null;
        return new Selected(articles, tombstones, updated);
    }

    /// <summary>The documents, if the linter lets them go out. An article that it objects to is left out, so that it costs the others nothing.</summary>
    private (IReadOnlyList<RenderedDocument>? Documents, IReadOnlyList<StoredArticle> Articles, IReadOnlyList<string> Problems) RenderGood(
        FeedDefinition feed, Selected selected, DateTimeOffset updated)
    {
        using var step = RunObserver.Step("render");
        var rendered = Render(selected.Articles);
        var errors = FeedLint.Errors(rendered);
        if (errors.Count == 0)
            return (rendered, selected.Articles, []);
        var objections = selected.Articles.ToDictionary(a => a, a => FeedLint.Errors(Render([a])));
        var good = selected.Articles.Where(a => objections[a].Count == 0).ToList();
        rendered = Render(good);
        return FeedLint.Errors(rendered).Count > 0
            ? (null, selected.Articles, errors)
            : (rendered, good, [.. objections.Where(o => o.Value.Count > 0).Select(o => $"{o.Key.Key}: left out: {o.Value[0]}")]);

        IReadOnlyList<RenderedDocument> Render(IReadOnlyList<StoredArticle> articles) =>
            renderer.Render(feed.Slug, renderer.Compose(feed, articles, selected.Tombstones, updated), feed.Publish.MaxSize);
    }

    private static bool IsVisibleAt(StoredArticle article, DateTimeOffset now) =>
        article is { Excluded: null, Removed: null, Draft: false, Released: true } && (article.Published <= now || article.Shown);

    private async Task<bool> FellDueAsync(string feed, FeedState state, DateTimeOffset now, CancellationToken cancellationToken) =>
        state.LastRun is { } last && await store.NextDueAsync(feed, last, cancellationToken) <= now;

    /// <summary>The documents whose bytes changed, with their codings; what stays the same keeps its validators.</summary>
    private async Task<List<Snapshot>> ChangedAsync(FeedDefinition feed, IReadOnlyList<RenderedDocument> rendered, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = (await store.ListSnapshotsAsync(feed.Slug, cancellationToken)).ToDictionary(s => s.Name, s => s.Tag);
        var changed = new List<Snapshot>();
        foreach (var document in rendered)
        {
            if (before.GetValueOrDefault(document.Name) == document.Tag)
                continue;
            changed.Add(new Snapshot(feed.Slug, document.Name)
            {
                MediaType = document.MediaType,
                Tag = document.Tag,
                LastModified = now,
                MaxAge = CacheLife.Of(feed),
                Identity = document.Bytes,
                Gzip = Compression.Gzip(document.Bytes.Span),
                Brotli = Compression.Brotli(document.Bytes.Span),
            });
        }

        return changed;
    }

    private static StoredSnapshot Stored(Snapshot snapshot) => new(snapshot.Feed, snapshot.Name)
    {
        MediaType = snapshot.MediaType,
        Tag = snapshot.Tag,
        LastModified = snapshot.LastModified,
        Length = snapshot.Identity.Length,
        Gzip = snapshot.Gzip,
        Brotli = snapshot.Brotli,
    };

    /// <summary>Part of long work: recorded, not rendered, and marked by its state so that a run that is cut off here is made up for.</summary>
    private async Task<FeedState> CommitPortionAsync(
        FeedState state, IReadOnlyList<StoredArticle> articles, IReadOnlyList<StoredItem> items, IReadOnlyList<(string, string)> removed, IReadOnlyList<StoredRecord> used,
        CancellationToken cancellationToken)
    {
        await store.CommitAsync(new Publication(state.Feed)
        {
            ExpectedVersion = state.Version,
            State = state,
            Articles = articles,
            Items = items,
            RemovedItems = removed,
            UsedRecords = used,
        }, cancellationToken);
        return await store.FindFeedAsync(state.Feed, cancellationToken) ?? state;
    }

    private static List<StoredItem> Items(CollectedFeed collected, IReadOnlyList<(ArrivedArticle Article, string Of)> duplicates)
    {
        // A duplicate keeps no stamp, so that it is looked at again each time and takes its twin's place when that goes.
        var copies = duplicates.ToDictionary(d => (d.Article.Source, d.Article.Key), d => d.Of);
        return
        [
            .. collected.Articles.Select(a => copies.TryGetValue((a.Source, a.Article.Key), out var twin)
                ? new StoredItem(a.Source, a.Article.Key, "", $"the same article as {twin}, which is in the feed already")
                : new StoredItem(a.Source, a.Article.Key, a.Article.Stamp, null)),
            .. collected.Sources.SelectMany(s => s.Collected.Refused.Select(r => new StoredItem(s.Source, r.Key, r.Stamp, r.Problem))),
        ];
    }

    private static bool SameButForTime(FeedState next, FeedState state) =>
        next.LastSequence == state.LastSequence
        && next.LastRelease == state.LastRelease
        && next.FiltersFingerprint == state.FiltersFingerprint
        && next.Problems.SequenceEqual(state.Problems)
        && next.Sources.Count == state.Sources.Count
        && next.Sources.All(s => state.Sources.TryGetValue(s.Key, out var before) && before == s.Value);

    private async Task<PublicationReport> ReportAsync(
        FeedDefinition feed, FeedState state, CollectedFeed collected, Released released, IReadOnlyList<Snapshot> documents, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset?[] moments =
        [
            collected.LookAgain,
            await store.NextDueAsync(feed.Slug, now, cancellationToken),
            feed.Publish.Release is { } release ? ReleasePace.NextSlot(release, state.LastRelease) : null,
        ];
        return new PublicationReport(feed.Slug)
        {
            At = now,
            Changed = released.Changed.Count,
            Articles = state.Articles,
            Documents = [.. documents.Select(d => d.Name)],
            Problems = [.. collected.Problems, .. state.Problems],
            RunAgain = moments.Min(),
            KeptLastGood = state.RenderFingerprint.Length == 0,
        };
    }

    private sealed record Recorded(IReadOnlyList<StoredArticle> Changed, IReadOnlyList<StoredItem> Items, long LastSequence);

    private sealed record Released(IReadOnlyList<StoredArticle> Changed, DateTimeOffset? Slot, long LastSequence);

    private sealed record Selected(IReadOnlyList<StoredArticle> Articles, IReadOnlyList<Tombstone> Tombstones, DateTimeOffset? Updated);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Feed}: published, {Changed} changed, {Articles} in the feed, {Milliseconds:0.0} ms")]
        public static partial void Published(ILogger logger, string feed, int changed, int articles, double milliseconds);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Feed}: another run committed first, running again")]
        public static partial void Conflict(ILogger logger, string feed);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Feed}: not good enough to go out: {Finding}")]
        public static partial void LintError(ILogger logger, string feed, string finding);
    }
}
