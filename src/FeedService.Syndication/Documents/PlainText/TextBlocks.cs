using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Lines to blocks: what stands together becomes one paragraph, item or quotation.</summary>
internal static partial class TextBlocks
{
    // Below this a line that ends early was broken on purpose: an address, a verse, a menu.
    private const int MinWrapWidth = 40;

    // Nobody wraps lines by hand at more than this.
    private const int MaxWrapWidth = 132;

    private const int MaxDepth = 8;

    private const string BulletSigns = "•◦▪▫‣⁃●○■□▸▹►▶➤➢✓✔✗✘❖◆◇★☆⚫⚪·";

    private static readonly SearchValues<string> LinkNotes = SearchValues.Create(PagePhrases.LinkNotes, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A\s*([-_=*~━─═—–•·.+#]\s?)\1{2,}\s*\z")]
    private static partial Regex RuleLine();

    [GeneratedRegex(@"\A(?<indent>\s*)(?:(?<sign>[" + BulletSigns + @"])\s*(?:\[[ _]\]\s*)?|(?<sign>[-*+–—])\s+(?:\[[ _]\]\s+)?|(?<sign>(?<number>\d{1,3})[.)])\s+)(?<text>\S.*)\z")]
    private static partial Regex ItemLine();

    [GeneratedRegex(@"\A\s{0,3}(?<marks>(?:>\s?)+)(?<text>.*)\z")]
    private static partial Regex QuoteLine();

    [GeneratedRegex(@"\A\s*[" + BulletSigns + @"*+\-]?\s*\z")]
    private static partial Regex EmptyItemLine();

    /// <summary>Splits a text whose lines end in line feeds; what pages note behind links is left out.</summary>
    public static List<TextBlock> Split(string text)
    {
        var blocks = new List<TextBlock>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().ContainsAny(LinkNotes)) lines[i] = PagePhrases.LinkNotes.Aggregate(lines[i], (line, note) => line.Replace(note, "", StringComparison.OrdinalIgnoreCase));
        }
        var blank = 0;
        for (var i = 0; i < lines.Length;)
        {
            if (EmptyItemLine().IsMatch(lines[i]))
            {
                blank++;
                i++;
                continue;
            }
            var first = blocks.Count;
            var start = i;
            i = Take(lines, i, blank, blocks);
            if (first > 0) blocks[first - 1] = blocks[first - 1] with { BlankAfter = blank };
            for (var b = first; b < blocks.Count - 1; b++) blocks[b] = blocks[b] with { BlankAfter = 0 };
            blank = i > start ? 0 : blank;
        }
        return blocks;
    }

    private static int Take(string[] lines, int i, int blank, List<TextBlock> blocks)
    {
        var line = lines[i];
        if (RuleLine().IsMatch(line))
        {
            blocks.Add(new TextBlock(BlockKind.Rule, "", blank, i));
            return i + 1;
        }
        if (Item(line) is { } item)
        {
            var end = i + 1;
            var indent = item.Groups["indent"].Length;
            while (end < lines.Length && IsText(lines[end]) && Indent(lines[end]) > indent) end++;
            blocks.Add(new TextBlock(BlockKind.Item, Join([item.Groups["text"].Value, .. lines[(i + 1)..end]]), blank, i)
            {
                Depth = item.Groups["sign"].Value is "□" or "◦" or "▪" or "▫" ? 1 : Math.Min(indent / 4, MaxDepth),
                Marker = item.Groups["sign"].Value,
                Number = int.TryParse(item.Groups["number"].Value, out var number) ? number : null,
            });
            return end;
        }
        if (QuoteLine().Match(line) is { Success: true } quote)
        {
            var depth = quote.Groups["marks"].Value.Count(c => c == '>');
            var text = new List<string>();
            var end = i;
            while (end < lines.Length && QuoteLine().Match(lines[end]) is { Success: true } next && next.Groups["marks"].Value.Count(c => c == '>') == depth
                   && next.Groups["text"].Value.Trim().Length > 0)
            {
                text.Add(next.Groups["text"].Value);
                end++;
            }
            if (text.Count > 0) blocks.Add(new TextBlock(BlockKind.Quote, Join(text), blank, i) { QuoteDepth = depth });
            return Math.Max(end, i + 1);
        }
        var stop = i + 1;
        while (stop < lines.Length && IsText(lines[stop])) stop++;
        var run = lines[i..stop];
        if (IsWrapped(run))
        {
            blocks.Add(new TextBlock(BlockKind.Paragraph, Join(run), blank, i));
        }
        else
        {
            for (var n = 0; n < run.Length; n++) blocks.Add(new TextBlock(BlockKind.Paragraph, run[n].Trim(), n == 0 ? blank : 0, i + n));
        }
        return stop;
    }

    // "9. September 2025" is a date, not the ninth of a list.
    private static Match? Item(string line) =>
        ItemLine().Match(line) is { Success: true } match && !(match.Groups["number"].Success && line.Length <= 400 && DateParser.Find(line)?.Start == match.Groups["indent"].Length) ? match : null;

    private static bool IsText(string line) =>
        !EmptyItemLine().IsMatch(line) && !RuleLine().IsMatch(line) && Item(line) is null && !QuoteLine().IsMatch(line);

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    // Wrapped by hand or by an editor: all lines but the last fill a common width.
    private static bool IsWrapped(string[] lines)
    {
        if (lines.Length == 1) return true;
        var width = lines.Max(line => line.Trim().Length);
        return width is >= MinWrapWidth and <= MaxWrapWidth && lines.Take(lines.Length - 1).All(line => line.Trim().Length > width * 6 / 10);
    }

    private static string Join(IReadOnlyList<string> lines)
    {
        var text = new StringBuilder(lines[0].Trim());
        for (var i = 1; i < lines.Count; i++)
        {
            var next = lines[i].AsSpan().Trim();
            if (next.IsEmpty) continue;
            // Scripts without spaces are wrapped without one.
            if (text.Length > 0 && !(IsWide(text[^1]) && IsWide(next[0]))) text.Append(' ');
            text.Append(next);
        }
        return text.ToString();
    }

    private static bool IsWide(char c) => c is >= '\u2E80' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFF60' && c is not (>= '\u3130' and <= '\u318F');
}
