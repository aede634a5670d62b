namespace FeedService.Syndication.Html;

/// <summary>What <see cref="HtmlSanitizer"/> needs to know about the HTML that it is given.</summary>
public sealed record SanitizerOptions
{
    /// <summary>The absolute URL that relative links are resolved against; null leaves them relative.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Keeps players of well-known video hosts; false drops every iframe.</summary>
    public bool AllowEmbeds { get; init; } = true;
}
