using System.Text.Json;

namespace FeedService.Cli;

/// <summary>What the verbs share that turn each of many files into JSON: order kept, one bad file never stops the rest.</summary>
internal static class PerFile
{
    /// <param name="title">For the progress bar.</param>
    /// <param name="files">Files and URLs.</param>
    /// <param name="lines">A JSON object a line, errors among them, instead of documents for people.</param>
    /// <param name="member">What a line calls the result.</param>
    /// <param name="work">Answers JSON, or throws <see cref="InputException"/>.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    public static async Task<int> RunAsync(
        string title, IEnumerable<string> files, bool lines, string member, Func<string, Task<byte[]>> work, CancellationToken cancellationToken)
    {
        var all = files.ToList();
        var failed = 0;
        var documents = new List<byte[]>();
        await using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        await Terminal.WithProgressAsync(title, all.Count, async advance =>
        {
            await foreach (var (file, json, error) in InOrder.SelectAsync(all, file => AttemptAsync(file, work)).WithCancellation(cancellationToken))
            {
                if (error is not null) failed++;
                if (!lines && error is not null) Terminal.Error($"{file}: {error}");
                else if (!lines) documents.Add(json);
                else if (error is not null) ItemJson.WriteLine(output, file, "error", JsonSerializer.SerializeToUtf8Bytes(error));
                else ItemJson.WriteLine(output, file, member, json);
                advance();
            }
        });
        await output.FlushAsync(cancellationToken);
        ItemJson.WriteIndented(Console.Out, documents);
        return failed == 0 ? CommandLine.Good : CommandLine.Findings;
    }

    private static async Task<(string File, byte[] Json, string? Error)> AttemptAsync(string file, Func<string, Task<byte[]>> work)
    {
        try
        {
            return (file, await work(file), null);
        }
        catch (InputException e)
        {
            return (file, [], e.Message);
        }
        // One file that finds a fault of ours is no reason to lose the other thousands; the line says that it was one.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (file, [], $"unexpected: {e.GetType().Name}: {e.Message}");
        }
    }
}
