using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using FeedService.Syndication.Documents;

namespace FeedService.Configuration;

/// <summary>A definition, or all that is wrong with it.</summary>
/// <param name="Definition">Null where the file has any error.</param>
/// <param name="Errors">In the order of the file. With a definition: names that it claims and that others have.</param>
public sealed record DefinitionResult(FeedDefinition? Definition, IReadOnlyList<DefinitionError> Errors)
{
    /// <summary>What was read, for checks across feeds that want to say where.</summary>
    internal YamlMapping? Root { get; init; }
}

/// <summary>Reads <c>feeds/SLUG/feed.yaml</c>.</summary>
public static class DefinitionLoader
{
    public const string FileName = "feed.yaml";

    // A byte more than is accepted, so that a larger file is seen to be one.
    private static readonly int ReadAtMost = YamlLimits.Default.MaxBytes + 1;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Loads a definition; the slug is the name of its folder. Never throws for what is in, or wrong with, the file.</summary>
    public static DefinitionResult Load(string feedFile)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(feedFile))!;
        var shown = Shown(feedFile);
        string yaml;
        try
        {
            yaml = ReadText(feedFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, [new(shown, 0, 0, e switch
            {
                FileNotFoundException when File.Exists(Path.ChangeExtension(feedFile, ".yml")) => "there is no such file; rename feed.yml to feed.yaml",
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                _ => e.Message,
            })]);
        }
        catch (DecoderFallbackException)
        {
            return new(null, [new(shown, 0, 0, "the file is not UTF-8 text; save it as UTF-8")]);
        }
        return Parse(yaml, Path.GetFileName(folder), folder, shown);
    }

    /// <summary>Converts a definition's text.</summary>
    /// <param name="yaml">The text of the file.</param>
    /// <param name="slug">The feed's name.</param>
    /// <param name="folder">The feed's folder, absolute.</param>
    /// <param name="shown">The file's name in messages.</param>
    public static DefinitionResult Parse(string yaml, string slug, string folder, string shown)
    {
        var problems = new Problems(shown);
        if (ValueFormats.Slug(slug) is { } bad) problems.Add(0, 0, $"{bad} (rename the folder)");
        YamlNode? node;
        try
        {
            node = SafeYaml.Parse(yaml);
        }
        catch (YamlFormatException e)
        {
            problems.Add(e.Line, e.Column, e.Message);
            return new(null, problems.Errors);
        }
        if (node is not YamlMapping root)
        {
            problems.Add(node?.Line ?? 0, node?.Column ?? 0, node is null ? "the definition is empty; it needs at least a title and sources" : "expected keys and values such as 'title: …'");
            return new(null, problems.Errors);
        }
        var shape = ShapeTable.Record(typeof(FeedDefinition));
        var values = shape.ReadValues(root, problems);
        if (values is not null) CheckTogether(values, root, problems);
        if (values is null || problems.Errors.Count > 0)
            return new(null, [.. problems.Errors.OrderBy(error => (error.Line, error.Column))]) { Root = root };

        values[nameof(FeedDefinition.Slug)] = slug;
        values[nameof(FeedDefinition.Folder)] = folder;
        var definition = (FeedDefinition)shape.Create(values);
        if (definition.TimeZone != TimeZoneInfo.Utc)
        {
            // Read anew now that the zone is known; the text is known to be good.
            if (ScheduleParser.Parse(definition.Schedule.Text, definition.TimeZone, out var schedule) is { } wrong) throw new InvalidOperationException(wrong);
            definition = definition with { Schedule = schedule };
        }
        var written = (YamlMapping)shape.Write(definition);
        definition = definition with
        {
            Fingerprint = Hash(written),
            FiltersFingerprint = written["filters"] is { } filters ? Hash(filters) : "",
        };
        return new(definition, []) { Root = root };
    }

    /// <summary>The definition as YAML that <see cref="Parse"/> reads back; what is as it would be anyway is left out.</summary>
    public static string Write(FeedDefinition definition) => YamlText.Write(ShapeTable.Record(typeof(FeedDefinition)).Write(definition));

    // What no single value can tell.
    private static void CheckTogether(Dictionary<string, object?> values, YamlMapping root, Problems problems)
    {
        var sources = (IReadOnlyList<SourceDefinition>)values[nameof(FeedDefinition.Sources)]!;
        var nodes = root["sources"] is YamlSequence list ? list.Items : [root["sources"]!];
        if (sources.Count == 0) problems.Add(root["sources"]!, "there are no sources; add one, such as '- folder: articles'");
        for (var i = 1; i < sources.Count; i++)
        {
            if (sources.Take(i).Any(earlier => earlier.Key == sources[i].Key)) problems.Add(nodes[i], "this source is given twice; remove one of them");
        }
        if (values.GetValueOrDefault(nameof(FeedDefinition.Gone)) is true && root["moved_to"] is { } moved)
            problems.Add(moved, "a feed is either 'gone' or 'moved_to' elsewhere; remove one of them");
    }

    // Only whole definitions are compared: a comment or another order of keys changes nothing.
    private static string Hash(YamlNode node) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(YamlText.Write(node))))[..32];

    private static string ReadText(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var bytes = ArrayPool<byte>.Shared.Rent(ReadAtMost);
        try
        {
            var length = stream.ReadAtLeast(bytes.AsSpan(0, ReadAtMost), ReadAtMost, throwOnEndOfStream: false);
            var text = bytes.AsSpan(0, length);
            return length == ReadAtMost
                // A cut character at the end does not matter: it is too long whatever it says.
                ? Encoding.UTF8.GetString(text)
                : StrictUtf8.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    internal static string Shown(string file)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetFullPath(file));
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(file) : relative.Replace('\\', '/');
    }
}
