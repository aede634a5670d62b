namespace FeedService.Syndication.Formats;

/// <summary>The vocabularies that feeds are written in.</summary>
internal enum Vocabulary : byte
{
    /// <summary>RSS in all its versions, and whatever has no namespace.</summary>
    Rss,
    Atom,
    Rdf,
    Content,
    Dc,
    DcTerms,
    Media,
    Itunes,
    Thread,
    Syndication,
    History,
    Tombstones,
    Slash,
    CommentApi,
    FeedBurner,
    License,
    Xhtml,
    Svg,
    MathMl,
    Xml,
    Other,
}

/// <summary>Which vocabulary a namespace is, however feeds spell it, and which one a prefix means that nobody declared.</summary>
internal static class XmlNamespaces
{
    public const string Atom03 = "http://purl.org/atom/ns#";
    public const string Rss090 = "http://my.netscape.com/rdf/simple/0.9/";
    public const string Rss10 = "http://purl.org/rss/1.0/";
    public const string Rss11 = "http://purl.org/net/rss1.1#";

    public static Vocabulary Of(string uri)
    {
        var name = uri.Trim().ToLowerInvariant();
        if (name.StartsWith("https://", StringComparison.Ordinal))
            name = "http://" + name[8..];
        return name switch
        {
            "" or Rss090 or "http://channel.netscape.com/rdf/simple/0.9/" or Rss10 or Rss11 or "http://purl.org/net/rss1.1/" or "http://purl.org/rss/1.0"
                or "http://backend.userland.com/rss" or "http://blogs.law.harvard.edu/tech/rss" or "http://backend.userland.com/rss2" or "http://backend.userland.com/rss091"
                or "http://www.rssboard.org/rss-specification" or "http://cyber.law.harvard.edu/rss/rss.html" or "http://my.netscape.com/publish/formats/rss-0.91.dtd" => Vocabulary.Rss,
            "http://www.w3.org/2005/atom" or Atom03 or "http://purl.org/atom/ns" or "http://example.com/newformat#" or "http://example.com/necho" or "http://purl.org/echo/"
                or "uri/of/echo/namespace#" or "http://purl.org/pie/" or "http://www.w3.org/2005/atom/" => Vocabulary.Atom,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#" => Vocabulary.Rdf,
            "http://purl.org/rss/1.0/modules/content/" => Vocabulary.Content,
            "http://purl.org/dc/elements/1.1/" or "http://purl.org/dc/elements/1.1" or "http://purl.org/dc/elements/1.0/" => Vocabulary.Dc,
            "http://purl.org/dc/terms/" => Vocabulary.DcTerms,
            "http://search.yahoo.com/mrss/" or "http://search.yahoo.com/mrss" or "http://video.search.yahoo.com/mrss" or "http://video.search.yahoo.com/mrss/" or "http://tools.search.yahoo.com/mrss/"
                or "http://api.maps.yahoo.com/maps/v1/mrss/" => Vocabulary.Media,
            "http://www.itunes.com/dtds/podcast-1.0.dtd" or "http://example.com/dtds/podcast-1.0.dtd" => Vocabulary.Itunes,
            "http://purl.org/syndication/thread/1.0" => Vocabulary.Thread,
            "http://purl.org/rss/1.0/modules/syndication/" => Vocabulary.Syndication,
            "http://purl.org/syndication/history/1.0" => Vocabulary.History,
            "http://purl.org/atompub/tombstones/1.0" => Vocabulary.Tombstones,
            "http://purl.org/rss/1.0/modules/slash/" => Vocabulary.Slash,
            "http://wellformedweb.org/commentapi/" => Vocabulary.CommentApi,
            "http://rssnamespace.org/feedburner/ext/1.0" => Vocabulary.FeedBurner,
            "http://backend.userland.com/creativecommonsrssmodule" or "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html" or "http://creativecommons.org/ns#" or "http://web.resource.org/cc/" => Vocabulary.License,
            "http://www.w3.org/1999/xhtml" => Vocabulary.Xhtml,
            "http://www.w3.org/2000/svg" => Vocabulary.Svg,
            "http://www.w3.org/1998/math/mathml" => Vocabulary.MathMl,
            "http://www.w3.org/xml/1998/namespace" => Vocabulary.Xml,
            _ => Vocabulary.Other,
        };
    }

    /// <summary>The vocabulary that a prefix nearly always means, for documents that forget to declare it; null where it could mean anything.</summary>
    public static Vocabulary? OfUndeclared(ReadOnlySpan<char> prefix) => prefix switch
    {
        "rss" => Vocabulary.Rss,
        "atom" or "atom10" or "a10" => Vocabulary.Atom,
        "rdf" => Vocabulary.Rdf,
        "content" => Vocabulary.Content,
        "dc" => Vocabulary.Dc,
        "dcterms" => Vocabulary.DcTerms,
        "media" => Vocabulary.Media,
        "itunes" => Vocabulary.Itunes,
        "thr" => Vocabulary.Thread,
        "sy" => Vocabulary.Syndication,
        "fh" => Vocabulary.History,
        "at" => Vocabulary.Tombstones,
        "slash" => Vocabulary.Slash,
        "wfw" => Vocabulary.CommentApi,
        "feedburner" => Vocabulary.FeedBurner,
        "creativeCommons" or "cc" => Vocabulary.License,
        "xhtml" or "html" => Vocabulary.Xhtml,
        "svg" => Vocabulary.Svg,
        "math" or "mml" => Vocabulary.MathMl,
        _ => null,
    };
}
