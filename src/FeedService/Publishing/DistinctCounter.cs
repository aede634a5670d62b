using System.Numerics;

namespace FeedService.Publishing;

/// <summary>
/// How many different things were seen, without keeping them: HyperLogLog over 2,048 registers, with linear counting for small numbers. Tens
/// come out exact or one off, thousands within some 2.5 %; and from what is kept nobody can tell who was counted.
/// </summary>
internal sealed class DistinctCounter
{
    private const int IndexBits = 11;
    private const int Registers = 1 << IndexBits;
    private const int RankBits = 5;
    private const int MaxRank = (1 << RankBits) - 1;

    // Few readers are the rule: until then pairs of register and rank, sorted, cost less than all registers.
    private const int MaxSparse = 256;

    private readonly List<ushort> _sparse = [];
    private byte[]? _dense;

    /// <returns>True where what is known has changed.</returns>
    public bool Add(ulong hash) => Raise((int)(hash >> (64 - IndexBits)), Math.Min(BitOperations.LeadingZeroCount((hash << IndexBits) | 1) + 1, MaxRank));

    public void Merge(DistinctCounter other)
    {
        foreach (var (index, rank) in other.Raised()) Raise(index, rank);
    }

    public int Estimate()
    {
        const double bias = 0.7213 / (1 + (1.079 / Registers));
        var raised = 0;
        double sum = 0;
        foreach (var (_, rank) in Raised())
        {
            raised++;
            sum += Math.ScaleB(1, -rank);
        }
        var untouched = Registers - raised;
        var estimate = bias * Registers * Registers / (sum + untouched);
        return (int)Math.Round(estimate <= 2.5 * Registers && untouched > 0 ? Registers * Math.Log((double)Registers / untouched) : estimate);
    }

    public string Save()
    {
        var bytes = new List<byte>();
        foreach (var (index, rank) in Raised())
        {
            var pair = Pair(index, rank);
            bytes.Add((byte)(pair >> 8));
            bytes.Add((byte)pair);
        }
        return Convert.ToBase64String([.. bytes]);
    }

    public static DistinctCounter Load(string saved)
    {
        var counter = new DistinctCounter();
        var bytes = Convert.FromBase64String(saved);
        for (var i = 0; i + 1 < bytes.Length; i += 2)
        {
            var pair = (bytes[i] << 8) | bytes[i + 1];
            counter.Raise(pair >> RankBits, pair & MaxRank);
        }
        return counter;
    }

    private static ushort Pair(int index, int rank) => (ushort)((index << RankBits) | rank);

    private IEnumerable<(int Index, int Rank)> Raised() => _dense is { } dense
        ? Enumerable.Range(0, Registers).Where(index => dense[index] > 0).Select(index => (index, (int)dense[index]))
        : _sparse.Select(pair => (pair >> RankBits, pair & MaxRank));

    private bool Raise(int index, int rank)
    {
        if (_dense is null)
        {
            var at = _sparse.BinarySearch(Pair(index, 0));
            at = at < 0 ? ~at : at;
            if (at < _sparse.Count && _sparse[at] >> RankBits == index)
            {
                if ((_sparse[at] & MaxRank) >= rank) return false;
                _sparse[at] = Pair(index, rank);
                return true;
            }
            if (_sparse.Count < MaxSparse)
            {
                _sparse.Insert(at, Pair(index, rank));
                return true;
            }
            var dense = new byte[Registers];
            foreach (var (known, value) in Raised()) dense[known] = (byte)value;
            _dense = dense;
            _sparse.Clear();
        }
        if (_dense[index] >= rank) return false;
        _dense[index] = (byte)rank;
        return true;
    }
}
