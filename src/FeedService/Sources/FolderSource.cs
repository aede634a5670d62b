using System.Globalization;
using FeedService.Syndication.Documents;
using Microsoft.Win32.SafeHandles;

namespace FeedService.Sources;

/// <summary>Articles that are files in a folder and its subfolders. An unchanged folder costs one enumeration; only new and changed files are opened.</summary>
/// <param name="key">The source's key.</param>
/// <param name="folder">The folder, absolute.</param>
/// <param name="articlesUrl">What the files' relative links resolve against, as if the folder stood there; ends with a slash.</param>
internal sealed class FolderSource(string key, string folder, string articlesUrl) : IArticleSource
{
    /// <summary>A file that was written to less than this before the look may still be written to; the margin covers file servers whose clocks differ.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>A fresh file counts as whole when it has not changed over this.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    /// <summary>What was still changing is looked at again after this.</summary>
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(2);

    /// <summary>Editors that save by deleting and writing anew leave no file for a moment.</summary>
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(200);

    /// <summary>So many files and bytes go into one portion, the newest files first.</summary>
    private const int MaxBatch = 5_000;
    private const long MaxBatchBytes = 64 << 20;

    /// <summary>The stamp of what could not be read for a reason that leaves size and time alone, such as a permission: looked at every time.</summary>
    private const string Retry = "retry";

    public string Key => key;

    /// <summary>How the time between two looks passes; tests let something happen in it.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Wait { get; init; } = Task.Delay;

    public async Task<Collected> CollectAsync(SourceContext context, CancellationToken cancellationToken)
    {
        var scan = await ScanAsync(cancellationToken);
        var known = await context.Known(cancellationToken);
        var missing = scan.Complete ? known.Keys.Where(k => !scan.Files.ContainsKey(k) && !scan.Refused.ContainsKey(k)).ToList() : [];
        var changed = scan.Files.Where(f => !known.TryGetValue(f.Key, out var was) || was.Stamp != f.Value.Stamp).ToList();
        // What is moved during the look may have been seen under both names, or, below, under none; edited at once it is known by no more than its title.
        if (scan.Complete && changed.Any(f => !known.ContainsKey(f.Key)))
        {
            var vanished = scan.Files.Where(f => known.ContainsKey(f.Key) && !File.Exists(f.Value.Path)).Select(f => f.Key).ToHashSet();
            missing.AddRange(vanished);
            changed.RemoveAll(f => vanished.Contains(f.Key));
        }
        var refused = scan.Refused.Where(r => !known.TryGetValue(r.Key, out var was) || was.Problem != r.Value)
            .Select(r => new RefusedItem(r.Key, Retry, r.Value)).ToList();
        if (changed.Count == 0 && missing.Count == 0 && refused.Count == 0 && scan.Complete) return Collected.Unchanged;

        var moving = await UnsettledAsync(changed, missing, context.Now, cancellationToken);
        changed.RemoveAll(f => moving.Contains(f.Key));
        missing.RemoveAll(moving.Contains);
        if (missing.Count > 0) moving.UnionWith((await ScanAsync(cancellationToken)).Files.Keys.Where(k => !scan.Files.ContainsKey(k)));

        var articles = new List<SourceArticle>();
        var bytes = 0L;
        var left = false;
        foreach (var (name, file) in changed.OrderByDescending(f => f.Value.Modified).ThenBy(f => f.Key, StringComparer.Ordinal))
        {
            if (articles.Count >= MaxBatch || bytes > MaxBatchBytes)
            {
                left = true;
                break;
            }
            bytes += Math.Min(file.Length, DocumentReader.MaxBytes);
            switch (await ReadAsync(name, file, cancellationToken))
            {
                case SourceArticle article: articles.Add(article); break;
                case RefusedItem item when known.GetValueOrDefault(name) != new KnownItem(item.Stamp, item.Problem): refused.Add(item); break;
                case null: moving.Add(name); break;
            }
        }
        var arriving = moving.Any(m => !known.ContainsKey(m));
        return new Collected
        {
            Articles = articles,
            Refused = refused,
            // A moved file is recognized by what it says, so its old name must not go before its new one has come.
            Removed = arriving ? [] : missing,
            Leaving = arriving ? missing : [],
            LookAgain = moving.Count > 0 ? context.Now + NextLook : null,
            More = left,
            Notes = scan.Complete ? [] : [$"{folder}: a subfolder cannot be listed; its articles stay as they were"],
        };
    }

    private async Task<FolderScan> ScanAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A file system that does not answer shall not outlast the run.
            return await Task.Run(() => FolderScan.Of(folder, cancellationToken), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new SourceException($"the folder {folder} does not exist; create it, or mount it again: its articles stay until then", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the folder {folder} cannot be listed: {e.Message}", e);
        }
    }

    /// <summary>Waits where anything is fresh or gone, looks a second time, and names what is still changing.</summary>
    private async Task<HashSet<string>> UnsettledAsync(
        List<KeyValuePair<string, FoundFile>> changed, List<string> missing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var moving = new HashSet<string>(StringComparer.Ordinal);
        // A time in the future says as little as a fresh one.
        var fresh = changed.Where(f => f.Value.Modified > now - Fresh).ToList();
        if (fresh.Count > 0) await Wait(Settle, cancellationToken);
        else if (missing.Count > 0) await Wait(Blink, cancellationToken);
        foreach (var (name, file) in fresh)
        {
            var again = new FileInfo(file.Path);
            if (!again.Exists || file != new FoundFile(file.Path, again.Length, again.LastWriteTimeUtc)) moving.Add(name);
        }
        moving.UnionWith(missing.Where(name => File.Exists(Path.Join(folder, name))));
        return moving;
    }

    /// <returns>A <see cref="SourceArticle"/>, a <see cref="RefusedItem"/>, or null where the file changed meanwhile.</returns>
    private async Task<object?> ReadAsync(string name, FoundFile file, CancellationToken cancellationToken)
    {
        // Pipes, sockets and devices have no length either; opening one could wait for ever.
        if (file.Length == 0) return new RefusedItem(name, file.Stamp, "it is empty");
        if (file.Length > DocumentReader.MaxBytes)
            return new RefusedItem(name, file.Stamp, string.Create(CultureInfo.InvariantCulture, $"it is {file.Length:N0} bytes long; an article may have {DocumentReader.MaxBytes:N0}"));
        try
        {
            var bytes = await Task.Run(() => ReadWhole(file), cancellationToken).WaitAsync(cancellationToken);
            if (bytes is null) return null;
            var document = DocumentReader.Read(bytes, name, new DocumentOptions { BaseUrl = BaseUrl(name) });
            return new SourceArticle(name, file.Stamp, document.Article) { FallbackDate = DateTimeOffset.FromUnixTimeSeconds(file.Modified.ToUnixTimeSeconds()), Draft = document.Draft, Origins = document.Origins };
        }
        catch (DocumentException e)
        {
            return new RefusedItem(name, file.Stamp, e.Message);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new RefusedItem(name, Retry, $"it cannot be read: {e.Message}");
        }
    }

    private byte[]? ReadWhole(FoundFile file)
    {
        using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        if (!IsWithinFolder(handle, file.Path)) return null;
        var bytes = new byte[file.Length];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is var n and > 0) read += n;
        // Whoever wrote while it was read is not done yet.
        return file == new FoundFile(file.Path, RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle)) && read == bytes.Length ? bytes : null;
    }

    /// <summary>What was opened, not what the path meant a moment ago: a file or folder may have become a link in between.</summary>
    private bool IsWithinFolder(SafeFileHandle handle, string path)
    {
        var real = OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget : FolderScan.RealPath(path);
        return real is not null && real.StartsWith(FolderScan.RealPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private string BaseUrl(string name)
    {
        var slash = name.LastIndexOf('/');
        return slash < 0 ? articlesUrl : $"{articlesUrl}{string.Join('/', name[..slash].Split('/').Select(Uri.EscapeDataString))}/";
    }
}
