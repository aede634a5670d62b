namespace FeedService.Syndication.Filters;

/// <summary>
/// A definition's steps in their order, in two parts. The first part is taken once, when an article arrives or changes; the second each time the
/// feed is put together. The second begins with the first step that needs to see all candidates or today's date (<c>merge</c>, <c>sort</c>,
/// <c>limit</c>, or an age), and what is written after such a step is taken after it too: the order is the definition's.
/// </summary>
public sealed class FilterPipeline
{
    private readonly List<(string Label, IFilter Filter)> _arrival = [];
    private readonly List<(string Label, IFilter Filter)> _selection = [];

    /// <summary>Makes the steps ready.</summary>
    /// <exception cref="FilterSettingsException">A step's name is unknown or its settings cannot work; the message names the step.</exception>
    public FilterPipeline(IEnumerable<FilterStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var number = 0;
        foreach (var step in steps)
        {
            var label = $"step {++number}, {step.Name}";
            var kind = FilterTable.Find(step.Name) ?? throw new FilterSettingsException($"{label}: there is no such filter");
            IFilter filter;
            try
            {
                filter = kind.Create(step.Settings);
            }
            catch (FilterSettingsException e)
            {
                throw new FilterSettingsException($"{label}: {e.Message}", e);
            }
            (filter.Stage == FilterStage.Selection || _selection.Count > 0 ? _selection : _arrival).Add((label, filter));
        }
    }

    /// <summary>True where there is anything to do when articles arrive.</summary>
    public bool HasArrival => _arrival.Count > 0;

    /// <summary>True where there is anything to do when a feed is put together: it then needs more candidates than it shows.</summary>
    public bool HasSelection => _selection.Count > 0;

    /// <summary>Takes the first part's steps over what is new or changed.</summary>
    /// <param name="batch">What arrived, in the order of arrival.</param>
    /// <param name="findHolders">Which kept articles hold these dedupe keys, by key: their ids. Asked once for each <c>dedupe</c>.</param>
    public async Task ArriveAsync(FilterBatch batch, Func<IReadOnlyCollection<string>, Task<IReadOnlyDictionary<string, string>>> findHolders)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(findHolders);
        foreach (var (label, filter) in _arrival)
        {
            if (filter is DedupeFilter dedupe)
            {
                var keys = dedupe.AddKeys(batch);
                batch.Holders = keys.Count == 0 ? new Dictionary<string, string>() : await findHolders(keys).ConfigureAwait(false);
            }
            Apply(batch, label, filter);
        }
    }

    /// <summary>Takes the second part's steps over a feed's candidates.</summary>
    /// <param name="batch">The candidates, newest first.</param>
    /// <returns>What remains, in the feed's order.</returns>
    public IReadOnlyList<FilterItem> Select(FilterBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var (label, filter) in _selection)
        {
            // Here a duplicate can only be one of another candidate.
            if (filter is DedupeFilter dedupe)
                dedupe.AddKeys(batch);
            Apply(batch, label, filter);
        }
        return batch.Items;
    }

    private static void Apply(FilterBatch batch, string label, IFilter filter)
    {
        batch.Begin(label);
        filter.Apply(batch);
        batch.End();
    }
}
