using System.Buffers;
using System.Globalization;
using FeedService.Configuration;

namespace FeedService.Web;

/// <summary>
/// Pictures, sound and other files that lie beside the articles of a feed's folders. Only kinds that are named here go out, so that neither
/// the articles' sources nor what editors and backups leave behind does.
/// </summary>
internal static class ArticleFiles
{
    private const int Chunk = 64 << 10;
    private const string Policy = "public, max-age=300";

    private static readonly Dictionary<string, string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        [".avif"] = "image/avif",
        [".bmp"] = "image/bmp",
        [".gif"] = "image/gif",
        [".ico"] = "image/x-icon",
        [".jpeg"] = "image/jpeg",
        [".jpg"] = "image/jpeg",
        [".jxl"] = "image/jxl",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".webp"] = "image/webp",
        [".aac"] = "audio/aac",
        [".flac"] = "audio/flac",
        [".m4a"] = "audio/mp4",
        [".mp3"] = "audio/mpeg",
        [".oga"] = "audio/ogg",
        [".ogg"] = "audio/ogg",
        [".opus"] = "audio/ogg",
        [".wav"] = "audio/wav",
        [".weba"] = "audio/webm",
        [".m4v"] = "video/mp4",
        [".mov"] = "video/quicktime",
        [".mp4"] = "video/mp4",
        [".ogv"] = "video/ogg",
        [".webm"] = "video/webm",
        [".vtt"] = "text/vtt; charset=utf-8",
        [".srt"] = "application/x-subrip",
    };

    private static readonly Dictionary<string, string> Downloaded = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = "text/csv; charset=utf-8",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".epub"] = "application/epub+zip",
        [".gpx"] = "application/gpx+xml",
        [".gz"] = "application/gzip",
        [".ics"] = "text/calendar; charset=utf-8",
        [".odt"] = "application/vnd.oasis.opendocument.text",
        [".ods"] = "application/vnd.oasis.opendocument.spreadsheet",
        [".pdf"] = "application/pdf",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        [".tar"] = "application/x-tar",
        [".vcf"] = "text/vcard; charset=utf-8",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".zip"] = "application/zip",
    };

    /// <summary>Sends the file, or leaves it at 404.</summary>
    public static async Task SendAsync(HttpContext context, FeedDefinition definition, string path)
    {
        var extension = Path.GetExtension(path);
        var download = Downloaded.TryGetValue(extension, out var type);
        if (!download && !Shown.TryGetValue(extension, out type)) return;
        if (Open(definition, path) is not { } file) return;
        using (file)
        {
            var length = RandomAccess.GetLength(file);
            // A whole second is what the header can say.
            var written = DateTimeOffset.FromUnixTimeSeconds(new DateTimeOffset(File.GetLastWriteTimeUtc(file)).ToUnixTimeSeconds());
            var etag = string.Create(CultureInfo.InvariantCulture, $"\"{File.GetLastWriteTimeUtc(file).Ticks:x}-{length:x}\"");
            await SendAsync(context, file, new(type!, download, length, etag, written));
        }
    }

    /// <summary>Opens a regular file within one of the feed's folders, following no link; null where there is none.</summary>
    internal static Microsoft.Win32.SafeHandles.SafeFileHandle? Open(FeedDefinition definition, string path)
    {
        var segments = path.Split('/');
        if (!segments.All(IsPlain)) return null;
        foreach (var source in definition.Sources.Where(source => source.Kind == SourceKind.Folder))
        {
            var place = Path.GetFullPath(Path.Combine(definition.Folder, source.Location));
            if (!Reaches(ref place, segments)) continue;
            try
            {
                return File.OpenHandle(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or not ours to read.
            }
        }
        return null;
    }

    // A name and nothing else: nothing hidden, nothing that leads elsewhere on any system.
    private static bool IsPlain(string segment) =>
        segment.Length is > 0 and <= 255 && segment[0] != '.' && segment.AsSpan().IndexOfAny("\\:\0") < 0 && !segment.Any(char.IsControl);

    private static bool Reaches(ref string place, string[] segments)
    {
        for (var i = 0; i < segments.Length; i++)
        {
            place = Path.Combine(place, segments[i]);
            FileSystemInfo entry = i < segments.Length - 1 ? new DirectoryInfo(place) : new FileInfo(place);
            if (!entry.Exists || entry.Attributes.HasFlag(FileAttributes.ReparsePoint)) return false;
            // Pipes, sockets and devices have no length either, and opening a pipe would wait for ever.
            if (entry is FileInfo { Length: 0 }) return false;
        }
        return true;
    }

    private sealed record Served(string Type, bool Download, long Length, string ETag, DateTimeOffset Written);

    private static async Task SendAsync(HttpContext context, Microsoft.Win32.SafeHandles.SafeFileHandle file, Served served)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;
        SecurityHeaders.AddToData(headers);
        var written = served.Written.ToString("r", CultureInfo.InvariantCulture);
        switch (ConditionalGet.Evaluate(request.Headers, served.ETag, served.Written, written))
        {
            case Precondition.Failed:
                response.StatusCode = StatusCodes.Status412PreconditionFailed;
                return;
            case Precondition.NotModified:
                response.StatusCode = StatusCodes.Status304NotModified;
                headers.ETag = served.ETag;
                headers.CacheControl = Policy;
                return;
        }
        var (offset, count) = (0L, served.Length);
        response.StatusCode = StatusCodes.Status200OK;
        headers.AcceptRanges = "bytes";
        headers.ETag = served.ETag;
        headers.LastModified = written;
        headers.CacheControl = Policy;
        headers.AccessControlAllowOrigin = "*";
        if (HttpMethods.IsGet(request.Method) && request.Headers.Range.Count == 1 && ConditionalGet.RangeApplies(request.Headers, served.ETag, served.Written))
        {
            switch (ByteRange.Parse(request.Headers.Range[0], served.Length, out offset, out count))
            {
                case RangeOutcome.Satisfiable:
                    response.StatusCode = StatusCodes.Status206PartialContent;
                    headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + count - 1}/{served.Length}");
                    break;
                case RangeOutcome.Unsatisfiable:
                    response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                    headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{served.Length}");
                    return;
            }
        }
        headers.ContentType = served.Type;
        headers.ContentLength = count;
        if (served.Download) headers.ContentDisposition = "attachment";
        if (HttpMethods.IsGet(request.Method)) await CopyAsync(context, file, offset, count);
    }

    private static async Task CopyAsync(HttpContext context, Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, long count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            while (count > 0)
            {
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(Chunk, count)), offset, context.RequestAborted);
                if (read == 0)
                {
                    // It was cut while it was read; the length that was promised cannot be kept.
                    context.Abort();
                    return;
                }
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                (offset, count) = (offset + read, count - read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
