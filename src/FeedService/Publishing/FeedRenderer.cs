using System.Buffers;
using System.Security.Cryptography;
using FeedService.Configuration;
using FeedService.Store;
using FeedService.Syndication;
using FeedService.Syndication.Formats;

namespace FeedService.Publishing;

/// <summary>Makes finished documents of a feed's articles. A pure function of definition, articles and public URL: the same give the same bytes.</summary>
public sealed class FeedRenderer(PublicUrls urls)
{
    /// <summary>Counts up when the bytes of unchanged feeds are to change; every feed is then rendered anew once.</summary>
    private const int Revision = 1;

    public const string Generator = "FeedService";

    /// <summary>Stands for all that goes into the documents besides the articles.</summary>
    public string Fingerprint(FeedDefinition feed) =>
        ArticleHash.Of(feed.Fingerprint, urls.Root, urls.Hub ?? "", Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Whether there is a hub to tell of the feed's changes.</summary>
    public bool HasHubs(FeedDefinition feed) => urls.Hubs(feed).Count > 0;

    /// <summary>The feed as it goes out, newest article first; its self link is each format's own.</summary>
    public Feed Compose(FeedDefinition feed, IReadOnlyList<StoredArticle> articles, IReadOnlyList<Tombstone> tombstones, DateTimeOffset updated) => new()
    {
        Id = Ledger.FeedId(feed.Slug),
        Title = feed.Title,
        Description = feed.Description,
        SiteUrl = feed.Site ?? urls.Page(feed.Slug),
        Hubs = urls.Hubs(feed),
        Language = feed.Language,
        Authors = feed.Authors,
        Categories = [.. feed.Categories.Select(term => new Category(term))],
        Icon = feed.Icon,
        Rights = feed.Rights,
        Generator = Generator,
        Updated = updated,
        Interval = feed.Schedule.TypicalInterval,
        Articles = [.. articles.Select(a => Compose(feed.Slug, a))],
        Tombstones = tombstones,
    };

    /// <summary>Puts our own URLs into an article: its page where it has no other, the public URL where the placeholder stands.</summary>
    public Article Compose(string feed, StoredArticle stored)
    {
        var article = stored.Article;
        return article with
        {
            Id = stored.Id,
            Url = article.Url is { } url ? urls.Resolve(url) : urls.Article(feed, stored.Path),
            ExternalUrl = article.ExternalUrl is { } external ? urls.Resolve(external) : null,
            Content = article.Content is { } content ? urls.Resolve(content) : null,
            Published = stored.Published,
            Updated = stored.Updated,
            Image = article.Image is { } image ? image with { Url = urls.Resolve(image.Url) } : null,
            Enclosures = [.. article.Enclosures.Select(e => e with { Url = urls.Resolve(e.Url) })],
            Links = [.. article.Links.Select(l => l with { Href = urls.Resolve(l.Href) })],
            // Upstream feeds name themselves as they like; what is no IRI cannot go out as one.
            Source = article.Source is { } source && !Ledger.IsPermanent(source.Id) ? source with { Id = source.FeedUrl ?? source.SiteUrl ?? "" } : article.Source,
        };
    }

    /// <summary>The document in every format, uncoded. Where <paramref name="maxSize"/> is set, the oldest articles make way until each format fits.</summary>
    public IReadOnlyList<RenderedDocument> Render(string slug, Feed feed, long? maxSize)
    {
        for (; ; )
        {
            var documents = FeedFormats.All.Select(format => Render(slug, format, feed)).ToList();
            if (maxSize is not { } limit || feed.Articles.Count <= 1 || documents.Max(d => d.Bytes.Length) is var largest && largest <= limit)
                return documents;
            // Articles are of about the same size: drop as many as that suggests, at least one, and look again.
            var keep = (int)Math.Min(feed.Articles.Count - 1, Math.Max(1, feed.Articles.Count * limit / largest));
            feed = feed with { Articles = [.. feed.Articles.Take(keep)] };
        }
    }

    private RenderedDocument Render(string slug, FeedFormat format, Feed feed)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        FeedWriter.Write(format, feed with { SelfUrl = urls.Document(slug, format.Extension()) }, output);
        return new RenderedDocument(format.Extension(), format.MediaType(), output.WrittenMemory, TagOf(output.WrittenSpan));
    }

    /// <summary>The core of the entity tag: 96 bits of the bytes' own hash, so that every node says the same.</summary>
    private static string TagOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return System.Buffers.Text.Base64Url.EncodeToString(hash[..12]);
    }
}

/// <summary>A finished document before its codings.</summary>
public sealed record RenderedDocument(string Name, string MediaType, ReadOnlyMemory<byte> Bytes, string Tag);
