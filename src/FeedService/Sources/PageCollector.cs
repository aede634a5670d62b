using System.Collections.Concurrent;
using System.Globalization;

namespace FeedService.Sources;

/// <summary>What came of an article's page: the page, or the reason why there is none; with a stamp where it is worth another try.</summary>
internal sealed record PageOutcome(LoadedPage? Page, string Problem, string? RetryStamp);

/// <summary>Loads the pages of many articles, a bounded number a look, and each a few times at most.</summary>
internal sealed class PageCollector(PageLoader loader)
{
    /// <summary>So many pages are loaded a look, each tried so often.</summary>
    public const int MaxPages = 100;
    private const int MaxTries = 3;

    private const int Together = 4;

    private const string Try = "try ";

    /// <summary>The outcomes by key, of the first <see cref="MaxPages"/>; the others wait for the next look.</summary>
    public async Task<IReadOnlyDictionary<string, PageOutcome>> LoadAsync(
        IEnumerable<(string Key, string Url)> pages, IReadOnlyDictionary<string, KnownItem> known, CancellationToken cancellationToken)
    {
        var outcomes = new ConcurrentDictionary<string, PageOutcome>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            pages.Take(MaxPages),
            new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellationToken },
            async (page, token) => outcomes[page.Key] = await LoadAsync(page.Url, Tries(known.GetValueOrDefault(page.Key)) + 1, token));
        return outcomes;
    }

    private async Task<PageOutcome> LoadAsync(string url, int tries, CancellationToken cancellationToken)
    {
        try
        {
            return new PageOutcome(await loader.LoadAsync(url, cancellationToken), "", null);
        }
        catch (PageException e)
        {
            return new PageOutcome(null, $"its page cannot be had: {e.Message}", e.IsTransient && tries < MaxTries ? string.Create(CultureInfo.InvariantCulture, $"{Try}{tries}") : null);
        }
    }

    private static int Tries(KnownItem? known) =>
        known is { Problem: not null } && known.Stamp.StartsWith(Try, StringComparison.Ordinal) && int.TryParse(known.Stamp.AsSpan(Try.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var tries) ? tries : 0;
}
