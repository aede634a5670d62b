using System.Collections.Immutable;

namespace FeedService.Configuration;

/// <summary>A feed's definition came, changed (both given) or went.</summary>
public sealed record DefinitionChange(string Slug, FeedDefinition? Before, FeedDefinition? Now);

/// <summary>
/// The definitions in force. An error in a file, or its loss, never takes down its feed: the last good definition goes on, over restarts too,
/// and <see cref="Errors"/> says what is wrong. A feed ends when its folder is removed.
/// </summary>
public sealed partial class Definitions(ServiceSettings settings, ILogger<Definitions> logger)
{
    private readonly string _feeds = settings.DefinitionsFolder;
    private readonly LastGoodDefinitions _lastGood = new(Path.Combine(settings.DataFolder, "definitions"));
    private readonly Lock _reload = new();
    private readonly Dictionary<string, (DateTime Written, long Length)> _stamps = [];
    private readonly Dictionary<string, IReadOnlyList<DefinitionError>> _fileErrors = [];
    private HashSet<string> _misnamed = [];
    private volatile ImmutableSortedDictionary<string, FeedDefinition> _all = ImmutableSortedDictionary.Create<string, FeedDefinition>(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, string> _former = ImmutableDictionary<string, string>.Empty;
    private volatile ImmutableSortedDictionary<string, IReadOnlyList<DefinitionError>> _errors =
        ImmutableSortedDictionary.Create<string, IReadOnlyList<DefinitionError>>(StringComparer.Ordinal);

    /// <summary>By slug. A snapshot: it does not change under the reader.</summary>
    public IReadOnlyDictionary<string, FeedDefinition> All => _all;

    /// <summary>By slug, for feeds that have any; under the empty slug what is wrong with the folder as a whole.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DefinitionError>> Errors => _errors;

    /// <summary>Raised after the change is in force, one at a time, on the thread that reloads.</summary>
    public event Action<DefinitionChange>? Changed;

    public FeedDefinition? Find(string slug) => _all.GetValueOrDefault(slug);

    /// <summary>The feed that had this slug before; null where none had.</summary>
    public FeedDefinition? FindByFormerSlug(string slug) => _former.TryGetValue(slug, out var now) ? Find(now) : null;

    /// <summary>Looks at every feed again; files that did not change are not opened.</summary>
    public void ReloadAll()
    {
        lock (_reload)
        {
            string[] slugs;
            try
            {
                slugs = [.. DefinitionFolder.Slugs(_feeds)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Report("", [new(DefinitionLoader.Shown(_feeds), 0, 0, "the folder of feeds cannot be read; the feeds go on as they were: " + e.Message)]);
                return;
            }
            // An empty folder in the place of a full one is a volume that is not mounted more often than it is the end of everything.
            if (slugs.Length == 0 && _all.Count > 1 && !Directory.EnumerateFileSystemEntries(_feeds).Any())
            {
                Report("", [new(DefinitionLoader.Shown(_feeds), 0, 0, "the folder of feeds is empty; the feeds go on as they were until the service is restarted")]);
                return;
            }
            Report("", []);
            var changed = slugs.Union(_all.Keys).Union(_errors.Keys.Where(slug => slug.Length > 0))
                .Where(slug => !_stamps.TryGetValue(slug, out var stamp) || stamp != Stamp(slug)).ToArray();
            Apply(changed);
        }
    }

    /// <summary>Looks at one feed again, whatever its file's time says.</summary>
    public void Reload(string slug)
    {
        // A name that is no folder's own leads elsewhere.
        if (slug.Length == 0 || Path.GetFileName(slug) != slug || slug is "." or "..") return;
        lock (_reload) Apply([slug]);
    }

    private void Apply(string[] slugs)
    {
        var stamps = new (DateTime, long)[slugs.Length];
        var results = new DefinitionResult?[slugs.Length];
        Parallel.For(0, slugs.Length, i =>
        {
            // Before the file is read: what is written meanwhile is seen again the next time.
            stamps[i] = Stamp(slugs[i]);
            results[i] = Directory.Exists(Path.Combine(_feeds, slugs[i])) ? Load(slugs[i]) : null;
            if (results[i]?.Definition is { } good && _lastGood.Keep(good, stamps[i].Item1) is { } problem) LogNotKept(slugs[i], problem);
        });
        var changes = new List<DefinitionChange>();
        var all = _all.ToBuilder();
        for (var i = 0; i < slugs.Length; i++)
        {
            var slug = slugs[i];
            var before = all.GetValueOrDefault(slug);
            _stamps[slug] = stamps[i];
            if (results[i] is not { } result)
            {
                _stamps.Remove(slug);
                _fileErrors.Remove(slug);
                _lastGood.Forget(slug);
                if (before is not null && all.Remove(slug)) changes.Add(new(slug, before, null));
                continue;
            }
            _fileErrors[slug] = result.Errors;
            var now = result.Definition ?? before ?? _lastGood.Find(slug, ArticlesOf(slug));
            if (now is null) continue;
            all[slug] = now;
            if (before is null || before.Fingerprint != now.Fingerprint) changes.Add(new(slug, before, now));
        }
        _all = all.ToImmutable();
        // Names are taken by others and freed by them, so that a feed that was not looked at can be in the wrong, or no longer.
        var claims = DefinitionFolder.NameErrors(_all.Values, _feeds);
        _former = _all.Values.SelectMany(each => each.FormerSlugs.Select(former => (former, each.Slug)))
            .Where(each => !_all.ContainsKey(each.former)).DistinctBy(each => each.former).ToImmutableDictionary(each => each.former, each => each.Slug);
        foreach (var slug in slugs.Union(_misnamed).Union(claims.Keys))
            Report(slug, [.. _fileErrors.GetValueOrDefault(slug) ?? [], .. claims.GetValueOrDefault(slug) ?? []]);
        _misnamed = [.. claims.Keys];
        foreach (var change in changes) Changed?.Invoke(change);
    }

    private DefinitionResult Load(string slug)
    {
        var result = DefinitionLoader.Load(DefinitionFolder.FileOf(_feeds, slug));
        return result.Definition is { } definition ? result with { Definition = definition with { Folder = ArticlesOf(slug) } } : result;
    }

    // Wherever the definition comes from, a feed's own files lie in the folder of feeds.
    private string ArticlesOf(string slug) => Path.GetFullPath(Path.Combine(settings.FeedsFolder, slug));

    private (DateTime, long) Stamp(string slug)
    {
        var file = new FileInfo(DefinitionFolder.FileOf(_feeds, slug));
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, Directory.Exists(file.DirectoryName) ? -1 : -2);
    }

    private void Report(string slug, IReadOnlyList<DefinitionError> errors)
    {
        var known = _errors.GetValueOrDefault(slug) ?? [];
        if (errors.SequenceEqual(known)) return;
        _errors = errors.Count == 0 ? _errors.Remove(slug) : _errors.SetItem(slug, errors);
        foreach (var error in errors) LogError(error);
        if (errors.Count == 0) LogMended(slug.Length == 0 ? DefinitionLoader.Shown(_feeds) : slug);
    }

    [LoggerMessage(LogLevel.Error, "{Error}")]
    private partial void LogError(DefinitionError error);

    [LoggerMessage(LogLevel.Information, "The definition of {Slug} is good again")]
    private partial void LogMended(string slug);

    [LoggerMessage(LogLevel.Warning, "The definition of {Slug} could not be kept for bad days: {Problem}")]
    private partial void LogNotKept(string slug, string problem);
}
