namespace FeedService.Tests.Sources;

/// <summary>A clock that the test moves; timers run on the machine's own.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
