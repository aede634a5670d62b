namespace FeedService.Syndication.Documents.PlainText;

/// <summary>What stands between the headline and the first paragraph.</summary>
/// <param name="Standfirst">The paragraph that sums the article up; null where none is set apart.</param>
/// <param name="Authors">From the byline.</param>
/// <param name="Date">From the dateline.</param>
internal sealed record ArticleHead(string? Standfirst, IReadOnlyList<string> Authors, DateTimeOffset? Date)
{
    private const int MaxBlocks = 60;
    private const int MinStandfirst = 40;

    /// <summary>Reads the head and takes it off, but for the standfirst.</summary>
    /// <param name="title">The headline, which pages often repeat.</param>
    /// <param name="blocks">The blocks after the headline.</param>
    public static ArticleHead Take(string title, List<TextBlock> blocks)
    {
        var first = blocks.Take(MaxBlocks).ToList().FindIndex(block => BlockRoles.Of(block) == BlockRole.Prose);
        if (first < 0) return new ArticleHead(null, [], null);
        var authors = new List<string>();
        DateTimeOffset? date = null;
        string? standfirst = null;
        var kept = new List<TextBlock>();
        for (var i = 0; i < first; i++)
        {
            var block = blocks[i];
            if (date is null && block.Text.Length <= 160 && DateParser.Find(block.Text) is { } found) date = found.Value;
            if (authors.Count == 0 && Bylines.Read(block.Text) is { Count: > 0 } names) authors.AddRange(names);
            else if (i == 0 && BlockRoles.Of(block) == BlockRole.Label && block.Text.Length >= MinStandfirst && block.Kind == BlockKind.Paragraph && block.Text != title)
            {
                standfirst = block.Text;
                kept.Add(block);
            }
        }
        blocks.RemoveRange(0, first);
        blocks.InsertRange(0, kept);
        return new ArticleHead(standfirst ?? (blocks[0].Kind == BlockKind.Paragraph ? blocks[0].Text : null), authors, date);
    }
}
