namespace FeedService.Syndication.Filters;

/// <summary>When a filter's step is taken.</summary>
public enum FilterStage
{
    /// <summary>Once for each new or changed article; the outcome is kept.</summary>
    Arrival,

    /// <summary>Each time a feed is put together, over all its candidates.</summary>
    Selection,
}

/// <summary>A step between sources and feed. Steps are pure: the same batch gives the same outcome.</summary>
public interface IFilter
{
    /// <summary>When the step has to be taken; in a pipeline it may also be taken later (see <see cref="FilterPipeline"/>), never earlier.</summary>
    FilterStage Stage { get; }

    /// <summary>Excludes, changes or reorders the batch's remaining items, with a reason in words for each.</summary>
    void Apply(FilterBatch batch);
}

/// <summary>A step as a definition has it.</summary>
/// <param name="Name">A name of <see cref="FilterTable"/>.</param>
/// <param name="Settings">That filter's settings.</param>
public sealed record FilterStep(string Name, object Settings);

/// <summary>Settings that cannot work, such as a pattern that is no regular expression; the message says which and why.</summary>
public sealed class FilterSettingsException : Exception
{
    /// <summary>Settings that cannot work.</summary>
    public FilterSettingsException() : base("The filter's settings cannot work.")
    {
    }

    /// <summary>Says what is wrong.</summary>
    public FilterSettingsException(string message) : base(message)
    {
    }

    /// <summary>Says what is wrong, and what found it.</summary>
    public FilterSettingsException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
