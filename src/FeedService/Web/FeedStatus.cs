using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Web;

/// <summary>How a feed stands, as the status page and its JSON say it.</summary>
public sealed record FeedStatus
{
    /// <summary>How far back the charts go.</summary>
    public const int Days = 30;

    public required string Slug { get; init; }

    public required string Title { get; init; }

    /// <summary><c>degraded</c> (missed three runs), <c>failing</c> (its definition, a source, an article or a document), <c>good</c>, <c>paused</c> or <c>new</c>.</summary>
    public required string Health { get; init; }

    /// <summary>What its definition says of who gets it: <c>private</c>, <c>moved</c>, <c>gone</c>; empty mostly.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    public required string Schedule { get; init; }

    public DateTimeOffset? LastRun { get; init; }

    /// <summary>How long the last run took; unknown where it was before the service began to keep this.</summary>
    public double? LastRunSeconds { get; init; }

    public DateTimeOffset? NextRun { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public required long Articles { get; init; }

    /// <summary>Articles a day, the oldest first, today last.</summary>
    public required IReadOnlyList<int> Daily { get; init; }

    /// <summary>What is wrong with the definition, and went wrong in the last run, in words.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What the linter says of the documents as they are out.</summary>
    public required IReadOnlyList<DocumentFinding> Findings { get; init; }

    public required IReadOnlyList<SourceStatus> Sources { get; init; }

    public required IReadOnlyList<DocumentStatus> Documents { get; init; }

    public required SubscriberStatus Subscribers { get; init; }

    /// <summary>From what is known at the moment; what costs reading is in <paramref name="numbers"/> and <paramref name="findings"/>.</summary>
    internal static FeedStatus Of(
        PublishedFeed feed, DateTimeOffset? nextRun, FeedNumbers numbers, SubscriberStatus subscribers, IReadOnlyList<DocumentFinding> findings, FeedRuns runs, IReadOnlyList<string> problems, SnapshotCache cache, DateTimeOffset now)
    {
        var (definition, state, run) = (feed.Definition, feed.State, runs.Last(feed.Slug));
        var lastRun = run is null || state.LastRun > run.At ? state.LastRun : run.At;
        return new()
        {
            Slug = feed.Slug,
            Title = definition.Title,
            Health = nextRun is null ? "paused"
                : runs.HasMissedRuns(definition) ? "degraded"
                : feed.IsFailing || problems.Count > 0 ? "failing"
                : lastRun is null ? "new"
                : "good",
            Marks = [.. MarksOf(definition)],
            Schedule = definition.Schedule.Text,
            LastRun = lastRun,
            LastRunSeconds = run?.Took.TotalSeconds,
            NextRun = nextRun,
            Updated = state.Updated,
            Articles = numbers.Articles,
            Daily = numbers.Daily,
            Problems = problems,
            Findings = findings,
            Sources = [.. definition.Sources.Select(source => SourceStatus.Of(source.Key, state.Sources.GetValueOrDefault(source.Key), runs.LastSuccess(feed.Slug, source.Key), now))],
            Documents = [.. cache.OfFeed(feed.Slug).OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => new DocumentStatus(one.Name, one.Length, one.LastModified))],
            Subscribers = subscribers,
        };
    }

    private static IEnumerable<string> MarksOf(FeedDefinition definition)
    {
        if (definition.Private) yield return "private";
        if (definition.MovedTo is not null) yield return "moved";
        if (definition.Gone) yield return "gone";
    }
}

/// <summary>How a source stands.</summary>
/// <param name="Key">Its kind and location.</param>
/// <param name="Health">In words, for people.</param>
/// <param name="Failures">Looks in a row that failed.</param>
/// <param name="LastError">Why the last one did; null where it did not.</param>
/// <param name="LastSuccess">When it last answered well, as far as is known.</param>
/// <param name="NotBefore">It is left alone until then, because it asked for that or keeps failing.</param>
public sealed record SourceStatus(string Key, string Health, int Failures, string? LastError, DateTimeOffset? LastSuccess, DateTimeOffset? NotBefore)
{
    internal static SourceStatus Of(string key, SourceState? state, DateTimeOffset? answered, DateTimeOffset now)
    {
        var success = answered ?? state?.LastSuccess;
        var health = state is null ? "not looked at yet"
            : state.Failures > 0 ? state.Failures == 1 ? "failed once" : $"failed {state.Failures} times in a row"
            : state.NotBefore > now ? "asked to be left alone"
            : "well";
        return new(key, health, state?.Failures ?? 0, state?.LastError, success, state?.NotBefore > now ? state.NotBefore : null);
    }
}

/// <summary>A document as it is out.</summary>
public sealed record DocumentStatus(string Name, long Size, DateTimeOffset Updated);

/// <summary>What the linter says of a document.</summary>
public sealed record DocumentFinding(string Document, string Severity, string Rule, string Message, string Where, string Fix);

/// <summary>Who reads a feed.</summary>
/// <param name="Count">The better of the last whole day and today so far.</param>
/// <param name="Daily">The last days, as many as were asked for, the oldest first, today so far at the end.</param>
/// <param name="Readers">Today so far, by format and reader; browsers and bots, which are no subscribers, among them.</param>
public sealed record SubscriberStatus(int Count, IReadOnlyList<int> Daily, IReadOnlyList<ReaderStatus> Readers);

/// <summary>One kind of reader today.</summary>
/// <param name="Reader">What it calls itself.</param>
/// <param name="Kind"><c>reader</c>, <c>hosted</c>, <c>browser</c> or <c>bot</c>.</param>
/// <param name="Format">What it reads.</param>
/// <param name="Count">How many, or how many it says.</param>
public sealed record ReaderStatus(string Reader, string Kind, string Format, int Count);

/// <summary>What has to be counted in the store.</summary>
internal sealed record FeedNumbers(long Articles, IReadOnlyList<int> Daily);
