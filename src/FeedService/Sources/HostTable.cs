using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.CircuitBreaker;

namespace FeedService.Sources;

/// <summary>What is known of each host that is asked: whose turn it is, when the next request may start, what robots.txt says.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to dispose of.")]
internal sealed class HostTable(FetchLimits limits, TimeProvider time)
{
    private const int MaxHosts = 10_000;

    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _together = new(limits.Together);

    // Servers that nobody knows, or that did not answer the last time, wait for one another only.
    private readonly SemaphoreSlim _doubtful = new(limits.Together);

    public Host Of(Uri url)
    {
        if (_hosts.Count > MaxHosts)
            foreach (var idle in _hosts.Where(h => h.Value.IsIdle))
                _hosts.TryRemove(idle);
        return _hosts.GetOrAdd($"{url.Scheme}://{url.IdnHost}:{url.Port}", _ => new Host(this, limits, time));
    }

    /// <summary>One host at its scheme and port.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "As above.")]
    internal sealed class Host(HostTable table, FetchLimits limits, TimeProvider time)
    {
        /// <summary>So long is robots.txt kept (RFC 9309, 2.4), and so long a failure to get it.</summary>
        private static readonly TimeSpan KeepRobots = TimeSpan.FromHours(24);
        private static readonly TimeSpan KeepFailure = TimeSpan.FromMinutes(10);

        private readonly SemaphoreSlim _turns = new(limits.PerHost);
        private readonly SemaphoreSlim _robotsTurn = new(1);
        private readonly Lock _lock = new();
        private long _next = time.GetTimestamp();
        private volatile bool _answers;
        private RobotsRules? _robots;
        private DateTimeOffset _robotsUntil;

        /// <summary>A host that cannot be connected to again and again is left alone for a while by all its feeds and pages.</summary>
        public ResiliencePipeline<FetchResult> Breaker { get; } = new ResiliencePipelineBuilder<FetchResult> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<FetchResult>
            {
                FailureRatio = .9,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = TimeSpan.FromMinutes(1),
                ShouldHandle = new PredicateBuilder<FetchResult>().Handle<FetchException>(e => e.Failure == FetchFailure.Unreachable),
            })
            .Build();

        public bool IsIdle => _turns.CurrentCount == limits.PerHost && time.GetElapsedTime(_next) > KeepFailure;

        /// <summary>Waits for a turn and for the pause since the last request; dispose to give the turn back.</summary>
        public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                TimeSpan wait;
                lock (_lock)
                {
                    // Counted, not told by the clock, which may be set.
                    var now = time.GetTimestamp();
                    var start = Math.Max(_next, now);
                    var pause = _robots is { } robots && robots.Delay > limits.Gap ? robots.Delay : limits.Gap;
                    _next = start + (long)(pause.TotalSeconds * time.TimestampFrequency);
                    wait = time.GetElapsedTime(now, start);
                }
                if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
                // Last, so that who waits for a slow host takes no place from others.
                var lane = _answers ? table._together : table._doubtful;
                await lane.WaitAsync(cancellationToken);
                return new Turn(this, lane);
            }
            catch
            {
                _turns.Release();
                throw;
            }
        }

        /// <summary>What robots.txt says, loaded once at a time; where it cannot be had (null), what it said before holds.</summary>
        public async Task<RobotsRules> RobotsAsync(Func<Task<RobotsRules?>> load, CancellationToken cancellationToken)
        {
            await _robotsTurn.WaitAsync(cancellationToken);
            try
            {
                var now = time.GetUtcNow();
                if (_robots is not null && now < _robotsUntil) return _robots;
                var loaded = await load();
                (_robots, _robotsUntil) = (loaded ?? _robots ?? RobotsRules.Unknown, now + (loaded is null ? KeepFailure : KeepRobots));
                return _robots;
            }
            finally
            {
                _robotsTurn.Release();
            }
        }

        /// <summary>Says whether the server answered, whatever it said.</summary>
        public void Answered(bool it) => _answers = it;

        private sealed class Turn(Host host, SemaphoreSlim lane) : IDisposable
        {
            public void Dispose()
            {
                lane.Release();
                host._turns.Release();
            }
        }
    }
}
