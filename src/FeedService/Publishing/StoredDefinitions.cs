using FeedService.Configuration;
using FeedService.Store;

namespace FeedService.Publishing;

/// <summary>Definitions in the store, for all nodes alike: pushed by whoever keeps them, and written down by each node, so that it starts without the store too.</summary>
public sealed class StoredDefinitions(IArticleStore store, ServiceSettings settings, TimeProvider time)
{
    private const string Kind = "definition";
    private const string RevisionKind = "definitions";
    private const string RevisionKey = "revision";

    private string? _pulled;

    /// <summary>Makes the store's definitions these; others stay unless they are to be pruned.</summary>
    /// <returns>What changed, by slug: true for new and changed ones, false for those that are gone.</returns>
    public async Task<IReadOnlyDictionary<string, bool>> PushAsync(IEnumerable<FeedDefinition> definitions, bool prune, CancellationToken cancellationToken)
    {
        var known = await ListAsync(cancellationToken);
        var pushed = definitions.ToDictionary(definition => definition.Slug, DefinitionLoader.Write, StringComparer.Ordinal);
        var changed = pushed.Where(one => known.GetValueOrDefault(one.Key)?.Value != one.Value).ToList();
        var gone = prune ? known.Values.Where(record => !pushed.ContainsKey(record.Key)).ToList() : [];
        foreach (var record in gone) await store.ReplaceRecordAsync(record, null, cancellationToken);
        // Last, with what it stands for: a node that sees it sees all.
        if (changed.Count + gone.Count > 0)
            await store.PutRecordsAsync([.. changed.Select(one => new StoredRecord(Kind, one.Key) { Value = one.Value }), NewRevision()], cancellationToken);
        return changed.Select(one => (Slug: one.Key, Pushed: true)).Concat(gone.Select(record => (Slug: record.Key, Pushed: false))).ToDictionary(one => one.Slug, one => one.Pushed);
    }

    /// <summary>Writes down what is new in the store since the last time.</summary>
    /// <returns>Whether there was anything.</returns>
    public async Task<bool> PullAsync(CancellationToken cancellationToken)
    {
        var revision = (await store.FindRecordAsync(RevisionKind, RevisionKey, time.GetUtcNow(), cancellationToken))?.Value;
        // Before anything was ever pushed there is nothing to say about what this node has.
        if (revision is null || revision == _pulled) return false;
        var stored = await ListAsync(cancellationToken);
        var folder = Directory.CreateDirectory(settings.DefinitionsFolder);
        foreach (var (slug, record) in stored.Where(one => ValueFormats.Slug(one.Key) is null))
        {
            var file = DefinitionFolder.FileOf(folder.FullName, slug);
            if (File.Exists(file) && await File.ReadAllTextAsync(file, cancellationToken) == record.Value) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file + ".new", record.Value, cancellationToken);
            File.Move(file + ".new", file, overwrite: true);
        }
        foreach (var gone in folder.EnumerateDirectories().Where(feed => !stored.ContainsKey(feed.Name))) gone.Delete(recursive: true);
        _pulled = revision;
        return true;
    }

    private ValueTask<Dictionary<string, StoredRecord>> ListAsync(CancellationToken cancellationToken) =>
        store.WalkRecordsAsync(Kind, null, "", time.GetUtcNow(), cancellationToken).ToDictionaryAsync(record => record.Key, StringComparer.Ordinal, cancellationToken);

    private static StoredRecord NewRevision() => new(RevisionKind, RevisionKey) { Value = Guid.NewGuid().ToString("N") };
}
