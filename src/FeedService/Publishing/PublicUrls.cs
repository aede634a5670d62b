namespace FeedService.Publishing;

/// <summary>
/// Every absolute URL of our own. Stored articles carry a placeholder instead of the public URL, so that a new domain or scheme changes
/// neither them nor their ids; it is put in when a feed is rendered.
/// </summary>
public sealed class PublicUrls(string publicUrl)
{
    /// <summary>Stands for the public URL in all that is stored (RFC 2606, 2: .invalid never resolves).</summary>
    public const string Placeholder = "https://feedservice.invalid";

    public string Root { get; } = publicUrl.TrimEnd('/');

    public string Page(string feed) => $"{Root}/feeds/{feed}";

    public string Document(string feed, string name) => $"{Root}/feeds/{feed}{(name.Contains('/') ? "/" : ".")}{name}";

    public string Article(string feed, string path) => $"{Root}/feeds/{feed}/articles/{path}";

    /// <summary>Puts the public URL where the placeholder stands.</summary>
    public string Resolve(string text) => text.Replace(Placeholder, Root, StringComparison.Ordinal);
}
