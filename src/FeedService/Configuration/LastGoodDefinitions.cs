using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>Copies of good definitions in the data folder, so that a file that broke while the service was down does not end its feed.</summary>
internal sealed class LastGoodDefinitions(string folder)
{
    /// <summary>Keeps a copy; answers what went wrong, which is no reason to stop.</summary>
    /// <param name="definition">What is good.</param>
    /// <param name="written">The time of its file, which the copy is given: by that a start sees that it has it, without writing ten thousand anew.</param>
    public string? Keep(FeedDefinition definition, DateTime written)
    {
        var path = PathOf(definition.Slug);
        var temporary = path + ".new";
        try
        {
            if (File.GetLastWriteTimeUtc(path) == written) return null;
            Directory.CreateDirectory(folder);
            File.WriteAllText(temporary, DefinitionLoader.Write(definition));
            // No time is known of a file that came just now.
            if (written > DateTime.UnixEpoch) File.SetLastWriteTimeUtc(temporary, written);
            File.Move(temporary, path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>The copy; null where there is none that can be read.</summary>
    public FeedDefinition? Find(string slug, string feedFolder)
    {
        if (ValueFormats.Slug(slug) is not null) return null;
        var path = PathOf(slug);
        try
        {
            return new FileInfo(path) is { Exists: true } file && file.Length <= YamlLimits.Default.MaxBytes
                ? DefinitionLoader.Parse(File.ReadAllText(path), slug, feedFolder, path).Definition : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Forget(string slug)
    {
        if (ValueFormats.Slug(slug) is not null) return;
        try
        {
            File.Delete(PathOf(slug));
        }
        // It would only be looked at if the feed came back broken.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string PathOf(string slug) => Path.Combine(folder, slug + ".yaml");
}
