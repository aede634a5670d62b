using System.Buffers;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Documents.PlainText;

/// <summary>What a block says, as far as its own words tell.</summary>
internal enum BlockRole
{
    /// <summary>Whole sentences.</summary>
    Prose,

    /// <summary>A few words: a heading, an entry of a list or menu, a name.</summary>
    Label,

    /// <summary>A row of a table.</summary>
    Row,

    /// <summary>A button or mark of the page, a form, a number.</summary>
    Chrome,

    /// <summary>Whose picture, or what it shows.</summary>
    Credit,

    /// <summary>A date and little else.</summary>
    Date,

    /// <summary>A sentence that the page says, not the article.</summary>
    Boilerplate,

    /// <summary>Who wrote it.</summary>
    Byline,

    /// <summary>One other article, with the words that recommend it.</summary>
    Invitation,

    /// <summary>Other articles begin.</summary>
    Related,

    /// <summary>The page's own matters begin.</summary>
    PageMatters,

    /// <summary>Readers' comments begin.</summary>
    Comments,
}

/// <summary>Tells the role of a block by its own words.</summary>
internal static partial class BlockRoles
{
    /// <summary>The longest line that is compared with the phrases of pages.</summary>
    public const int MaxPhraseLine = 80;

    private const int MaxControl = 120;
    private const int MaxCredit = 320;
    private const int MaxBoilerplate = 420;
    private const int MaxInvitation = 220;
    private const int MaxOpening = 40;
    private const int MinProse = 60;

    private static readonly PhraseSet Comments = new(PagePhrases.Comments);
    private static readonly PhraseSet Related = new(PagePhrases.Related);
    private static readonly PhraseSet PageMatters = new(PagePhrases.PageMatters);
    private static readonly PhraseSet Ages = new(PagePhrases.Ages);
    private static readonly PhraseSet Chrome = new(PagePhrases.Chrome);
    private static readonly SearchValues<string> Inside = SearchValues.Create(PagePhrases.Inside, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"[.!?…。！？।؟।۔][""'”“’»«)\]\d*]*\z")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\[\s*\]|\A\[[^\]]{1,40}\]\z|\A[\W\d_]+\z|\A[\d.,]+\s?x\z")]
    private static partial Regex Control();

    [GeneratedRegex(@"(?i:(?:^|[\s(.|/,])(?:fotos?|photos?|photograph|photography|bild|bilder|image|images|picture|credit|credits|quelle|fotó|kuva|zdjęcie|fot|foto|fotografía|fotografia|imagem|immagine|beeld|billede|фото|снимка|fotoğraf|ảnh|gambar|abbildung|grafik|symbolbild|symbolfoto|illustration|archivbild|archivfoto|©)\s?(?:by|von|:|/|credit|courtesy|via))|©\s?\p{L}|\b(?i:getty images|picture alliance|imago|shutterstock|istock|unsplash|pexels|pixabay|adobe stock|ap photo|alamy|wikimedia commons|via ap|epa-efe|belga|lehtikuva)\b|[/(]\s?(?i:dpa|afp|ap|reuters|epa|efe|ansa|tt|ntb|pap|čtk|apa|keystone|anp|belga|lusa|xinhua|kyodo)\)?\.?\z|[(|]\p{Lu}[^()|/]{2,40}/\s?\p{Lu}[^()|/]{1,40}\)\.?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CreditWords();

    public static BlockRole Of(TextBlock block)
    {
        var text = block.Text;
        if (block.Kind == BlockKind.Rule || text.Length <= MaxControl && Control().IsMatch(text)) return BlockRole.Chrome;
        if (text.Length <= MaxPhraseLine)
        {
            var words = PhraseSet.Normalize(text);
            if (words.Length == 0 || words == "#") return BlockRole.Chrome;
            var ends = SentenceEnd().IsMatch(text) && !text.EndsWith('…') && !text.EndsWith("...", StringComparison.Ordinal);
            if (Comments.Opens(words, MaxPhraseLine)) return BlockRole.Comments;
            if (Ages.Opens(words)) return BlockRole.Date;
            if (!ends && Chrome.Is(words)) return BlockRole.Chrome;
            if (!ends && Related.Is(words)) return BlockRole.Related;
            if (!ends && Related.Opens(words, MaxPhraseLine)) return text.Length > 40 ? BlockRole.Invitation : BlockRole.Related;
            if (!ends && PageMatters.Opens(words)) return BlockRole.PageMatters;
            if (!ends && Chrome.Opens(words)) return BlockRole.Chrome;
            if (!ends && Bylines.Read(text).Count > 0) return BlockRole.Byline;
            if (text.Length <= 60 && DateParser.Find(text) is { } date && date.Length * 10 >= text.Length * 6) return BlockRole.Date;
        }
        else if (text.Length <= MaxInvitation && char.IsAsciiDigit(text[0]) && Comments.Opens(PhraseSet.Normalize(text), MaxInvitation))
        {
            return BlockRole.Comments;
        }
        if (text.Length <= MaxInvitation && text.AsSpan(0, Math.Min(text.Length, MaxOpening)).IndexOfAny(':', '|') is > 0 and var colon && Related.Is(PhraseSet.Normalize(text[..colon]))) return BlockRole.Invitation;
        if (text.Length <= MaxBoilerplate && text.AsSpan().ContainsAny(Inside)) return BlockRole.Boilerplate;
        if (block.Kind != BlockKind.Item && text.Length <= MaxCredit && CreditWords().IsMatch(text)) return BlockRole.Credit;
        return IsProse(text) ? BlockRole.Prose : BlockRole.Label;
    }

    /// <summary>Whole sentences, as opposed to labels, menus and headlines.</summary>
    public static bool IsProse(string text) => WeightOf(text) >= MinProse && SentenceEnd().IsMatch(text) || WeightOf(text) >= 200;

    /// <summary>How much a text says: letters, those of scripts that write words with one or two signs counted thrice.</summary>
    public static int WeightOf(string text)
    {
        var wide = 0;
        foreach (var c in text)
        {
            if (c >= '\u2E80') wide++;
        }
        return text.Length + 2 * wide;
    }

    public static bool EndsSentence(string text) => SentenceEnd().IsMatch(text);
}
