using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using FeedService.Configuration;
using FeedService.Syndication.Formats;

namespace FeedService.Sources;

/// <summary>A sitemap, or an index of sitemaps: its pages are loaded when they are new or said to have changed, the newest first.</summary>
internal sealed class SitemapSource(SourceDefinition source, PoliteFetcher fetcher, int? subscribers) : IArticleSource
{
    private const string Accept = "application/xml, text/xml, */*;q=0.5";

    /// <summary>So many of an index's sitemaps are loaded a look, those first that changed last.</summary>
    private const int MaxSitemaps = 10;

    public string Key => source.Key;

    public async Task<Collected> CollectAsync(SourceContext context, CancellationToken cancellationToken)
    {
        var upstream = new Upstream(fetcher, source.Location, subscribers);
        var before = UpstreamState.Parse(context.State);
        var (result, state) = await upstream.AskAsync(before, Accept, SitemapReader.MaxBytes, context.Now, cancellationToken);
        var notes = upstream.Notes(before, state, result).ToList();

        List<SitemapEntry> entries = [];
        var sitemaps = UndatedParts(before);
        try
        {
            if (result is not null)
            {
                var root = Read(result.Body);
                if (root.IsIndex) sitemaps = [.. root.Entries.Where(e => Changed(before, e)).OrderByDescending(e => e.LastModified)];
                else entries.AddRange(root.Entries);
            }
        }
        catch (Exception e) when (e is FeedFormatException or InvalidDataException)
        {
            throw upstream.Failed(before, context.Now, e.Message, inner: e);
        }
        if (result is null && sitemaps.Count == 0) return Collected.Unchanged with { State = state.ToJson(), Notes = notes };

        var parts = new Dictionary<string, string>(before.Parts ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        var isLeft = sitemaps.Count > MaxSitemaps;
        foreach (var sitemap in sitemaps.Take(MaxSitemaps))
        {
            try
            {
                entries.AddRange(await LoadPartAsync(sitemap, parts, cancellationToken));
            }
            catch (Exception e) when (e is FetchException or FeedFormatException or InvalidDataException)
            {
                isLeft = true;
                notes.Add($"{sitemap.Url}: {e.Message}");
            }
        }

        // Where dates tell, a first look does not dig through years; where they do not, every page has to be seen.
        var horizon = before.Horizon ?? entries.Select(Date).OrderDescending().Skip(PageCollector.MaxPages).FirstOrDefault();
        var pages = entries.Where(e => Date(e) is not { } date || horizon is null || date >= horizon).OrderByDescending(Date).Select(e => new ListedPage(e.Url)
        {
            Stamp = Date(e) is { } date ? date.ToString("O", CultureInfo.InvariantCulture) : "listed",
            IsArticle = e.Title is not null,
            Title = e.Title ?? "",
            Published = e.Published,
            Image = e.Images.Count > 0 ? e.Images[0] : null,
            Language = e.Language,
            Keywords = e.Keywords,
        }).ToList();
        var collected = await ListedPages.CollectAsync(new PageLoader(fetcher, source.Location, subscribers), pages, source.Location, context, cancellationToken);
        if (collected.IsLeft)
        {
            // The parts that hold what is left are read again as well.
            parts = new Dictionary<string, string>(before.Parts ?? new Dictionary<string, string>(), StringComparer.Ordinal);
            isLeft = true;
        }
        state = state with { Horizon = horizon, Parts = parts.Count > 0 ? parts : null };
        if (isLeft) state = state.ToBeReadAgain();
        return new Collected { Articles = collected.Articles, Refused = collected.Refused, State = state.ToJson(), Notes = notes };
    }

    private async Task<IReadOnlyList<SitemapEntry>> LoadPartAsync(SitemapEntry part, Dictionary<string, string> parts, CancellationToken cancellationToken)
    {
        var result = await fetcher.FetchAsync(new FetchRequest(part.Url) { Accept = Accept, MaxBytes = SitemapReader.MaxBytes, Subscribers = subscribers, Configured = source.Location }, cancellationToken);
        if (!result.IsSuccess) throw new FetchException(FetchFailure.Broken, $"answered {result.Status}");
        var stamp = part.LastModified is { } date ? date.ToString("O", CultureInfo.InvariantCulture) : $"#{Convert.ToHexStringLower(SHA256.HashData(result.Body))}";
        if (parts.GetValueOrDefault(part.Url) == stamp) return [];
        var sitemap = Read(result.Body);
        parts[part.Url] = stamp;
        return sitemap.IsIndex ? [] : sitemap.Entries;
    }

    private static bool Changed(UpstreamState state, SitemapEntry part) =>
        part.LastModified is not { } date || state.Parts?.GetValueOrDefault(part.Url) != date.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Sitemaps of an index that does not say when they changed: it stays the same while they do not.</summary>
    private static List<SitemapEntry> UndatedParts(UpstreamState state) =>
        [.. (state.Parts ?? new Dictionary<string, string>()).Where(p => p.Value.StartsWith('#')).Select(p => new SitemapEntry(p.Key))];

    private static DateTimeOffset? Date(SitemapEntry entry) => entry.LastModified ?? entry.Published;

    /// <summary>Reads a sitemap, packed or not: a packed file is a file, whatever the transport did besides.</summary>
    public static Sitemap Read(byte[] body)
    {
        if (body is not [0x1F, 0x8B, ..]) return SitemapReader.Read(body);
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var piece = new byte[64 << 10];
        while (gzip.Read(piece) is var read and > 0)
        {
            unpacked.Write(piece, 0, read);
            if (unpacked.Length > SitemapReader.MaxBytes) throw new InvalidDataException($"the sitemap has more than {SitemapReader.MaxBytes} bytes when it is unpacked");
        }
        return SitemapReader.Read(unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length));
    }
}
