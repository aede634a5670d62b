using System.Text.RegularExpressions;

namespace FeedService.Syndication.Html.Pages;

/// <summary>What pages say around their articles, in the common languages of the web. Held against short blocks only.</summary>
internal static partial class PagePhrases
{
    internal static bool IsBoilerplate(string text, bool isHeading) => Whole().IsMatch(text) || Start().IsMatch(text) || (isHeading && Heading().IsMatch(text));

    /// <summary>Blocks that say nothing else.</summary>
    [GeneratedRegex(
        @"^(?:advertisement|advertising|ad|anzeige|werbung|publicité|publicidad|pubblicità|annons|annonse|reklame|reklama|реклама|広告|share|share this|teilen|tweet|e-?mail|print|drucken|comments?|kommentare|leave a (?:reply|comment)|loading\W*|read more\W*|weiterlesen\W*|continue reading\W*|show more|mehr anzeigen|story continues below\W*.*|article continues below\W*.*|scroll to continue.*|listen to this article.*|watch now|no comments.*|\d+ comments?|\d+ kommentare?|\d+ min(?:ute)?s? read|skip advertisement|follow us.*|folgen sie uns.*)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Whole();

    /// <summary>Beginnings of references to other articles, invitations and notices.</summary>
    [GeneratedRegex(
        @"^(?:read (?:also|more|next|this)|also read|see also|related|recommended|more (?:from|on|stories)|don't miss|you (?:may|might) (?:also )?(?:like|be interested)|further reading|lesen sie (?:auch|mehr|hier)|lies auch|auch interessant|mehr zum thema|zum thema|das könnte sie auch|lire aussi|à lire|a lire aussi|leer (?:también|más)|lea también|te puede interesar|leggi anche|läs (?:också|mer|även)|les også|læs også|lees ook|lue myös|czytaj (?:także|też|więcej)|zobacz także|leia (?:também|mais)|veja também|читайте также|читать также|関連記事|あわせて読みたい|sign up (?:for|to)|subscribe (?:to|for|now)|get (?:the|our) (?:latest|newsletter)|follow (?:us|me) on|jetzt abonnieren|abonnieren sie|hier geht es zu|©|\(c\) \d{4}|copyright|all rights reserved|alle rechte vorbehalten|tous droits réservés)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Start();

    /// <summary>Headings of what comes after an article.</summary>
    [GeneratedRegex(
        @"^(?:about the author|über den autor|newsletter|comments?|kommentare|leave a reply|schreibe einen kommentar|share|tags?|topics?|themen|latest|most (?:read|popular)|meistgelesen|popular|trending|recent posts|weitere (?:artikel|themen|nachrichten)|ähnliche (?:artikel|beiträge))\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Heading();
}
