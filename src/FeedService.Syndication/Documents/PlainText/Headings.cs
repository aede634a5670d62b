using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Finds the headings: short lines without closing punctuation that stand between blank lines, with something below them.</summary>
internal static partial class Headings
{
    private const int MaxLength = 120;

    [GeneratedRegex(@"[.,;:…。，、।]\z")]
    private static partial Regex Closed();

    public static void Mark(List<TextBlock> blocks)
    {
        var levels = new HashSet<int>();
        for (var i = 0; i < blocks.Count; i++)
        {
            if (!IsHeading(blocks, i)) continue;
            blocks[i] = blocks[i] with { Kind = BlockKind.Heading };
            if (levels.Count > 0 || blocks[i].BlankBefore > 1) levels.Add(Math.Min(blocks[i].BlankBefore, 2));
        }
        // Where two blank lines set sections apart, one blank line sets a part of a section apart; before the first section there is none to be part of.
        if (!levels.Contains(2)) return;
        var inSection = false;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Kind != BlockKind.Heading) continue;
            if (blocks[i].BlankBefore > 1) inSection = true;
            else if (inSection) blocks[i] = blocks[i] with { Level = 3 };
        }
    }

    private static bool IsHeading(List<TextBlock> blocks, int i)
    {
        var block = blocks[i];
        if (block.Kind != BlockKind.Paragraph || block.Text.Length > MaxLength || block.BlankBefore == 0 || block.BlankAfter == 0) return false;
        if (Closed().IsMatch(block.Text) || i + 1 >= blocks.Count) return false;
        return blocks[i + 1].Kind is BlockKind.Paragraph or BlockKind.Item or BlockKind.Quote;
    }
}
