namespace FeedService.Syndication.Documents.PlainText;

/// <summary>
/// Takes away what a page leaves around an article when it is saved as text: share bars, comment forms, related articles, newsletters, footers.
/// The article is the run of blocks with the greatest sum of scores: prose counts for it by its length, and what only pages say against it, so
/// that a long article goes on after an advertisement, and a teaser after the last paragraph does not bring back what stands between.
/// </summary>
internal static class PageRemains
{
    private const int MaxProse = 600;
    private const int Teaser = -40;


    /// <summary>After so much prose an article may be over; comments that begin later end it for good.</summary>
    private const int EnoughForAnArticle = 600;

    /// <summary>Before so much prose nothing is lost by beginning anew.</summary>
    private const int TooLittleForAnArticle = 200;

    // A list of headings that come again below is a table of contents from this many entries on.
    private const int MinContents = 3;
    private const int MaxContentsLabels = 3;

    private const int MinRepeated = 70;

    private const int MaxInvitation = 3;
    private const int MinProseAfterInvitation = 220;

    private const int MaxAboutAuthor = 60;

    // Headlines, each with a sentence or two, are other articles from this many on.
    private const int MinTeasers = 3;
    private const int MinTeaserHeadline = 28;
    private const int MaxTeaser = 320;

    /// <summary>The blocks of the article, in order.</summary>
    /// <param name="blocks">The blocks after the head.</param>
    /// <param name="title">The headline, which pages often repeat.</param>
    /// <param name="authors">Their names stand above what a page says about them.</param>
    public static List<TextBlock> Remove(List<TextBlock> blocks, string title, IReadOnlyList<string> authors)
    {
        blocks = WithoutRepetitions(blocks);
        var roles = blocks.ConvertAll(BlockRoles.Of);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (roles[i] != BlockRole.Label) continue;
            if (blocks[i].Text == title) roles[i] = BlockRole.Chrome;
            else if (blocks[i].Text.Length <= MaxAboutAuthor && authors.Any(name => blocks[i].Text.Contains(name, StringComparison.OrdinalIgnoreCase))) roles[i] = BlockRole.PageMatters;
        }
        MarkContents(blocks, roles);
        MarkInvitations(blocks, roles);
        var (start, end) = Span(blocks, roles, Teasers(blocks, roles));
        var kept = new List<TextBlock>(end - start);
        var shadow = false;
        for (var i = start; i < end; i++)
        {
            switch (roles[i])
            {
                case BlockRole.Prose:
                    shadow = false;
                    break;
                case BlockRole.Label when !shadow:
                    break;
                case BlockRole.PageMatters or BlockRole.Related when OpensSection(blocks, roles, i):
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

    private static (int Start, int End) Span(List<TextBlock> blocks, List<BlockRole> roles, bool[] teasers)
    {
        var (best, sum, start, end, prose) = (0, 0, 0, 0, 0);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (roles[i] == BlockRole.Prose) prose += blocks[i].Text.Length;
            else if (roles[i] == BlockRole.Comments && prose >= EnoughForAnArticle) break;
            sum += teasers[i] ? Teaser : Score(blocks[i], OpensSection(blocks, roles, i) ? BlockRole.Label : roles[i]);
            if (sum < 0 && prose < TooLittleForAnArticle) (sum, start, best, end) = (0, i + 1, 0, i + 1);
            if (sum < best) continue;
            best = sum;
            end = i + 1;
        }
        // What has no prose at all is a note, a verse or a list: only comments end it.
        if (prose > 0) return (start, end);
        var comments = roles.IndexOf(BlockRole.Comments);
        return (0, comments < 0 ? blocks.Count : comments);
    }

    // Measured: what a kind of block says for or against the article going on, in letters of prose.
    private static int Score(TextBlock block, BlockRole role) => role switch
    {
        BlockRole.Prose => Math.Min(BlockRoles.WeightOf(block.Text), MaxProse),
        BlockRole.Label when block.Kind == BlockKind.Item => BlockRoles.WeightOf(block.Text) switch { < 20 => -5, < 45 => 5, _ => 30 },
        BlockRole.Label => BlockRoles.WeightOf(block.Text) switch { < 30 => -10, < 60 => -5, _ => 5 },
        BlockRole.Comments => -1500,
        BlockRole.Related => -500,
        BlockRole.PageMatters => -350,
        BlockRole.Boilerplate => -250,
        BlockRole.Invitation => -60,
        BlockRole.Date => -120,
        BlockRole.Chrome => -80,
        _ => -10,
    };

    // A headline, perhaps with marks of the page around it, and a short paragraph, again and again. Questions with answers look alike.
    private static bool[] Teasers(List<TextBlock> blocks, List<BlockRole> roles)
    {
        var teasers = new bool[blocks.Count];
        for (var i = 0; i < blocks.Count;)
        {
            var run = new List<int>();
            var next = i;
            int after;
            while (IsTeaser(next, out var paragraph, out after))
            {
                run.Add(paragraph);
                next = after;
            }
            if (run.Count >= MinTeasers) run.ForEach(n => teasers[n] = true);
            i = after;
        }
        return teasers;

        bool IsTeaser(int at, out int paragraph, out int after)
        {
            var headline = false;
            for (paragraph = at; paragraph < blocks.Count && roles[paragraph] != BlockRole.Prose; paragraph++)
            {
                var block = blocks[paragraph];
                headline |= roles[paragraph] == BlockRole.Label && BlockRoles.WeightOf(block.Text) >= MinTeaserHeadline && !block.Text.EndsWith('?') && block.Number is null;
            }
            after = paragraph + 1;
            return headline && paragraph < blocks.Count && BlockRoles.WeightOf(blocks[paragraph].Text) <= MaxTeaser;
        }
    }

    // "Sources" may as well be a section of the article: then prose follows.
    private static bool OpensSection(List<TextBlock> blocks, List<BlockRole> roles, int i) =>
        roles[i] == BlockRole.PageMatters && i + 1 < blocks.Count && roles[i + 1] == BlockRole.Prose && blocks[i + 1].Kind == BlockKind.Paragraph && blocks[i + 1].Text.Length >= 150
        && blocks[i].BlankBefore > 0;

    // Pages hold the same text several times, for several widths of screen.
    private static List<TextBlock> WithoutRepetitions(List<TextBlock> blocks)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var repeated = blocks.ConvertAll(block => block.Text.Length >= MinRepeated && !seen.Add(block.Text));
        // A heading goes with what stands below it.
        for (var i = blocks.Count - 2; i >= 0; i--)
        {
            if (!repeated[i] && repeated[i + 1] && blocks[i].Text.Length < MinRepeated && blocks.FindIndex(block => block.Text == blocks[i].Text) < i) repeated[i] = true;
        }
        return [.. blocks.Where((_, i) => !repeated[i])];
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

    private static readonly PhraseSet Contents = new(PagePhrases.Contents);

    private static void MarkContents(List<TextBlock> blocks, List<BlockRole> roles)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Text.Length <= 160) last[Key(blocks[i].Text)] = i;
        }
        for (var i = 0; i < blocks.Count;)
        {
            var end = i;
            var again = 0;
            var announced = Enumerable.Range(Math.Max(0, i - MaxContentsLabels), Math.Min(i, MaxContentsLabels)).Any(n => blocks[n].Text.Length <= 60 && Contents.Opens(PhraseSet.Normalize(blocks[n].Text)));
            while (end < blocks.Count && roles[end] is BlockRole.Label or BlockRole.PageMatters or BlockRole.Related && blocks[end].Text.Length <= 160)
            {
                if (last[Key(blocks[end].Text)] > end + 1) again++;
                else if (blocks[end].Kind != BlockKind.Item) break;
                end++;
            }
            if (announced && again >= MinContents && again * 3 >= (end - i) * 2)
            {
                for (; i < end; i++) roles[i] = BlockRole.Chrome;
            }
            i = Math.Max(end, i + 1);
        }

        static string Key(string text) => PhraseSet.Normalize(text).TrimStart('#', ' ');
    }
}
