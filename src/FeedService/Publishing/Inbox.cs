using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FeedService.Configuration;
using FeedService.Sources;
using FeedService.Store;
using FeedService.Syndication;
using FeedService.Syndication.Documents;

namespace FeedService.Publishing;

/// <summary>What became of something that was pushed.</summary>
public enum PushOutcome
{
    Done,

    /// <summary>There is no such article.</summary>
    NotFound,

    /// <summary>There was one, and it was removed.</summary>
    Gone,

    /// <summary>The article is there already, under the name that is given.</summary>
    AlreadyThere,

    /// <summary>Another source has the article.</summary>
    AnotherSource,

    /// <summary>The article has another id, and keeps it.</summary>
    AnotherId,

    /// <summary>The idempotency key came before, with something else.</summary>
    KeyUsedOtherwise,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Name">The article's name within the feed, and the last part of its address; empty where there is none.</param>
public sealed record Pushed(PushOutcome Outcome, string Name = "");

/// <summary>By what a client repeats itself: its key, and what stands for all that it sent.</summary>
public sealed record IdempotencyKey(string Key, string Sent);

/// <summary>
/// Takes pushed articles and keeps them until a run of the feed does. What waits is a record a name, the last word on it: an article, or that it
/// was taken back. A run deletes what it has used in the transaction that records the articles, so that nothing is lost or done twice.
/// </summary>
public sealed class Inbox(IArticleStore store, TimeProvider time)
{
    /// <summary>The key of the source.</summary>
    public const string Source = SourceDefinition.InboxKey;

    /// <summary>For so long a repeated key gives the same answer.</summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromDays(1);

    private const string Kind = "inbox";
    private const string KeyKind = "idempotency";
    private const int LongestWords = 60;
    private const int RandomLength = 6;
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>What waits in a feed's inbox.</summary>
    internal static Task<IReadOnlyList<StoredRecord>> WaitingAsync(IArticleStore store, string feed, int count, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.ListRecordsAsync(Kind, feed, "", count, now, cancellationToken);

    /// <summary>The article's name, of what waits.</summary>
    internal static string NameOf(StoredRecord waiting) => waiting.Key[(waiting.Key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Takes a new article. When this returns it is stored, whatever happens then.</summary>
    public async Task<Pushed> AddAsync(string feed, Document document, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var name = NameOf(document.Article);
        if (key is null) return await AddAsync(feed, name, document, null, now, cancellationToken);

        var attempt = new StoredRecord(KeyKind, $"{feed}/{Hash(key.Key)}")
        {
            Feed = feed,
            Value = JsonSerializer.Serialize(new Attempt(key.Sent, name, IsDone: false)),
            Expires = now + KeyLife,
        };
        if (!await store.TryAddRecordAsync(attempt, now, cancellationToken) && await store.FindRecordAsync(KeyKind, attempt.Key, now, cancellationToken) is { } earlier)
        {
            var before = JsonSerializer.Deserialize<Attempt>(earlier.Value)!;
            if (before.Sent != key.Sent) return new(PushOutcome.KeyUsedOtherwise);
            if (before.IsDone) return new(PushOutcome.Done, before.Name);
            // Cut off before it was done, or being done just now: the same again, under the same name, is the same article.
            (attempt, name) = (earlier, before.Name);
        }
        var done = attempt with { Value = JsonSerializer.Serialize(new Attempt(key.Sent, name, IsDone: true)) };
        var pushed = await AddAsync(feed, name, document, done, now, cancellationToken);
        if (pushed.Outcome == PushOutcome.Done) return pushed;
        // What is in the way may be what the same request, sent twice at a time, has just put there.
        if (!await store.ReplaceRecordAsync(attempt, null, cancellationToken) && await store.FindRecordAsync(KeyKind, attempt.Key, now, cancellationToken) is { } present && present.Value == done.Value)
            return new(PushOutcome.Done, name);
        return pushed;
    }

    /// <summary>Puts an article in the place of one that was pushed before.</summary>
    public async Task<Pushed> ReplaceAsync(string feed, string name, Document document, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (outcome, entry) = await FindAsync(feed, name, now, cancellationToken);
        if (outcome != PushOutcome.Done) return new(outcome);
        var id = document.Article.Id;
        if (id.Length > 0 && id != entry?.Id && NameOf(document.Article) != name) return new(PushOutcome.AnotherId);
        await store.PutRecordsAsync([Waiting(feed, name, document, now)], cancellationToken);
        return new(PushOutcome.Done, name);
    }

    /// <summary>Takes an article back that was pushed before; readers who have seen it get a tombstone.</summary>
    public async Task<Pushed> RemoveAsync(string feed, string name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (outcome, _) = await FindAsync(feed, name, now, cancellationToken);
        if (outcome != PushOutcome.Done) return new(outcome);
        // In place of what may still wait, not just instead of it: a run may have taken that already.
        await store.PutRecordsAsync([Waiting(feed, name, null, now)], cancellationToken);
        return new(PushOutcome.Done, name);
    }

    private async Task<Pushed> AddAsync(string feed, string name, Document document, StoredRecord? done, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var next = Waiting(feed, name, document, now);
        // What was taken back a moment ago may come again, although the ledger does not know yet.
        var waiting = await store.FindRecordAsync(Kind, next.Key, now, cancellationToken);
        var takenBack = waiting is not null && PushedArticle.Parse(waiting.Value)?.Article is null;
        if (waiting is not null && !takenBack) return new(PushOutcome.AlreadyThere, name);
        if (Identity(document.Article) is { } identity)
        {
            var found = await store.FindAsync(feed, new ArticleLookup { Ids = [identity], Keys = [(Source, name)] }, cancellationToken);
            var alive = found.Where(entry => entry.Removed is null && !(takenBack && (entry.Source, entry.Key) == (Source, name))).ToList();
            if (alive.Exists(entry => entry.Source != Source)) return new(PushOutcome.AnotherSource);
            if (alive.Count > 0) return new(PushOutcome.AlreadyThere, alive[0].Key);
        }
        if (done is not null)
        {
            // Together, so that there is never a key without its article.
            await store.PutRecordsAsync([next, done], cancellationToken);
            return new(PushOutcome.Done, name);
        }
        if (waiting is null ? await store.TryAddRecordAsync(next, now, cancellationToken) : await store.ReplaceRecordAsync(waiting, next, cancellationToken))
            return new(PushOutcome.Done, name);
        // A run has taken what waited, or somebody else was faster: what there is now decides.
        return await AddAsync(feed, name, document, done, now, cancellationToken);
    }

    private async Task<(PushOutcome Outcome, StoredArticle? Entry)> FindAsync(string feed, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = await store.FindRecordAsync(Kind, $"{feed}/{name}", now, cancellationToken);
        var found = await store.FindAsync(feed, new ArticleLookup { Keys = [(Source, name)], Paths = [name] }, cancellationToken);
        var entry = found.FirstOrDefault(each => each.Source == Source && each.Key == name);
        if (waiting is not null) return (PushedArticle.Parse(waiting.Value)?.Article is null ? PushOutcome.Gone : PushOutcome.Done, entry);
        if (entry is not null) return (entry.Removed is null ? PushOutcome.Done : PushOutcome.Gone, entry);
        return (found.Any(each => each.Path == name && each.Removed is null) ? PushOutcome.AnotherSource : PushOutcome.NotFound, null);
    }

    private static StoredRecord Waiting(string feed, string name, Document? document, DateTimeOffset now) => new(Kind, $"{feed}/{name}")
    {
        Feed = feed,
        Value = (document is null ? new PushedArticle(now) : PushedArticle.Of(document, $"{PublicUrls.Placeholder}/feeds/{feed}/articles/", Whole(now))).ToJson(),
    };

    // Known before it is published, and the same for ever: of the id where it has one, so that the same article gets the same name; else of the
    // title and something that nobody else has.
    private static string NameOf(Article article)
    {
        if (Identity(article) is { } identity)
        {
            var last = Uri.TryCreate(identity, UriKind.Absolute, out var url) && url.Scheme.StartsWith("http", StringComparison.Ordinal) ? url.Segments[^1] : "";
            return Joined(Words(Uri.UnescapeDataString(last)), Hash(identity)[..12]);
        }
        return Joined(Words(article.Title), RandomNumberGenerator.GetString(Alphabet, article.Title.Length > 0 ? RandomLength : 2 * RandomLength));
    }

    // To the millisecond: enough to keep articles in the order in which they came.
    private static DateTimeOffset Whole(DateTimeOffset now) => DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());

    private static string Words(string text)
    {
        var slug = ArticleSlug.From(text);
        if (slug.Length <= LongestWords) return slug;
        var hyphen = slug.LastIndexOf('-', LongestWords);
        var end = hyphen > 0 ? hyphen : LongestWords;
        return slug[..(char.IsHighSurrogate(slug[end - 1]) ? end - 1 : end)];
    }

    private static string Joined(string words, string ending) => words.Length == 0 ? ending : $"{words}-{ending}";

    // As the ledger sees it.
    private static string? Identity(Article article) => article.Id.Length > 0 ? article.Id : article.Url;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private sealed record Attempt(string Sent, string Name, bool IsDone);
}
