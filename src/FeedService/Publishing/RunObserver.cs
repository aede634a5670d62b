using System.Diagnostics;
using FeedService.Configuration;

namespace FeedService.Publishing;

/// <summary>Looks on while feeds are published: metrics, traces and the last run's report come from here, so that the publisher need not know of them.</summary>
public sealed class RunObserver(FeedMetrics metrics, FeedRuns runs, TimeProvider time)
{
    /// <summary>Begins a run's trace; disposed of without <see cref="ObservedRun.Finish"/>, the run has failed.</summary>
    public ObservedRun Begin(string feed) => new(feed, metrics, runs, time);

    /// <summary>A part of the run that is under way.</summary>
    public static Activity? Step(string name) => FeedMetrics.Tracing.StartActivity(name);

    public static Activity? Look(string source) => Step("collect")?.SetTag("feedservice.source", source);

    public void Answered(string feed, string source) => runs.Answered(feed, source);

    public void Failed(string feed, SourceKind kind, Activity? look, string problem)
    {
        metrics.SourceFailed(feed, kind.ToString().ToLowerInvariant());
        look?.SetStatus(ActivityStatusCode.Error, problem);
    }
}

/// <summary>One run, from its beginning to its end.</summary>
public sealed class ObservedRun : IDisposable
{
    private readonly string _feed;
    private readonly FeedMetrics _metrics;
    private readonly FeedRuns _runs;
    private readonly TimeProvider _time;
    private readonly Activity? _trace;
    private readonly long _started;
    private PublicationReport? _report;

    internal ObservedRun(string feed, FeedMetrics metrics, FeedRuns runs, TimeProvider time)
    {
        (_feed, _metrics, _runs, _time) = (feed, metrics, runs, time);
        // A run is a trace of its own, whatever it was that set it off.
        Activity.Current = null;
        _trace = FeedMetrics.Tracing.StartActivity("publish")?.SetTag("feedservice.feed", feed);
        _started = time.GetTimestamp();
        metrics.RunStarted();
    }

    public PublicationReport Finish(PublicationReport report)
    {
        _report = report = report with { Took = _time.GetElapsedTime(_started) };
        _runs.Finished(_feed, new(report.At, report.Took, report.Changed, report.Problems));
        return report;
    }

    public void Dispose()
    {
        var outcome = _report switch
        {
            null => "failed",
            { KeptLastGood: true } => "kept",
            { Documents.Count: > 0 } => "changed",
            _ => "unchanged",
        };
        _metrics.RunFinished(_feed, outcome, _time.GetElapsedTime(_started), _report?.Changed ?? 0);
        _trace?.SetTag("feedservice.outcome", outcome).SetTag("feedservice.changed", _report?.Changed ?? 0);
        if (outcome is "failed" or "kept") _trace?.SetStatus(ActivityStatusCode.Error);
        _trace?.Dispose();
    }
}
