using System.Collections.Frozen;

namespace FeedService.Syndication.Html;

/// <summary>What may leave: the elements, their attributes, and how the value of each attribute is checked.</summary>
internal static class SanitizerRules
{
    internal enum Value
    {
        Text,
        Link,
        Media,
        SrcSet,
        Number,
        Language,
        Direction,
        MediaType,
        Instant,
        Keyword,
        Css,
        Flag,
        Id,
    }

    internal sealed record AttributeRule(string Name, Value Value);

    private static readonly AttributeRule[] Global =
    [
        new("id", Value.Id),
        new("lang", Value.Language),
        new("dir", Value.Direction),
        new("title", Value.Text),
    ];

    /// <summary>Elements that are kept, with their own attributes in the order in which they are written.</summary>
    internal static readonly FrozenDictionary<string, AttributeRule[]> Elements = Table();

    /// <summary>Obsolete or interactive elements and what is written instead.</summary>
    internal static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["acronym"] = "abbr",
        ["amp-audio"] = "audio",
        ["amp-iframe"] = "iframe",
        ["amp-img"] = "img",
        ["amp-video"] = "video",
        ["center"] = "div",
        ["dialog"] = "div",
        ["dir"] = "ul",
        ["fieldset"] = "div",
        ["form"] = "div",
        ["legend"] = "p",
        ["listing"] = "pre",
        ["menu"] = "ul",
        ["option"] = "div",
        ["plaintext"] = "pre",
        ["search"] = "div",
        ["strike"] = "s",
        ["tt"] = "code",
        ["xmp"] = "pre",
    }.ToFrozenDictionary();

    /// <summary>Elements that go with everything in them: code, raw text, and what is no text of the article.</summary>
    internal static readonly FrozenSet<string> Dropped = new[]
    {
        "base", "basefont", "bgsound", "command", "desc", "frame", "frameset", "head", "input", "link", "meta", "metadata", "noembed",
        "noframes", "param", "progress", "script", "style", "template", "title",
    }.ToFrozenSet();

    internal static readonly FrozenSet<string> VoidElements = new[] { "br", "col", "hr", "img", "source", "track", "wbr" }.ToFrozenSet();

    /// <summary>Elements whose start tag closes an open paragraph in an HTML parser.</summary>
    internal static readonly FrozenSet<string> ClosesParagraph = new[]
    {
        "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hgroup", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
    }.ToFrozenSet();

    /// <summary>Hosts whose players may stand in an article, always over https.</summary>
    internal static readonly FrozenSet<string> EmbedHosts = new[]
    {
        "clips.twitch.tv", "embed.ted.com", "fast.wistia.net", "geo.dailymotion.com", "player.twitch.tv", "player.vimeo.com",
        "www.dailymotion.com", "www.loom.com", "www.youtube-nocookie.com", "www.youtube.com", "youtube.com",
    }.ToFrozenSet();

    internal static AttributeRule[] GlobalAttributes => Global;

    private static FrozenDictionary<string, AttributeRule[]> Table()
    {
        AttributeRule width = new("width", Value.Number), height = new("height", Value.Number);
        AttributeRule cite = new("cite", Value.Link), datetime = new("datetime", Value.Instant);
        AttributeRule src = new("src", Value.Media), srcset = new("srcset", Value.SrcSet), sizes = new("sizes", Value.Css);
        AttributeRule type = new("type", Value.MediaType), span = new("span", Value.Number);
        AttributeRule controls = new("controls", Value.Flag), loop = new("loop", Value.Flag), muted = new("muted", Value.Flag);
        AttributeRule[] cell =
        [
            new("abbr", Value.Text), new("colspan", Value.Number), new("rowspan", Value.Number), new("scope", Value.Keyword),
        ];
        var table = new Dictionary<string, AttributeRule[]>
        {
            ["a"] = [new("href", Value.Link), new("hreflang", Value.Language), type],
            ["audio"] = [src, controls, loop, muted],
            ["blockquote"] = [cite],
            ["col"] = [span],
            ["colgroup"] = [span],
            ["del"] = [cite, datetime],
            ["details"] = [new("open", Value.Flag)],
            ["iframe"] = [src, width, height, new("allowfullscreen", Value.Flag)],
            ["img"] = [src, srcset, sizes, new("alt", Value.Text), width, height],
            ["ins"] = [cite, datetime],
            ["li"] = [new("value", Value.Number)],
            ["ol"] = [new("start", Value.Number), new("reversed", Value.Flag), new("type", Value.Keyword)],
            ["q"] = [cite],
            ["source"] = [src, srcset, sizes, type, new("media", Value.Css)],
            ["td"] = cell,
            ["th"] = cell,
            ["time"] = [datetime],
            ["track"] =
            [
                src, new("kind", Value.Keyword), new("srclang", Value.Language), new("label", Value.Text), new("default", Value.Flag),
            ],
            ["video"] = [src, new("poster", Value.Media), controls, loop, muted, width, height],
        };
        string[] plain =
        [
            "abbr", "address", "article", "aside", "b", "bdi", "bdo", "br", "caption", "cite", "code", "dd", "dfn", "div", "dl", "dt", "em",
            "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "kbd", "main", "mark",
            "nav", "p", "picture", "pre", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup",
            "table", "tbody", "tfoot", "thead", "tr", "u", "ul", "var", "wbr",
        ];
        foreach (var name in plain)
            table[name] = [];
        return table.ToFrozenDictionary();
    }
}
