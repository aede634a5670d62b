namespace FeedService.Syndication.Documents;

/// <summary>The registered media types of files that articles carry.</summary>
internal static class MediaTypes
{
    /// <param name="path">A URL or path; query and fragment are disregarded.</param>
    /// <returns>Null where the extension is not known.</returns>
    public static string? OfPath(string path)
    {
        var end = path.AsSpan().IndexOfAny('?', '#');
        return Path.GetExtension(end < 0 ? path : path[..end]).ToLowerInvariant() switch
        {
            ".mp3" => "audio/mpeg",
            ".m4a" => "audio/mp4",
            ".ogg" or ".oga" => "audio/ogg",
            ".opus" => "audio/opus",
            ".flac" => "audio/flac",
            ".wav" => "audio/wav",
            ".mp4" or ".m4v" => "video/mp4",
            ".webm" => "video/webm",
            ".mov" => "video/quicktime",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".png" => "image/png",
            ".gif" => "image/gif",
            ".webp" => "image/webp",
            ".avif" => "image/avif",
            ".svg" => "image/svg+xml",
            ".pdf" => "application/pdf",
            ".epub" => "application/epub+zip",
            ".zip" => "application/zip",
            _ => null,
        };
    }
}
