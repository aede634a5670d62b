using FeedService.Configuration;
using FeedService.Sources;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>Asks a feed's sources what is new, each in isolation: one that fails says so and keeps what it gave before.</summary>
public sealed partial class SourceCollector(IArticleStore store, SourceFactory factory, WorkPlaces places, RunObserver observer, ILogger<SourceCollector> logger)
{
    public async Task<CollectedFeed> CollectAsync(FeedDefinition feed, FeedState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // At the same time, so that a slow upstream holds up nobody but itself.
        var delivered = feed.Sources.Any(source => source.Kind == SourceKind.Feed) ? await HubDelivery.WaitingAsync(store, feed.Slug, now, cancellationToken) : [];
        var outcomes = await Task.WhenAll(feed.Sources.Select(source => CollectAsync(
            feed, source, [.. delivered.Where(d => d.Delivery.Source == source.Key).Select(d => d.Delivery.ToDocument())], state, now, cancellationToken)));
        return new CollectedFeed(outcomes) { UsedRecords = [.. delivered.Select(d => d.Record), .. outcomes.SelectMany(outcome => outcome.Used)] };
    }

    private async Task<SourceOutcome> CollectAsync(
        FeedDefinition feed, SourceDefinition definition, IReadOnlyList<PushedDocument> pushed, FeedState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = state.Sources.GetValueOrDefault(definition.Key) ?? new SourceState();
        var isHeld = before.NotBefore > now;
        if (isHeld && pushed.Count == 0)
            return new SourceOutcome(definition.Key, Collected.Unchanged with { LookAgain = before.NotBefore }, before, null);
        var taken = new List<StoredRecord>();
        using var look = RunObserver.Look(definition.Key);
        try
        {
            var source = factory.Create(feed, definition);
            var context = new SourceContext(feed.Slug, before.State, async token =>
                (await store.ItemsAsync(feed.Slug, definition.Key, token)).ToDictionary(i => i.Key, i => new KnownItem(i.Stamp, i.Problem)), now)
            {
                Pushed = pushed,
                IsHeld = isHeld,
                TakePushed = async (count, token) =>
                {
                    taken.AddRange(await Inbox.WaitingAsync(store, feed.Slug, count, now, token));
                    return [.. taken.Select(record => new PushedItem(Inbox.NameOf(record), record.Value))];
                },
            };
            using var work = new WorkTurn(places);
            // A folder or an inbox is read and not waited for.
            if (definition.Kind is SourceKind.Folder or SourceKind.Inbox)
                await work.TakeAsync(cancellationToken);
            var collected = await source.CollectAsync(context, cancellationToken);
            if (!isHeld)
                observer.Answered(feed.Slug, definition.Key);
            // That the hub delivers does not say that the server may be asked again.
            var after = isHeld
                ? before with { State = collected.State ?? before.State }
                : before with { State = collected.State ?? before.State, Failures = 0, LastError = null, NotBefore = null };
            return new SourceOutcome(definition.Key, isHeld ? collected with { LookAgain = before.NotBefore } : collected, after, null) { Used = taken };
        }
        catch (SourceException failure)
        {
            var after = before with
            {
                State = failure.State ?? before.State,
                Failures = before.Failures + 1,
                LastError = failure.Message,
                NotBefore = failure.RetryAt,
            };
            observer.Failed(feed.Slug, definition.Kind, look, failure.Message);
            Log.SourceFailed(logger, feed.Slug, definition.Key, failure.Message, after.Failures);
            return new SourceOutcome(definition.Key, Collected.Unchanged, after, failure.Message);
        }
        catch (Exception bug) when (bug is not OperationCanceledException and not StoreException)
        {
            // Whatever one source does, the others' articles go out; the trace goes to the log, where whoever mends it looks.
            Log.SourceBroke(logger, bug, feed.Slug, definition.Key);
            observer.Failed(feed.Slug, definition.Kind, look, bug.Message);
            var message = $"{definition.Key}: unexpected {bug.GetType().Name}: {bug.Message}";
            return new SourceOutcome(definition.Key, Collected.Unchanged, before with { Failures = before.Failures + 1, LastError = message }, message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Feed}: source {Source} failed ({Failures} in a row), its articles stay: {Reason}")]
        public static partial void SourceFailed(ILogger logger, string feed, string source, string reason, int failures);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Feed}: source {Source} broke, its articles stay")]
        public static partial void SourceBroke(ILogger logger, Exception exception, string feed, string source);
    }
}

/// <summary>What one source gave, and what to keep of it.</summary>
public sealed record SourceOutcome(string Source, Collected Collected, SourceState State, string? Failure)
{
    /// <summary>What it was given out of the store and has used up.</summary>
    public IReadOnlyList<StoredRecord> Used { get; init; } = [];
}

/// <summary>What all sources of a feed gave in one look.</summary>
public sealed record CollectedFeed(IReadOnlyList<SourceOutcome> Sources)
{
    /// <summary>Records that are used up by a run that takes all this.</summary>
    public IReadOnlyList<StoredRecord> UsedRecords { get; init; } = [];

    public bool More => Sources.Any(s => s.Collected.More);

    public IReadOnlyList<(string Source, string Key)> Removed { get; } =
        [.. Sources.SelectMany(s => s.Collected.Removed.Select(key => (s.Source, key)))];

    public IReadOnlyList<(string Source, string Key)> Leaving { get; } =
        [.. Sources.SelectMany(s => s.Collected.Leaving.Select(key => (s.Source, key)))];

    public IEnumerable<(string Source, SourceArticle Article)> Articles =>
        Sources.SelectMany(s => s.Collected.Articles.Select(article => (s.Source, article)));

    public DateTimeOffset? LookAgain => Sources.Min(s => s.Collected.LookAgain);

    public bool IsEmpty => Sources.All(s => s.Collected is { Articles.Count: 0, Removed.Count: 0, Refused.Count: 0 });

    /// <summary>Everything that an operator should read about this look.</summary>
    public IReadOnlyList<string> Problems { get; } =
    [
        .. Sources.Where(s => s.Failure is not null).Select(s => s.Failure!),
        .. Sources.SelectMany(s => s.Collected.Refused.Select(r => $"{r.Key}: {r.Problem}")),
        .. Sources.SelectMany(s => s.Collected.Notes),
    ];

    /// <summary>What is kept of each source after this look.</summary>
    public IReadOnlyDictionary<string, SourceState> States { get; } = Sources.ToDictionary(s => s.Source, s => s.State);
}
