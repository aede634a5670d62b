namespace FeedService.Publishing;

/// <summary>Works with the store until the service ends.</summary>
public abstract class StoreWorker : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await base.StopAsync(cancellationToken);
        }
        catch (AggregateException failure) when (failure.InnerExceptions.All(inner => inner is ObjectDisposedException))
        {
            // Npgsql answers so when it is told to give up what a connection does that breaks at that moment. The work has ended by then.
        }
    }
}
