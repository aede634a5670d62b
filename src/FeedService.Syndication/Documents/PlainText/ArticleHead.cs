namespace FeedService.Syndication.Documents.PlainText;

/// <summary>What stands between the headline and the body.</summary>
/// <param name="Standfirst">The paragraph that sums the article up; null where none is set apart.</param>
/// <param name="Authors">From the byline.</param>
/// <param name="Date">From the dateline.</param>
internal sealed record ArticleHead(string? Standfirst, IReadOnlyList<string> Authors, DateTimeOffset? Date)
{
    private const int MaxBlocks = 400;
    private const int MaxBetween = 30;
    private const int MinStandfirst = 40;

    // A dateline opens the standfirst, or the paragraph after it.
    private const int MaxOpenings = 2;

    /// <summary>Reads the head and takes it off, but for the standfirst.</summary>
    /// <param name="title">The headline, which pages often repeat.</param>
    /// <param name="blocks">The blocks after the headline.</param>
    public static ArticleHead Take(string title, List<TextBlock> blocks)
    {
        var (standfirst, body, end) = Measure(title, blocks);
        var head = blocks[..end].Where((_, i) => i != standfirst).ToList();
        var summary = standfirst >= 0 ? blocks[standfirst] : null;
        blocks.RemoveRange(0, body);
        if (standfirst < body && summary is not null) blocks.Insert(0, summary);
        var date = Datelines.Read(head.Select(block => block.Text)) ?? blocks.Take(MaxOpenings).Select(block => Datelines.OpeningOf(block.Text)).FirstOrDefault(found => found is not null);
        return new ArticleHead(summary?.Text, FindAuthors(head), date);
    }

    // Where the standfirst is, where the body begins, and where the first paragraph that is surely the body's does.
    private static (int Standfirst, int Body, int End) Measure(string title, List<TextBlock> blocks)
    {
        var standfirst = -1;
        var body = 0;
        for (var i = 0; i < Math.Min(blocks.Count, MaxBlocks); i++)
        {
            var block = blocks[i];
            var role = BlockRoles.Of(block);
            if (role == BlockRole.Prose)
            {
                if (standfirst < 0 && block.Kind == BlockKind.Paragraph) standfirst = i;
                if (standfirst < i) return (standfirst, body, i);
                // Bylines stand above or below the standfirst.
                if (!blocks.Skip(i + 1).Take(MaxBetween).TakeWhile(next => BlockRoles.Of(next) != BlockRole.Prose).Any(IsHeadMatter)) return (standfirst, body, i);
                continue;
            }
            if (standfirst < 0 && i == 0 && role == BlockRole.Label && block.Kind == BlockKind.Paragraph && block.Text.Length >= MinStandfirst && block.Text != title
                && !IsHeadMatter(block)) standfirst = i;
            if (IsHeadMatter(block)) body = i + 1;
        }
        if (standfirst >= 0) return (standfirst, body, body);
        // A note: what stands right below its headline may still say who wrote it, and when.
        body = blocks.TakeWhile(IsHeadMatter).Count();
        return (-1, body, body);
    }

    private static bool IsHeadMatter(TextBlock block) => BlockRoles.Of(block) switch
    {
        BlockRole.Label => Datelines.Is(block.Text),
        BlockRole.Prose or BlockRole.Invitation or BlockRole.Boilerplate => false,
        _ => true,
    };

    private static IReadOnlyList<string> FindAuthors(List<TextBlock> head)
    {
        foreach (var block in head)
        {
            if (Bylines.Read(block.Text) is { Count: > 0 } names) return names;
        }
        // A name without "by" is a byline where it stands with the date, or below the word alone.
        for (var i = 0; i < head.Count; i++)
        {
            if (Bylines.FullNameOf(head[i].Text) is not { } name) continue;
            if (HasDate(i) || HasDate(i + 1) || HasDate(i - 1) || i > 0 && Bylines.Announces(head[i - 1].Text)) return [name];
        }
        return [];

        bool HasDate(int i) => i >= 0 && i < head.Count && Datelines.Is(head[i].Text);
    }
}
