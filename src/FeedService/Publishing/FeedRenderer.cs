using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using FeedService.Configuration;
using FeedService.Store;
using FeedService.Syndication;
using FeedService.Syndication.Formats;

namespace FeedService.Publishing;

/// <summary>Makes finished documents of a feed's articles. A pure function of definition, articles and public URL: the same give the same bytes.</summary>
public sealed class FeedRenderer(PublicUrls urls)
{
    /// <summary>Counts up when the bytes of unchanged feeds are to change; every feed is then rendered anew once.</summary>
    private const int Revision = 2;

    public const string Generator = "FeedService";

    private readonly ConditionalWeakTable<FeedDefinition, string> _fingerprints = [];

    /// <summary>Stands for all that goes into the documents besides the articles.</summary>
    public string Fingerprint(FeedDefinition feed) =>
        _fingerprints.GetValue(feed, definition => ArticleHash.Of(definition.Fingerprint, urls.Root, urls.Hub ?? "", Revision.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Whether there is a hub to tell of the feed's changes.</summary>
    public bool HasHubs(FeedDefinition feed) => urls.Hubs(feed).Count > 0;

    /// <summary>Writes an article in every format.</summary>
    public WrittenArticle Write(FeedDefinition feed, StoredArticle stored)
    {
        var article = Compose(feed.Slug, stored);
        var inherits = new Feed { Authors = feed.Authors, Language = feed.Language };
        using var output = new PooledBytes();
        var formats = new (ReadOnlyMemory<byte>, byte[])[FeedFormats.All.Count];
        foreach (var format in FeedFormats.All)
        {
            output.Clear();
            FeedWriter.WriteArticle(format, inherits, article, output);
            formats[(int)format] = (output.Written.ToArray(), XxHash128.Hash(output.Written.Span));
        }
        return new(ArticleHead.Of(stored), formats);
    }

    /// <summary>A page in every format, uncoded.</summary>
    public IReadOnlyList<RenderedDocument> Render(FeedDefinition feed, FeedPart page) => Render(page, format => Compose(feed, page, format));

    /// <summary>Articles in every format, in a feed that has no more than every feed must have.</summary>
    public IReadOnlyList<RenderedDocument> RenderBare(FeedDefinition feed, IReadOnlyList<WrittenArticle> articles)
    {
        var updated = articles[0].Head.Updated;
        var bare = new Feed { Id = Ledger.FeedId(feed.Slug), Title = feed.Title, SiteUrl = urls.Page(feed.Slug), Authors = feed.Authors, Updated = updated };
        return Render(new FeedPart("") { Articles = articles, Updated = updated }, _ => bare);
    }

    private static RenderedDocument[] Render(FeedPart page, Func<FeedFormat, Feed> compose)
    {
        using var frame = new PooledBytes();
        var documents = new RenderedDocument[FeedFormats.All.Count];
        foreach (var format in FeedFormats.All)
        {
            frame.Clear();
            FeedWriter.WriteFrame(format, compose(format), frame);
            documents[(int)format] = new RenderedDocument(page.Name(format), format, frame.Written.ToArray(), page.Articles);
        }
        return documents;
    }

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

    /// <summary>What surrounds the articles.</summary>
    private Feed Compose(FeedDefinition feed, FeedPart page, FeedFormat format) => new()
    {
        Id = Ledger.FeedId(page.Term is null ? feed.Slug : $"{feed.Slug}/{page.Path}"),
        Title = page.Term is { } term ? $"{feed.Title}: {term}" : feed.Title,
        Description = feed.Description,
        SiteUrl = feed.Site ?? urls.Page(feed.Slug),
        SelfUrl = urls.Document(feed.Slug, page.Name(format)),
        // What never changes has nothing to announce and is not worth asking for again; a feed that has moved has said its last word.
        Hubs = page.IsArchive || feed.MovedTo is not null ? [] : urls.Hubs(feed),
        Interval = page.IsArchive ? null : feed.Schedule.TypicalInterval,
        Links = [.. Links(feed, page, format)],
        NextUrl = page.Previous > 0 ? ArchivePage(feed, page.Previous, format) : null,
        IsArchive = page.IsArchive,
        Language = feed.Language,
        Authors = feed.Authors,
        Categories = [.. feed.Categories.Select(term => new Category(term))],
        Icon = feed.Icon,
        Rights = feed.Rights,
        Generator = Generator,
        Updated = page.Updated,
        Tombstones = page.Tombstones,
    };

    // The next page's address is known before there is such a page, so that a closed page never has to change; until then it leads to the feed itself.
    private IEnumerable<Link> Links(FeedDefinition feed, FeedPart page, FeedFormat format)
    {
        if (page.IsArchive) yield return new("current", urls.Document(feed.Slug, format.Extension())) { Type = format.MediaType() };
        if (page.Previous > 0) yield return new("prev-archive", ArchivePage(feed, page.Previous, format)) { Type = format.MediaType() };
        if (page.IsArchive) yield return new("next-archive", ArchivePage(feed, page.Number + 1, format)) { Type = format.MediaType() };
    }

    private string ArchivePage(FeedDefinition feed, long number, FeedFormat format) => urls.Document(feed.Slug, FeedPart.Name(FeedPart.ArchivePath(number), format));
}

/// <summary>A finished document before its codings: in parts, which are the articles as they are kept, and put together only where that is needed.</summary>
public sealed class RenderedDocument
{
    private readonly FeedFormat _format;
    private readonly ReadOnlyMemory<byte> _frame;
    private readonly IReadOnlyList<WrittenArticle> _articles;

    private RenderedDocument(RenderedDocument other, string name)
    {
        (Name, _format, _frame, _articles) = (name, other._format, other._frame, other._articles);
        Length = other.Length;
    }

    internal RenderedDocument(string name, FeedFormat format, ReadOnlyMemory<byte> frame, IReadOnlyList<WrittenArticle> articles)
    {
        (Name, _format, _frame, _articles) = (name, format, frame, articles);
        Length = frame.Length;
        foreach (var article in articles) Length += article.Bytes(format).Length + 2;
    }

    public string Name { get; }

    public string MediaType => _format.MediaType();

    /// <summary>
    /// The core of the entity tag: 96 bits of a hash of what the document is joined of, so that every node says the same. No secret and no signature:
    /// who writes an article so that its hash stays as it was keeps nobody from anything but its own change.
    /// </summary>
    public string Tag => field ??= TagOf(_frame.Span);

    /// <summary>At most so many bytes.</summary>
    public int Length { get; }

    /// <summary>The same document under another name.</summary>
    public RenderedDocument As(string name) => new(this, name);

    /// <summary>The bytes, one part after the other.</summary>
    public ReadOnlyMemory<byte>[] Parts()
    {
        var articles = new ReadOnlyMemory<byte>[_articles.Count];
        for (var i = 0; i < articles.Length; i++) articles[i] = _articles[i].Bytes(_format);
        return FeedWriter.Join(_format, _frame, articles);
    }

    // One hash of the hashes in a row: asking for each by itself costs more than the hashing.
    private string TagOf(ReadOnlySpan<byte> frame)
    {
        const int Length = 16;
        var parts = new byte[(1 + _articles.Count) * Length];
        XxHash128.Hash(frame, parts);
        for (var i = 0; i < _articles.Count; i++) _articles[i].Hash(_format).CopyTo(parts.AsSpan((1 + i) * Length));
        Span<byte> whole = stackalloc byte[Length];
        XxHash128.Hash(parts, whole);
        return System.Buffers.Text.Base64Url.EncodeToString(whole[..12]);
    }
}
