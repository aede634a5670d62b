using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FeedService.Configuration;
using FeedService.Syndication.Linting;

namespace FeedService.Publishing;

/// <summary>The last look at documents before they go out: at what surrounds the articles, and at the articles, each as long as it is new.</summary>
public sealed class FeedLint(FeedRenderer renderer)
{
    // What surrounded the articles when it was last found good, by the document's path. Of a definition that is replaced it goes with it.
    private readonly ConditionalWeakTable<FeedDefinition, ConcurrentDictionary<string, FeedPart>> _good = [];

    /// <summary>The page without the articles that the linter objects to, so that they cost the others nothing; null where none of it may go out.</summary>
    /// <returns>What it objects to, in words, too.</returns>
    public (FeedPart? Page, IReadOnlyList<string> Problems) Judge(FeedDefinition feed, FeedPart page)
    {
        if (Surroundings(feed, page) is { Count: > 0 } problems)
            return (null, problems);
        var unseen = page.Articles.Where(article => article.Objection is null).ToList();
        var errors = Errors(unseen);
        foreach (var article in unseen)
            article.Objection = errors.Count > 0 && Errors([article]) is [var first, ..] ? first : "";
        if (page.Articles.All(article => article.Objection!.Length == 0))
            return errors.Count == 0 ? (page, []) : (null, errors);
        return (
            page with { Articles = [.. page.Articles.Where(article => article.Objection!.Length == 0)] },
            [.. page.Articles.Where(article => article.Objection!.Length > 0).Select(article => $"{article.Head.Key}: left out: {article.Objection}")]);

        IReadOnlyList<string> Errors(IReadOnlyList<WrittenArticle> articles) => articles.Count == 0 ? [] : FeedLint.Errors(renderer.RenderBare(feed, articles));
    }

    // From one publication to the next it is the date that changes.
    private IReadOnlyList<string> Surroundings(FeedDefinition feed, FeedPart page)
    {
        var good = _good.GetOrCreateValue(feed);
        var surroundings = page with { Articles = [], Tombstones = [], Updated = default };
        if (page.Tombstones.Count == 0 && good.TryGetValue(page.Path, out var known) && known == surroundings)
            return [];
        var errors = Errors(renderer.Render(feed, page with { Articles = [] }));
        if (errors.Count == 0 && !page.IsArchive)
            good[page.Path] = surroundings;
        return errors;
    }

    /// <summary>Why a document must not go out, in words; empty where all may.</summary>
    public static IReadOnlyList<string> Errors(IReadOnlyList<RenderedDocument> documents)
    {
        using var bytes = new PooledBytes();
        List<string> errors = [];
        foreach (var document in documents)
        {
            bytes.Clear();
            foreach (var part in document.Parts()) bytes.Write(part.Span);
            foreach (var finding in FeedLinter.Lint(bytes.Written, new LintContext { ContentType = document.MediaType }))
            {
                // A document of any size is served: how large a feed may get is its definition's business. And a service that is tried out at
                // localhost serves its files from there.
                if (finding.Severity == LintSeverity.Error && finding.Rule is not ("ValidatorLimit" or "InvalidURLAttribute"))
                    errors.Add($"{document.Name}: {finding.Message} ({finding.Rule}, {finding.Where}); {finding.Fix}");
            }
        }
        return errors;
    }
}
