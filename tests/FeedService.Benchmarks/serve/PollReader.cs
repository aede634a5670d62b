using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace FeedService.Benchmarks.Serve;

/// <summary>One reader of one feed: asks now and then, with what it has, and looks closely at what it gets.</summary>
internal sealed partial class PollReader(HttpClient client, int feed, string format, bool gzip, bool keepsConnection)
{
    private static readonly ConcurrentDictionary<(string Path, string Tag), string> s_seen = new();

    private string? _etag;
    private DateTimeOffset? _lastModified;
    private int _revision;

    public async Task AskAsync(PollResult result, CancellationToken cancellationToken)
    {
        var path = $"/feeds/{PollOptions.Slug(feed)}.{format}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", $"Pier/3.{feed % 7}");
        if (gzip) request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        if (_etag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", _etag);
        if (_lastModified is { } since) request.Headers.IfModifiedSince = since;
        if (!keepsConnection) request.Headers.ConnectionClose = true;
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            result.Took(Stopwatch.GetElapsedTime(began), answer.StatusCode);
            if (Problem(path, answer, body) is { } problem) result.Wrong($"{path}: {problem}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            result.Wrong($"{path}: {e.Message} {e.InnerException?.Message}");
        }
    }

    private string? Problem(string path, HttpResponseMessage answer, byte[] body)
    {
        var etag = answer.Headers.ETag?.ToString();
        if (answer.StatusCode == HttpStatusCode.NotModified)
            return _etag is null ? "304 for a reader that has nothing" : etag != _etag ? $"304 with {etag} for {_etag}" : body.Length > 0 ? "304 with a body" : null;
        if (answer.StatusCode != HttpStatusCode.OK) return $"{(int)answer.StatusCode}";
        if (etag is null || etag == _etag) return $"200 with {etag} for a reader that has it";
        try
        {
            if (answer.Content.Headers.ContentEncoding.Contains("gzip") != gzip) return "a coding that was not asked for";
            var document = gzip ? Expand(body) : body;
            // A tag means the same bytes before their coding to whoever gets it: a torn or mixed document does not have them.
            var hash = Convert.ToHexString(SHA256.HashData(document));
            if (s_seen.GetOrAdd((path, etag.Replace(".gz", "", StringComparison.Ordinal)), hash) != hash) return $"the tag {etag} came with other bytes before";
            var text = Encoding.UTF8.GetString(document);
            CheckForm(text);
            if (!text.Contains($"/feeds/{PollOptions.Slug(feed)}.{format}", StringComparison.Ordinal)) return "another feed's document";
            var revision = Revision().Matches(text).Max(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            if (revision < _revision) return $"revision {revision} after {_revision}";
            if (answer.Content.Headers.LastModified < _lastModified) return "Last-Modified went back";
            (_etag, _lastModified, _revision) = (etag, answer.Content.Headers.LastModified, revision);
            return null;
        }
        catch (Exception e) when (e is XmlException or JsonException or InvalidDataException or InvalidOperationException)
        {
            return $"not well-formed: {e.Message}";
        }
    }

    private void CheckForm(string text)
    {
        if (format == "json")
        {
            using var json = JsonDocument.Parse(text);
            return;
        }
        using var xml = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        while (xml.Read())
        {
            // Reading is the check.
        }
    }

    private static byte[] Expand(byte[] body)
    {
        using var expanded = new MemoryStream();
        using (var stream = new GZipStream(new MemoryStream(body), CompressionMode.Decompress)) stream.CopyTo(expanded);
        return expanded.ToArray();
    }

    [GeneratedRegex(@"revision (\d+)")]
    private static partial Regex Revision();
}
