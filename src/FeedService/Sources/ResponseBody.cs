using System.Globalization;
using System.IO.Compression;

namespace FeedService.Sources;

/// <summary>Reads a response's body: decompressed by us, counted after that, and given up when it falls silent.</summary>
internal static class ResponseBody
{
    private const int PieceBytes = 16 << 10;

    /// <param name="response">With its head read.</param>
    /// <param name="url">For messages.</param>
    /// <param name="maxBytes">The most that is read, after decompression.</param>
    /// <param name="maxSilence">The longest time without a byte.</param>
    /// <param name="time">The clock.</param>
    /// <param name="whole">Ends the request; cancelled here when the silence is too long.</param>
    /// <exception cref="FetchException">More than that, or not as announced.</exception>
    /// <exception cref="InvalidDataException">The compressed body is damaged or cut off.</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, Uri url, int maxBytes, TimeSpan maxSilence, TimeProvider time, CancellationTokenSource whole)
    {
        CheckLength(response, url, maxBytes);
        await using var wire = await response.Content.ReadAsStreamAsync(whole.Token);
        var coding = response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var codings) ? string.Join(",", codings).Trim().ToLowerInvariant() : "";
        // That the streams notice a cut is a setting of the product: System.IO.Compression.UseStrictValidation.
        await using var body = coding switch
        {
            "" or "identity" => wire,
            "gzip" or "x-gzip" => new GZipStream(wire, CompressionMode.Decompress),
            "br" => new BrotliStream(wire, CompressionMode.Decompress),
            _ => throw new FetchException(FetchFailure.Broken, $"{url.IdnHost} answered in a coding that was not asked for"),
        };
        // Pieces that are put together once: a buffer that grows takes up to four times what is read.
        var pieces = new List<byte[]>();
        var piece = new byte[PieceBytes];
        var (length, filled) = (0, 0);
        while (true)
        {
            using var silence = new CancellationTokenSource(maxSilence, time);
            int read;
            try
            {
                using (silence.Token.Register(whole.Cancel)) read = await body.ReadAsync(piece.AsMemory(filled), whole.Token);
            }
            // What BrotliStream says of most invalid data.
            catch (InvalidOperationException e) when (body is BrotliStream)
            {
                throw new InvalidDataException(e.Message, e);
            }
            if (read == 0) return Join(pieces, piece.AsSpan(0, filled), length);
            length += read;
            filled += read;
            if (length > maxBytes) throw TooLarge(url, maxBytes);
            if (filled < piece.Length) continue;
            pieces.Add(piece);
            (piece, filled) = (new byte[PieceBytes], 0);
        }
    }

    private static byte[] Join(List<byte[]> pieces, ReadOnlySpan<byte> last, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < pieces.Count; i++) pieces[i].CopyTo(bytes, i * PieceBytes);
        last.CopyTo(bytes.AsSpan(pieces.Count * PieceBytes));
        return bytes;
    }

    private static void CheckLength(HttpResponseMessage response, Uri url, int maxBytes)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths)) return;
        // Which of two lengths is meant is what request smuggling is made of.
        if (lengths.SelectMany(l => l.Split(',', StringSplitOptions.TrimEntries)).Distinct().ToList() is not [{ Length: > 0 } only] || !only.All(char.IsAsciiDigit))
            throw new FetchException(FetchFailure.Broken, $"{url.IdnHost} gave a Content-Length that cannot be");
        if (!long.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > maxBytes) throw TooLarge(url, maxBytes);
    }

    private static FetchException TooLarge(Uri url, int maxBytes) =>
        new(FetchFailure.TooLarge, string.Create(CultureInfo.InvariantCulture, $"{url.IdnHost} sent more than {maxBytes:N0} bytes"));
}
