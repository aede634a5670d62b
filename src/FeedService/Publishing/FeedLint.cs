using FeedService.Syndication.Linting;

namespace FeedService.Publishing;

/// <summary>The last look at documents before they go out.</summary>
public static class FeedLint
{
    /// <summary>Why a document must not go out, in words; empty where all may.</summary>
    public static IReadOnlyList<string> Errors(IReadOnlyList<RenderedDocument> documents) =>
    [
        .. documents.SelectMany(document => FeedLinter.Lint(document.Bytes, new LintContext { ContentType = document.MediaType })
            // A document of any size is served: how large a feed may get is its definition's business.
            .Where(finding => finding.Severity == LintSeverity.Error && finding.Rule != "ValidatorLimit")
            .Select(finding => $"{document.Name}: {finding.Message} ({finding.Rule}, {finding.Where}); {finding.Fix}")),
    ];
}
