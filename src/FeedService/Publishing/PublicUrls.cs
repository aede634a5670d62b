using FeedService.Configuration;

namespace FeedService.Publishing;

/// <summary>
/// Every absolute URL of our own. Stored articles carry a placeholder instead of the public URL, so that a new domain or scheme changes
/// neither them nor their ids; it is put in when a feed is rendered.
/// </summary>
public sealed class PublicUrls(string publicUrl, bool hub = false)
{
    /// <summary>Stands for the public URL in all that is stored (RFC 2606, 2: .invalid never resolves).</summary>
    public const string Placeholder = "https://feedservice.invalid";

    public string Root { get; } = publicUrl.TrimEnd('/');

    /// <summary>The hub of our own; null where there is none.</summary>
    public string? Hub { get; } = hub ? $"{publicUrl.TrimEnd('/')}/hub" : null;

    public string Page(string feed) => $"{Root}/feeds/{feed}";

    public string Document(string feed, string name) =>
        name.Contains('/') ? $"{Root}/feeds/{feed}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}" : $"{Root}/feeds/{feed}.{name}";

    public string Article(string feed, string path) => $"{Root}/feeds/{feed}/articles/{path}";

    /// <summary>The hubs where a feed can be subscribed to, our own first. A feed that is not for everybody has none.</summary>
    public IReadOnlyList<string> Hubs(FeedDefinition feed) =>
        feed.Private ? [] : Hub is null ? feed.Publish.WebSub : [.. feed.Publish.WebSub.Prepend(Hub).Distinct(StringComparer.Ordinal)];

    /// <summary>A document's Link header (WebSub, 4): its hubs, and what to call it there.</summary>
    public string Links(string feed, string name, IReadOnlyList<string> hubs) =>
        string.Concat([.. hubs.Select(hub => $"<{hub}>; rel=\"hub\", "), $"<{Document(feed, name)}>; rel=\"self\""]);

    /// <summary>Puts the public URL where the placeholder stands.</summary>
    public string Resolve(string text) => text.Replace(Placeholder, Root, StringComparison.Ordinal);
}
