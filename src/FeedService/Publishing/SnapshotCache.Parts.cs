using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace FeedService.Publishing;

// Parts of feeds: pages of archives, feeds of categories and authors, deltas.
public sealed partial class SnapshotCache
{
    // By feed and name, as they stand in paths: harbour/archive/3.rss.
    private readonly ConcurrentDictionary<string, CachedSnapshot> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CachedSnapshot>.AlternateLookup<ReadOnlySpan<char>> _partsBySpan;

    /// <summary>What is in memory of a part of a feed, by its path such as <c>harbour/archive/3.rss</c>; where there is nothing the store may have it.</summary>
    public bool TryGetPart(ReadOnlySpan<char> path, [NotNullWhen(true)] out CachedSnapshot? snapshot)
    {
        if (!_partsBySpan.TryGetValue(path, out snapshot)) return false;
        // Whatever changes in a feed changes the feed itself, too: a part is as good as what it was read beside. A closed page stays.
        if (!_feeds.TryGetValue(snapshot.Feed, out var feed) || !(snapshot.Immutable || ReferenceEquals(feed, snapshot.ReadBeside))) return false;
        var now = Volatile.Read(ref _clock);
        if (snapshot.LastUsed != now) snapshot.LastUsed = now;
        return true;
    }

    /// <summary>Reads a part of a feed from the store; null where there is none, or where the feed is not handed out.</summary>
    public async Task<CachedSnapshot?> FindPartAsync(string feed, string name, CancellationToken cancellationToken)
    {
        if (!_feeds.TryGetValue(feed, out var beside) || beside.Values.FirstOrDefault() is not { } own) return null;
        if (await _store.FindSnapshotAsync(feed, name, cancellationToken) is not { } stored) return null;
        var entry = Entry(stored, own.MaxAge);
        entry.ReadBeside = beside;
        lock (_sync)
        {
            var path = $"{feed}/{name}";
            if (_parts.TryGetValue(path, out var old)) Forget(old);
            _parts[path] = entry;
            Hold(entry, new(stored.Gzip, stored.Brotli, null));
            Trim();
        }
        return entry;
    }
}
