namespace FeedService.Web;

/// <summary>How finished bytes go out.</summary>
internal static class Bytes
{
    /// <summary>Allocates only where the client reads more slowly than it is written to.</summary>
    public static Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes)
    {
        // No RequestAborted: asking for it allocates, and a write to a closed connection ends by itself.
        var written = response.BodyWriter.WriteAsync(bytes);
        if (!written.IsCompletedSuccessfully) return written.AsTask();
        written.GetAwaiter().GetResult();
        return Task.CompletedTask;
    }
}
