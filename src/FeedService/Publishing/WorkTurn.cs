namespace FeedService.Publishing;

/// <summary>How many runs may work at a time. Those that wait for an upstream do not count: however many are mute, the others find a place.</summary>
public sealed class WorkPlaces
{
    private static readonly int s_places = Math.Max(8, 4 * Environment.ProcessorCount);

    internal SemaphoreSlim Free { get; } = new(s_places);
}

/// <summary>A run's place among those that work, taken and left as often as there is something to wait for.</summary>
internal sealed class WorkTurn(WorkPlaces places) : IDisposable
{
    private bool _taken;

    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (_taken)
            return;
        await places.Free.WaitAsync(cancellationToken);
        _taken = true;
    }

    public void Leave()
    {
        if (_taken)
            places.Free.Release();
        _taken = false;
    }

    public void Dispose() => Leave();
}
