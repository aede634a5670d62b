using System.Text.RegularExpressions;

namespace FeedService.Syndication.Html.Pages;

/// <summary>What pages say around their articles, in the common languages of the web. Held against short blocks only.</summary>
internal static partial class PagePhrases
{
    internal static bool IsBoilerplate(string text, bool isHeading, double linkDensity) =>
        Whole().IsMatch(text) || Notice().IsMatch(text) || (linkDensity > 0.2 && Reference().IsMatch(text)) || (isHeading && (Heading().IsMatch(text) || Reference().IsMatch(text))) || (text.Length < 60 && Reference().IsMatch(text));

    /// <summary>A notice of rights, whatever else it says.</summary>
    internal static bool IsRights(string text) => Rights().IsMatch(text);

    /// <summary>A line that names who took or owns a picture.</summary>
    internal static bool IsCredit(string text) => Credit().IsMatch(text);

    /// <summary>Blocks that say nothing else.</summary>
    [GeneratedRegex(
        @"^(?:advertisement|advertising|ad|anzeige|werbung|publicité|publicidad|pubblicità|annons|annonse|reklame|reklama|реклама:?|広告|share|share this|teilen|tweet|e-?mail|print|drucken|close|caption|menu|comments?|kommentare|leave a (?:reply|comment)|loading\W*|read more\W*|learn more\W*|subscribe\W*|sign up\W*|sign in\W*|weiterlesen\W*|continue reading\W*|show more\W*|view more\W*|mehr anzeigen|story continues below\W*.*|article continues below\W*.*|scroll to continue.*|listen to this article.*|watch now|no comments.*|\d+ comments?|\d+ kommentare?|\d+ min(?:ute)?s?\.? (?:read|lesezeit)|lesezeit.{0,20}|skip advertisement|skip past.*|skip to.*|follow us.*|folgen sie uns.*|tags|image|images?|photos?|video|audio|audiobeitrag|or|oder|x|\W+)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Whole();

    /// <summary>Beginnings of references to other articles.</summary>
    [GeneratedRegex(
        @"^\W*(?:read (?:also|more|next|this|here)|also read|see (?:also|more)|related|recommended|more (?:from|on|stories|articles|news|about|great)|don'?t miss|you (?:may|might) (?:also )?(?:like|be interested)|further reading|watch(?:\s*:|\s+(?:also|more))|lesen sie (?:auch|mehr|hier|dazu)|lies auch|lesen sie|mehr (?:lesen|dazu|zum|aus|über)|auch interessant|zum thema|das könnte (?:sie|dich|ihnen) auch|passend dazu|hintergrund:|lire aussi|à lire|a lire aussi|lire la suite|leer (?:también|más)|lea también|vea también|te puede interesar|te recomendamos|leggi anche|läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|mere)|lees (?:ook|meer)|lue (?:myös|lisää)|czytaj (?:także|też|więcej)|zobacz (?:także|też)|leia (?:também|mais)|veja também|читайте также|читать также|читайте|関連記事|あわせて読みたい)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    /// <summary>Invitations, notices of rights, how the text was made.</summary>
    [GeneratedRegex(
        @"^\W*(?:sign up (?:for|to)|subscribe (?:to|for|now|today)|get (?:the|our|breaking) (?:latest|newsletter|news|best)|follow (?:us|me|@)|join us on|click here to|jetzt abonnieren|abonnieren sie|hier geht es zu|melden sie sich|©|\(c\) \d{4}|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos|\(?(?:additional )?(?:reporting|writing|editing) by\b|like this (?:story|article)|share your thoughts|your email address|enter your email|this (?:article|story) (?:was )?(?:originally|first) (?:appeared|published)|originally published|we apologize, but this video|this site uses|we use cookies|enable javascript|please enable|ein klick für den datenschutz|do you have a story|über dieses thema berichtet)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Notice();

    [GeneratedRegex(
        @"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|may not be (?:published|reproduced)[^.]{0,60}(?:broadcast|redistributed|permission)|©\s*(?:copyright )?(?:19|20)\d\d|(?:quotes?|market (?:data|indices))[^.]{0,60}\bdelayed",
        RegexOptions.IgnoreCase)]
    private static partial Regex Rights();

    /// <summary>Headings of what comes after an article.</summary>
    [GeneratedRegex(
        @"^\W*(?:about the author|über den autor|newsletter|comments?|kommentare|leave a reply|schreibe einen kommentar|share|tags?|topics?|themen|latest|most (?:read|popular)|meistgelesen|popular|trending|recent posts|weitere (?:artikel|themen|nachrichten|infos)|ähnliche (?:artikel|beiträge)|more (?:great )?\w* ?(?:stories|articles|news|posts)|top stories|editor'?s picks?|recommended)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Heading();

    [GeneratedRegex(
        @"\((?:image|photo|picture|foto|bild|credit|getty|quelle|source)\b[^)]{0,80}\)?\s*$|\b(?:getty(?: images)?|shutterstock|istock|unsplash|pixabay|alamy|imago|picture alliance|(?:ap|afp|dpa|reuters|epa|afp via getty)(?: photo)?|file photo|courtesy)\W*$|(?:^|[.\s|])(?:photos?|image|picture|credits?|fotos?|bild(?:er)?|bildquelle|bildrechte|quelle|source|fotografía|crédit photo|photo by|photograph(?:er)?)\s*(?::|by\b|©|/)|^©|©\s?\S+.{0,40}$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Credit();
}
