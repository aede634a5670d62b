using FeedService.Configuration;
using FeedService.Store;
using FeedService.Syndication.Formats;

namespace FeedService.Publishing;

/// <summary>
/// What changed in a feed since a client last had it (RFC 3229 with <c>feed</c>): documents of their own, made at publication for each of the last
/// few versions, named by the version's tag. Whatever a delta cannot say, such as that an article is gone, ends them: the whole feed is sent then.
/// </summary>
public sealed class Deltas(ServiceSettings settings, ArticleFilters filters, FeedRenderer renderer)
{
    private const string Folder = "delta";

    /// <summary>For so many earlier versions of a feed.</summary>
    private const int Versions = 8;

    public static string Name(string tag, FeedFormat format) => $"{Folder}/{tag}.{format.Extension()}";

    public static bool IsDelta(ReadOnlySpan<char> name) => name.StartsWith($"{Folder}/", StringComparison.Ordinal);

    /// <param name="feed">Whose.</param>
    /// <param name="before">The versions that are known, the newest last.</param>
    /// <param name="part">The feed as it is now.</param>
    /// <param name="sequence">The number of the last change in it.</param>
    /// <param name="breaks">Whether something happened that a delta cannot say.</param>
    /// <param name="now">The instant of the run.</param>
    public DeltaStep Step(FeedDefinition feed, IReadOnlyList<FeedVersion> before, FeedPart part, long sequence, bool breaks, DateTimeOffset now)
    {
        if (!settings.Deltas || filters.Selects(feed))
            return new([], [], [.. before.SelectMany(Names)]);
        var current = new FeedVersion([.. renderer.Render(feed, part).Select(document => document.Tag)], sequence, now);
        if (before is [.., var last] && last.Tags.SequenceEqual(current.Tags))
            return new(before, [], []);

        IReadOnlyList<FeedVersion> known = breaks ? [] : [.. before.TakeLast(Versions)];
        var documents = new List<RenderedDocument>();
        foreach (var version in known)
        {
            List<WrittenArticle> changed = [.. part.Articles.Where(article => article.Head.Sequence > version.Sequence || article.Head.Published > version.At)];
            if (changed.Count > 0 && changed.Count < part.Articles.Count)
                documents.AddRange(renderer.Render(feed, part with { Articles = changed }).Zip(Names(version), (document, name) => document.As(name)));
        }
        var made = documents.Select(document => document.Name).ToHashSet();
        return new([.. known, current], documents, [.. before.SelectMany(Names).Where(name => !made.Contains(name))]);
    }

    private static IEnumerable<string> Names(FeedVersion version) => FeedFormats.All.Zip(version.Tags, (format, tag) => Name(tag, format));
}

/// <summary>The deltas after a run.</summary>
/// <param name="Versions">From which there are deltas, and the present one.</param>
/// <param name="Documents">The deltas.</param>
/// <param name="Ended">Names of those that are no more.</param>
public sealed record DeltaStep(IReadOnlyList<FeedVersion> Versions, IReadOnlyList<RenderedDocument> Documents, IReadOnlyList<string> Ended);
