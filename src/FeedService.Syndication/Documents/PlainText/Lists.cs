namespace FeedService.Syndication.Documents.PlainText;

/// <summary>
/// Tells lists from what only looks like one: a list of one entry, dialogue, whose speeches begin with dashes, and numbers that count
/// sections, notes or what is left of a page's ranking.
/// </summary>
internal static class Lists
{
    // What counts paragraphs of more than this, on average, counts notes or sections.
    private const int MaxNumberedWeight = 160;

    // Numbered lines with blank lines between are a list only where each is as short as a heading.
    private const int MaxWeightApart = 76;

    /// <summary>Makes paragraphs of the items that belong to no list; a number or dash stays in their text.</summary>
    public static void Settle(List<TextBlock> blocks)
    {
        for (var i = 0; i < blocks.Count;)
        {
            var end = i;
            while (end < blocks.Count && blocks[end].Kind == BlockKind.Item) end++;
            if (end > i) SettleNumbers(blocks, i, end);
            i = Math.Max(end, i + 1);
        }
        for (var i = 0; i < blocks.Count;)
        {
            var end = i;
            while (end < blocks.Count && blocks[end].Kind == BlockKind.Item) end++;
            if (end - i == 1 && !IsAnnounced(blocks, i) || IsDialogue(blocks, i, end))
            {
                for (; i < end; i++) blocks[i] = AsParagraph(blocks[i]);
            }
            i = Math.Max(end, i + 1);
        }
    }

    private static void SettleNumbers(List<TextBlock> blocks, int first, int end)
    {
        var open = new List<int>();
        for (var i = first; i < end; i++)
        {
            if (blocks[i].Number is not { } number) continue;
            if (open.Count > 0 && !(blocks[open[^1]].Number == number - 1 && blocks[open[^1]].Depth == blocks[i].Depth)) Close();
            open.Add(i);
        }
        Close();

        void Close()
        {
            if (!IsNumberedList(blocks, open)) open.ForEach(n => blocks[n] = AsParagraph(blocks[n]));
            open.Clear();
        }
    }

    private static bool IsNumberedList(List<TextBlock> blocks, List<int> entries)
    {
        if (entries.Count < 2 || blocks[entries[0]].Number != 1) return false;
        if (entries.Average(n => BlockRoles.WeightOf(blocks[n].Text)) > MaxNumberedWeight) return false;
        return entries.Skip(1).All(n => blocks[n].BlankBefore == 0)
               || entries[^1] - entries[0] == entries.Count - 1 && entries.TrueForAll(n => BlockRoles.WeightOf(blocks[n].Text) <= MaxWeightApart);
    }

    // "Cons" with a single entry is a list; a bullet between two paragraphs is decoration.
    private static bool IsAnnounced(List<TextBlock> blocks, int i) =>
        HasBullet(blocks[i]) && i > 0 && blocks[i - 1] is { Kind: BlockKind.Paragraph } before && (before.Text.EndsWith(':') || BlockRoles.Of(before) == BlockRole.Label);

    private static bool IsDialogue(List<TextBlock> blocks, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (blocks[i].Marker is not ("–" or "—") || i > first && blocks[i].BlankBefore == 0 || !BlockRoles.EndsSentence(blocks[i].Text)) return false;
        }
        return end > first;
    }

    // A number or dash is part of what was written; a bullet is not.
    private static TextBlock AsParagraph(TextBlock block) =>
        block with { Kind = BlockKind.Paragraph, Text = HasBullet(block) ? block.Text : $"{block.Marker} {block.Text}" };

    private static bool HasBullet(TextBlock block) => block.Number is null && block.Marker is not ("–" or "—" or "-" or "*" or "+");
}
