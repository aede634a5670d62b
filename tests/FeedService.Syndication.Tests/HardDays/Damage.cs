using System.Text;

namespace FeedService.Syndication.Tests.HardDays;

/// <summary>Breaks documents as transfers, editors and attackers do; the same numbers give the same damage.</summary>
internal sealed class Damage(IReadOnlyList<byte[]> documents, int seed)
{
    private const int LargestDocument = 200_000;

    private static readonly byte[][] Tokens = [.. ((string[])
    [
        "<", ">", "</item>", "<item>", "<![CDATA[", "]]>", "&", "&#", "&lt;", "\"", "'", "<!--", "-->", "<?", "/>", "xmlns=\"", "<!DOCTYPE [", "{", "}", "[", "](", "\\u", "\0", "é", "=",
        "<div>", "</div>", "<p>", "<table><tr>", "<svg>", "<math>", "<template>", "<script>", "<ld+json", " style=\"", " onx=\"", "javascript:", "---\n", "\n\n\n", "- ", "> ", "* ", "1. ", "```\n",
        "|", ": ", "*a", "&a ", "!!x ", "[[[[", "\u202E", "\uFEFF", "2025-02-30", "99999999999999999999", "%00", "\r",
    ]).Select(Encoding.UTF8.GetBytes)];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = new List<byte>(documents[_random.Next(documents.Count)]);
        for (var edits = _random.Next(1, 9); edits > 0 && bytes.Count > 0; edits--) Edit(bytes);
        return bytes.Count <= LargestDocument ? [.. bytes] : [.. bytes.Take(LargestDocument)];
    }

    private void Edit(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count);
        switch (_random.Next(7))
        {
            case 0:
                bytes.RemoveRange(at, Math.Min(_random.Next(1, 40), bytes.Count - at));
                break;
            case 1:
                bytes.InsertRange(at, Tokens[_random.Next(Tokens.Length)]);
                break;
            case 2:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                // The other half of another document.
                var other = documents[_random.Next(documents.Count)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[Math.Min(at, other.Length)..]);
                break;
            case 5:
                var token = Tokens[_random.Next(Tokens.Length)];
                for (var times = 1 << _random.Next(12); times > 0; times--) bytes.InsertRange(at, token);
                break;
            default:
                var length = Math.Min(_random.Next(1, 200), bytes.Count - at);
                bytes.InsertRange(_random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
        }
    }
}
