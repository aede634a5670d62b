using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FeedService.Sources;

/// <summary>Something changed in a feed's folder.</summary>
/// <param name="Slug">The folder's name; with a definition in it the feed's.</param>
/// <param name="Definition">It was the definition itself, or the folder came or went.</param>
public sealed record FeedsFolderChange(string Slug, bool Definition);

/// <summary>A folder outside the folder of feeds that a feed takes articles from.</summary>
public sealed record OutsideFolder(string Slug, string Path);

/// <summary>
/// Tells which feeds' files changed: at once where the system reports changes, else by looking. The system's reports get lost (overflow, network
/// file systems, a folder mounted anew) or cannot be had (limits), so sizes and times are compared now and then in any case.
/// </summary>
public sealed class FolderWatcher(string feedsFolder, TimeProvider time)
{
    public const string DefinitionFile = "feed.yaml";

    /// <summary>Changes often come in showers; this much quiet ends one, and no shower is longer than the second.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestShower = TimeSpan.FromMilliseconds(500);

    private const int BufferBytes = 64 << 10;

    private readonly Channel<FeedsFolderChange?> _events = Channel.CreateUnbounded<FeedsFolderChange?>();
    private readonly Lock _lock = new();
    private readonly List<FileSystemWatcher> _watchers = [];
    private volatile IReadOnlyList<OutsideFolder> _outside = [];
    private volatile bool _watching;
    private volatile bool _lost;
    private volatile string? _failure;

    /// <summary>How often to look where the system reports changes.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often to look where it does not.</summary>
    public TimeSpan PollWithoutReports { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether to ask the system for reports at all.</summary>
    public bool UseReports { get; init; } = true;

    /// <summary>What the operator should know: why changes are seen late; null where all is well.</summary>
    public string? Problem
    {
        get;
        private set
        {
            if (field == value) return;
            field = value;
            ProblemChanged?.Invoke(value);
        }
    }

    public event Action<string?>? ProblemChanged;

    /// <summary>Folders to watch besides, as the definitions in force name them.</summary>
    public void WatchAlso(IEnumerable<OutsideFolder> folders)
    {
        var within = Path.TrimEndingDirectorySeparator(feedsFolder) + Path.DirectorySeparatorChar;
        _outside = [.. folders.Where(f => !f.Path.StartsWith(within, StringComparison.Ordinal))];
        _events.Writer.TryWrite(null);
    }

    /// <summary>Changes as they come, until cancelled. Each feed comes once a shower; for one reader.</summary>
    public async IAsyncEnumerable<FeedsFolderChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = new Ending(this);
        var watched = Restart();
        var restarted = time.GetTimestamp();
        var state = Look();
        var (looked, lookTook) = (time.GetTimestamp(), TimeSpan.Zero);
        while (true)
        {
            // Counted from the last look, so that a folder that never rests does not keep us from looking at the others.
            var left = Pause(lookTook) - time.GetElapsedTime(looked);
            var changes = await ShowerAsync(left > Quiet ? left : Quiet, cancellationToken);
            if (Interlocked.Exchange(ref _failure, null) is { } failure) Problem = failure;
            var reported = changes is not null && !_lost && ReferenceEquals(watched, _outside) && time.GetElapsedTime(looked) < Pause(lookTook);
            if (reported)
            {
                foreach (var change in changes!) Refresh(state, change.Slug);
            }
            else
            {
                var started = time.GetTimestamp();
                _lost = false;
                var now = Look();
                var seen = Differences(state, now);
                // Found by looking and not by report: whoever should have reported is deaf.
                var deaf = changes is null && seen.Count > 0;
                if (deaf || !ReferenceEquals(watched, _outside) || (!_watching && time.GetElapsedTime(restarted) > PollEvery))
                {
                    watched = Restart();
                    restarted = time.GetTimestamp();
                    // What changed before the new watch began was not reported.
                    now = Look();
                    seen = Differences(state, now);
                }
                else if (_watching)
                {
                    // Not as soon as the watch has begun anew: whether it holds is known only then.
                    Problem = null;
                }
                changes = Merge(changes ?? [], seen);
                state = now;
                (looked, lookTook) = (time.GetTimestamp(), time.GetElapsedTime(started));
            }
            foreach (var change in changes!) yield return change;
        }
    }

    /// <summary>Looking shall never take more than a small part of the time.</summary>
    private TimeSpan Pause(TimeSpan lookTook)
    {
        var least = _watching ? PollEvery : PollWithoutReports;
        var most = lookTook * 50;
        return least > most ? least : most;
    }

    /// <returns>What was reported, once a feed; null where nothing was within the pause.</returns>
    private async Task<List<FeedsFolderChange>?> ShowerAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (!await WaitAsync(pause, cancellationToken)) return null;
        var changes = new List<FeedsFolderChange>();
        var started = time.GetTimestamp();
        do
        {
            while (_events.Reader.TryRead(out var change))
                if (change is not null)
                    changes.Add(change);
        }
        while (time.GetElapsedTime(started) < LongestShower && await WaitAsync(Quiet, cancellationToken));
        return Merge(changes, []);
    }

    private async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await _events.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static List<FeedsFolderChange> Merge(IEnumerable<FeedsFolderChange> a, IEnumerable<FeedsFolderChange> b) =>
        [.. a.Concat(b).GroupBy(c => c.Slug, StringComparer.Ordinal).Select(g => new FeedsFolderChange(g.Key, g.Any(c => c.Definition)))];

    private IReadOnlyList<OutsideFolder> Restart()
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers) watcher.Dispose();
            _watchers.Clear();
            var outside = _outside;
            // Set before the start: a watcher that meets a limit says so while it starts, on a thread of its own.
            _watching = UseReports;
            if (!UseReports || !Start(feedsFolder, null) || !outside.Where(f => Directory.Exists(f.Path)).All(f => Start(f.Path, f.Slug))) _watching = false;
            if (!_watching) Problem ??= Unreported(feedsFolder, "");
            return outside;
        }
    }

    private bool Start(string folder, string? slug)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                InternalBufferSize = BufferBytes,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            watcher.Created += (_, e) => Report(folder, slug, e.FullPath);
            watcher.Changed += (_, e) => Report(folder, slug, e.FullPath);
            watcher.Deleted += (_, e) => Report(folder, slug, e.FullPath);
            watcher.Renamed += (_, e) =>
            {
                Report(folder, slug, e.OldFullPath);
                Report(folder, slug, e.FullPath);
            };
            watcher.Error += (_, e) => Lost(folder, e.GetException());
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
            return true;
        }
        // The limits on watches and their holders come as plain IOExceptions, a folder that is not there as an ArgumentException.
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            Problem = Unreported(folder, $" ({e.Message})");
            return false;
        }
    }

    private void Report(string folder, string? slug, string path)
    {
        if (slug is not null)
        {
            _events.Writer.TryWrite(new FeedsFolderChange(slug, Definition: false));
            return;
        }
        var parts = Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar, 3);
        if (parts[0] != ".") _events.Writer.TryWrite(new FeedsFolderChange(parts[0], parts.Length == 1 || (parts.Length == 2 && parts[1] == DefinitionFile)));
    }

    private void Lost(string folder, Exception e)
    {
        // An overflow loses reports once; anything else ends them. In both cases a look finds out what changed.
        if (e is InternalBufferOverflowException)
        {
            _failure = $"more changed in {folder} at once than the system reports; it is looked at instead";
        }
        else
        {
            _failure = Unreported(folder, $" ({e.Message})");
            _watching = false;
        }
        _lost = true;
        _events.Writer.TryWrite(null);
    }

    private string Unreported(string folder, string why) =>
        $"changes in {folder} are not reported by the system{why}; it is looked at every {PollWithoutReports.TotalSeconds:0.#} s";

    private Dictionary<string, Sums> Look()
    {
        var state = new Dictionary<string, Sums>(StringComparer.Ordinal);
        foreach (var slug in Slugs()) Refresh(state, slug);
        return state;
    }

    private void Refresh(Dictionary<string, Sums> state, string slug)
    {
        var folder = Path.Join(feedsFolder, slug);
        if (Directory.Exists(folder)) state[slug] = new Sums(_outside.Where(o => o.Slug == slug).Aggregate(Sum(folder), (sum, o) => unchecked((sum * 31) + Sum(o.Path))), DefinitionOf(folder));
        else state.Remove(slug);
    }

    private List<string> Slugs()
    {
        try
        {
            return Directory.Exists(feedsFolder) ? [.. Directory.EnumerateDirectories(feedsFolder).Select(folder => Path.GetFileName(folder))] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long Sum(string folder)
    {
        var sum = 0L;
        try
        {
            var entries = new FileSystemEnumerable<long>(
                folder,
                (ref FileSystemEntry e) => HashCode.Combine(string.GetHashCode(e.Directory), string.GetHashCode(e.FileName), e.IsDirectory ? 0 : e.Length, e.LastWriteTimeUtc),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true, MaxRecursionDepth = 32 })
            {
                ShouldRecursePredicate = (ref FileSystemEntry e) => (e.Attributes & FileAttributes.ReparsePoint) == 0,
            };
            // The order of an enumeration means nothing.
            foreach (var hash in entries) sum = unchecked(sum + (hash * hash * 31) + hash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
        return sum;
    }

    private static long DefinitionOf(string folder)
    {
        var file = new FileInfo(Path.Join(folder, DefinitionFile));
        return file.Exists ? HashCode.Combine(file.Length, file.LastWriteTimeUtc) : -1;
    }

    private static List<FeedsFolderChange> Differences(Dictionary<string, Sums> before, Dictionary<string, Sums> now) =>
    [
        .. now.Where(n => !before.TryGetValue(n.Key, out var was) || was != n.Value)
            .Select(n => new FeedsFolderChange(n.Key, !before.TryGetValue(n.Key, out var was) || was.Definition != n.Value.Definition)),
        .. before.Keys.Where(b => !now.ContainsKey(b)).Select(b => new FeedsFolderChange(b, Definition: true)),
    ];

    /// <summary>What stands for the names, sizes and times of a feed's files, and for its definition.</summary>
    private readonly record struct Sums(long Files, long Definition);

    private sealed class Ending(FolderWatcher watcher) : IDisposable
    {
        public void Dispose()
        {
            lock (watcher._lock)
            {
                foreach (var one in watcher._watchers) one.Dispose();
                watcher._watchers.Clear();
            }
        }
    }
}
