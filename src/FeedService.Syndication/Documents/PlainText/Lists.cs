namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Tells lists from what only looks like one: a list of one entry, and dialogue, whose speeches begin with dashes.</summary>
internal static class Lists
{
    public static void Settle(List<TextBlock> blocks)
    {
        for (var i = 0; i < blocks.Count;)
        {
            var end = i;
            while (end < blocks.Count && blocks[end].Kind == BlockKind.Item) end++;
            if (end - i == 1 || IsDialogue(blocks, i, end))
            {
                for (; i < end; i++) blocks[i] = AsParagraph(blocks[i]);
            }
            i = Math.Max(end, i + 1);
        }
    }

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
        block with { Kind = BlockKind.Paragraph, Text = block.Number is null && block.Marker is not ("–" or "—" or "-" or "*" or "+") ? block.Text : $"{block.Marker} {block.Text}" };
}
