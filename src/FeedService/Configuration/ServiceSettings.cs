namespace FeedService.Configuration;

/// <summary>The settings of the service, bound, checked and converted once; command line over environment over appsettings.json.</summary>
public sealed record ServiceSettings
{
    public const string Section = "FeedService";

    /// <summary>The folder of definitions, absolute.</summary>
    public required string FeedsFolder { get; init; }

    /// <summary>The definitions come from the store, where <c>feedservice feeds push</c> puts them, for all nodes alike.</summary>
    public bool DefinitionsInStore { get; init; }

    /// <summary>Where the definitions in force lie: in the folder of feeds, or, where they come from the store, as this node has written them down.</summary>
    public string DefinitionsFolder => DefinitionsInStore ? Path.Combine(DataFolder, "feeds") : FeedsFolder;

    /// <summary>The folder that the service writes to, absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary><c>sqlite:PATH</c> or <c>postgres://…</c>.</summary>
    public required string Store { get; init; }

    /// <summary>What every absolute URL begins with, without a slash at its end.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>What all feeds together are called; null where they have no name but that of their host.</summary>
    public string? Title { get; init; }

    /// <summary>Where to listen, such as <c>http://localhost:8080</c> or <c>http://*:8080</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://localhost:8080"];

    /// <summary>What https:// addresses are secured with; null where there are none.</summary>
    public CertificateSettings? Certificate { get; init; }

    /// <summary>Proxies whose forwarded headers are believed: addresses or CIDR ranges.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Hosts that may be fetched from although their addresses are private.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Fetch from loopback and private addresses too: for intranets and tests.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>What snapshots may take in memory, in bytes.</summary>
    public long SnapshotMemory { get; init; } = 256L << 20;

    /// <summary>Send clients that ask for it only what changed since they last asked (RFC 3229). Off: a widely packaged client asks and then fails.</summary>
    public bool Deltas { get; init; }

    /// <summary>The token that opens the status page from elsewhere than loopback; null where nobody may.</summary>
    public string? StatusToken { get; init; }

    /// <summary>Whether the service is a WebSub hub for its feeds: subscribers have to reach it at its public URL.</summary>
    public bool Hub { get; init; }

    /// <summary>Whether the service subscribes at the hubs that upstream feeds name: they have to reach it at its public URL.</summary>
    public bool Subscribe { get; init; }
}

/// <summary>A certificate with its key, in files.</summary>
/// <param name="File">PEM, with the chain behind it, or PKCS #12; absolute.</param>
/// <param name="KeyFile">The key as PEM; null where it stands in the same file.</param>
/// <param name="Password">Of the key; null for none.</param>
public sealed record CertificateSettings(string File, string? KeyFile = null, string? Password = null);
