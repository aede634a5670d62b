namespace FeedService.Web;

/// <summary>How finished bytes go out.</summary>
internal static class Bytes
{
    // What fits beside the head into one block of Kestrel's, which then is one write of one piece.
    private const int Small = 3 << 10;

    /// <summary>
    /// Puts the bytes behind the head, for Kestrel to send both when the handler returns; they must stay as they are. By itself Kestrel would
    /// copy them, cut into blocks of 4 KB.
    /// </summary>
    public static Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Small)
        {
            var started = response.StartAsync();
            if (!started.IsCompletedSuccessfully) return WriteAfterAsync(started, response, bytes);
        }
        Append(response, bytes);
        return Task.CompletedTask;
    }

    private static async Task WriteAfterAsync(Task started, HttpResponse response, ReadOnlyMemory<byte> bytes)
    {
        await started;
        Append(response, bytes);
    }

    private static void Append(HttpResponse response, ReadOnlyMemory<byte> bytes) =>
        SocketOutput.Write(response.HttpContext.Features.Get<SocketOutput>(), response.BodyWriter, bytes);
}
