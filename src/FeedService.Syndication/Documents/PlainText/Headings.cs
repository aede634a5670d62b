using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Finds the headings: short lines without closing punctuation that stand between blank lines, with something below them.</summary>
internal static partial class Headings
{
    private const int MaxWeight = 76;

    // What two blank lines set apart is a heading even so, and so is the second headline below the standfirst.
    private const int MaxWeightSetApart = 120;

    // So many short lines after each other are a list without bullets, of which only the last may head what follows.
    private const int MaxInARow = 3;

    [GeneratedRegex(@"\A\p{Ll}|\||https?:|www\.|!\z|[.,;:…。，、।][""”’»)]*\z|\A[$€£¥₹]|[\d.,\s][$€£¥₹]\s?\d|\A[\W\d]+\z")]
    private static partial Regex NoHeading();

    public static void Mark(List<TextBlock> blocks)
    {
        var candidates = blocks.Select((_, i) => IsHeading(blocks, i)).ToList();
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            if (!candidates[i]) continue;
            var first = i;
            while (first > 0 && candidates[first - 1]) first--;
            if (i == blocks.Count - 1) i = first;
            else for (var h = i - first < MaxInARow ? first : i; h <= i; h++) blocks[h] = AsHeading(blocks[h]);
            i = first;
        }
        SetLevels(blocks);
    }

    private static TextBlock AsHeading(TextBlock block) =>
        block with { Kind = BlockKind.Heading, Text = block.Number is null ? block.Text : $"{block.Marker} {block.Text}" };

    // Where two blank lines set sections apart, one blank line sets a part of a section apart; before the first section there is none to be part of.
    private static void SetLevels(List<TextBlock> blocks)
    {
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
        if (BlockRoles.WeightOf(block.Text) > (block.BlankBefore > 1 || i == 1 ? MaxWeightSetApart : MaxWeight) || block.BlankBefore == 0 || block.BlankAfter == 0 || NoHeading().IsMatch(block.Text)) return false;
        return block.Kind switch
        {
            BlockKind.Paragraph => true,
            // A number of its own with text below counts sections, not entries.
            BlockKind.Item => block.Number is { } number && i + 1 < blocks.Count && blocks[i + 1].Number != number + 1 && (i == 0 || blocks[i - 1].Number != number - 1),
            _ => false,
        };
    }
}
