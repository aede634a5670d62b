namespace FeedService.Syndication.Filters;

/// <summary>An article on its way through the steps.</summary>
/// <param name="source">The key of the source that it came from.</param>
/// <param name="article">As the source gave it (on arrival) or as it is kept (on selection).</param>
public sealed class FilterItem(string source, Article article)
{
    /// <summary>The key of the source that it came from.</summary>
    public string Source { get; } = source;

    /// <summary>The article as the steps so far have left it.</summary>
    public Article Article { get; internal set; } = article;

    /// <summary>The id under which the ledger knows the article already; null where it is new. It is never a duplicate of itself.</summary>
    public string? KnownId { get; init; }

    /// <summary>Whatever the caller needs to find its own record of the article again.</summary>
    public object? Tag { get; init; }

    /// <summary>Why it is left out, in words, as <c>excluded by step 2, exclude: the title contains 'sponsored'</c>; null while it is in.</summary>
    public string? Excluded { get; internal set; }

    /// <summary>What the steps did to it, a sentence each, in order; for people who ask.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>Under which later articles find this one again (see <see cref="DedupeFilter"/>); to be kept with it.</summary>
    public List<string> DedupeKeys { get; } = [];
}

/// <summary>Articles that go through the steps together.</summary>
/// <param name="items">In the order in which they count: the first of two duplicates stays.</param>
/// <param name="now">The instant of the run.</param>
public sealed class FilterBatch(IReadOnlyList<FilterItem> items, DateTimeOffset now)
{
    private string _step = "";

    /// <summary>The instant of the run.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The language of articles that do not name one, an RFC 5646 tag; null where unknown: it is then guessed from the words.</summary>
    public string? Language { get; init; }

    /// <summary>What is still in, in the feed's order.</summary>
    public IReadOnlyList<FilterItem> Items { get; private set; } = [.. items.Where(i => i.Excluded is null)];

    /// <summary>Which kept article holds a dedupe key, by the key: its id. Filled by <see cref="FilterPipeline"/>.</summary>
    public IReadOnlyDictionary<string, string> Holders { get; internal set; } = new Dictionary<string, string>();

    /// <summary>Leaves an item out.</summary>
    /// <param name="item">One of <see cref="Items"/>.</param>
    /// <param name="reason">Why, as the end of a sentence: <c>the title contains 'sponsored'</c>.</param>
    public void Exclude(FilterItem item, string reason)
    {
        ArgumentNullException.ThrowIfNull(item);
        item.Excluded = $"excluded by {_step}: {reason}";
        item.Trace.Add(item.Excluded);
    }

    /// <summary>Puts a changed article in the place of an item's.</summary>
    /// <param name="item">One of <see cref="Items"/>.</param>
    /// <param name="article">The article as it is from here on.</param>
    /// <param name="what">What was changed, as a sentence's end: <c>tagged 'tides'</c>.</param>
    public void Change(FilterItem item, Article article, string what)
    {
        ArgumentNullException.ThrowIfNull(item);
        item.Article = article;
        Note(item, what);
    }

    /// <summary>Keeps a word on an item for people who ask.</summary>
    public void Note(FilterItem item, string what)
    {
        ArgumentNullException.ThrowIfNull(item);
        item.Trace.Add($"{_step}: {what}");
    }

    /// <summary>Gives the remaining items another order.</summary>
    public void Order(IEnumerable<FilterItem> items) => Items = [.. items];

    internal void Begin(string step) => _step = step;

    internal void End() => Items = [.. Items.Where(i => i.Excluded is null)];
}
