using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Tells the roles of blocks by their words and by what stands around them.</summary>
internal static partial class RolesInPlace
{
    private const int MaxMore = 60;

    private const int MaxInvitation = 3;
    private const int MinProseAfterInvitation = 220;

    private const int MaxAboutAuthor = 60;

    // So many lines directly below each other that end in a number are a table, and that end as code does, code.
    private const int MinRows = 4;
    private const int MaxRow = 100;

    private static readonly PhraseSet More = new(PagePhrases.More);

    [GeneratedRegex(@"\S\s[-+±−$€£]?\d[\d.,]*\s?[%€$£]?\z|[{};,=(\[""']\z|\A(?:</?\w|//|\#)")]
    private static partial Regex RowOrCode();

    // What comes behind the first name where a page says who its author is.
    [GeneratedRegex(@"\A (?:is|ist|est|es|è|é|är|er|jest)\s")]
    private static partial Regex Is();

    /// <summary>A role for each block.</summary>
    /// <param name="blocks">The blocks after the head.</param>
    /// <param name="title">The headline, which pages often repeat.</param>
    /// <param name="authors">Their names stand above what a page says about them.</param>
    public static List<BlockRole> Of(List<TextBlock> blocks, string title, IReadOnlyList<string> authors)
    {
        var roles = blocks.ConvertAll(BlockRoles.Of);
        var prose = 0;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (roles[i] == BlockRole.Prose)
            {
                if (prose >= PageRemains.EnoughForAnArticle && authors.Any(name => IsAbout(name, blocks[i].Text))) roles[i] = BlockRole.PageMatters;
                prose += blocks[i].Text.Length;
            }
            if (roles[i] != BlockRole.Label) continue;
            if (blocks[i].Text == title) roles[i] = BlockRole.Chrome;
            // Below the article, paragraphs about its author follow, and their other articles.
            else if (blocks[i].Text.Length <= MaxAboutAuthor && authors.Any(name => blocks[i].Text.Contains(name, StringComparison.OrdinalIgnoreCase)))
                roles[i] = prose >= PageRemains.EnoughForAnArticle ? BlockRole.Related : BlockRole.PageMatters;
        }
        MarkMore(blocks, roles);
        MarkInvitations(blocks, roles);
        MarkRows(blocks, roles);
        return roles;
    }

    // A paragraph that begins with its author's name is about them; a colon behind it makes it the interviewer's question.
    private static bool IsAbout(string name, string paragraph) =>
        paragraph.StartsWith(name, StringComparison.Ordinal) && !paragraph.AsSpan(name.Length).TrimStart().StartsWith(":", StringComparison.Ordinal)
        || name.IndexOf(' ', StringComparison.Ordinal) is > 0 and var first && paragraph.StartsWith(name[..first], StringComparison.Ordinal) && Is().IsMatch(paragraph[first..]);

    private static void MarkRows(List<TextBlock> blocks, List<BlockRole> roles)
    {
        for (var i = 0; i < blocks.Count;)
        {
            var end = i;
            while (end < blocks.Count && (end == i || blocks[end].BlankBefore == 0) && IsRow(end)) end++;
            for (var n = i; end - i >= MinRows && n < end; n++) roles[n] = BlockRole.Row;
            i = Math.Max(end, i + 1);
        }

        bool IsRow(int i) => blocks[i] is { Kind: BlockKind.Paragraph, Text.Length: <= MaxRow } && roles[i] is BlockRole.Label or BlockRole.Date or BlockRole.Chrome && RowOrCode().IsMatch(blocks[i].Text);
    }

    // "More boats" above titles leads to other articles; above a paragraph it heads a section.
    private static void MarkMore(List<TextBlock> blocks, List<BlockRole> roles)
    {
        for (var i = 0; i + 2 < blocks.Count; i++)
        {
            if (roles[i] == BlockRole.Label && roles[i + 1] == BlockRole.Label && roles[i + 2] == BlockRole.Label && blocks[i].Kind == BlockKind.Paragraph
                && blocks[i].Text.Length <= MaxMore && More.Opens(PhraseSet.Normalize(blocks[i].Text), MaxMore)) roles[i] = BlockRole.Related;
        }
    }

    // One link to another article between two paragraphs, as opposed to a section of them.
    private static void MarkInvitations(List<TextBlock> blocks, List<BlockRole> roles)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            if (roles[i] != BlockRole.Related) continue;
            var next = i + 1;
            while (next < blocks.Count && next <= i + MaxInvitation && roles[next] is BlockRole.Label or BlockRole.Credit or BlockRole.Chrome) next++;
            if (next >= blocks.Count || next == i + 1 || roles[next] != BlockRole.Prose || BlockRoles.WeightOf(blocks[next].Text) < MinProseAfterInvitation) continue;
            for (var n = i; n < next; n++) roles[n] = BlockRole.Invitation;
        }
    }
}
