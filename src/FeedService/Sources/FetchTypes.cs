namespace FeedService.Sources;

/// <summary>What to ask of another server.</summary>
/// <param name="Url">Absolute, http or https.</param>
public sealed record FetchRequest(string Url)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The Accept header.</summary>
    public string Accept { get; init; } = "*/*";

    /// <summary>The entity tag that this very URL gave last time, as it gave it.</summary>
    public string? ETag { get; init; }

    /// <summary>The Last-Modified that this very URL gave last time, as it gave it.</summary>
    public string? LastModified { get; init; }

    /// <summary>More headers: a hub's signature, links of a delivery.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string? BodyType { get; init; }

    /// <summary>The most that is read, counted after decompression; 0 where only the status counts and no body is read.</summary>
    public int MaxBytes { get; init; } = 20 << 20;

    /// <summary>How many redirects are followed; 0 hands the redirect itself back.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>Whether robots.txt is asked first. Not for what the other side asked us to call.</summary>
    public bool Robots { get; init; } = true;

    /// <summary>The URL in the operator's definition that led here: its host may be asked at its port, whichever that is.</summary>
    public string? Configured { get; init; }

    /// <summary>How many readers stand behind the request; null where that means nothing.</summary>
    public int? Subscribers { get; init; }
}

/// <summary>What came back. Bodies come with 2xx only.</summary>
public sealed record FetchResult
{
    public required int Status { get; init; }

    /// <summary>The URL that answered, after all redirects.</summary>
    public required Uri Url { get; init; }

    /// <summary>Where permanent redirects (301, 308) alone led from the URL asked; null where there were none.</summary>
    public Uri? MovedTo { get; init; }

    /// <summary>An https URL redirected to http.</summary>
    public bool Downgraded { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>The Content-Type header, with its charset.</summary>
    public string? ContentType { get; init; }

    public string? ETag { get; init; }

    public string? LastModified { get; init; }

    public string? Location { get; init; }

    /// <summary>The Link headers (RFC 8288).</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>For how long the answer need not be asked for again (Cache-Control, Expires); null where it does not say.</summary>
    public TimeSpan? FreshFor { get; init; }

    /// <summary>How long the server wants to be left alone (Retry-After), within bounds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Why there was no answer that could be used.</summary>
public enum FetchFailure
{
    /// <summary>Our own rules say no: scheme, address, port, credentials.</summary>
    Refused,

    /// <summary>More redirects than are followed.</summary>
    Redirects,

    /// <summary>robots.txt says no.</summary>
    Robots,

    /// <summary>No name, no connection, no handshake.</summary>
    Unreachable,

    /// <summary>It took too long.</summary>
    Timeout,

    /// <summary>More bytes or headers than are read.</summary>
    TooLarge,

    /// <summary>Not HTTP as it should be: cut, damaged, contradictory.</summary>
    Broken,
}

/// <summary>There was no answer that could be used. The message names the host and the cause, never an address behind a name or what the server said.</summary>
public sealed class FetchException(FetchFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public FetchFailure Failure => failure;
}

/// <summary>The bounds of a request.</summary>
public sealed record FetchLimits
{
    public static FetchLimits Default { get; } = new();

    /// <summary>Name, connection and handshake.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request to the end of the headers.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Without a byte.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>All hops together, without the wait for the host's turn.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between the starts of two requests to a host.</summary>
    public TimeSpan Gap { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>At a time, to one host.</summary>
    public int PerHost { get; init; } = 2;

    /// <summary>At a time, to all hosts that answer, and as many again to all others.</summary>
    public int Together { get; init; } = 64;
}
