using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>
/// All snapshots, found without allocating. What feeds themselves are is always in memory, their bytes within a budget: those least recently asked
/// for go first and come back from the store. Parts of feeds, such as pages of an archive, are many: they are known only while they are asked for.
/// </summary>
public sealed partial class SnapshotCache
{
    private readonly IArticleStore _store;
    private readonly PublicUrls _urls;
    private readonly long _budget;
    private readonly Lock _sync = new();
    private readonly ConcurrentDictionary<string, Dictionary<string, CachedSnapshot>> _feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Dictionary<string, CachedSnapshot>>.AlternateLookup<ReadOnlySpan<char>> _feedsBySpan;

    // Counts what is not finished bytes at hand: two snapshots that were asked for between the same two counts are equally recent.
    private long _clock = 1;
    private long _size;

    public SnapshotCache(IArticleStore store, PublicUrls urls, long budget)
    {
        (_store, _urls, _budget) = (store, urls, budget);
        _feedsBySpan = _feeds.GetAlternateLookup<ReadOnlySpan<char>>();
        _partsBySpan = _parts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The hubs that a feed's documents name.</summary>
    public Func<string, IReadOnlyList<string>> Hubs { get; init; } = _ => [];

    /// <summary>What was asked of the feeds.</summary>
    public FeedTraffic Traffic { get; } = new();

    /// <summary>How many bytes of snapshots are in memory.</summary>
    public long Size => Volatile.Read(ref _size);

    /// <summary>How many snapshots there are, in memory or not.</summary>
    public int Count => _feeds.Sum(feed => feed.Value.Count);

    /// <summary>Learns of all snapshots in the store, without their bytes; <paramref name="maxAge"/> says how long caches may keep a feed's.</summary>
    public async Task LoadAsync(Func<string, TimeSpan> maxAge, CancellationToken cancellationToken) =>
        Load(await _store.ListSnapshotsAsync(cancellationToken), maxAge);

    /// <summary>Learns of all snapshots, as the store has listed them.</summary>
    public void Load(IReadOnlyList<StoredSnapshot> stored, Func<string, TimeSpan> maxAge)
    {
        lock (_sync)
        {
            foreach (var feed in stored.GroupBy(snapshot => snapshot.Feed, StringComparer.Ordinal))
            {
                // A publication that was faster than this listing knows better.
                if (_feeds.ContainsKey(feed.Key)) continue;
                var age = maxAge(feed.Key);
                _feeds[feed.Key] = feed.ToDictionary(snapshot => snapshot.Name, snapshot => Entry(snapshot, age), StringComparer.Ordinal);
            }
        }
    }

    /// <summary>What is kept under a name; its bytes may still be in the store.</summary>
    public bool TryGet(ReadOnlySpan<char> feed, ReadOnlySpan<char> name, [NotNullWhen(true)] out CachedSnapshot? snapshot)
    {
        snapshot = null;
        if (!_feedsBySpan.TryGetValue(feed, out var snapshots)) return false;
        if (!snapshots.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out snapshot)) return false;
        var now = Volatile.Read(ref _clock);
        if (snapshot.LastUsed != now) snapshot.LastUsed = now;
        return true;
    }

    public IReadOnlyCollection<CachedSnapshot> OfFeed(string feed) => _feeds.TryGetValue(feed, out var snapshots) ? snapshots.Values : [];

    /// <summary>Puts a feed's changed snapshots in the place of the old ones, and takes away those named as removed, all at once.</summary>
    public void Swap(string feed, IReadOnlyList<Snapshot> changed, IReadOnlyCollection<string>? removed = null)
    {
        lock (_sync)
        {
            var before = _feeds.GetValueOrDefault(feed);
            var after = before is null ? new(StringComparer.Ordinal) : new Dictionary<string, CachedSnapshot>(before, StringComparer.Ordinal);
            foreach (var name in removed ?? [])
            {
                if (after.Remove(name, out var old) || _parts.TryRemove($"{feed}/{name}", out old)) Forget(old);
            }
            // Parts come from the store when they are asked for.
            foreach (var snapshot in changed.Where(snapshot => !snapshot.Name.Contains('/', StringComparison.Ordinal)))
            {
                var entry = Entry(snapshot);
                var identityWasAskedFor = false;
                if (after.TryGetValue(snapshot.Name, out var old))
                {
                    identityWasAskedFor = old.Bodies?.Identity is not null;
                    Forget(old);
                }
                after[snapshot.Name] = entry;
                Hold(entry, new(snapshot.Gzip, snapshot.Brotli, identityWasAskedFor && !snapshot.Identity.IsEmpty ? snapshot.Identity : (ReadOnlyMemory<byte>?)null));
            }
            if (after.Count > 0) _feeds[feed] = after;
            else _feeds.TryRemove(feed, out _);
            Trim();
        }
    }

    /// <summary>The feeds of which the store has other snapshots than this cache.</summary>
    public async Task<IReadOnlyCollection<string>> OutdatedAsync(CancellationToken cancellationToken)
    {
        var stored = (await _store.ListSnapshotsAsync(cancellationToken)).ToLookup(snapshot => snapshot.Feed, StringComparer.Ordinal);
        return [.. stored.Select(feed => feed.Key).Union(_feeds.Keys).Where(feed => !IsCurrent(_feeds.GetValueOrDefault(feed), stored[feed]))];
    }

    /// <summary>Takes over what another process has published of a feed, all at once, with the bytes: nobody is to wait for a store that may be gone by then.</summary>
    public async Task RenewAsync(string feed, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = _feeds.GetValueOrDefault(feed);
            var stored = await _store.ListSnapshotsAsync(feed, cancellationToken);
            if (IsCurrent(before, stored)) return;
            var after = new Dictionary<string, CachedSnapshot>(StringComparer.Ordinal);
            var bodies = new List<(CachedSnapshot, SnapshotBodies)>();
            foreach (var listed in stored)
            {
                if (before?.GetValueOrDefault(listed.Name) is { } known && known.Tag == listed.Tag) after[listed.Name] = known;
                else if (await _store.FindSnapshotAsync(feed, listed.Name, cancellationToken) is { } found)
                    bodies.Add((after[found.Name] = Entry(found, maxAge), new(found.Gzip, found.Brotli, null)));
            }

            lock (_sync)
            {
                // Published here in the meantime: look again at what the store has now.
                if (_feeds.GetValueOrDefault(feed) != before) continue;
                foreach (var old in before?.Values.Except(after.Values) ?? []) Forget(old);
                foreach (var (entry, its) in bodies) Hold(entry, its);
                if (after.Count > 0) _feeds[feed] = after;
                else _feeds.TryRemove(feed, out _);
                Trim();
                return;
            }
        }
    }

    public void Remove(string feed)
    {
        lock (_sync)
        {
            if (!_feeds.TryRemove(feed, out var snapshots)) return;
            foreach (var snapshot in snapshots.Values) Forget(snapshot);
            foreach (var (path, part) in _parts.Where(part => part.Value.Feed == feed))
            {
                if (_parts.TryRemove(path, out _)) Forget(part);
            }
            Traffic.Remove(feed);
        }
    }

    /// <summary>Brings a snapshot's bytes into memory, on request the uncoded ones too. Not for a socket's thread: it may read the store and expand.</summary>
    /// <returns>The snapshot with its bytes, a newer one where the store has that; null where it is gone.</returns>
    public async Task<FilledSnapshot?> FillAsync(CachedSnapshot snapshot, bool identity, CancellationToken cancellationToken)
    {
        var filled = await HeldOrReadAsync(snapshot).WaitAsync(cancellationToken);
        if (filled is null || !identity || filled.Bodies.Identity is not null) return filled;
        var expanded = filled.Bodies with { Identity = Compression.Expand(filled.Bodies.Gzip, filled.Snapshot.Length) };
        lock (_sync)
        {
            Hold(filled.Snapshot, expanded);
            Trim();
        }
        return filled with { Bodies = expanded };
    }

    // Whoever comes while it is read waits for that, and whoever comes just after it finds what was read.
    private Task<FilledSnapshot?> HeldOrReadAsync(CachedSnapshot snapshot)
    {
        lock (_sync) return snapshot.Bodies is { } bodies ? Task.FromResult<FilledSnapshot?>(new(snapshot, bodies)) : snapshot.Loading ??= ReadAsync(snapshot);
    }

    private async Task<FilledSnapshot?> ReadAsync(CachedSnapshot snapshot)
    {
        // Lets the lock go first: the store may answer at once.
        await Task.Yield();
        try
        {
            var stored = await _store.FindSnapshotAsync(snapshot.Feed, snapshot.Name, CancellationToken.None);
            if (stored is null) return null;
            var bodies = new SnapshotBodies(stored.Gzip, stored.Brotli, null);
            lock (_sync)
            {
                var entry = stored.Tag == snapshot.Tag ? snapshot : Renew(snapshot, stored);
                Hold(entry, bodies);
                Trim();
                return new(entry, bodies);
            }
        }
        finally
        {
            lock (_sync) snapshot.Loading = null;
        }
    }

    private static bool IsCurrent(Dictionary<string, CachedSnapshot>? cached, IEnumerable<StoredSnapshot> stored)
    {
        var same = 0;
        foreach (var snapshot in stored)
        {
            if (cached?.GetValueOrDefault(snapshot.Name)?.Tag != snapshot.Tag) return false;
            same++;
        }
        return same == (cached?.Count ?? 0);
    }

    private CachedSnapshot Entry(Snapshot snapshot) => new(
        snapshot.Feed, snapshot.Name, snapshot.MediaType, snapshot.Tag, snapshot.LastModified, snapshot.Length, snapshot.MaxAge, snapshot.Immutable,
        Links(snapshot.Feed, snapshot.Name), Traffic.Of(snapshot.Feed, snapshot.Name));

    private CachedSnapshot Entry(StoredSnapshot snapshot, TimeSpan maxAge) => new(
        snapshot.Feed, snapshot.Name, snapshot.MediaType, snapshot.Tag, snapshot.LastModified, snapshot.Length, maxAge,
        FeedPart.IsArchived(snapshot.Name), Links(snapshot.Feed, snapshot.Name), Traffic.Of(snapshot.Feed, snapshot.Name));

    // What never changes has nothing to announce.
    private string Links(string feed, string name) => _urls.Links(feed, name, FeedPart.IsArchived(name) ? [] : Hubs(feed));

    // All below are called with the lock held.

    // Another node has published in between: what the store has is what is served.
    private CachedSnapshot Renew(CachedSnapshot snapshot, StoredSnapshot stored)
    {
        var entry = Entry(stored, snapshot.MaxAge);
        if (_feeds.TryGetValue(snapshot.Feed, out var snapshots) && snapshots.GetValueOrDefault(snapshot.Name) == snapshot)
        {
            Forget(snapshot);
            _feeds[snapshot.Feed] = new(snapshots, StringComparer.Ordinal) { [snapshot.Name] = entry };
        }
        else
        {
            entry.Replaced = true;
        }
        return entry;
    }

    private void Hold(CachedSnapshot snapshot, SnapshotBodies bodies)
    {
        if (snapshot.Replaced)
        {
            snapshot.Bodies = bodies;
            return;
        }
        if (snapshot.Counted) _size -= snapshot.Size;
        snapshot.Bodies = bodies;
        snapshot.Counted = true;
        snapshot.LastUsed = ++_clock;
        _size += snapshot.Size;
    }

    private void Forget(CachedSnapshot snapshot)
    {
        if (snapshot.Counted) _size -= snapshot.Size;
        snapshot.Counted = false;
        snapshot.Replaced = true;
    }

    private void Trim()
    {
        if (_size <= _budget) return;
        // Makes some room at once, so that the next misses need not sort again.
        var goal = _budget - (_budget / 8);
        foreach (var snapshot in _feeds.SelectMany(feed => feed.Value.Values).Concat(_parts.Values).Where(snapshot => snapshot.Counted).OrderBy(snapshot => snapshot.LastUsed).ToList())
        {
            if (_size <= goal) return;
            if (snapshot.ReadBeside is not null)
            {
                _parts.TryRemove($"{snapshot.Feed}/{snapshot.Name}", out _);
                Forget(snapshot);
                continue;
            }
            _size -= snapshot.Size;
            snapshot.Counted = false;
            snapshot.Bodies = null;
        }
    }
}
