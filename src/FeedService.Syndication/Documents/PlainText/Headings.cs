using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Finds the headings: short lines without closing punctuation that stand between blank lines, with something below them, and numbers that count sections.</summary>
internal static partial class Headings
{
    private const int MaxWeight = 80;

    // What two blank lines set apart is a heading even so, and so is the second headline below the standfirst.
    private const int MaxWeightSetApart = 120;

    // So many lines directly at headings with numbers are of one kind.
    private const int MinAroundCounted = 2;

    // The most blocks that a counted section is looked for in.
    private const int MaxSection = 40;

    // So many short lines after each other are a list without bullets, of which only the last may head what follows.
    private const int MaxInARow = 3;

    [GeneratedRegex(@"\A\p{Ll}|\||https?:|www\.|!\z|[.,;:…。，、।][""”’»)]*\z|\A[$€£¥₹]|\A[\W\d]+\z|\A(?:[→►▶»›<>+(*^↑↓&/[–—-]|\#(?!\d))|[→►▶»›←]")]
    private static partial Regex NoHeading();

    // A shop's price. "Under $500" and "a $100,000 house" are parts of a sentence.
    [GeneratedRegex(@"(?<!\b(?:under|over|below|above|for|with|than|to|a|the))[\d.,\s][$€£¥₹]\s?\d[\d.,]*(?!\?|[\d.,]|\s\p{Ll})", RegexOptions.CultureInvariant)]
    private static partial Regex Price();

    // "Step 3:", "Phase II", "Day 2: the coast".
    [GeneratedRegex(@"\A(?<word>\p{Lu}\p{L}+)\s(?:\#|№|[Nn]o\.\s?)?(?<number>\d+|[IVX]+)(?:\b[^.]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Counted();

    [GeneratedRegex(@"\A(?:image|figure|fig|table|chart|exhibit|photo|video|graphic|source|data source|abb|abbildung|tabelle|grafik|bild|foto|quelle|figura|tabla|tabela|tabella|gráfico|grafico|fuente|fonte|tableau|graphique|figur|tabell|kuva|рис|рисунок|таблица|фото|источник|図|表|图|圖)\.?\s?(?:\d+\s?(?:\z|[.:)–-])|[:：])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Caption();

    [GeneratedRegex(@"@\w|\w\.(?:com|org|net)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    // Words that ask for a click, of a length that no list of buttons foresees: "Read our full review of …". Steps of a manual begin otherwise.
    [GeneratedRegex(@"\A(?:(?:subscribe|learn more|sign up|join us|try it|download)\z|read (?:our|the full|more|full|next)|see|get|explore|view (?:all|our|more|full|on)|shop (?:the|our|now|all|at)|buy (?:now|at|on|here)|book (?:now|here)|visit (?:the |our )?(?:web)?site|watch (?:the video|this|on|now)|try (?:for free|free|now)|sign up (?:now|today|here|for our|for free)|subscribe (?:to|now|today|here)|learn more|apply (?:now|here|today)|download (?:now|here|our|the pdf)|click here|check (?:price|prices|availability)|listen (?:to this|now|on)|join (?:our|now)|start (?:now|your free)|order (?:now|here)|hier klicken|jetzt (?:lesen|kaufen|bestellen|buchen|anmelden|abonnieren|testen|ansehen)|mehr (?:lesen|erfahren|anzeigen)|zum (?:angebot|shop|video|artikel)|en savoir plus|lire (?:la suite|plus)|voir (?:plus|tout|tous)|découvrez (?:nos|notre)|cliquez ici|ver (?:más|mais|todo|tudo)|haz clic|clique aqui|leggi (?:tutto|di più)|scopri di più|clicca qui|lees (?:meer|verder)|bekijk (?:ook|alle|hier)|läs mer|les mer|læs mere|czytaj (?:także|więcej|też)|zobacz (?:także|więcej|też)|kliknij|подробнее|смотреть (?:все|также)|devamını|tıkla)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Button();

    // Operators, calls and keys, and the length of a film.
    [GeneratedRegex(@"->|=>|==|[{}]|\w\(\)|\w_\w|\(\d+:\d\d(?::\d\d)?\)")]
    private static partial Regex Code();

    // Who wrote or photographed it stands directly below the headline or its standfirst.
    [GeneratedRegex(@"\A\p{Lu}[\p{L}'’.-]* (?:\p{Lu}[\p{L}'’.-]* )?\p{Lu}[\p{L}'’-]+\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?:\p{Lu}[\p{L}'’.-]* ){1,2}\p{Lu}[\p{L}'’-]+, \p{Lu}")]
    private static partial Regex NameAndPlace();

    // What leads to a heading stands behind it on many pages.
    [GeneratedRegex(@"\s(?:\#|¶|🔗)\z")]
    private static partial Regex Anchor();

    public static void Mark(List<TextBlock> blocks)
    {
        var candidates = blocks.Select((_, i) => IsHeading(blocks, i)).ToList();
        // Below a heading, what holds a comma is where, when or who.
        for (var i = blocks.Count - 1; i > 0; i--) candidates[i] &= !(candidates[i - 1] && blocks[i].Text.Contains(", ", StringComparison.Ordinal));
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            if (!candidates[i]) continue;
            var first = i;
            while (first > 0 && candidates[first - 1]) first--;
            if (i == blocks.Count - 1) i = first;
            else for (var h = i - first < MaxInARow ? first : i; h <= i; h++) blocks[h] = blocks[h] with { Kind = BlockKind.Heading, Text = Anchor().Replace(blocks[h].Text, "") };
            i = first;
        }
        LeaveCounted(blocks);
        SetLevels(blocks);
    }

    // Where numbers count sections, what stands directly below a number is its tagline, and above it a caption or a price of the section
    // before; above the first it is what the numbers count. One alone may as well be a heading.
    private static void LeaveCounted(List<TextBlock> blocks)
    {
        var headings = blocks.ConvertAll(block => block.Kind == BlockKind.Heading);
        var lone = Enumerable.Range(1, Math.Max(0, blocks.Count - 2)).Where(i => headings[i] && blocks[i].Number is null && headings[i - 1] != headings[i + 1]).ToList();
        Leave(lone.FindAll(i => headings[i - 1] && blocks[i - 1].Number is not null));
        Leave(lone.FindAll(i => headings[i + 1] && blocks[i + 1].Number > 1));

        void Leave(List<int> found)
        {
            if (found.Count >= MinAroundCounted) found.ForEach(i => blocks[i] = blocks[i] with { Kind = BlockKind.Paragraph });
        }
    }

    // Where two blank lines set sections apart, one blank line sets a part of a section apart; before the first section there is none to be part of.
    private static void SetLevels(List<TextBlock> blocks)
    {
        var inSection = false;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Kind != BlockKind.Heading) continue;
            if (blocks[i].BlankBefore > 1) inSection = true;
            else if (inSection) blocks[i] = blocks[i] with { Level = 3 };
        }
    }

    private static bool IsHeading(List<TextBlock> blocks, int i)
    {
        var block = blocks[i];
        if (block.Kind != BlockKind.Paragraph || block.BlankBefore == 0 || block.BlankAfter == 0 || block.Marker.Length > 0 && block.Number is null) return false;
        if (block.Number is not null ? CountsSections(blocks, i) : CountsByName(blocks, i)) return true;
        return BlockRoles.WeightOf(block.Text) <= (block.BlankBefore > 1 || i == 1 ? MaxWeightSetApart : MaxWeight)
               && !NoHeading().IsMatch(block.Text) && !Price().IsMatch(block.Text) && !Caption().IsMatch(block.Text) && !Address().IsMatch(block.Text) && !Button().IsMatch(block.Text) && !Code().IsMatch(block.Text)
               && !(i <= 1 && Name().IsMatch(block.Text)) && !NameAndPlace().IsMatch(block.Text);
    }

    // A number that stands above a paragraph, and the next or last number above another, count sections: then even a sentence is a heading.
    private static bool CountsSections(List<TextBlock> blocks, int i)
    {
        return IsAboveText(i) && (Enumerable.Range(i + 1, Math.Min(MaxSection, blocks.Count - i - 1)).Any(n => blocks[n].Number == blocks[i].Number + 1 && IsAboveText(n))
                                  || Enumerable.Range(Math.Max(0, i - MaxSection), Math.Min(i, MaxSection)).Any(n => blocks[n].Number == blocks[i].Number - 1 && IsAboveText(n)));

        bool IsAboveText(int n) => blocks[n] is { Kind: BlockKind.Paragraph, BlankBefore: > 0, BlankAfter: > 0 } and not { Text: [.., ':' or ',' or ';'] }
                                   && BlockRoles.WeightOf(blocks[n].Text) <= MaxWeightSetApart && n + 1 < blocks.Count && blocks[n + 1].Number is null;
    }

    // "Step 1" and "Step 2", each alone, count sections as numbers do, with a colon too.
    private static bool CountsByName(List<TextBlock> blocks, int i) =>
        Part(blocks[i]) is { } part
        && Enumerable.Range(Math.Max(0, i - MaxSection), Math.Min(blocks.Count, i + MaxSection) - Math.Max(0, i - MaxSection))
            .Any(n => Part(blocks[n]) is { } other && other.Word == part.Word && other.Number != part.Number);

    private static (string Word, string Number)? Part(TextBlock block) =>
        block is { Kind: BlockKind.Paragraph, BlankBefore: > 0, BlankAfter: > 0 } && BlockRoles.WeightOf(block.Text) <= MaxWeight && !Caption().IsMatch(block.Text) && Counted().Match(block.Text) is { Success: true } part
            ? (part.Groups["word"].Value, part.Groups["number"].Value)
            : null;
}
