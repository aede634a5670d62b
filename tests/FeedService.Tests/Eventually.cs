namespace FeedService.Tests;

/// <summary>Waits for what has to come about by itself.</summary>
internal static class Eventually
{
    public static Task HoldsAsync(Action holds) => HoldsAsync(() =>
    {
        holds();
        return Task.CompletedTask;
    });

    /// <summary>Asks again until it holds; the last failure is the test's.</summary>
    public static async Task HoldsAsync(Func<Task> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(30));
        while (true)
        {
            try
            {
                await holds();
                return;
            }
            catch (Exception) when (!patience.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
