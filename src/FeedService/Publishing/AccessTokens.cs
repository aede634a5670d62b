using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>What a token opens.</summary>
public enum TokenUse
{
    /// <summary>The inbox: articles may be pushed.</summary>
    Push,

    /// <summary>A private feed: it may be read.</summary>
    Read,
}

/// <summary>A token as it is kept: what it opens and for whom, and the hash of its secret.</summary>
public sealed record AccessToken(string Id, string Feed, string Name, DateTimeOffset Created, DateTimeOffset? Expires)
{
    internal byte[] Hash { get; init; } = [];
}

/// <summary>
/// Tokens that open one feed each. What is handed out, once, is <c>ID.SECRET</c>; the store has the hash of the secret alone. A hash without a
/// salt is enough for 256 random bits, which nobody can guess or list.
/// </summary>
public sealed class AccessTokens(IArticleStore store, TimeProvider time)
{
    /// <summary>For so long a token that was found is believed without looking again: the time that a revoked one may go on.</summary>
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(2);

    /// <summary>How long a name may be.</summary>
    public const int MaxName = 64;

    // In characters of Base64url: of 8 bytes and of 32.
    private const int IdLength = 11;
    private const int SecretLength = 43;

    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly ConcurrentDictionary<(TokenUse, string), (AccessToken Token, long Seen)> _seen = new();

    /// <summary>Makes a token.</summary>
    /// <returns>The text to hand out, which cannot be had again; null where the feed has a token of this name.</returns>
    public async Task<string?> AddAsync(TokenUse use, string feed, string name, DateTimeOffset? expires, CancellationToken cancellationToken)
    {
        if ((await ListAsync(use, feed, cancellationToken)).Any(token => token.Name == name)) return null;
        var now = time.GetUtcNow();
        while (true)
        {
            var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(8));
            var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
            var record = new StoredRecord(Kind(use), id) { Feed = feed, Value = JsonSerializer.Serialize(new Kept(name, HashOf(secret), now)), Expires = expires };
            if (await store.TryAddRecordAsync(record, now, cancellationToken)) return $"{id}.{secret}";
        }
    }

    /// <summary>The feed's tokens, by name.</summary>
    public async Task<IReadOnlyList<AccessToken>> ListAsync(TokenUse use, string feed, CancellationToken cancellationToken) =>
        [.. (await RecordsAsync(use, feed, cancellationToken)).Select(Read).OrderBy(token => token.Name, StringComparer.Ordinal)];

    /// <summary>Takes a token back.</summary>
    /// <returns>False where the feed has none of this name.</returns>
    public async Task<bool> RevokeAsync(TokenUse use, string feed, string name, CancellationToken cancellationToken)
    {
        var found = (await RecordsAsync(use, feed, cancellationToken)).FirstOrDefault(record => Read(record).Name == name);
        return found is not null && await store.ReplaceRecordAsync(found, null, cancellationToken);
    }

    /// <summary>The token that this text is, if it opens this feed.</summary>
    /// <remarks>While the store does not answer, a token that was known goes on: nobody can have revoked it there.</remarks>
    public async ValueTask<AccessToken?> FindAsync(TokenUse use, string feed, string given, CancellationToken cancellationToken)
    {
        if (given.Length != IdLength + 1 + SecretLength || given[IdLength] != '.') return null;
        var token = await KnownAsync(use, given[..IdLength], cancellationToken);
        var secret = HashOf(given[(IdLength + 1)..]);
        // Hashes are of one length, so that the comparison tells nothing by its time; nor does an id that nobody has.
        var matches = CryptographicOperations.FixedTimeEquals(secret, token?.Hash ?? NoHash);
        return matches && token is not null && token.Feed == feed && !(token.Expires <= time.GetUtcNow()) ? token : null;
    }

    private async ValueTask<AccessToken?> KnownAsync(TokenUse use, string id, CancellationToken cancellationToken)
    {
        var known = _seen.TryGetValue((use, id), out var seen);
        if (known && time.GetElapsedTime(seen.Seen) < Believed) return seen.Token;
        var asked = time.GetTimestamp();
        try
        {
            if (await store.FindRecordAsync(Kind(use), id, time.GetUtcNow(), cancellationToken) is not { } record)
            {
                _seen.TryRemove((use, id), out _);
                return null;
            }
            var token = Read(record);
            _seen[(use, id)] = (token, asked);
            return token;
        }
        catch (StoreException) when (known)
        {
            return seen.Token;
        }
    }

    private ValueTask<List<StoredRecord>> RecordsAsync(TokenUse use, string feed, CancellationToken cancellationToken) =>
        store.WalkRecordsAsync(Kind(use), feed, "", time.GetUtcNow(), cancellationToken).ToListAsync(cancellationToken);

    private static string Kind(TokenUse use) => use == TokenUse.Push ? "token" : "subscriber";

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static AccessToken Read(StoredRecord record)
    {
        var kept = JsonSerializer.Deserialize<Kept>(record.Value)!;
        return new(record.Key, record.Feed, kept.Name, kept.Created, record.Expires) { Hash = kept.Hash };
    }

    private sealed record Kept(string Name, byte[] Hash, DateTimeOffset Created);
}
