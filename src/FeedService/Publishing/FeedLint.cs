using System.Text.Json;
using System.Xml;

namespace FeedService.Publishing;

/// <summary>The last look at documents before they go out.</summary>
public static class FeedLint
{
    /// <summary>Why a document must not go out, in words; empty where all may.</summary>
    public static IReadOnlyList<string> Errors(IReadOnlyList<RenderedDocument> documents)
    {
        var errors = new List<string>();
        foreach (var document in documents)
        {
            try
            {
                Read(document);
            }
            catch (Exception malformed) when (malformed is XmlException or JsonException)
            {
                errors.Add($"{document.Name}: not well-formed: {malformed.Message}");
            }
        }

        return errors;
    }

    private static void Read(RenderedDocument document)
    {
        if (document.MediaType.EndsWith("json", StringComparison.Ordinal))
        {
            var json = new Utf8JsonReader(document.Bytes.Span);
            while (json.Read())
                continue;
        }
        else
        {
            using var xml = XmlReader.Create(new MemoryStream(document.Bytes.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            while (xml.Read())
                continue;
        }
    }
}
