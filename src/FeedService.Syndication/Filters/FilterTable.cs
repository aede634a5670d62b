namespace FeedService.Syndication.Filters;

/// <summary>A kind of filter.</summary>
/// <param name="Name">As it stands in a definition.</param>
/// <param name="Settings">The record that its settings are read into.</param>
/// <param name="Create">Makes the filter; throws a <see cref="FilterSettingsException"/> where the settings cannot work.</param>
public sealed record FilterKind(string Name, Type Settings, Func<object, IFilter> Create);

/// <summary>All the filters that there are.</summary>
public static class FilterTable
{
    /// <summary>In the order in which people look for them.</summary>
    public static IReadOnlyList<FilterKind> Kinds { get; } =
    [
        Kind<IncludeSettings>("include", s => new IncludeFilter(s)),
        Kind<ExcludeSettings>("exclude", s => new ExcludeFilter(s)),
        Kind<DedupeSettings>("dedupe", s => new DedupeFilter(s)),
        Kind<ReplaceSettings>("replace", s => new ReplaceFilter(s)),
        Kind<RewriteSettings>("rewrite", s => new RewriteFilter(s)),
        Kind<RemoveSettings>("remove", s => new RemoveFilter(s)),
        Kind<KeepSettings>("keep", s => new KeepFilter(s)),
        Kind<TagSettings>("tag", s => new TagFilter(s)),
        Kind<TruncateSettings>("truncate", s => new TruncateFilter(s)),
        Kind<MergeSettings>("merge", s => new MergeFilter(s)),
        Kind<SortSettings>("sort", s => new SortFilter(s)),
        Kind<LimitSettings>("limit", s => new LimitFilter(s)),
    ];

    /// <summary>The kind of that name; null where there is none.</summary>
    public static FilterKind? Find(string name) => Kinds.FirstOrDefault(k => k.Name == name);

    private static FilterKind Kind<TSettings>(string name, Func<TSettings, IFilter> create) => new(name, typeof(TSettings), settings => create((TSettings)settings));
}
