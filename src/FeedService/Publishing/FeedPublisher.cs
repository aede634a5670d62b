using System.Collections.Concurrent;
using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>One run of one feed: from its sources to the bytes that readers get.</summary>
public sealed partial class FeedPublisher(
    IArticleStore store,
    SourceCollector sources,
    WorkPlaces places,
    ArticleFilters filters,
    Archive archive,
    FeedSelection selection,
    TermIndex index,
    TermFeeds terms,
    Deltas deltas,
    FeedRenderer renderer,
    WrittenArticles written,
    SnapshotCache cache,
    PublishedFeeds published,
    RunObserver observer,
    TimeProvider time,
    ILogger<FeedPublisher> logger)
{
    private const int ConflictRetries = 3;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Runs of one feed wait for each other: what is kept of it from run to run is one run's at a time.</summary>
    /// <exception cref="StoreException">The store cannot be used; what was published stays.</exception>
    public async Task<PublicationReport> PublishAsync(FeedDefinition feed, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(feed.Slug, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
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
        finally
        {
            turn.Release();
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
        if (state.Version > 0 && state.TermsRevision != TermIndex.Revision)
            state = await IndexAgainAsync(feed, state, cancellationToken);

        (state, var collected, var recorded) = await CollectAsync(feed, state, work, now, cancellationToken);
        var fingerprint = renderer.Fingerprint(feed);
        var released = await ReleaseAsync(feed, state, recorded, fingerprint, now, cancellationToken);
        var next = state with
        {
            Sources = collected.States,
            FiltersFingerprint = feed.FiltersFingerprint,
            TermsRevision = TermIndex.Revision,
            Moved = feed.MovedTo is not { } elsewhere ? null : state.Moved?.To == elsewhere ? state.Moved : new FeedMove(elsewhere, now),
            LastSequence = released.LastSequence,
            LastRelease = released.Slot ?? state.LastRelease,
        };
        var mustRender = released.Changed.Count > 0
            || fingerprint != state.RenderFingerprint
            || await FellDueAsync(feed.Slug, state, now, cancellationToken);
        if (!mustRender && recorded.Items.Count == 0 && collected.Removed.Count == 0 && collected.UsedRecords.Count == 0 && SameButForTime(next, state))
            return await ReportAsync(feed, next, collected, released, [], now, cancellationToken);

        var draft = new Publication(feed.Slug)
        {
            ExpectedVersion = state.Version,
            State = next,
            Articles = released.Changed,
            Items = recorded.Items,
            RemovedItems = collected.Removed,
            UsedRecords = collected.UsedRecords,
        };
        IReadOnlyList<Snapshot> documents = [];
        if (mustRender)
            (draft, documents) = await RenderAsync(feed, state, draft, fingerprint, now, cancellationToken);

        using var commit = RunObserver.Step("commit");
        await store.CommitAsync(draft with
        {
            Snapshots = [.. documents.Select(d => d.Stored())],
            Announcements = renderer.HasHubs(feed) ? [.. documents.Where(d => !d.Immutable && !Deltas.IsDelta(d.Name)).Select(d => d.Name)] : [],
        }, cancellationToken);

        // From here on the store has it: nothing may fail or be cancelled before memory has it too.
        if (feed.IsServed)
            cache.Swap(feed.Slug, documents, draft.RemovedSnapshots);
        else
            cache.Remove(feed.Slug);
        published.Update(feed, draft.State with { Version = draft.ExpectedVersion + 1 });
        written.Keep(feed);
        return await ReportAsync(feed, draft.State, collected, released, documents, now, CancellationToken.None);
    }

    /// <summary>Looks at the sources and records what they gave; a source that has much gives it in portions, each of which is committed.</summary>
    private async Task<(FeedState State, CollectedFeed Collected, Recorded Recorded)> CollectAsync(
        FeedDefinition feed, FeedState state, WorkTurn work, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            work.Leave();
            var collected = await sources.CollectAsync(feed, state, now, cancellationToken);
            await work.TakeAsync(cancellationToken);
            var recorded = await RecordAsync(feed, state, collected, now, cancellationToken);
            if (!collected.More)
                return (state, collected, recorded);
            var portion = state with { Sources = collected.States, LastSequence = recorded.LastSequence, RenderFingerprint = "" };
            state = await CommitPortionAsync(new Publication(feed.Slug)
            {
                ExpectedVersion = state.Version,
                State = portion,
                Articles = recorded.Changed,
                Terms = await index.FindAsync(feed.Slug, recorded.Changed, cancellationToken),
                Items = recorded.Items,
                RemovedItems = collected.Removed,
                UsedRecords = collected.UsedRecords,
            }, cancellationToken);
        }
    }

    /// <summary>Makes the documents that readers get once this is committed, and adds to it what goes with them.</summary>
    private async Task<(Publication Draft, IReadOnlyList<Snapshot> Documents)> RenderAsync(
        FeedDefinition feed, FeedState state, Publication draft, string fingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var render = RunObserver.Step("render");
        var changed = draft.Articles.ToDictionary(a => a.Id);
        var next = await EnterAsync(feed, draft.State, changed, now, cancellationToken);
        draft = draft with { Articles = [.. changed.Values], Terms = await index.FindAsync(feed.Slug, changed.Values, cancellationToken) };

        var step = await archive.StepAsync(feed, next.Archive, changed, closing: false, now, cancellationToken);
        while (step.More)
        {
            // A long history is archived in portions, the first with all that the run has recorded; the feed itself comes with the last.
            next = next with { Archive = step.State, RenderFingerprint = "" };
            state = await CommitPortionAsync(draft with
            {
                State = next,
                Shown = step.Shown,
                Snapshots = [.. SnapshotsOf(feed, step.Pages, now).Select(s => s.Stored())],
                RemovedSnapshots = step.Removed,
            }, cancellationToken);
            draft = new Publication(feed.Slug) { ExpectedVersion = state.Version, State = next };
            changed = [];
            step = await archive.StepAsync(feed, next.Archive, changed, closing: true, now, cancellationToken);
        }

        var (page, updated, problems) = await selection.SelectAsync(feed, next with { Archive = step.State }, changed, step.Open, now, cancellationToken);
        foreach (var problem in problems)
            Log.LintError(logger, feed.Slug, problem);
        next = next with { Archive = step.State, LastRun = now, Updated = updated, Articles = page?.Articles.Count ?? next.Articles, Problems = [.. step.Problems, .. problems] };
        var documents = SnapshotsOf(feed, step.Pages, now);
        // The articles are recorded, the documents are not: the last good ones stay, and the next run renders again.
        if (page is null)
            return (draft with { State = next with { RenderFingerprint = "" }, Shown = step.Shown, RemovedSnapshots = step.Removed }, documents);

        var fresh = page.Articles.Where(a => !a.Head.Shown).Select(a => a.Head.Id).ToList();
        var touched = new TouchedTerms(changed, draft.Terms, fingerprint != state.RenderFingerprint)
        {
            Due = fresh,
            Open = step.Open,
            Closed = step.Pages.SelectMany(closed => closed.Articles).Select(article => article.Head.Id),
        };
        var byTerm = await terms.StepAsync(feed, state.Terms, touched, now, cancellationToken);
        var withdrew = changed.Values.Any(a => a.Shown && !ArticleHead.Of(a).Visible);
        var since = deltas.Step(feed, state.Versions, page, next.LastSequence, withdrew || fingerprint != state.RenderFingerprint, now);
        documents.AddRange(await ChangedAsync(feed, [page, .. byTerm.Parts], since.Documents, now, cancellationToken));
        return (draft with
        {
            State = next with { RenderFingerprint = fingerprint, Terms = byTerm.Terms, Versions = since.Versions },
            Shown = [.. step.Shown, .. fresh],
            RemovedSnapshots = [.. step.Removed, .. byTerm.Ended.SelectMany(FeedPart.Names), .. since.Ended],
        }, documents);
    }

    private List<Snapshot> SnapshotsOf(FeedDefinition feed, IReadOnlyList<FeedPart> closed, DateTimeOffset now)
    {
        return [.. closed.SelectMany(page => renderer.Render(feed, page)).Select(document => Snapshot.Of(feed, document, identity: false, strong: false, now) with { Immutable = true })];
    }

    /// <summary>The documents whose bytes changed, with their codings; what stays the same keeps its validators.</summary>
    private async Task<IReadOnlyList<Snapshot>> ChangedAsync(
        FeedDefinition feed, IReadOnlyList<FeedPart> parts, IReadOnlyList<RenderedDocument> others, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rendered = parts.SelectMany(part => renderer.Render(feed, part)).Concat(others).ToList();
        var before = (await store.ListSnapshotsAsync(feed.Slug, [.. rendered.Select(d => d.Name)], cancellationToken)).ToDictionary(s => s.Name, s => s.Tag);
        return [.. rendered.Where(document => before.GetValueOrDefault(document.Name) != document.Tag).Select(Make)];

        // Uncoded bytes that somebody asks for are kept at hand.
        Snapshot Make(RenderedDocument document)
        {
            var old = cache.TryGet(feed.Slug, document.Name, out var held) ? held : null;
            return Snapshot.Of(feed, document, identity: old?.Bodies?.Identity is not null, strong: old?.Sent >= Compression.WorthTheEffort, now);
        }
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
