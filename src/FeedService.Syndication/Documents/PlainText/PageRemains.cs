using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>
/// Takes away what a page leaves around an article when it is saved as text: share bars, comment forms, related articles, newsletters, footers.
/// The article is the run of blocks with the greatest sum of scores: prose counts for it by its length, and what only pages say against it, so
/// that a long article goes on after an advertisement, and a teaser after the last paragraph does not bring back what stands between.
/// </summary>
internal static partial class PageRemains
{
    /// <summary>After so much prose an article may be over; comments that begin later end it for good.</summary>
    public const int EnoughForAnArticle = 600;

    private const int MaxProse = 600;
    private const int Teaser = -40;

    // A list of labels above the first paragraph is a menu.
    private const int MenuEntry = -10;

    /// <summary>Before so much prose nothing is lost by beginning anew.</summary>
    private const int TooLittleForAnArticle = 200;

    private const int MinRepeated = 70;

    // Headlines, each with a sentence or two, are other articles from this many on.
    private const int MinTeasers = 3;
    private const int MinTeaserHeadline = 28;
    private const int MaxTeaser = 320;

    private const int MinClosingLinks = 2;
    private const int MinSectionProse = 150;

    // What speaks so strongly against a run inside the article is a footer that the page saved before its last part.
    private const int MinFooter = -1500;

    // Where or when it appeared: what a work that is cited is found by.
    [GeneratedRegex(@"https?://|www\.|\b\w+\.(?:com|org|gov|edu|net)\b|\b(?:19|20)\d\d\b|\bdoi\b")]
    private static partial Regex SourceMark();

    /// <summary>The blocks of the article, in order.</summary>
    /// <param name="blocks">The blocks after the head.</param>
    /// <param name="title">The headline, which pages often repeat.</param>
    /// <param name="authors">Their names stand above what a page says about them.</param>
    public static List<TextBlock> Remove(List<TextBlock> blocks, string title, IReadOnlyList<string> authors)
    {
        blocks = WithoutRepetitions(blocks);
        var roles = RolesInPlace.Of(blocks, title, authors);
        var teasers = Teasers(blocks, roles);
        var scores = blocks.Select((block, i) => teasers[i] ? Teaser : Score(block, OpensSection(blocks, roles, i) ? BlockRole.Label : roles[i])).ToArray();
        var (start, end) = Span(blocks, roles, scores);
        var footer = Footer(scores, start, end);
        var kept = new List<TextBlock>(end - start);
        var shadow = false;
        for (var i = start; i < end; i++)
        {
            if (i >= footer.Start && i < footer.End) continue;
            switch (roles[i])
            {
                case BlockRole.Prose:
                    shadow = false;
                    break;
                case BlockRole.Label or BlockRole.Row when !shadow:
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
        DropClosingLinks(kept);
        return kept;
    }

    // A list of titles that nothing announces and nothing follows leads to other articles; closing questions, steps and conclusions are sentences.
    private static void DropClosingLinks(List<TextBlock> blocks)
    {
        var first = blocks.Count;
        while (first > 0 && blocks[first - 1].Kind == BlockKind.Item) first--;
        if (first == 0 || blocks.Count - first < MinClosingLinks || blocks[first - 1].Text is [.., ':' or '：']) return;
        var links = blocks[first..];
        if (links.Exists(link => BlockRoles.EndsSentence(link.Text) || link.Text.Contains(": ", StringComparison.Ordinal)) || links.Average(link => BlockRoles.WeightOf(link.Text)) < MinTeaserHeadline) return;
        if (BlockRoles.Of(blocks[first - 1]) == BlockRole.Label) first--;
        blocks.RemoveRange(first, blocks.Count - first);
    }

    private static (int Start, int End) Span(List<TextBlock> blocks, List<BlockRole> roles, int[] scores)
    {
        var (best, sum, start, end, prose) = (0, 0, 0, 0, 0);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (roles[i] == BlockRole.Prose) prose += blocks[i].Text.Length;
            else if (roles[i] == BlockRole.Comments && prose >= EnoughForAnArticle) break;
            sum += roles[i] == BlockRole.Label && blocks[i].Kind == BlockKind.Item && prose == 0 ? MenuEntry : scores[i];
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

    // The run inside the article that the most speaks against, taken out whole with the labels in it; empty where no more than a few marks do.
    private static (int Start, int End) Footer(int[] scores, int start, int end)
    {
        var (lowest, sum, first, footer) = (MinFooter, 0, start, (start, start));
        for (var i = start; i < end; i++)
        {
            if (sum >= 0) (sum, first) = (0, i);
            sum += scores[i];
            if (sum <= lowest) (lowest, footer) = (sum, (first, i + 1));
        }
        return footer;
    }

    // Measured: what a kind of block says for or against the article going on, in letters of prose.
    private static int Score(TextBlock block, BlockRole role) => role switch
    {
        BlockRole.Prose => Math.Min(BlockRoles.WeightOf(block.Text), MaxProse),
        BlockRole.Label when block.Kind == BlockKind.Item => BlockRoles.WeightOf(block.Text) switch { < 20 => -5, < 45 => 5, _ => 30 },
        BlockRole.Label => BlockRoles.WeightOf(block.Text) switch { < 30 => -10, < 60 => -5, _ => 5 },
        BlockRole.Row => 0,
        BlockRole.Comments => -1500,
        BlockRole.Related => -500,
        BlockRole.PageMatters => -500,
        BlockRole.Boilerplate => -250,
        BlockRole.Invitation => -120,
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
            // The sentences of a list are no teasers; what asks a question may be the title of one.
            return headline && paragraph < blocks.Count && BlockRoles.WeightOf(blocks[paragraph].Text) <= MaxTeaser
                   && (blocks[paragraph].Kind != BlockKind.Item || blocks[paragraph].Text.EndsWith('?'));
        }
    }

    // "Sources" may as well be a section of the article: then prose follows, questions with answers, or a list of sentences.
    private static bool OpensSection(List<TextBlock> blocks, List<BlockRole> roles, int i)
    {
        if (roles[i] != BlockRole.PageMatters || blocks[i].BlankBefore == 0 || i + 1 >= blocks.Count) return false;
        var next = blocks[i + 1];
        if (IsSource(next) && (i + 2 >= blocks.Count || IsSource(blocks[i + 2]))) return false;
        if (roles[i + 1] == BlockRole.Prose && next.Kind == BlockKind.Paragraph && next.Text.Length >= MinSectionProse) return true;
        if (i + 2 >= blocks.Count) return false;
        if (next.Kind == BlockKind.Item && blocks[i + 2].Kind == BlockKind.Item && BlockRoles.EndsSentence(next.Text) && BlockRoles.EndsSentence(blocks[i + 2].Text)) return true;
        return next.Text.EndsWith('?') && roles[i + 1] is BlockRole.Label or BlockRole.Prose && roles[i + 2] == BlockRole.Prose;
    }

    private static bool IsSource(TextBlock block) => block.Kind is BlockKind.Item or BlockKind.Paragraph && SourceMark().IsMatch(block.Text);

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
}
