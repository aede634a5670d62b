using System.IO.Compression;
using FeedService.Configuration;
using FeedService.Sources;
using FeedService.Syndication;
using FeedService.Syndication.Formats;

namespace FeedService.Cli;

/// <summary>What stands behind a file name or URL of the command line.</summary>
/// <param name="Bytes">Decompressed.</param>
/// <param name="Name">The path, without <c>.gz</c>, or the URL that answered.</param>
/// <param name="Url">Null for a file.</param>
/// <param name="ContentType">As the server said; null for a file.</param>
internal sealed record Input(byte[] Bytes, string Name, string? Url, string? ContentType)
{
    /// <summary>The URL that somebody typed, if one did; where it led may be another.</summary>
    public string? Typed { get; init; }
}

/// <summary>An input cannot be had; the message says why, without saying which.</summary>
internal sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads files, gzipped files and URLs.</summary>
/// <param name="settings">For the fetcher, which is made when the first URL comes.</param>
internal sealed class Inputs(ServiceSettings settings) : IDisposable
{
    private const int MaxBytes = 20 << 20;

    private readonly Lock _making = new();
    private readonly Dictionary<string, PoliteFetcher> _fetchers = [];

    public static bool IsUrl(string input) =>
        input.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || input.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The files of folders in place of the folders, by name; links are not followed.</summary>
    public static IEnumerable<string> Expand(IEnumerable<string> inputs, Func<string, bool> wanted) => inputs.SelectMany<string, string>(input =>
        !IsUrl(input) && Directory.Exists(input)
            ? Directory.EnumerateFiles(input, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden })
                .Where(wanted).Order(StringComparer.Ordinal)
            : [input]);

    /// <exception cref="InputException">There is no such file, it is too large, the server does not answer, and the like.</exception>
    public async Task<Input> ReadAsync(string input, CancellationToken cancellationToken)
    {
        try
        {
            return IsUrl(input) ? await FetchAsync(input, input, robots: false, cancellationToken) : ReadFile(input);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException("there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FetchException)
        {
            throw new InputException(e.Message, e);
        }
    }

    /// <summary>What another input names: nobody typed that, so it may be on no private host that was not typed. With robots.txt asked where the service will ask it.</summary>
    /// <exception cref="InputException">As above.</exception>
    public async Task<Input> FollowAsync(Input from, string url, bool robots, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(url, from.Typed!, robots, cancellationToken);
        }
        catch (Exception e) when (e is FetchException or InputException)
        {
            throw new InputException(url == from.Url ? e.Message : $"{url}: {e.Message}", e);
        }
    }

    /// <summary>The article of a page, with the pages that go on with it.</summary>
    /// <exception cref="InputException">As above, or it is no web page.</exception>
    public async Task<LoadedPage> LoadPageAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            return await new PageLoader(Fetcher(OutboundRules.Parse(url)), url, null, robots: false).LoadAsync(url, cancellationToken);
        }
        catch (Exception e) when (e is FetchException or PageException)
        {
            throw new InputException(e.Message, e);
        }
    }

    /// <summary>A feed; where a page is at the URL, the feed that the page names.</summary>
    /// <exception cref="InputException">As above, or the page names none.</exception>
    public async Task<Input> ReadFeedAsync(string input, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(input, cancellationToken);
        if (read.Url is null || !FeedReader.LooksLikeHtml(read.Bytes)) return read;
        var feeds = FeedDiscovery.Find(TextDecoder.Decode(read.Bytes, read.ContentType).Text, read.Url);
        return feeds.Count > 0 ? await FollowAsync(read, feeds[0].Url, robots: false, cancellationToken) : throw new InputException("it is a page, and names no feed");
    }

    public void Dispose()
    {
        foreach (var fetcher in _fetchers.Values) fetcher.Dispose();
    }

    private static Input ReadFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length > MaxBytes) throw new InputException($"it is larger than {MaxBytes >> 20} MB");
        var packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        return new(packed ? Decompress(file) : ReadAll(file), packed ? path[..^3] : path, null, null);
    }

    private static byte[] ReadAll(FileStream file)
    {
        var bytes = new byte[file.Length];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    private static byte[] Decompress(FileStream file)
    {
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        var output = new MemoryStream();
        var buffer = new byte[81920];
        while (gzip.Read(buffer) is > 0 and var read)
        {
            if (output.Length + read > MaxBytes) throw new InputException($"it is larger than {MaxBytes >> 20} MB when decompressed");
            output.Write(buffer, 0, read);
        }
        return output.ToArray();
    }

    // Who types a URL means it, like a visitor with a browser: the host may be this machine, and robots.txt is for crawlers.
    private async Task<Input> FetchAsync(string url, string typed, bool robots, CancellationToken cancellationToken)
    {
        var result = await Fetcher(OutboundRules.Parse(typed)).FetchAsync(new(url) { Configured = typed, Robots = robots, MaxBytes = MaxBytes }, cancellationToken);
        if (!result.IsSuccess) throw new InputException($"the server answers {result.Status}");
        return new(result.Body, result.Url.AbsoluteUri, result.Url.AbsoluteUri, result.ContentType) { Typed = typed };
    }

    // The host that was typed is allowed, and only for what was typed.
    private PoliteFetcher Fetcher(Uri url)
    {
        lock (_making)
        {
            var host = url.Host.Trim('[', ']');
            if (!_fetchers.TryGetValue(host, out var fetcher))
                _fetchers[host] = fetcher = new(settings with { AllowedHosts = [.. settings.AllowedHosts, url.IdnHost, host] }, TimeProvider.System);
            return fetcher;
        }
    }
}
