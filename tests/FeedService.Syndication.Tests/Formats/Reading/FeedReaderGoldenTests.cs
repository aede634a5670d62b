using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Reading;

/// <summary>Documents of every format, well-formed and not, and what is read from them, side by side in Golden/Reading.</summary>
public sealed class FeedReaderGoldenTests
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Documents => [.. Directory.GetFiles(Golden("."), "*.*").Select(Path.GetFileName).Where(n => n!.EndsWith(".xml", StringComparison.Ordinal) || n.EndsWith(".json", StringComparison.Ordinal) && !n.EndsWith(".expected.json", StringComparison.Ordinal)).Order().Select(n => n!)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_is_read_as_expected(string name)
    {
        var output = new ArrayBufferWriter<byte>();

        FeedDocumentWriter.WriteJson(FeedReader.Read(File.ReadAllBytes(Golden(name))), output);

        var actual = JsonSerializer.Serialize(JsonDocument.Parse(output.WrittenMemory).RootElement, _indented);
        var expected = Golden(Path.GetFileNameWithoutExtension(name) + ".expected.json");
        Assert.Equal(File.ReadAllText(expected).ReplaceLineEndings("\n").TrimEnd(), actual.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_document_has_an_expectation_and_every_expectation_a_document() =>
        Assert.Equal(Documents.Count, Directory.GetFiles(Golden("."), "*.expected.json").Length);

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "Reading", name);
}
