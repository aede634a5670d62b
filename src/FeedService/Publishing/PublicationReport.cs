namespace FeedService.Publishing;

/// <summary>What one run of a feed did.</summary>
public sealed record PublicationReport(string Feed)
{
    public required DateTimeOffset At { get; init; }

    public TimeSpan Took { get; init; }

    /// <summary>Articles that are new, changed or removed.</summary>
    public int Changed { get; init; }

    /// <summary>Articles in the feed now.</summary>
    public int Articles { get; init; }

    /// <summary>Names of documents whose bytes changed.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>What an operator should read: failed sources, refused files, lint errors, in words.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>When it is worth running again, where that is before the schedule says so.</summary>
    public DateTimeOffset? RunAgain { get; init; }

    /// <summary>True where a document could not go out and the last good one stays.</summary>
    public bool KeptLastGood { get; init; }
}
