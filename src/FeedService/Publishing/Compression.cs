using System.Buffers;
using System.IO.Compression;

namespace FeedService.Publishing;

/// <summary>The codings of a finished document, made once at publication and never while a reader waits.</summary>
public static class Compression
{
    /// <summary>A document that was sent so often before it changed is packed as tightly as can be from then on.</summary>
    public const int WorthTheEffort = 10_000;

    // Measured on a 150 KB feed: gzip 6 is within 2 % of gzip 9 for 40 % of its time; brotli 5 is 13 % smaller than that, brotli 11 just 1 % more for fifty times the time.
    private const int GzipLevel = 6;
    private const int StrongGzipLevel = 9;
    private const int BrotliQuality = 5;
    private const int StrongBrotliQuality = 11;
    private const int BrotliWindow = 22;

    public static byte[] Gzip(ReadOnlySpan<byte> bytes, bool strong = false)
    {
        using var output = new MemoryStream(bytes.Length / 3 + 64);
        using (var gzip = new GZipStream(output, new ZLibCompressionOptions { CompressionLevel = strong ? StrongGzipLevel : GzipLevel }))
            gzip.Write(bytes);
        return output.ToArray();
    }

    /// <summary>The document again.</summary>
    public static byte[] Expand(ReadOnlyMemory<byte> gzip, int length)
    {
        var bytes = new byte[length];
        using var stream = new GZipStream(new MemoryStream(gzip.ToArray()), CompressionMode.Decompress);
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static byte[] Brotli(ReadOnlySpan<byte> bytes, bool strong = false)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(bytes.Length));
        try
        {
            if (!BrotliEncoder.TryCompress(bytes, buffer, out var written, strong ? StrongBrotliQuality : BrotliQuality, BrotliWindow))
                throw new InvalidOperationException("Brotli did not fit into the length that it states as its maximum.");
            return buffer[..written];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
