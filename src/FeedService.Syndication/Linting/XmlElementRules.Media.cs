using System.Collections.Frozen;

namespace FeedService.Syndication.Linting;

/// <summary>Media RSS (https://www.rssboard.org/media-rss) and podcasts as Apple describes them.</summary>
internal sealed partial class XmlElementRules
{
    // A category and those below it; what Apple took back is obsolete, not wrong.
    private static readonly FrozenDictionary<string, string[]> _podcastCategories = Categories("""
        Arts|Books|Design|Fashion & Beauty|Food|Performing Arts|Visual Arts
        Business|Careers|Entrepreneurship|Investing|Management|Marketing|Non-Profit
        Comedy|Comedy Interviews|Improv|Stand-Up
        Education|Courses|How To|Language Learning|Self-Improvement
        Fiction|Comedy Fiction|Drama|Science Fiction
        Government
        History
        Health & Fitness|Alternative Health|Fitness|Medicine|Mental Health|Nutrition|Sexuality
        Kids & Family|Education for Kids|Parenting|Pets & Animals|Stories for Kids
        Leisure|Animation & Manga|Automotive|Aviation|Crafts|Games|Hobbies|Home & Garden|Video Games
        Music|Music Commentary|Music History|Music Interviews
        News|Business News|Daily News|Entertainment News|News Commentary|Politics|Sports News|Tech News
        Religion & Spirituality|Buddhism|Christianity|Hinduism|Islam|Judaism|Religion|Spirituality
        Science|Astronomy|Chemistry|Earth Sciences|Life Sciences|Mathematics|Natural Sciences|Nature|Physics|Social Sciences
        Society & Culture|Documentary|Personal Journals|Philosophy|Places & Travel|Relationships
        Sports|Baseball|Basketball|Cricket|Fantasy Sports|Football|Golf|Hockey|Rugby|Running|Soccer|Swimming|Tennis|Volleyball|Wilderness|Wrestling
        Technology
        True Crime
        TV & Film|After Shows|Film History|Film Interviews|Film Reviews|TV Reviews
        """);

    private static readonly FrozenDictionary<string, string[]> _obsoletePodcastCategories = Categories("""
        Arts|Literature
        Arts & Entertainment|Architecture|Design|Entertainment|Games|Performing Arts|Photography|Poetry|Science Fiction
        Audio Blogs
        Business|Finance|Management & Marketing|News|Shopping
        Education|Education Technology|Higher Education|K-12|Language Courses|Training
        Family
        Food
        Games & Hobbies|Automotive|Aviation|Hobbies|Other Games|Video Games
        Government & Organizations|Local|National|Non-Profit|Regional
        Health|Alternative Health|Diet & Nutrition|Fitness|Fitness & Nutrition|Relationships|Self-Help|Sexuality
        International
        Movies & Television
        News & Politics
        Politics
        Public Radio
        Religion & Spirituality|New Age|Other|Philosophy
        Science & Medicine|Medicine|Natural Sciences|Social Sciences
        Society & Culture|History
        Sports & Recreation|Amateur|College & High School|Outdoor|Professional
        Talk Radio
        Technology|Computers|Developers|Gadgets|Information Technology|News|Operating Systems|Podcasting|Smart Phones|Software How-To|Tech News|Text/Speech
        Transportation|Automotive|Aviation|Bicycles|Commuting
        Travel
        """);

    private static FrozenDictionary<string, string[]> Categories(string lines) =>
        lines.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')).ToFrozenDictionary(names => names[0], names => names[1..]);

    private void Media(XmlLintElement media)
    {
        if (media["url"] is { Length: > 0 } url) Check(XmlValues.Url(url, true), media, "url", url);
        else if (media.Kind == "thumbnail") Add("MissingAttribute", media, media.Name, "url");
        foreach (var name in (ReadOnlySpan<string>)["width", "height", "fileSize"])
        {
            if (media[name] is { Length: > 0 } value) Check(XmlValues.Positive(value), media, name, value);
        }
        if (media["channels"] is { Length: > 0 } channels) Check(XmlValues.NonNegative(channels), media, "channels", channels);
        foreach (var name in (ReadOnlySpan<string>)["bitrate", "duration", "framerate", "samplingrate"])
        {
            if (media[name] is { Length: > 0 } value && !XmlValues.IsNumber(value)) Add("InvalidFloat", media, name, value);
        }
        if (media["medium"] is { Length: > 0 } medium and not ("image" or "audio" or "video" or "document" or "executable")) Add("InvalidMediaMedium", media, "medium", medium);
        if (media["expression"] is { Length: > 0 } expression and not ("sample" or "full" or "nonstop")) Add("InvalidMediaExpression", media, "expression", expression);
        if (media["isDefault"] is { Length: > 0 } isDefault && !bool.TryParse(isDefault, out _)) Add("InvalidTrueFalse", media, "isDefault", isDefault);
        if (media["lang"] is { Length: > 0 } language) Check(XmlValues.Language(language), media, "lang", language);
        Time(media, "time");
        if (media["type"] is { Length: > 0 } type && XmlValues.MediaType(type) is not null) Add("InvalidMIMEAttribute", media, "type", type);
    }

    private void Time(XmlLintElement element, string attribute)
    {
        if (element[attribute] is { Length: > 0 } time && !char.IsAsciiDigit(time[0]) && !time.StartsWith("now", StringComparison.Ordinal)) Add("InvalidNPTTime", element, attribute, time);
    }

    private void MediaText(XmlLintElement text)
    {
        if (text["type"] is { Length: > 0 } type and not ("plain" or "html")) Add("InvalidMediaTextType", text, "type", type);
        if (text["lang"] is { Length: > 0 } language) Check(XmlValues.Language(language), text, "lang", language);
        Time(text, "start");
        Time(text, "end");
    }

    private void Credit(XmlLintElement credit)
    {
        if (credit["role"] is { } role && role.Any(char.IsUpper)) Add("InvalidCreditRole", credit, "role", role);
        if (credit["scheme"] != "urn:ebu") OptionalUrl(credit, "scheme");
    }

    private void Player(XmlLintElement player)
    {
        if (string.IsNullOrEmpty(player["url"])) Add("MissingAttribute", player, player.Name, "url");
        OptionalUrl(player, "url");
        foreach (var name in (ReadOnlySpan<string>)["height", "width"])
        {
            if (player[name] is { Length: > 0 } value) Check(XmlValues.Positive(value), player, name, value);
        }
    }

    private void MediaHash(XmlLintElement hash, string value)
    {
        if (value.Length != (hash["algo"] == "sha-1" ? 40 : 32) || !value.All(char.IsAsciiLetterOrDigit)) Add("InvalidMediaHash", hash, hash.Name, value);
    }

    private void Rating(XmlLintElement rating, string value)
    {
        var known = rating["scheme"] switch
        {
            null or "" or "urn:simple" => value is "adult" or "nonadult",
            "urn:mpaa" => value is "g" or "m" or "nc-17" or "pg" or "pg-13" or "r" or "x",
            "urn:v-chip" => value is "14+" or "18+" or "c" or "c8" or "g" or "pg" or "tv-14" or "tv-g" or "tv-ma" or "tv-pg" or "tv-y" or "tv-y7" or "tv-y7-fv",
            "urn:icra" => value.StartsWith("r (", StringComparison.Ordinal) && value.EndsWith(')'),
            var scheme => XmlValues.Url(scheme, true) is null or "SchemeNotIANARegistered",
        };
        if (!known) Add("InvalidMediaRating", rating, rating.Name, value);
    }

    private void Restriction(XmlLintElement restriction, string value)
    {
        var relationship = restriction["relationship"];
        if (string.IsNullOrEmpty(relationship)) Add("MissingAttribute", restriction, restriction.Name, "relationship");
        else if (relationship is not ("allow" or "deny")) Add("InvalidMediaRestrictionRel", restriction, "relationship", relationship);
        switch (restriction["type"])
        {
            case null or "": if (value is not ("" or "all" or "none")) Add("InvalidMediaRestriction", restriction, restriction.Name, value); break;
            case "country": if (!value.Split(' ').All(code => code is [var first, var second] && char.IsAsciiLetter(first) && char.IsAsciiLetter(second))) Add("InvalidCountryCode", restriction, restriction.Name, value); break;
            case "uri": Check(XmlValues.Url(value, true), restriction, restriction.Name, value); break;
            case var other: Add("InvalidMediaRestrictionType", restriction, "type", other); break;
        }
    }

    private void PodcastCategory(XmlLintElement category)
    {
        var above = category.Kind == "itunesSubcategory" ? category.Parent!["text"] : null;
        if (category.Kind == "itunesSubcategory" && string.IsNullOrEmpty(above)) return;
        if (category["text"] is not { } text) Add("MissingAttribute", category, category.Name, "text");
        else if (!IsIn(_podcastCategories)) Add(IsIn(_obsoletePodcastCategories) ? "ObsoleteItunesCategory" : "InvalidItunesCategory", category, "text", text);

        bool IsIn(FrozenDictionary<string, string[]> categories) => above is null ? categories.ContainsKey(text) : categories.GetValueOrDefault(above)?.Contains(text) == true;
    }

    private void OptionalUrl(XmlLintElement element, string attribute)
    {
        if (element[attribute] is { Length: > 0 } url) Check(XmlValues.Url(url, true), element, attribute, url);
    }
}
