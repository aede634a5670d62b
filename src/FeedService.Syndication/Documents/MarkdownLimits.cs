using System.Buffers;

namespace FeedService.Syndication.Documents;

/// <summary>
/// Refuses Markdown whose parsing would take time with the square of its length. The parser looks for the other end of each mark, link and
/// address through the rest of the paragraph, so what counts is how many there are in one.
/// </summary>
internal static class MarkdownLimits
{
    /// <summary>Marks of emphasis, code and links in one paragraph or list item.</summary>
    public const int MaxMarks = 8_000;

    /// <summary>Lines that define the address of a link, <c>[name]: address</c>.</summary>
    public const int MaxDefinitions = 4_000;

    /// <summary>Beginnings of addresses in one word.</summary>
    public const int MaxAddressesInWord = 64;

    // An address without brackets costs more to find than a mark does.
    private const int MarksOfAddress = 8;

    private static readonly SearchValues<char> Marks = SearchValues.Create("[]()*_`~<!");

    /// <exception cref="DocumentException">It is over a limit; the message names the line.</exception>
    public static void Check(string text)
    {
        var (number, marks, definitions) = (0, 0, 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var content = line.TrimStart();
            if (content.IsEmpty || StartsItem(content)) marks = 0;
            if (content.StartsWith('[') && content.IndexOf("]:") > 0 && ++definitions > MaxDefinitions)
                throw new DocumentException($"the Markdown defines more than {MaxDefinitions} link addresses (line {number})");
            for (var rest = content; rest.IndexOfAny(Marks) is >= 0 and var at; rest = rest[(at + 1)..]) marks++;
            var addresses = content.Count("://") + content.Count("www.");
            marks += addresses * MarksOfAddress;
            if (marks > MaxMarks)
                throw new DocumentException($"the Markdown has more than {MaxMarks} marks of emphasis, code or links in one paragraph (line {number}); set it apart with blank lines");
            if (addresses <= MaxAddressesInWord) continue;
            foreach (var word in content.Split(' '))
            {
                if (content[word].Count("://") + content[word].Count("www.") > MaxAddressesInWord)
                    throw new DocumentException($"the Markdown runs more than {MaxAddressesInWord} addresses together (line {number})");
            }
        }
    }

    private static bool StartsItem(ReadOnlySpan<char> line) =>
        line.Length > 1 && (line[1] is ' ' or '\t' && line[0] is '-' or '*' or '+' || line.IndexOfAnyExceptInRange('0', '9') is > 0 and < 10 and var end && line[end] is '.' or ')');
}
