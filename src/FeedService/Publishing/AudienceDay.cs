using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeedService.Publishing;

/// <summary>The readers of one feed on one day. Not for several threads at once.</summary>
internal sealed class AudienceDay
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    // A feed has some dozens of different readers; more names are made up, or not worth telling apart.
    private const int MostLines = 100;
    private const int MostFeedIds = 100;
    private const string Other = "other";

    private readonly Dictionary<(string Format, string Name, ReaderKind Kind), Line> _lines = [];
    private bool _changed;
    private bool _unconfirmed;

    /// <summary>True too after something was saved: another node may have saved over it at the same moment, so it is looked at once more.</summary>
    public bool ToBeSaved => _changed || _unconfirmed;

    public int Subscribers => Counts().Where(count => count.IsSubscriber).Sum(count => count.Count);

    public IReadOnlyList<ReaderCount> Counts() =>
    [
        .. _lines.Select(line => new ReaderCount(line.Key.Format, line.Key.Name, line.Key.Kind, line.Value.Count))
            .OrderByDescending(count => count.Count).ThenBy(count => count.Name, StringComparer.Ordinal).ThenBy(count => count.Format, StringComparer.Ordinal),
    ];

    /// <returns>True where the reader is one of a new kind.</returns>
    public bool Count(string format, ReaderAgent reader, ulong hash, bool roomForMore)
    {
        var key = (format, reader.Name, reader.Kind);
        if (!_lines.ContainsKey(key) && (!roomForMore || _lines.Count >= MostLines)) key = (format, Other, reader.Kind);
        var added = !_lines.TryGetValue(key, out var line);
        if (line is null) _lines[key] = line = new();
        _changed |= reader.Kind == ReaderKind.Hosted ? line.State(reader.FeedId, reader.Stated) : line.See(hash);
        return added;
    }

    public void Merge(AudienceDay other)
    {
        foreach (var (key, line) in other._lines)
        {
            if (_lines.TryGetValue(key, out var ours)) ours.Merge(line);
            else _lines[key] = line;
        }
    }

    public void Saved(bool same) => (_changed, _unconfirmed) = (false, !same);

    public string Save() => Save(line => (line.Stated, line.Seen?.Save()));

    public string SaveClosed() => Save(_ => (null, null));

    public static AudienceDay Load(string text)
    {
        var day = new AudienceDay();
        foreach (var saved in JsonSerializer.Deserialize<IReadOnlyList<SavedLine>>(text, s_json) ?? [])
            day._lines[(saved.Format, saved.Name, saved.Kind)] = new(saved.Stated, saved.Seen is { } seen ? DistinctCounter.Load(seen) : null, saved.Count);
        return day;
    }

    private string Save(Func<Line, (IReadOnlyDictionary<string, int>? Stated, string? Seen)> kept) => JsonSerializer.Serialize(
        _lines.OrderBy(line => line.Key).Select(line => kept(line.Value) is var (stated, seen)
            ? new SavedLine(line.Key.Format, line.Key.Name, line.Key.Kind, line.Value.Count, stated, seen) : null),
        s_json);

    private sealed record SavedLine(string Format, string Name, ReaderKind Kind, int Count, IReadOnlyDictionary<string, int>? Stated, string? Seen);

    private sealed class Line(IReadOnlyDictionary<string, int>? stated = null, DistinctCounter? seen = null, int least = 0)
    {
        // By the fetcher's own name for the feed. Sorted, so that the same is saved as the same text.
        private SortedDictionary<string, int>? _stated = stated is null ? null : new(stated.ToDictionary(), StringComparer.Ordinal);
        private int? _count;

        public IReadOnlyDictionary<string, int>? Stated => _stated;

        public DistinctCounter? Seen { get; private set; } = seen;

        /// <summary>Never less than was saved: a day that is closed has nothing but its number.</summary>
        public int Count => _count ??= Math.Max(least, _stated?.Values.Sum() ?? Seen?.Estimate() ?? 0);

        /// <summary>The most that was stated today counts: fetchers do not always know all their subscribers.</summary>
        public bool State(string feedId, int count)
        {
            _stated ??= new(StringComparer.Ordinal);
            if (_stated.TryGetValue(feedId, out var before) ? before >= count : _stated.Count >= MostFeedIds) return false;
            _stated[feedId] = count;
            _count = null;
            return true;
        }

        public bool See(ulong hash)
        {
            if (!(Seen ??= new()).Add(hash)) return false;
            _count = null;
            return true;
        }

        public void Merge(Line other)
        {
            foreach (var (id, count) in other.Stated ?? new Dictionary<string, int>()) State(id, count);
            if (other.Seen is { } seen) (Seen ??= new()).Merge(seen);
            _count = null;
        }
    }
}
