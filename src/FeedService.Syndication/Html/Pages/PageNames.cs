using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>What the class, id and role names of pages give away about their parts, in the languages that themes are written in.</summary>
internal static partial class PageNames
{
    /// <summary>
    /// Where a word of a name begins: not after <c>--</c>, which marks a state of the element, nor after <c>has-</c>, <c>with-</c> and the like.
    /// </summary>
    private const string Word = @"(?:^|[\s_]|(?<!-|\b(?:has|with|without|no|non|is|js))-)";

    private const string End = @"(?=$|[\s_-])";

    /// <summary>Names of an element, for one look-up: class, id and the attributes in which frameworks keep their own names.</summary>
    internal static string Of(IElement element)
    {
        var classes = element.ClassName;
        var id = element.Id;
        var test = element.GetAttribute("data-testid") ?? element.GetAttribute("data-component") ?? element.GetAttribute("data-type");
        return test is null
            ? string.IsNullOrEmpty(id) ? classes ?? "" : string.IsNullOrEmpty(classes) ? id : classes + " " + id
            : classes + " " + id + " " + test;
    }

    internal static bool IsAuthorOrDate(IElement element) => Of(element) is { Length: > 0 } names && AuthorOrDate().IsMatch(names);

    /// <summary>Parts that never belong to an article: navigation, advertising, comments, sharing, related articles.</summary>
    internal static bool IsNoise(string names) => Noise().IsMatch(names);

    internal static bool IsComments(string names) => Comments().IsMatch(names);

    /// <summary>Parts that carry the article's text.</summary>
    internal static bool IsBody(string names) => Body().IsMatch(names);

    internal static bool IsStandfirst(string names) => Standfirst().IsMatch(names);

    internal static bool IsCaption(string names) => Caption().IsMatch(names);

    [GeneratedRegex(@"author|byline|by-line|autor|auteur|autore|skribent|redakteur|writer|reporter|contributor|published|pubdate|pub-date|post-date|entry-date|date|datum|fecha|timestamp|time", RegexOptions.IgnoreCase)]
    private static partial Regex AuthorOrDate();

    [GeneratedRegex(
        Word + @"(?:ads?|adv|adsense|adslot|adbox|adunit|adwrap|advert\w*|anzeigen?|werbung|publicite|publicidad|pubblicita|reklama?|annonser?|advertorial|dfp\w*|gpt|sponsor\w*|promo\w*|banner\w*|outbrain\w*|taboola\w*|plista\w*|"
        + @"breadcrumbs?|crumbs?|menu|navi?|navbar|navigation|topbar|toolbar|masthead|offcanvas|drawer|skip-?links?|"
        + @"cookies?|consent|gdpr|modal|popup|overlay|lightbox|tooltip|"
        + @"shar(?:e|es|ing|er)|share\w*|social\w*|sociales|follow\w*|addthis\w*|sharedaddy|addtoany\w*|teilen|partage\w*|compartir|condividi|dela|"
        + @"newsletters?|subscri\w+|sign-?up|login|register|abo(?:nn\w*)?|"
        + @"related\w*|relacionad\w*|correlat\w*|verwandt\w*|recommend\w*|recirc\w*|recommandations?|empfehlung\w*|readmore|read-more|more-?(?:on|from|stories|news|articles)|also-?(?:read|on)|read-?(?:also|next|on)|next-?(?:up|article|post)|prev(?:ious)?-?(?:article|post)|"
        + @"up-?next|most-?(?:read|popular|viewed)|popular\w*|trending\w*|latest|top-?stories|teasers?|teaser\w*|sidebar\w*|(?<=^|\s)widgets?|rail|right-?(?:col\w*|rail)|"
        + @"author-?(?:bio|box|info|card|profile|about|description)|about-?(?:the-?)?author|bio|post-?author|"
        + @"tags?|tag-?(?:list|cloud|links)|taglist|taxonomy|topics?|keywords|post-?(?:meta|footer|tags|nav\w*|info)|entry-?(?:meta|footer|tags|utility)|article-?(?:meta|footer|tags|actions|tools|share\w*)|meta|metadata|byline\w*|dateline|timestamp|"
        + @"pagination|pager|page-?nav\w*|print\w*|printfriendly|toc|table-of-contents|feedback|survey|poll|quiz|rating\w*|reactions?|likes?|vote\w*|"
        + @"screen-reader\w*|sr-only|visually-?hidden|visuallyhidden|(?<=^|\s)(?:hidden|hide|noprint|no-print|skip)(?=$|\s)|"
        + @"copyright|disclaimer|footer\w*|site-?(?:header|footer|info)|colophon|infobox|factbox|jump-?link|player-?controls|"
        + @"mc_embed_signup|jp-relatedposts|yarpp\w*|wp-polls|crp_related|credits?|donat\w*|shopping|cart|search\w*|weather|ticker)" + End,
        RegexOptions.IgnoreCase)]
    private static partial Regex Noise();

    [GeneratedRegex(@"(?:^|[\s_-])(?:comment(?:s|list|form|area|section|-?(?:list|form|area|section|body|content|wrap\w*|block))?|disqus\w*|respond|replies|kommentare?|commentaires?|comentarios?|commenti|reacties|livefyre\w*|fb-comments)(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex Comments();

    [GeneratedRegex(
        @"(?:^|[\s_-])(?:article-?(?:body|content|text|main|copy|page)|articlebody|articletext|articlecontent|story-?(?:body|content|text)|storybody|storycontent|post-?(?:body|content|text|entry)|postcontent|entry-?(?:content|body|text)|blog-?(?:content|post-?content)|body-?(?:content|text|copy)|bodytext|body-copy|main-?(?:content|text)|content-?(?:body|main|article)|rich-?text\w*|hentry|news-?(?:body|content|text)|texte?-?article|artikel-?(?:text|inhalt|body)|td-post-content|field-name-body|itemfulltext|single-?content|article__\w*(?:body|content|text))(?=$|[\s_-])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Body();

    [GeneratedRegex(@"(?:^|[\s_-]|article|story|post|entry)(?:stand-?first|lead|lede|leadtext|intro\w*|introduction|summary|dek|deck|sub-?title|sub-?head(?:line)?|sub-?heading|chapo|chapeau|vorspann|ingress|teaser|teaser-?text|excerpt|kicker-?text|abstract|entradilla|bajada|sommario|occhiello|strapline|description)(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex Standfirst();

    [GeneratedRegex(@"(?:^|[\s_-])(?:(?:wp-)?captions?\w*|img-?caption|photo-?(?:caption|credit)|image-?(?:caption|credit|meta|source|description)|bildunterschrift|bildtext|bu|legende?|figcaption|credit|copyright|bildquelle|media-?(?:caption|credit))(?=$|[\s_-])", RegexOptions.IgnoreCase)]
    private static partial Regex Caption();
}
