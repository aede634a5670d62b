namespace FeedService.Publishing;

/// <summary>What an operator may ask and order of the schedule. The program wires it: pages know nothing of how feeds are scheduled.</summary>
/// <param name="NextRun">When the feed runs next; null where it does not.</param>
/// <param name="RunNow">Runs the feed besides its schedule.</param>
/// <param name="Pause">Stops running the feed until it is resumed; where the schedule is in memory, until the service starts anew.</param>
/// <param name="Resume">Goes on with the schedule.</param>
public sealed record FeedControl(
    Func<string, CancellationToken, Task<DateTimeOffset?>> NextRun,
    Func<string, CancellationToken, Task> RunNow,
    Func<string, CancellationToken, Task> Pause,
    Func<string, CancellationToken, Task> Resume)
{
    /// <summary>Whether the schedule runs at all.</summary>
    public Func<CancellationToken, Task<bool>> IsRunning { get; init; } = _ => Task.FromResult(true);
}
