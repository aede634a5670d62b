using System.Globalization;
using System.IO.Enumeration;
using FeedService.Syndication.Documents;

namespace FeedService.Sources;

/// <summary>An article's file as its folder lists it; where its bytes are, which for a link is where it leads.</summary>
internal readonly record struct FoundFile(string Path, long Length, DateTimeOffset Modified)
{
    /// <summary>The mark of the file's version: any difference counts, also a time that moved backwards.</summary>
    public string Stamp => string.Create(CultureInfo.InvariantCulture, $"{Length}-{Modified.UtcTicks:x}");
}

/// <summary>One look through a folder of articles: names, sizes and times from a single enumeration, without opening a file or following a link out.</summary>
internal sealed class FolderScan : FileSystemEnumerator<(string Key, FoundFile File)>
{
    /// <summary>More than this is not one feed's folder; the memory of a look is bounded by it.</summary>
    public const int MaxFiles = 200_000;

    private const int MaxDepth = 32;

    private const int MaxLinks = 40;

    private readonly string _root;
    private readonly string _realRoot;

    private FolderScan(string root) : base(root, new EnumerationOptions
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = MaxDepth,
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
    })
    {
        _root = root;
        _realRoot = RealPath(root) ?? root;
    }

    /// <summary>The files by key: the path within the folder, with slashes.</summary>
    public Dictionary<string, FoundFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Entries that are never opened, with the reason.</summary>
    public Dictionary<string, string> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>False where a part of the folder could not be listed: what is missing then need not be gone.</summary>
    public bool Complete { get; private set; } = true;

    /// <exception cref="IOException">The folder cannot be listed at all.</exception>
    /// <exception cref="SourceException">It holds more than <see cref="MaxFiles"/> articles.</exception>
    public static FolderScan Of(string root, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException();
        using var scan = new FolderScan(root);
        while (scan.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            scan.Files[scan.Current.Key] = scan.Current.File;
            if (scan.Files.Count > MaxFiles)
                throw new SourceException(string.Create(CultureInfo.InvariantCulture, $"the folder {root} holds more than {MaxFiles:N0} articles; split it into several feeds"));
        }
        return scan;
    }

    /// <summary>The path with every link in it resolved; null where links lead in a circle.</summary>
    public static string? RealPath(string path)
    {
        var rest = new Stack<string>(Parts(Path.GetFullPath(path)));
        var links = 0;
        var real = Path.GetPathRoot(Path.GetFullPath(path))!;
        while (rest.TryPop(out var part))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            var next = Path.Join(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MaxLinks) return null;
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            foreach (var inner in Parts(target)) rest.Push(inner);
        }
        return real;

        // The last part first: the stack hands them out in order.
        static IEnumerable<string> Parts(string path) =>
            path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
    }

    protected override bool ShouldRecurseIntoEntry(ref FileSystemEntry entry) => !IsHidden(ref entry) && !IsLink(ref entry);

    protected override bool ShouldIncludeEntry(ref FileSystemEntry entry)
    {
        if (IsHidden(ref entry)) return false;
        if (IsLink(ref entry))
        {
            if (entry.IsDirectory) Refused[Key(ref entry)] = "it is a link to a folder, which is not followed; put the folder itself here";
            else if (DocumentReader.Supports(entry.FileName.ToString())) IncludeLink(ref entry);
            return false;
        }
        if (entry.IsDirectory || !DocumentReader.Supports(entry.FileName.ToString())) return false;
        if (!entry.FileName.Contains('\uFFFD')) return true;
        Refused[Key(ref entry)] = "its name is not UTF-8; rename it";
        return false;
    }

    protected override (string Key, FoundFile File) TransformEntry(ref FileSystemEntry entry) =>
        (Key(ref entry), new FoundFile(entry.ToFullPath(), entry.Length, entry.LastWriteTimeUtc));

    protected override bool ContinueOnError(int error)
    {
        Complete = false;
        return true;
    }

    // Within the folder links are a way to publish: a mounted configuration swaps all its files at once by one link.
    private void IncludeLink(ref FileSystemEntry entry)
    {
        var key = Key(ref entry);
        if (RealPath(entry.ToFullPath()) is not { } target || !target.StartsWith(_realRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            Refused[key] = "it is a link that leads out of the folder, which is not followed; put the file itself here";
            return;
        }
        var file = new FileInfo(target);
        if (file.Exists) Files[key] = new FoundFile(target, file.Length, file.LastWriteTimeUtc);
        else Refused[key] = "it is a link that leads to no file";
    }

    private string Key(ref FileSystemEntry entry) =>
        Path.Join(entry.Directory, entry.FileName)[(_root.Length + (_root.EndsWith(Path.DirectorySeparatorChar) ? 0 : 1))..].Replace(Path.DirectorySeparatorChar, '/');

    // Editors and copying tools keep what is not finished under such names.
    private static bool IsHidden(ref FileSystemEntry entry) => entry.FileName.StartsWith('.');

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
