using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using FeedService.Publishing;

namespace FeedService.Cli;

/// <summary>
/// Writes what a running service serves as files: what is linked from its pages and feeds is asked for over loopback, so that the files are
/// what readers of the service would get.
/// </summary>
internal sealed partial class StaticSite(WebApplication app, string output, string publicUrl) : IDisposable
{
    // Names the files of the last time, so that those that are no more can be removed, and nothing else.
    private const string ListName = ".feedservice-files";

    private const int ArticlesAtATime = 200;

    private static readonly HtmlParser Parser = new();

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new(app.Urls.First()) };
    private readonly string _base = new Uri(publicUrl).AbsolutePath.TrimEnd('/');
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _todo = new();

    public int Count => _files.Count;

    public int Changed { get; private set; }

    public int Removed { get; private set; }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(output);
        Add("/");
        Add("/feeds.opml");
        var feeds = app.Services.GetRequiredService<PublishedFeeds>();
        var urls = new PublicUrls("");
        foreach (var feed in feeds.Listed)
        {
            foreach (var snapshot in app.Services.GetRequiredService<SnapshotCache>().OfFeed(feed.Slug)) Add(urls.Document(feed.Slug, snapshot.Name));
            for (var page = 1L; page <= feed.State.Archive.Pages; page++)
            {
                foreach (var name in FeedPart.Names(FeedPart.ArchivePath(page))) Add(urls.Document(feed.Slug, name));
            }
            foreach (var name in feed.State.Terms.SelectMany(term => FeedPart.Names(term.Path))) Add(urls.Document(feed.Slug, name));
            Add(urls.Document(feed.Slug, "opml"));
            for (var page = 1; await feeds.PageAsync(feed, page, ArticlesAtATime, cancellationToken) is { Count: > 0 } articles; page++)
            {
                foreach (var article in articles) Add(urls.Article(feed.Slug, Uri.EscapeDataString(article.Path)));
            }
        }
        while (_todo.TryDequeue(out var path)) await SaveAsync(path, cancellationToken);
        await SaveAsync("/404", cancellationToken);
        RemoveOthers();
    }

    public void Dispose() => _client.Dispose();

    private async Task SaveAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _base + path);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Accept.ParseAdd("*/*;q=0.1");
        using var response = await _client.SendAsync(request, cancellationToken);
        // The page that says that nothing is there is wanted too; any other link may well be dead.
        if (!response.IsSuccessStatusCode && path != "/404") return;
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (type == "text/html") Follow(Encoding.UTF8.GetString(bytes));
        else if (type.EndsWith("json", StringComparison.Ordinal)) FollowAbsolute(Encoding.UTF8.GetString(bytes));
        Write(FileOf(path, type), bytes, response.Content.Headers.LastModified);
    }

    private void Follow(string html)
    {
        using var document = Parser.ParseDocument(html);
        foreach (var element in document.QuerySelectorAll("[href], [src], [srcset]"))
        {
            foreach (var link in new[] { element.GetAttribute("href"), element.GetAttribute("src") }.OfType<string>()) AddLink(link);
            foreach (var candidate in (element.GetAttribute("srcset") ?? "").Split(',')) AddLink(candidate.Trim().Split(' ')[0]);
        }
    }

    private void FollowAbsolute(string json)
    {
        foreach (Match match in AbsoluteUrl().Matches(json)) AddLink(match.Value);
    }

    private void AddLink(string link)
    {
        if (link.StartsWith(publicUrl + "/", StringComparison.Ordinal)) link = link[publicUrl.Length..];
        else if (link.StartsWith(_base + "/", StringComparison.Ordinal) && !link.StartsWith("//", StringComparison.Ordinal)) link = link[_base.Length..];
        else return;
        link = link.Split('#')[0];
        // Files have no queries: the further pages of lists are for the service alone.
        if (!link.Contains('?', StringComparison.Ordinal)) Add(link);
    }

    private void Add(string path)
    {
        if (_known.Add(path)) _todo.Enqueue(path);
    }

    private static string FileOf(string path, string type)
    {
        var name = Uri.UnescapeDataString(path).Trim('/');
        if (type != "text/html" || Path.HasExtension(name)) return name;
        return name is "404" ? "404.html" : name.Length == 0 ? "index.html" : name + "/index.html";
    }

    private void Write(string name, byte[] bytes, DateTimeOffset? modified)
    {
        var file = Path.GetFullPath(Path.Combine(output, name));
        // Paths come from pages; none of them leads out of the folder.
        if (!file.StartsWith(output + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        _files.Add(name);
        var compressible = Path.GetExtension(name) is not (".png" or ".jpg" or ".jpeg" or ".webp" or ".avif" or ".gif" or ".mp3" or ".mp4" or ".ogg" or ".zip" or ".pdf");
        if (compressible)
        {
            _files.Add(name + ".gz");
            _files.Add(name + ".br");
        }
        if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes) && (!compressible || (File.Exists(file + ".gz") && File.Exists(file + ".br")))) return;
        Changed++;
        if (compressible)
        {
            Replace(file + ".gz", Compression.Gzip([bytes]), modified);
            Replace(file + ".br", Compression.Brotli([bytes]), modified);
        }
        Replace(file, bytes, modified);
    }

    // A web server that reads at this moment gets the old file or the new one.
    private static void Replace(string file, byte[] bytes, DateTimeOffset? modified)
    {
        var temporary = file + ".new";
        File.WriteAllBytes(temporary, bytes);
        if (modified is { } time) File.SetLastWriteTimeUtc(temporary, time.UtcDateTime);
        File.Move(temporary, file, overwrite: true);
    }

    private void RemoveOthers()
    {
        var list = Path.Combine(output, ListName);
        if (File.Exists(list))
        {
            foreach (var name in File.ReadLines(list).Where(name => !_files.Contains(name)))
            {
                var file = Path.GetFullPath(Path.Combine(output, name));
                if (!file.StartsWith(output + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(file)) continue;
                File.Delete(file);
                Removed++;
            }
        }
        File.WriteAllLines(list, _files);
    }

    [GeneratedRegex("https?://[^\"'<>\\s\\\\]+")]
    private static partial Regex AbsoluteUrl();
}
