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

    /// <param name="parts">The document, one part after the other.</param>
    /// <param name="strong">Whether to take the time that packing it tightly takes.</param>
    public static byte[] Gzip(ReadOnlySpan<ReadOnlyMemory<byte>> parts, bool strong = false)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, new ZLibCompressionOptions { CompressionLevel = strong ? StrongGzipLevel : GzipLevel }))
            Write(parts, gzip);
        return output.ToArray();
    }

    /// <inheritdoc cref="Gzip"/>
    public static byte[] Brotli(ReadOnlySpan<ReadOnlyMemory<byte>> parts, bool strong = false)
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(output, new BrotliCompressionOptions { Quality = strong ? StrongBrotliQuality : BrotliQuality }))
            Write(parts, brotli);
        return output.ToArray();
    }

    /// <summary>The document as it is.</summary>
    public static byte[] None(ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var length = 0;
        foreach (var part in parts) length += part.Length;
        var bytes = new byte[length];
        foreach (var part in parts)
        {
            part.Span.CopyTo(bytes.AsSpan(^length));
            length -= part.Length;
        }
        return bytes;
    }

    /// <summary>The document again.</summary>
    public static byte[] Expand(ReadOnlyMemory<byte> gzip, int length)
    {
        var bytes = new byte[length];
        using var stream = new GZipStream(new MemoryStream(gzip.ToArray()), CompressionMode.Decompress);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void Write(ReadOnlySpan<ReadOnlyMemory<byte>> parts, Stream output)
    {
        foreach (var part in parts) output.Write(part.Span);
    }
}
