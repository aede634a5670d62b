namespace FeedService.Syndication.Documents.PlainText;

/// <summary>
/// Takes away what a page leaves around an article when it is saved as text: share bars, comment forms, related articles, newsletters, footers.
/// The article is the run of blocks with the greatest sum of scores: prose counts for it by its length, and what only pages say against it, so
/// that a long article goes on after an advertisement, and a teaser after the last paragraph does not bring back what stands between.
/// </summary>
internal static class PageRemains
{
    private const int MaxProse = 600;
    private const int Comments = -1500;
    private const int Related = -350;
    private const int PageMatters = -250;
    private const int Boilerplate = -200;
    private const int Date = -60;
    private const int Chrome = -25;
    private const int Credit = -10;
    private const int Label = -15;

    /// <summary>After so much prose an article may be over; comments that begin later end it for good.</summary>
    private const int EnoughForAnArticle = 600;

    /// <summary>The blocks of the article, in order.</summary>
    public static List<TextBlock> Remove(List<TextBlock> blocks)
    {
        var roles = blocks.ConvertAll(BlockRoles.Of);
        var end = End(blocks, roles);
        var kept = new List<TextBlock>(end);
        var shadow = false;
        for (var i = 0; i < end; i++)
        {
            switch (roles[i])
            {
                case BlockRole.Prose:
                    shadow = false;
                    break;
                case BlockRole.Label when !shadow:
                    break;
                case BlockRole.PageMatters when OpensSection(blocks, roles, i):
                    break;
                case BlockRole.Related:
                    shadow = true;
                    continue;
                default:
                    continue;
            }
            kept.Add(blocks[i]);
        }
        return kept;
    }

    private static int End(List<TextBlock> blocks, List<BlockRole> roles)
    {
        var best = 0;
        var sum = 0;
        var end = 0;
        var prose = 0;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (roles[i] == BlockRole.Prose) prose += blocks[i].Text.Length;
            else if (roles[i] == BlockRole.Comments && prose >= EnoughForAnArticle) break;
            sum += roles[i] switch
            {
                BlockRole.Prose => Math.Min(BlockRoles.WeightOf(blocks[i].Text), MaxProse),
                BlockRole.Comments => Comments,
                BlockRole.Related => Related,
                BlockRole.PageMatters when OpensSection(blocks, roles, i) => Label,
                BlockRole.PageMatters => PageMatters,
                BlockRole.Boilerplate => Boilerplate,
                BlockRole.Date => Date,
                BlockRole.Chrome => Chrome,
                BlockRole.Credit => Credit,
                _ => Label,
            };
            if (sum < best) continue;
            best = sum;
            end = i + 1;
        }
        // What has no prose at all is a note, a verse or a list: only comments end it.
        if (prose > 0) return end;
        var comments = roles.IndexOf(BlockRole.Comments);
        return comments < 0 ? blocks.Count : comments;
    }

    // "Sources" may as well be a section of the article: then prose follows.
    private static bool OpensSection(List<TextBlock> blocks, List<BlockRole> roles, int i) =>
        i + 1 < blocks.Count && roles[i + 1] == BlockRole.Prose && blocks[i + 1].Kind == BlockKind.Paragraph && blocks[i + 1].Text.Length >= 150 && blocks[i].BlankBefore > 0;
}
