using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>
/// Who reads each feed: what hosted readers state, and different readers a day by a hash of address and User-Agent. The hash's salt goes with
/// the day, and of the hashes only a sketch is kept that gives their number; so nobody can be followed from one day to the next.
/// </summary>
public sealed class Audience(IArticleStore store, TimeProvider time) : IDisposable
{
    public const string Kind = "audience";
    private const string SaltKind = "audience-salt";

    /// <summary>Days are kept so long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    // Who makes up names of readers shall not fill memory with them.
    private const int MostLines = 200_000;
    private const int Portion = 1_000;

    private readonly Lock _sync = new();

    // A day is not saved while it is being closed: its hashes would come back.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private Dictionary<string, AudienceDay> _feeds = [];
    private Dictionary<string, int> _lastWholeDay = [];
    private DateOnly _day;
    private byte[]? _salt;
    private int _lines;

    /// <summary>Whether today's readers are counted; until then nobody can say how many there are.</summary>
    public bool IsOpen => Volatile.Read(ref _salt) is not null;

    /// <summary>How many read the feed, as far as anybody knows: the better of the last whole day and today so far.</summary>
    public int Subscribers(string feed)
    {
        lock (_sync) return Math.Max(_lastWholeDay.GetValueOrDefault(feed), _feeds.TryGetValue(feed, out var day) ? day.Subscribers : 0);
    }

    /// <summary>Today's readers of a feed so far, those for the most people first.</summary>
    public IReadOnlyList<ReaderCount> Today(string feed)
    {
        lock (_sync) return _feeds.TryGetValue(feed, out var day) ? day.Counts() : [];
    }

    /// <summary>Subscribers on each of the last days but today, the oldest first; days without a reader are left out.</summary>
    public async Task<IReadOnlyList<(DateOnly Day, int Subscribers)>> HistoryAsync(string feed, int days, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var from = Key(Day(now.AddDays(-days)), "");
        return [.. (await store.ListRecordsAsync(Kind, feed, from, days + 1, now, cancellationToken))
            .Select(record => (Day: DateOnly.ParseExact(record.Key.AsSpan(0, 10), "O", CultureInfo.InvariantCulture), AudienceDay.Load(record.Value).Subscribers))
            .Where(each => each.Day < Day(now))];
    }

    /// <summary>Makes ready to count today's readers: after midnight the last day is closed and its salt thrown away.</summary>
    /// <exception cref="StoreException">The store cannot be used: without the day's salt nothing is counted.</exception>
    public async Task OpenDayAsync(CancellationToken cancellationToken)
    {
        if (_salt is not null && Day(time.GetUtcNow()) == _day) return;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await OpenAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <param name="feed">The slug.</param>
    /// <param name="format"><c>rss</c>, <c>atom</c> or <c>json</c>.</param>
    /// <param name="address">Where the request came from.</param>
    /// <param name="userAgent">As the reader sent it; hashed with the address.</param>
    /// <param name="reader">What it was understood to be.</param>
    public void Count(string feed, string format, ReadOnlySpan<byte> address, string? userAgent, ReaderAgent reader)
    {
        if (_salt is not { } salt) return;
        var agent = Encoding.UTF8.GetBytes(userAgent ?? "");
        var text = new byte[salt.Length + address.Length + agent.Length];
        salt.CopyTo(text, 0);
        address.CopyTo(text.AsSpan(salt.Length));
        agent.CopyTo(text, salt.Length + address.Length);
        var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(text));
        lock (_sync)
        {
            if (!_feeds.TryGetValue(feed, out var day)) _feeds[feed] = day = new();
            if (day.Count(format, reader, hash, roomForMore: _lines < MostLines)) _lines++;
        }
    }

    /// <summary>Writes down what has changed, together with what other nodes have counted meanwhile.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await SaveDayAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = Day(now);
        if (_salt is not null && today == _day) return;
        if (_salt is not null) await SaveDayAsync(cancellationToken);
        var closed = await CloseAsync(today.AddDays(-1), now, cancellationToken);
        var salt = await SaltAsync(today, now, cancellationToken);
        var feeds = new Dictionary<string, AudienceDay>();
        await foreach (var record in OfDayAsync(today, now, cancellationToken)) feeds[record.Feed] = AudienceDay.Load(record.Value);
        lock (_sync) (_day, _salt, _feeds, _lastWholeDay, _lines) = (today, salt, feeds, closed, 0);
    }

    private async Task SaveDayAsync(CancellationToken cancellationToken)
    {
        List<(string Feed, AudienceDay Day)> changed;
        lock (_sync) changed = [.. _feeds.Where(feed => feed.Value.ToBeSaved).Select(feed => (feed.Key, feed.Value))];
        var now = time.GetUtcNow();
        foreach (var portion in changed.Chunk(Portion))
        {
            var records = new List<StoredRecord>();
            foreach (var (feed, day) in portion)
            {
                var key = Key(_day, feed);
                var stored = await store.FindRecordAsync(Kind, key, now, cancellationToken);
                string text;
                lock (_sync)
                {
                    if (stored is not null) day.Merge(AudienceDay.Load(stored.Value));
                    text = day.Save();
                    day.Saved(same: text == stored?.Value);
                }
                if (text != stored?.Value) records.Add(Record(_day, feed, text));
            }
            if (records.Count > 0) await store.PutRecordsAsync(records, cancellationToken);
        }
    }

    /// <summary>Leaves of a day that is over the numbers only.</summary>
    private async Task<Dictionary<string, int>> CloseAsync(DateOnly over, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subscribers = new Dictionary<string, int>();
        var records = new List<StoredRecord>();
        await foreach (var record in OfDayAsync(over, now, cancellationToken))
        {
            var day = AudienceDay.Load(record.Value);
            subscribers[record.Feed] = day.Subscribers;
            if (day.SaveClosed() is var text && text != record.Value) records.Add(record with { Value = text });
        }
        foreach (var portion in records.Chunk(Portion)) await store.PutRecordsAsync(portion, cancellationToken);
        return subscribers;
    }

    private IAsyncEnumerable<StoredRecord> OfDayAsync(DateOnly day, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.WalkRecordsAsync(Kind, null, Key(day, ""), now, cancellationToken);

    // All nodes use one, so that a reader whom a balancer sends to two of them counts once.
    private async Task<byte[]> SaltAsync(DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var record = new StoredRecord(SaltKind, day.ToString("O", CultureInfo.InvariantCulture))
        {
            Value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            Expires = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero),
        };
        if (!await store.TryAddRecordAsync(record, now, cancellationToken))
            record = await store.FindRecordAsync(SaltKind, record.Key, now, cancellationToken) ?? record;
        await store.DeleteExpiredRecordsAsync(now, cancellationToken);
        return Convert.FromHexString(record.Value);
    }

    private static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);

    private static string Key(DateOnly day, string feed) => $"{day.ToString("O", CultureInfo.InvariantCulture)}/{feed}";

    private static StoredRecord Record(DateOnly day, string feed, string text) => new(Kind, Key(day, feed))
    {
        Feed = feed,
        Value = text,
        Expires = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) + Kept,
    };
}

/// <summary>One kind of reader of a feed on a day.</summary>
/// <param name="Format">What it reads: <c>rss</c>, <c>atom</c> or <c>json</c>.</param>
/// <param name="Name">What it calls itself.</param>
/// <param name="Kind">Only readers and hosted readers are subscribers.</param>
/// <param name="Count">How many: as stated by a hosted reader, else as counted.</param>
public sealed record ReaderCount(string Format, string Name, ReaderKind Kind, int Count)
{
    public bool IsSubscriber => Kind is ReaderKind.Reader or ReaderKind.Hosted;
}
