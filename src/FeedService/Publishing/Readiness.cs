namespace FeedService.Publishing;

/// <summary>Whether the service does what it is there for, and if not, why.</summary>
public sealed class Readiness
{
    private volatile string? _problem = "starting";

    /// <summary>In words; null where all is well.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }
}
