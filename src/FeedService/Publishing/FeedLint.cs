using FeedService.Configuration;
using FeedService.Syndication.Linting;

namespace FeedService.Publishing;

/// <summary>The last look at documents before they go out: at what surrounds the articles, and at the articles that it has not seen yet.</summary>
public sealed class FeedLint(FeedRenderer renderer)
{
    /// <summary>The page without the articles that the linter objects to, so that they cost the others nothing; null where none of it may go out.</summary>
    /// <returns>What it objects to, in words, too.</returns>
    public (FeedPart? Page, IReadOnlyList<string> Problems) Judge(FeedDefinition feed, FeedPart page)
    {
        var unseen = page.Articles.Where(article => article.Objection is null).ToList();
        var errors = Errors(unseen);
        if (errors.Count > 0 && Errors([]) is { Count: > 0 } own)
            return (null, own);
        foreach (var article in unseen)
            article.Objection = errors.Count > 0 && Errors([article]) is [var first, ..] ? first : "";
        if (page.Articles.All(article => article.Objection!.Length == 0))
            return errors.Count == 0 ? (page, []) : (null, errors);
        return (
            page with { Articles = [.. page.Articles.Where(article => article.Objection!.Length == 0)] },
            [.. page.Articles.Where(article => article.Objection!.Length > 0).Select(article => $"{article.Head.Key}: left out: {article.Objection}")]);

        IReadOnlyList<string> Errors(IReadOnlyList<WrittenArticle> articles) => FeedLint.Errors(renderer.Render(feed, page with { Articles = articles }));
    }

    /// <summary>Why a document must not go out, in words; empty where all may.</summary>
    public static IReadOnlyList<string> Errors(IReadOnlyList<RenderedDocument> documents)
    {
        using var bytes = new PooledBytes();
        return
        [
            .. documents.SelectMany(document => FeedLinter.Lint(document.Join(bytes), new LintContext { ContentType = document.MediaType })
                // A document of any size is served: how large a feed may get is its definition's business. And a service that is tried out at
                // localhost serves its files from there.
                .Where(finding => finding.Severity == LintSeverity.Error && finding.Rule is not ("ValidatorLimit" or "InvalidURLAttribute"))
                .Select(finding => $"{document.Name}: {finding.Message} ({finding.Rule}, {finding.Where}); {finding.Fix}")),
        ];
    }
}
