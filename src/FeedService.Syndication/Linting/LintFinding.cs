namespace FeedService.Syndication.Linting;

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,

    /// <summary>Allowed, but some readers will stumble, or better practice exists.</summary>
    Warning,

    /// <summary>Against the format's standard.</summary>
    Error,
}

/// <summary>Something that the linter found in a document.</summary>
/// <param name="Rule">The rule's name, as feed validators know it where they do: <c>InvalidRFC2822Date</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What was found, in words.</param>
/// <param name="Fix">What to do about it.</param>
/// <param name="Line">From 1; 0 where the finding has no place in the document.</param>
/// <param name="Column">In characters, from 1; 0 where the finding has no place in the document.</param>
/// <param name="Where">The way to it: <c>rss/channel/item[3]/pubDate</c>, <c>$.items[2].id</c>; empty for the whole document.</param>
public sealed record LintFinding(string Rule, LintSeverity Severity, string Message, string Fix, int Line, int Column, string Where);

/// <summary>What is known of a document besides its bytes; every part may be missing.</summary>
public sealed record LintContext
{
    /// <summary>The <c>Content-Type</c> header it was served with.</summary>
    public string? ContentType { get; init; }

    /// <summary>Where it was read, absolute, after redirects.</summary>
    public string? Url { get; init; }

    /// <summary>The present, to tell dates that lie in the future.</summary>
    public DateTimeOffset? Now { get; init; }
}
