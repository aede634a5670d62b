namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Takes away tables of contents: runs of short lines that stand again below, as headings. Feeds have no anchors that they could lead to.</summary>
internal static class TableOfContents
{
    private const int MinEntries = 3;
    private const int MaxEntry = 160;

    // Between the word that announces it and its first entry stand a switch or two.
    private const int MaxBetween = 3;
    private const int MaxAnnouncement = 60;

    private static readonly PhraseSet Announcements = new(PagePhrases.Contents);

    public static List<TextBlock> Without(List<TextBlock> blocks)
    {
        var headings = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Text.Length <= MaxEntry && (blocks[i].Kind != BlockKind.Item || blocks[i].Number is not null)) headings[Key(blocks[i])] = i;
        }
        var kept = new List<TextBlock>(blocks.Count);
        for (var i = 0; i < blocks.Count;)
        {
            var (end, isTable) = Run(blocks, headings, i);
            if (!isTable) kept.AddRange(blocks[i..end]);
            i = end;
        }
        return kept;
    }

    private static (int End, bool IsTable) Run(List<TextBlock> blocks, Dictionary<string, int> headings, int first)
    {
        var bulleted = blocks[first].Kind == BlockKind.Item;
        var (end, again) = (first, 0);
        for (var i = first; i < blocks.Count && blocks[i].Text.Length <= MaxEntry && (blocks[i].Kind == BlockKind.Item) == bulleted; i++)
        {
            var isAgain = headings.GetValueOrDefault(Key(blocks[i])) > i + 1;
            if (isAgain) again++;
            else if (!bulleted) break;
            // What stands apart below the last entry may be the first heading.
            if (isAgain || blocks[i].BlankBefore == 0) end = i + 1;
        }
        // Without a word that announces it, it is a table of contents only where it has bullets or numbers.
        return (Math.Max(end, first + 1), again >= MinEntries && again * 3 >= (end - first) * 2 && (bulleted || IsAnnounced(blocks, first)));
    }

    private static bool IsAnnounced(List<TextBlock> blocks, int first) =>
        blocks.Take(first).TakeLast(MaxBetween).Any(block => block.Text.Length <= MaxAnnouncement && Announcements.Opens(PhraseSet.Normalize(block.Text)));

    // Numbers and bullets may stand above and not below.
    private static string Key(TextBlock block) => PhraseSet.Normalize(block.Text).TrimStart('#', ' ');
}
