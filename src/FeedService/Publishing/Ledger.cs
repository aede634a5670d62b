using System.Text.RegularExpressions;
using FeedService.Store;
using FeedService.Syndication;

namespace FeedService.Publishing;

/// <summary>
/// Who an article is. An id is minted once and then kept: over a new title, a new path, a new domain, a restart. The ledger decides for each
/// article of a run which entry it is: the one with the same content whose file is gone or changed, else the one with the same key, else the one
/// that vanished in this run with the same title, else a new one.
/// </summary>
public sealed partial class Ledger(string feed, DateTimeOffset now, bool holdForRelease, long lastSequence)
{
    private static readonly Guid Namespace = NameUuid.Create(new Guid("6ba7b811-9dad-11d1-80b4-00c04fd430c8"), "https://feedservice.invalid/");

    /// <summary>The number of the last change after <see cref="Record"/>.</summary>
    public long LastSequence { get; private set; } = lastSequence;

    /// <summary>The permanent id of a feed: from its slug alone, so that every node and every rebuild agrees.</summary>
    public static string FeedId(string feed) => $"urn:uuid:{NameUuid.Create(Namespace, $"feed\n{feed}")}";

    /// <summary>What to look up in the store before <see cref="Record"/>.</summary>
    public ArticleLookup Lookup(IReadOnlyList<ArrivedArticle> arrived, IReadOnlyList<(string Source, string Key)> removed)
    {
        var keys = new List<(string, string)>(removed);
        var ids = new List<string>();
        var paths = new List<string>();
        var hashes = new List<string>();
        foreach (var article in arrived)
        {
            keys.Add((article.Source, article.Key));
            ids.Add(CandidateId(article));
            paths.Add(PathOf(article));
            hashes.Add(article.ContentHash);
        }

        return new ArticleLookup { Keys = keys, Ids = ids, Paths = paths, ContentHashes = hashes };
    }

    /// <summary>Gives each article its entry; articles that are already in the feed under another key come back as duplicates.</summary>
    /// <param name="arrived">What is new or changed.</param>
    /// <param name="removed">Keys that are gone: what was under them ends, unless it has arrived under another.</param>
    /// <param name="found">What the store has for <see cref="Lookup"/>.</param>
    /// <param name="leaving">Keys that are gone too, but end nothing yet.</param>
    /// <param name="newest">What the feed shows already, which new articles are told apart from.</param>
    public LedgerChanges Record(
        IReadOnlyList<ArrivedArticle> arrived,
        IReadOnlyList<(string Source, string Key)> removed,
        IReadOnlyList<StoredArticle> found,
        IReadOnlyList<(string Source, string Key)>? leaving = null,
        IReadOnlyList<ArticleHead>? newest = null)
    {
        var touched = arrived.Select(a => (a.Source, a.Key)).ToHashSet();
        var gone = removed.ToHashSet();
        var left = gone.Concat(leaving ?? []).ToHashSet();
        var claims = new Dictionary<ArrivedArticle, StoredArticle>(ReferenceEqualityComparer.Instance);
        var claimed = new HashSet<string>();
        var alive = found.Where(e => e.Removed is null).ToList();
        var byKey = found.OrderByDescending(e => e.Removed is null).ThenByDescending(e => e.Sequence)
            .DistinctBy(e => (e.Source, e.Key)).ToDictionary(e => (e.Source, e.Key));
        var byHash = found.ToLookup(e => e.ContentHash);
        var byId = found.ToDictionary(e => e.Id);

        void Claim(ArrivedArticle article, StoredArticle? entry)
        {
            if (entry is not null && claimed.Add(entry.Id))
                claims.Add(article, entry);
        }

        bool IsFree(StoredArticle entry) => !claimed.Contains(entry.Id);
        bool LeftItsKey(StoredArticle entry) => entry.Removed is not null || left.Contains((entry.Source, entry.Key)) || touched.Contains((entry.Source, entry.Key));

        // Unchanged content under its own key first: nothing that stays where it is may be claimed by a copy of it.
        foreach (var article in arrived)
            if (byKey.TryGetValue((article.Source, article.Key), out var same) && same.ContentHash == article.ContentHash)
                Claim(article, same);

        // Content before key: `mv b.txt a.txt` is article b in a new place, not article a with a new text.
        foreach (var article in arrived.Where(a => !claims.ContainsKey(a)))
            Claim(article, byHash[article.ContentHash].Where(e => IsFree(e) && LeftItsKey(e))
                .OrderByDescending(e => e.Removed is null).ThenByDescending(e => e.Sequence).FirstOrDefault());
        foreach (var article in arrived.Where(a => !claims.ContainsKey(a)))
            Claim(article, byKey.TryGetValue((article.Source, article.Key), out var entry) && IsFree(entry) ? entry : null);

        // Moved and edited at once: the own id, else the same title of a file that vanished in this run.
        foreach (var article in arrived.Where(a => !claims.ContainsKey(a)))
        {
            if (OwnId(article) is { } own && byId.TryGetValue(own, out var entry) && IsFree(entry) && LeftItsKey(entry))
                Claim(article, entry);
            else if (article.Article.Title.Length > 0)
            {
                var vanished = alive.Where(e => IsFree(e) && e.Source == article.Source && left.Contains((e.Source, e.Key)) && e.Article.Title == article.Article.Title).Take(2).ToList();
                Claim(article, vanished.Count == 1 ? vanished[0] : null);
            }
        }

        var changes = new List<StoredArticle>();
        var duplicates = new List<(ArrivedArticle Article, string Of)>();
        var takenIds = found.Select(e => e.Id).ToHashSet();
        var takenPaths = found.Select(e => e.Path).ToHashSet();
        var shownHashes = alive.Where(e => !LeftItsKey(e) || claimed.Contains(e.Id)).GroupBy(e => e.ContentHash).ToDictionary(g => g.Key, g => g.First().Key);
        foreach (var article in arrived)
        {
            if (claims.TryGetValue(article, out var entry))
            {
                if (Update(entry, article) is { } updated)
                    changes.Add(updated);
            }
            else if (shownHashes.TryGetValue(article.ContentHash, out var twin))
            {
                duplicates.Add((article, twin));
            }
            else if (OwnId(article) is { } own && takenIds.Contains(own))
            {
                duplicates.Add((article, byId.TryGetValue(own, out var holder) ? holder.Key : own));
            }
            else
            {
                var created = Create(article, takenIds, takenPaths);
                changes.Add(created);
                shownHashes.TryAdd(article.ContentHash, article.Key);
            }
        }

        // An entry whose file is gone, or whose file now is another article, has ended: readers get a tombstone.
        gone.UnionWith(claims.Keys.Select(a => (a.Source, a.Key)));
        changes.AddRange(alive.Where(e => IsFree(e) && gone.Contains((e.Source, e.Key))).Select(e => e with { Removed = now }));
        return new LedgerChanges(Numbered(changes, newest ?? []), duplicates);
    }

    private StoredArticle Create(ArrivedArticle arrived, HashSet<string> takenIds, HashSet<string> takenPaths)
    {
        // The key may have been another article's before, which took its id along when it moved away.
        var id = CandidateId(arrived);
        for (var again = 2; !takenIds.Add(id); again++)
            id = Mint(arrived, again);
        var path = PathOf(arrived);
        if (!takenPaths.Add(path))
            takenPaths.Add(path = $"{path}-{ArticleHash.Of(id)[..6]}");
        var published = arrived.Article.Published ?? arrived.FallbackDate ?? now;
        var updated = arrived.Article.Updated is { } said && said > published ? said : published;
        return Fill(arrived, new StoredArticle
        {
            Id = id,
            Source = arrived.Source,
            Key = arrived.Key,
            Path = path,
            Article = arrived.Article,
            ContentHash = arrived.ContentHash,
            SeenHash = ArticleHash.OfWhatReadersSee(arrived.Article),
            Published = published,
            Updated = updated,
            FirstSeen = now,
            Sequence = 0,
            Released = !holdForRelease,
        });
    }

    /// <summary>Null where nothing changed that is worth a word.</summary>
    private StoredArticle? Update(StoredArticle entry, ArrivedArticle arrived)
    {
        var seen = ArticleHash.OfWhatReadersSee(arrived.Article);
        var differs = seen != entry.SeenHash;
        var returns = entry.Removed is not null;
        // Readers were told that it is gone, or are told so now: whichever came later holds (RFC 6721, 3).
        var hidden = arrived.Draft || arrived.Excluded is not null;
        var wasHidden = entry.Draft || entry.Excluded is not null;
        var turns = entry.Shown && hidden != wasHidden;

        // What nobody has seen yet may still change its date; from then on published is frozen.
        var published = entry.Shown || (entry.Published <= now && !entry.Draft && entry.Excluded is null)
            ? entry.Published
            : arrived.Article.Published ?? arrived.FallbackDate ?? entry.Published;
        var updated = entry.Updated;
        if (differs || returns || turns)
            updated = !returns && !turns && arrived.Article.Updated is { } said && said > entry.Updated && said <= now ? said : now;
        if (updated < published || !entry.Shown && !returns)
            updated = arrived.Article.Updated is { } stated && stated > published ? stated : published;

        var next = Fill(arrived, entry with
        {
            Source = arrived.Source,
            Key = arrived.Key,
            Article = arrived.Article,
            ContentHash = arrived.ContentHash,
            SeenHash = seen,
            Published = published,
            Updated = updated,
            Removed = null,
        });
        if (!differs && !returns && !turns && next.Published == entry.Published && next.Key == entry.Key && next.Source == entry.Source
            && next.Draft == entry.Draft && next.Excluded == entry.Excluded && next.ContentHash == entry.ContentHash && next.DedupeKeys.SequenceEqual(entry.DedupeKeys))
            return null;
        return next;
    }

    /// <summary>In the order of their dates, whatever order files are found in: what the archive takes first is what is oldest.</summary>
    private List<StoredArticle> Numbered(List<StoredArticle> changes, IReadOnlyList<ArticleHead> newest)
    {
        var places = changes.OrderBy(a => a.Published).ThenByDescending(a => a.Id, StringComparer.Ordinal).Select((a, place) => (a.Id, place)).ToDictionary(each => each.Id, each => each.place);
        // What came or changed with the same date did so one after the other, within a second; readers and validators tell articles apart by it.
        var taken = newest.Where(head => !places.ContainsKey(head.Id)).Select(head => head.Updated).ToHashSet();
        var apart = new Dictionary<string, DateTimeOffset>();
        foreach (var tie in changes.Where(a => a.Removed is null && (!a.Shown || a.Updated == now)).GroupBy(a => a.Updated))
        {
            var (step, next) = (TimeSpan.FromMicroseconds(Math.Max(1, Math.Min(1_000, 1_000_000 / tie.Count()))), tie.Key);
            foreach (var article in tie.OrderBy(a => places[a.Id]))
            {
                while (!taken.Add(next)) next += step;
                apart[article.Id] = next;
            }
        }
        var first = LastSequence + 1;
        LastSequence += changes.Count;
        return [.. changes.Select(a => a with { Sequence = first + places[a.Id] }).Select(a => apart.TryGetValue(a.Id, out var updated) && updated != a.Updated ? At(a, updated) : a)];

        static StoredArticle At(StoredArticle article, DateTimeOffset updated) => article with { Updated = updated, Article = article.Article with { Updated = updated } };
    }

    private static StoredArticle Fill(ArrivedArticle arrived, StoredArticle entry) => entry with
    {
        Article = arrived.Article with { Id = entry.Id, Published = entry.Published, Updated = entry.Updated },
        Raw = arrived.Raw,
        Excluded = arrived.Excluded,
        Draft = arrived.Draft,
        Origins = arrived.Origins,
        DedupeKeys = arrived.DedupeKeys,
    };

    private static string? OwnId(ArrivedArticle arrived)
    {
        var id = arrived.Article.Id;
        if (id.Length == 0)
            return arrived.Article.Url is { } url && !url.StartsWith(PublicUrls.Placeholder, StringComparison.Ordinal) ? url : null;
        return IsPermanent(id) ? id : null;
    }

    private string CandidateId(ArrivedArticle arrived) => OwnId(arrived) ?? Mint(arrived, 1);

    private string Mint(ArrivedArticle arrived, int again)
    {
        // An own id that is no IRI is unique within its source only; it names the article better than the place where it was found.
        var name = arrived.Article.Id.Length > 0 ? $"id\n{arrived.Article.Id}" : $"key\n{arrived.Key}";
        return $"urn:uuid:{NameUuid.Create(Namespace, $"{feed}\n{arrived.Source}\n{name}{(again > 1 ? $"\n{again}" : "")}")}";
    }

    /// <summary>From the file's name where it is made of words, since names change less often than titles; else from the title.</summary>
    private static string PathOf(ArrivedArticle arrived)
    {
        // Whoever pushed it has been told its address.
        if (arrived.Source == Inbox.Source)
            return arrived.Key;
        if (arrived.Source.StartsWith("folder:", StringComparison.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(arrived.Key);
            var slug = ArticleSlug.From(DatePrefix().Replace(name, ""));
            if (slug.Split('-').Any(word => word.Length >= 3 && word.All(char.IsLetter)))
                return slug;
        }

        var fromTitle = ArticleSlug.From(arrived.Article.Title);
        return fromTitle.Length > 0 ? fromTitle : ArticleHash.Of(arrived.Source, arrived.Key)[..12];
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[-_ T]*")]
    private static partial Regex DatePrefix();

    /// <summary>An absolute IRI as Atom asks for it, and where it is a URN a well-formed one (RFC 8141, 2).</summary>
    public static bool IsPermanent(string id) => PermanentId().IsMatch(id);

    [GeneratedRegex(@"^(?:urn:[a-z0-9][a-z0-9\-]{0,30}[a-z0-9]:[^\s<>""{}|\\^`]+|(?!urn:)[a-z][a-z0-9+.\-]*:[^\s<>""{}|\\^`]+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PermanentId();
}
