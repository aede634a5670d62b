namespace FeedService.Cli;

/// <summary>Work on many inputs at once whose results come in the inputs' order.</summary>
internal static class InOrder
{
    // Enough that a slow input does not leave the other cores idle.
    private static readonly int Ahead = Environment.ProcessorCount * 4;

    public static async IAsyncEnumerable<TResult> SelectAsync<T, TResult>(IEnumerable<T> inputs, Func<T, Task<TResult>> work)
    {
        var running = new Queue<Task<TResult>>(Ahead);
        foreach (var input in inputs)
        {
            if (running.Count == Ahead) yield return await running.Dequeue();
            running.Enqueue(Task.Run(() => work(input)));
        }
        while (running.TryDequeue(out var next)) yield return await next;
    }
}
