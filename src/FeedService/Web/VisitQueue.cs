using System.Net;
using System.Runtime.CompilerServices;
using FeedService.Publishing;

namespace FeedService.Web;

/// <summary>A request for a feed, as far as counting readers goes: references to what the request holds anyway.</summary>
internal readonly record struct Visit(TrafficCounter Counter, IPAddress? Address, string? Forwarded, string? UserAgent)
{
    public bool IsSame(in Visit other) =>
        ReferenceEquals(Counter, other.Counter) && ReferenceEquals(Address, other.Address) && ReferenceEquals(Forwarded, other.Forwarded) && ReferenceEquals(UserAgent, other.UserAgent);
}

/// <summary>
/// Hands requests from the sockets' threads to the one that counts readers: a ring of a fixed size that neither locks nor allocates (bounded
/// queue after D. Vyukov: each slot's turn says whose it is). When it is full, visits are dropped and counted: readers wait for nobody.
/// </summary>
internal sealed class VisitQueue
{
    private const int Size = 1 << 14;

    // A connection that asks again and again brings the same objects each time; it need not be told of again so soon.
    private const int Remembered = 1 << 11;

    private readonly Slot[] _slots = new Slot[Size];
    private readonly Visit[] _lately = new Visit[Remembered];
    private long _next;
    private long _taken;
    private long _dropped;

    public VisitQueue()
    {
        for (var i = 0; i < Size; i++) _slots[i].Turn = i;
    }

    public long Dropped => Volatile.Read(ref _dropped);

    public long Length => Math.Max(0, Volatile.Read(ref _next) - Volatile.Read(ref _taken));

    public void Add(in Visit visit)
    {
        // Threads may mix up each other's entries here; at worst a visit is told twice, or not until the next time.
        ref var last = ref _lately[(RuntimeHelpers.GetHashCode(visit.Address) ^ RuntimeHelpers.GetHashCode(visit.UserAgent) ^ RuntimeHelpers.GetHashCode(visit.Counter)) & (Remembered - 1)];
        if (last.IsSame(visit)) return;
        last = visit;
        var at = Volatile.Read(ref _next);
        while (true)
        {
            ref var slot = ref _slots[at & (Size - 1)];
            var turn = Volatile.Read(ref slot.Turn);
            if (turn == at)
            {
                var seen = Interlocked.CompareExchange(ref _next, at + 1, at);
                if (seen == at)
                {
                    slot.Visit = visit;
                    Volatile.Write(ref slot.Turn, at + 1);
                    return;
                }
                at = seen;
            }
            else if (turn < at)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            else
            {
                at = Volatile.Read(ref _next);
            }
        }
    }

    /// <summary>From now on visits are told again that were told before: a reader who stays connected is one of the next day, too.</summary>
    public void Forget() => Array.Clear(_lately);

    /// <summary>For one thread at a time.</summary>
    public bool TryTake(out Visit visit)
    {
        ref var slot = ref _slots[_taken & (Size - 1)];
        if (Volatile.Read(ref slot.Turn) != _taken + 1)
        {
            visit = default;
            return false;
        }
        visit = slot.Visit;
        slot.Visit = default;
        Volatile.Write(ref slot.Turn, _taken + Size);
        Volatile.Write(ref _taken, _taken + 1);
        return true;
    }

    private struct Slot
    {
        public long Turn;
        public Visit Visit;
    }
}
