using FeedService.Syndication;
using FeedService.Syndication.Formats;

namespace FeedService.Publishing;

/// <summary>One document of a feed before it is written in its formats: the feed itself, a closed page of its archive, or the feed of a category or author.</summary>
/// <param name="Path">Where it stands below the feed, such as <c>archive/3</c> or <c>tags/shipping</c>; empty for the feed itself.</param>
public sealed record FeedPart(string Path)
{
    public const string ArchiveFolder = "archive";

    public static string ArchivePath(long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ArchiveFolder}/{number}");

    public static bool IsArchived(string name) => name.StartsWith($"{ArchiveFolder}/", StringComparison.Ordinal);

    /// <summary>In the document's order.</summary>
    public IReadOnlyList<WrittenArticle> Articles { get; init; } = [];

    public IReadOnlyList<Tombstone> Tombstones { get; init; } = [];

    public required DateTimeOffset Updated { get; init; }

    /// <summary>Of a page of the archive its number, from 1; else 0.</summary>
    public long Number { get; init; }

    /// <summary>The page of the archive with what came before; 0 for none.</summary>
    public long Previous { get; init; }

    public bool IsArchive => Number > 0;

    /// <summary>The category or author whose feed it is; else null.</summary>
    public string? Term { get; init; }

    /// <summary>The name under which a format of it is stored.</summary>
    public string Name(FeedFormat format) => Name(Path, format);

    /// <summary>The names of all formats of a part.</summary>
    public static IEnumerable<string> Names(string path) => FeedFormats.All.Select(format => Name(path, format));

    public static string Name(string path, FeedFormat format) => path.Length == 0 ? format.Extension() : $"{path}.{format.Extension()}";
}
