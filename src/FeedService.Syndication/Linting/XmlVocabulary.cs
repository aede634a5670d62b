using System.Collections.Frozen;

namespace FeedService.Syndication.Linting;

/// <summary>
/// Which elements stand where, and what they hold: <c>name=kind</c>, repeatable where the kind ends in a star. A kind that names another context holds
/// its elements; every other one is a value that <see cref="XmlValues"/> checks, or <c>any</c>, which is not looked into.
/// </summary>
internal static class XmlVocabulary
{
    /// <summary>The context of what is only doubtful where it does not belong.</summary>
    public const string Questionable = "questionable";

    // Dublin Core, geography and the like, which stand anywhere.
    private const string Everywhere = """
        dc:title=text dc:description=text dc:publisher=text* dc:contributor=text* dc:type=text dc:format=text dc:identifier=text* dc:source=text dc:language=lang
        dc:relation=text* dc:coverage=text* dc:rights=plain
        dcterms:alternative=text* dcterms:abstract=text dcterms:tableOfContents=rdfResource dcterms:created=w3cdtf dcterms:valid=any* dcterms:available=any* dcterms:issued=w3cdtf
        dcterms:modified=w3cdtf dcterms:dateAccepted=text dcterms:dateCopyrighted=text dcterms:dateSubmitted=text dcterms:extent=positive
        dcterms:isVersionOf=rdfResource* dcterms:hasVersion=rdfResource* dcterms:isReplacedBy=rdfResource* dcterms:replaces=rdfResource* dcterms:isRequiredBy=rdfResource* dcterms:requires=rdfResource*
        dcterms:isPartOf=rdfResource* dcterms:hasPart=rdfResource* dcterms:isReferencedBy=rdfResource* dcterms:references=rdfResource* dcterms:isFormatOf=rdfResource* dcterms:hasFormat=rdfResource*
        dcterms:conformsTo=rdfResource* dcterms:spatial=any* dcterms:temporal=any* dcterms:audience=text* dcterms:mediator=text dcterms:accessRights=any* dcterms:accrualMethod=any*
        dcterms:accrualPeriodicity=any* dcterms:accrualPolicy=any* dcterms:bibliographicCitation=any* dcterms:educationLevel=any* dcterms:instructionalMethod=any* dcterms:license=any*
        dcterms:provenance=any* dcterms:rightsHolder=any* rdf:RDF=any* rdf:type=any* rdf:Description=any* rdfs:seeAlso=rdfResource*
        geo:Point=geoPoint* geo:lat=latitude* geo:long=longitude* geo:alt=decimal* geourl:latitude=latitude* geourl:longitude=longitude* icbm:latitude=latitude* icbm:longitude=longitude*
        georss:where=georssWhere* georss:point=position* georss:line=positions* georss:polygon=positions* georss:featureTypeTag=text* georss:relationshipTag=text* georss:featureName=text*
        georss:elev=decimal* georss:floor=integer* georss:radius=number* opml:dateCreated=rfc822 opml:dateModified=rfc822 opml:ownerName=html opml:ownerEmail=email opml:ownerId=http
        """;

    private const string Media = """
        media:adult=truefalse media:category=mediaCategory* media:copyright=mediaCopyright media:credit=mediaCredit* media:description=mediaTitle media:keywords=text* media:hash=mediaHash*
        media:player=mediaPlayer* media:rating=mediaRating* media:restriction=mediaRestriction* media:text=mediaText* media:title=mediaTitle media:thumbnail=thumbnail*
        """;

    private const string ChannelAndItem = Everywhere + " " + Media + " taxo:topics=any* l:link=any* cc:license=any* creativeCommons:license=url* ";

    private const string Itunes = """
        itunes:author=short itunes:block=yesno itunes:explicit=yesnoclean itunes:keywords=short itunes:subtitle=short itunes:summary=long itunes:image=itunesImage
        """;

    private const string ChannelOnly = ChannelAndItem + Itunes + """
         itunes:owner=itunesOwner itunes:category=itunesCategory* itunes:pubDate=rfc822 itunes:new-feed-url=url itunes:type=itunesType
        admin:generatorAgent=rdfResource admin:errorReportsTo=rdfResource blogChannel:blogRoll=url blogChannel:mySubscriptions=url blogChannel:blink=url blogChannel:changes=url
        sy:updatePeriod=period sy:updateFrequency=positive sy:updateBase=w3cdtf foaf:maker=any* cp:server=rdfResource* wiki:interwiki=text* thr:in-reply-to=reply* cf:listinfo=any* cf:treatAs=any*
        feedburner:awareness=url feedburner:browserFriendly=plain feedburner:emailServiceId=integer feedburner:feedFlare=any* feedburner:info=any* feedburner:feedburnerHostname=url
        opensearch:totalResults=nonNegative opensearch:startIndex=integer opensearch:itemsPerPage=nonNegative opensearch:Query=any*
        opensearch10:totalResults=nonNegative opensearch10:startIndex=integer opensearch10:itemsPerPage=nonNegative
        xhtml:div=any* xhtml:meta=any* sx:sharing=any* fh:archive=empty* fh:complete=empty* dc:creator=text* dc:subject=text* dc:date=w3cdtf access:restriction=any*
        """;

    private const string ItemOnly = ChannelAndItem + Itunes + """
         itunes:title=text itunes:duration=duration itunes:episode=positive itunes:season=positive itunes:episodeType=itunesEpisodeType
        annotate:reference=rdfResource ag:source=text ag:sourceURL=url ag:timestamp=iso8601 ev:startdate=iso8601 ev:enddate=iso8601 ev:location=any* ev:organizer=any* ev:type=text
        feedburner:awareness=url feedburner:origEnclosureLink=url feedburner:origLink=url foaf:maker=any* foaf:primaryTopic=any* slash:comments=nonNegative slash:section=text*
        slash:department=text* slash:hit_parade=integers thr:total=nonNegative thr:in-reply-to=reply* wfw:comment=url wfw:commentRss=url wfw:commentRSS=url
        wiki:diff=text* wiki:history=text* wiki:importance=text* wiki:status=text* wiki:version=text* media:group=mediaGroup* media:content=mediaContent*
        sx:sync=any* trackback:ping=url trackback:about=url* dc:creator=text* dc:subject=text* dc:date=w3cdtf*
        """;

    private const string AtomInRss = """
         atom:author=person* atom:category=atomCategory* atom:contributor=person* atom:generator=atomGenerator atom:id=url atom:icon=uri atom:link=atomLink* atom:logo=uri
        atom:title=atomText atom:subtitle=atomText atom:rights=atomText atom:updated=rfc3339
        """;

    private const string RssItemBase = """
        title=title link=url description=html content:encoded=html content:items=any xhtml:body=any* atom:id=url atom:link=atomLink* atom:title=atomText atom:summary=atomText atom:author=person
        atom:contributor=person* atom:content=atomContent* atom:published=rfc3339 atom:updated=rfc3339
        """;

    private const string ChannelBase = "title=title link=url description=plain image=image textInput=textInput blink=blink " + ChannelOnly + AtomInRss;

    private const string FeedBase = """
        author=person* category=atomCategory* contributor=person* generator=atomGenerator icon=atomUri id=atomId link=atomLink* logo=atomUri title=atomText subtitle=atomText rights=atomText updated=atomDate
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<string, ElementKind>> _contexts = new Dictionary<string, string>
    {
        ["rss"] = "channel=channel access:restriction=any",
        ["channel"] = ChannelBase + """
             item=item* category=category* cloud=cloud rating=text* ttl=positive docs=url generator=text pubDate=rfc822 managingEditor=contact webMaster=contact language=lang
            copyright=plain lastBuildDate=rfc822 skipHours=skipHours skipDays=skipDays
            """,
        ["item"] = RssItemBase + " comments=url enclosure=enclosure* pubDate=rfc822 author=contact category=category* guid=guid source=rssSource " + ItemOnly,
        ["image"] = "title=title link=url url=url width=width height=height description=plain dc:creator=text* dc:subject=text* dc:date=w3cdtf cc:license=any* " + Everywhere,
        ["textInput"] = "title=title link=url description=plain name=text dc:creator=text* dc:subject=text* dc:date=w3cdtf " + Everywhere,
        ["skipHours"] = "hour=hour*",
        ["skipDays"] = "day=day*",
        ["rdf"] = "channel=rdfChannel item=rdfItem* textinput=textInput* image=rdfImage* rss090:channel=channel090 cc:License=any* taxo:topic=any* rdf:Description=any*",
        ["rdfChannel"] = ChannelBase + " items=any textinput=any rdfs:label=text* rdfs:comment=text*",
        ["channel090"] = ChannelBase,
        ["rdfItem"] = RssItemBase + " l:permalink=any* rdfs:label=text* rdfs:comment=text* " + ItemOnly + " trackback:ping=rdfResource trackback:about=rdfResource*",
        ["rdfImage"] = "title=title link=url url=url dc:creator=text* dc:subject=text* dc:date=w3cdtf cc:license=any* " + Everywhere,
        ["feed"] = FeedBase + " entry=entry* app:collection=any at:deleted-entry=tombstone* " + ChannelOnly,
        ["source"] = FeedBase + " " + ChannelOnly,
        ["entry"] = """
            author=person* category=atomCategory* content=atomContent contributor=person* id=entryId link=atomLink* published=atomDate source=source rights=atomText summary=atomText
            title=atomText updated=atomDate app:edited=atomDate app:control=any 
            """ + ItemOnly + " dc:date=w3cdtf",
        ["person"] = """
            name=personName email=addrSpec uri=personUri atom:name=personName atom:email=addrSpec atom:uri=personUri foaf:workplaceHomepage=any* foaf:homepage=any* foaf:weblog=any*
            foaf:plan=any* foaf:firstName=any* xhtml:div=any*
            """,
        ["mediaGroup"] = Media + " media:content=mediaContent*",
        ["mediaContent"] = Media + " " + Everywhere,
        ["itunesOwner"] = "itunes:email=email itunes:name=short",
        ["itunesCategory"] = "itunes:category=itunesSubcategory*",
        ["geoPoint"] = "geo:lat=latitude* geo:long=longitude*",
        ["georssWhere"] = "gml:Point=gmlPoint* gml:LineString=gmlLine* gml:Polygon=gmlPolygon* gml:Envelope=gmlEnvelope*",
        ["gmlPoint"] = "gml:pos=position*",
        ["gmlLine"] = "gml:posList=positions*",
        ["gmlPolygon"] = "gml:exterior=gmlExterior*",
        ["gmlExterior"] = "gml:LinearRing=gmlLine*",
        ["gmlEnvelope"] = "gml:lowerCorner=position* gml:upperCorner=position*",
        ["tombstone"] = "at:by=person at:comment=atomText link=atomLink* source=source " + Everywhere,
        // Neither elements nor text stand in these.
        ["enclosure"] = "",
        ["cloud"] = "",
        ["empty"] = "",
        ["itunesImage"] = "",
        ["itunesSubcategory"] = "",
        ["mediaPlayer"] = "",
        // What may stand in some elements, and is a doubtful thing in all others.
        [Questionable] = Everywhere + AtomInRss + " atom:content=atomContent* atom:published=rfc3339 atom:summary=atomText",
        ["opml"] = "head=opmlHead body=opmlBody " + Everywhere,
        ["opmlHead"] = """
            title=html dateCreated=rfc822 dateModified=rfc822 ownerName=html ownerEmail=email ownerId=http expansionState=lines vertScrollState=positive windowTop=positive windowLeft=positive
            windowBottom=positive windowRight=positive docs=any 
            """ + Everywhere,
        ["opmlBody"] = "outline=outline* " + Everywhere,
        ["outline"] = "outline=outline* " + Everywhere,
    }.ToFrozenDictionary(pair => pair.Key, pair => Parse(pair.Value));

    // The attributes that a kind may carry; elements of any other kind carry none.
    private static readonly FrozenDictionary<string, string[]> _attributes = new Dictionary<string, string[]>
    {
        ["rss"] = ["version"],
        ["channel"] = ["indexing:index"],
        ["feed"] = ["indexing:index"],
        ["source"] = ["indexing:index"],
        ["rssSource"] = ["url"],
        ["category"] = ["domain"],
        ["cloud"] = ["domain", "path", "registerProcedure", "protocol", "port"],
        ["enclosure"] = ["url", "length", "type"],
        ["guid"] = ["isPermaLink"],
        ["image"] = ["rdf:resource", "rdf:about", "rdf:parseType"],
        ["textInput"] = ["rdf:resource", "rdf:about", "rdf:parseType"],
        ["rdfChannel"] = ["rdf:about"],
        ["rdfItem"] = ["rdf:about"],
        ["rdfImage"] = ["rdf:about"],
        ["entry"] = ["rdf:parseType"],
        ["person"] = ["rdf:parseType"],
        ["atomText"] = ["type", "src"],
        ["atomContent"] = ["type", "src"],
        ["atomCategory"] = ["term", "scheme", "label"],
        ["atomGenerator"] = ["uri", "version"],
        ["atomLink"] = ["type", "title", "rel", "href", "length", "hreflang", "rdf:type", "rdf:resource", "thr:count", "thr:when", "thr:updated"],
        ["tombstone"] = ["ref", "when"],
        ["reply"] = ["ref", "href", "source", "type"],
        ["mediaCategory"] = ["label", "scheme"],
        ["mediaCopyright"] = ["url"],
        ["mediaCredit"] = ["role", "scheme"],
        ["mediaHash"] = ["algo"],
        ["mediaPlayer"] = ["height", "url", "width"],
        ["mediaRating"] = ["scheme"],
        ["mediaRestriction"] = ["relationship", "type"],
        ["mediaText"] = ["type", "lang", "start", "end"],
        ["mediaTitle"] = ["type"],
        ["thumbnail"] = ["height", "time", "url", "width"],
        ["mediaContent"] = ["bitrate", "channels", "duration", "expression", "fileSize", "framerate", "height", "isDefault", "lang", "medium", "samplingrate", "type", "url", "width"],
        ["itunesImage"] = ["href"],
        ["itunesCategory"] = ["text"],
        ["itunesSubcategory"] = ["text"],
        ["rdfResource"] = ["rdf:resource", "dc:title"],
        ["gmlPoint"] = ["srsName"],
        ["gmlLine"] = ["srsName"],
        ["gmlPolygon"] = ["srsName"],
        ["gmlEnvelope"] = ["srsName"],
        ["opml"] = ["version"],
        ["outline"] = ["category", "created", "description", "htmlUrl", "isBreakpoint", "isComment", "language", "text", "title", "type", "url", "version", "xmlUrl"],
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> _prefixes = new Dictionary<string, string>
    {
        ["http://www.bloglines.com/about/specs/fac-1.0"] = "access",
        ["http://webns.net/mvcb/"] = "admin",
        ["http://purl.org/rss/1.0/modules/aggregation/"] = "ag",
        ["http://purl.org/rss/1.0/modules/annotate/"] = "annotate",
        ["http://www.w3.org/2007/app"] = "app",
        ["http://purl.org/atompub/tombstones/1.0"] = "at",
        ["http://backend.userland.com/blogChannelModule"] = "blogChannel",
        ["http://web.resource.org/cc/"] = "cc",
        ["http://www.microsoft.com/schemas/rss/core/2005"] = "cf",
        ["http://backend.userland.com/creativeCommonsRssModule"] = "creativeCommons",
        ["http://purl.org/rss/1.0/modules/content/"] = "content",
        ["http://my.theinfo.org/changed/1.0/rss/"] = "cp",
        ["http://purl.org/dc/elements/1.1/"] = "dc",
        ["http://purl.org/dc/terms/"] = "dcterms",
        ["http://purl.org/rss/1.0/modules/event/"] = "ev",
        ["http://purl.org/syndication/history/1.0"] = "fh",
        ["http://www.w3.org/2003/01/geo/wgs84_pos#"] = "geo",
        ["http://geourl.org/rss/module/"] = "geourl",
        ["http://www.georss.org/georss"] = "georss",
        ["http://www.opengis.net/gml"] = "gml",
        ["http://postneo.com/icbm"] = "icbm",
        ["urn:atom-extension:indexing"] = "indexing",
        ["http://www.itunes.com/dtds/podcast-1.0.dtd"] = "itunes",
        ["http://rssnamespace.org/feedburner/ext/1.0"] = "feedburner",
        ["http://xmlns.com/foaf/0.1/"] = "foaf",
        ["http://purl.org/rss/1.0/modules/link/"] = "l",
        ["http://search.yahoo.com/mrss/"] = "media",
        ["http://www.w3.org/1998/Math/MathML"] = "mathml",
        ["http://a9.com/-/spec/opensearchrss/1.0/"] = "opensearch10",
        ["http://a9.com/-/spec/opensearch/1.1/"] = "opensearch",
        ["http://www.opml.org/spec2"] = "opml",
        ["http://www.w3.org/1999/02/22-rdf-syntax-ns#"] = "rdf",
        ["http://www.w3.org/2000/01/rdf-schema#"] = "rdfs",
        ["http://purl.org/rss/1.0/modules/slash/"] = "slash",
        ["http://feedsync.org/2007/feedsync"] = "sx",
        ["http://www.w3.org/2000/svg"] = "svg",
        ["http://purl.org/rss/1.0/modules/syndication/"] = "sy",
        ["http://purl.org/rss/1.0/modules/taxonomy/"] = "taxo",
        ["http://purl.org/syndication/thread/1.0"] = "thr",
        ["http://madskills.com/public/xml/rss/module/trackback/"] = "trackback",
        ["http://wellformedweb.org/CommentAPI/"] = "wfw",
        ["http://purl.org/rss/1.0/modules/wiki/"] = "wiki",
        ["http://www.w3.org/2005/Atom"] = "atom",
        ["http://www.w3.org/1999/xhtml"] = "xhtml",
        ["http://my.netscape.com/rdf/simple/0.9/"] = "rss090",
        ["http://purl.org/rss/1.0/"] = "rss1",
        ["http://base.google.com/ns/1.0"] = "g",
        ["http://www.w3.org/XML/1998/namespace"] = "xml",
        ["http://www.w3.org/1999/xlink"] = "xlink",
        ["http://openid.net/xmlns/1.0"] = "openid",
        ["http://schemas.xmlsoap.org/soap/envelope/"] = "soap",
        ["http://purl.org/rss/1.0/modules/threading/"] = "thr",
        ["http://conversationsnetwork.org/rssNamespace-1.0/"] = "conversationsNetwork",

        // Known, but without an element that stands in a feed.
        ["http://media.tangent.org/rss/1.0/"] = "audio",
        ["http://purl.org/rss/1.0/modules/company"] = "company",
        ["http://purl.org/rss/1.0/modules/email/"] = "email",
        ["http://purl.org/rss/1.0/modules/image/"] = "image",
        ["http://purl.org/rss/1.0/modules/reference/"] = "ref",
        ["http://purl.org/rss/1.0/modules/richequiv/"] = "reqv",
        ["http://purl.org/rss/1.0/modules/rss091#"] = "rss091",
        ["http://purl.org/rss/1.0/modules/search/"] = "search",
        ["http://purl.org/rss/1.0/modules/servicestatus/"] = "ss",
        ["http://hacks.benhammersley.com/rss/streaming/"] = "str",
        ["http://purl.org/rss/1.0/modules/subscription/"] = "sub",
    }.ToFrozenDictionary(pair => Near(pair.Key), pair => pair.Value);

    private static readonly FrozenSet<string> _knownPrefixes = _prefixes.Values.ToFrozenSet();

    // Modules whose elements are so many that only their place is checked.
    private static readonly FrozenSet<string> _unchecked = FrozenSet.Create("g", "cf", "sx", "app", "conversationsNetwork");

    /// <summary>The usual prefix of a namespace; null where it is not widely known. A missing slash or other capitals do not count.</summary>
    public static string? Prefix(string ns) => _prefixes.GetValueOrDefault(Near(ns));

    /// <summary>Whether the prefix usually stands for a namespace.</summary>
    public static bool IsKnownPrefix(string prefix) => _knownPrefixes.Contains(prefix);

    /// <summary>What an element is in its context; null where it may not stand there.</summary>
    public static ElementKind? Find(string context, string name)
    {
        if (!_contexts.TryGetValue(context, out var elements)) return null;
        if (elements.TryGetValue(name, out var kind)) return kind;
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        // Qualified Dublin Core: dc:date.issued is a dc:date.
        if (name.StartsWith("dc:", StringComparison.Ordinal) && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot) return Find(context, name[..dot]);
        return _unchecked.Contains(name[..colon]) ? new ElementKind("any", false) : null;
    }

    public static bool IsContext(string kind) => _contexts.ContainsKey(kind);

    public static bool Allows(string kind, string attribute) => _attributes.TryGetValue(kind, out var names) && names.Contains(attribute);

    private static string Near(string ns)
    {
        var end = ns.Length;
        while (end > 0 && !char.IsLetterOrDigit(ns[end - 1])) end--;
        return ns[..end].ToLowerInvariant();
    }

    private static FrozenDictionary<string, ElementKind> Parse(string elements)
    {
        var kinds = new Dictionary<string, ElementKind>();
        foreach (var element in elements.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = element.IndexOf('=', StringComparison.Ordinal);
            var kind = element[(equals + 1)..];
            kinds[element[..equals]] = new ElementKind(kind.TrimEnd('*'), !kind.EndsWith('*'));
        }
        return kinds.ToFrozenDictionary();
    }
}

/// <summary>What an element holds, and whether it stands once at most.</summary>
internal sealed record ElementKind(string Name, bool Once);
