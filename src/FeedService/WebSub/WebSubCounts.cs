namespace FeedService.WebSub;

/// <summary>What happens between hubs and subscribers, for whoever measures.</summary>
public enum WebSubEvent
{
    /// <summary>A callback confirmed what was asked for in its name.</summary>
    Confirmed,

    /// <summary>A callback did not.</summary>
    NotConfirmed,

    /// <summary>A subscriber took a delivery, or a hub a ping.</summary>
    Delivered,

    /// <summary>It did not, and is tried again.</summary>
    Failed,

    /// <summary>A subscription ended because its callback said so (410) or was dead for too long.</summary>
    Dropped,

    /// <summary>An upstream's hub delivered something that was taken.</summary>
    Received,

    /// <summary>It, or somebody in its name, delivered something that was ignored.</summary>
    Ignored,
}

/// <summary>Counts since the start, on this node.</summary>
public sealed class WebSubCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<WebSubEvent>().Length];

    public long this[WebSubEvent what] => Volatile.Read(ref _counts[(int)what]);

    internal void Count(WebSubEvent what) => Interlocked.Increment(ref _counts[(int)what]);
}
