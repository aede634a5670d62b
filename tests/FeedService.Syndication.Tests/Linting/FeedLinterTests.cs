using System.Text;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Linting;
using FeedService.Syndication.Tests.Formats.Writing;

namespace FeedService.Syndication.Tests.Linting;

public sealed class FeedLinterTests
{
    private static readonly LintContext _now = new() { Now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };

    [Theory]
    [InlineData("full")]
    [InlineData("minimal")]
    [InlineData("archive")]
    [InlineData("complete")]
    [InlineData("tombstones")]
    public void What_the_writers_make_has_neither_errors_nor_warnings(string name)
    {
        foreach (var format in FeedFormats.All)
        {
            // The full feed holds an entry without a title and one that is only a link, which Atom can only leave empty; and a title about the text &amp;.
            string[] expected = (name, format) switch
            {
                ("full", FeedFormat.Rss) => ["ContainsHTML"],
                ("full", FeedFormat.Atom) => ["ContainsUndeclaredHTML", "NotBlank", "MissingTextualContent"],
                _ => [],
            };
            var findings = FeedLinter.Lint(Feeds.Bytes(format, GoldenFeeds.Named(name)), _now with { ContentType = format.MediaType() + "; charset=utf-8", Url = GoldenFeeds.Named(name).SelfUrl });
            Assert.Equal(expected, findings.Where(f => f.Severity != LintSeverity.Info).Select(f => f.Rule));
        }
    }

    [Fact]
    public void The_list_of_subscriptions_is_good()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        OpmlWriter.Write(GoldenFeeds.Subscriptions, output);
        Assert.Empty(FeedLinter.Lint(output.WrittenMemory, _now));
    }

    // Each fragment stands in an otherwise good item.
    [Theory]
    [InlineData("", null)]
    [InlineData("<pubDate>Mon, 08 Dec 2025 12:00:00 GMT</pubDate>", null)]
    [InlineData("<pubDate>Tue, 08 Dec 2025 12:00:00 GMT</pubDate>", "IncorrectDOW")]
    [InlineData("<pubDate>2025-12-08T12:00:00Z</pubDate>", "InvalidRFC2822Date")]
    [InlineData("<pubDate>Mon, 32 Dec 2025 12:00:00 GMT</pubDate>", "InvalidRFC2822Date")]
    [InlineData("<pubDate>Mon, 08 Dec 25 12:00:00 GMT</pubDate>", "ProblematicalRFC822Date")]
    [InlineData("<pubDate>Mon, 08 Dec 2025 12:00:00 +0545</pubDate>", "ProblematicalRFC822Date")]
    [InlineData("<pubDate>Thu, 08 Dec 2033 12:00:00 GMT</pubDate>", "ImplausibleDate")]
    [InlineData("<pubDate>Mon, 08 Dec 2025 12:00:00 GMT</pubDate><pubDate>Mon, 08 Dec 2025 12:00:00 GMT</pubDate>", "DuplicateElement")]
    [InlineData("<pubdate>Mon, 08 Dec 2025 12:00:00 GMT</pubdate>", "UndefinedElement")]
    [InlineData("<link>/relative</link>", "InvalidFullLink")]
    [InlineData("<link>https://tide.example/a b</link>", "InvalidUriChar")]
    [InlineData("<link>https://tide.example/ö</link>", "UriNotIri")]
    [InlineData("<link>https://tide.example/</link>", null)]
    [InlineData("<author>Ada Quay</author>", "InvalidContact")]
    [InlineData("<author>ada@tide.example</author>", "MissingRealName")]
    [InlineData("<author>Ada Quay &lt;ada@tide.example></author>", "EmailFormat")]
    [InlineData("<author>ada@tide.example (Ada Quay)</author>", null)]
    [InlineData("<author>ada@tide.example (Ada (Tide) Quay)</author>", null)]
    [InlineData("<author>Ada Quay (ada@tide.example)</author>", "InvalidContact")]
    [InlineData("<author>ada@quay (Ada)</author>", "UnknownHost")]
    [InlineData("<enclosure url='https://tide.example/a.mp3' length='1' type='audio/mpeg'/>", null)]
    [InlineData("<enclosure url='https://tide.example/a.mp3' type='audio/mpeg'/>", "MissingAttribute")]
    [InlineData("<enclosure url='/a.mp3' length='1' type='audio/mpeg'/>", "InvalidURLAttribute")]
    [InlineData("<enclosure url='https://tide.example/a.mp3' length='big' type='audio/mpeg'/>", "InvalidIntegerAttribute")]
    [InlineData("<enclosure url='https://tide.example/a.mp3' length='-1' type='audio/mpeg'/>", "UseZeroForUnknown")]
    [InlineData("<enclosure url='https://tide.example/a.mp3' length='1' type='mp3'/>", "InvalidMIMEAttribute")]
    [InlineData("<enclosure url='https://tide.example/a.mp3' length='1' type='audio/mpeg'/><enclosure url='https://tide.example/b.mp3' length='1' type='audio/mpeg'/>", "DuplicateEnclosure")]
    [InlineData("<enclosure url='https://tide.example/a.mp3' length='1' type='audio/mpeg' size='2'/>", "UnexpectedAttribute")]
    [InlineData("<enclosure url='https://tide.example/a.mp3' length='1' type='audio/mpeg'>a</enclosure>", "UnexpectedText")]
    [InlineData("<source>Lights</source>", "MissingAttribute")]
    [InlineData("<description><b>bold</b></description>", "UndefinedElement")]
    [InlineData("<description>&lt;a href='/x'>x&lt;/a></description>", "ContainsRelRef")]
    [InlineData("<description>&lt;img src='a b.png'></description>", "InvalidUriChar")]
    [InlineData("<description>&lt;a href='a b'>x&lt;/a></description>", "InvalidUriChar")]
    [InlineData("<description>&lt;a class='x' href='a b'>x&lt;/a></description>", "ContainsRelRef")]
    [InlineData("<description>&lt;script>x()&lt;/script></description>", "SecurityRisk")]
    [InlineData("<description>&lt;p onclick='x()'>x&lt;/p></description>", "SecurityRiskAttr")]
    [InlineData("<description>&lt;p style='position: fixed'>x&lt;/p></description>", "DangerousStyleAttr")]
    [InlineData("<description>&lt;p style='color: red'>x &lt; y&lt;/p></description>", null)]
    [InlineData("<description>&lt;madeup>x&lt;/madeup></description>", "NotHtml")]
    [InlineData("<content:encoded>&lt;p>x&lt;/p></content:encoded>", "NeedDescriptionBeforeContent")]
    [InlineData("<dc:date>2025-12-08</dc:date>", null)]
    [InlineData("<dc:date>2025-12-08T12:00</dc:date>", "InvalidW3CDTFDate")]
    [InlineData("<pubDate>Mon, 08 Dec 2025 12:00:00 GMT</pubDate><dc:date>2025-12-08</dc:date>", "DuplicateSemantics")]
    [InlineData("<dc:nonsense>x</dc:nonsense>", "UndefinedElement")]
    [InlineData("<x:own xmlns:x='https://tide.example/ns' a='b'><x:y/></x:own>", "UnknownNamespace")]
    [InlineData("<x:own xmlns:x='https://tide.example/ns'><y/></x:own>", "UnknownNamespace NotInANamespace")]
    [InlineData("<category/>", null)]
    [InlineData("<title>Again</title>", "DuplicateElement")]
    [InlineData("<slash:comments xmlns:slash='http://purl.org/rss/1.0/modules/slash/'>-1</slash:comments>", "InvalidNonNegativeInteger SlashDate")]
    [InlineData("<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:content url='https://tide.example/a.mp4'/></media:group>", "MediaGroupWithoutAlternatives")]
    [InlineData("<media:thumbnail xmlns:media='http://search.yahoo.com/mrss/' url='a.png'/>", "InvalidFullLink")]
    [InlineData("<media:rating xmlns:media='http://search.yahoo.com/mrss/'>nonadult</media:rating>", null)]
    [InlineData("<media:rating xmlns:media='http://search.yahoo.com/mrss/' scheme='urn:mpaa'>pg</media:rating>", null)]
    [InlineData("<media:rating xmlns:media='http://search.yahoo.com/mrss/'>PG</media:rating>", "InvalidMediaRating")]
    [InlineData("<media:hash xmlns:media='http://search.yahoo.com/mrss/'>dfdec888b72151965a34b4b59031290a</media:hash>", null)]
    [InlineData("<media:hash xmlns:media='http://search.yahoo.com/mrss/' algo='sha-1'>dfdec888b72151965a34b4b59031290a</media:hash>", "InvalidMediaHash")]
    [InlineData("<media:restriction xmlns:media='http://search.yahoo.com/mrss/' relationship='allow' type='country'>at de</media:restriction>", null)]
    [InlineData("<media:restriction xmlns:media='http://search.yahoo.com/mrss/' type='country'>Austria</media:restriction>", "MissingAttribute InvalidCountryCode")]
    [InlineData("<media:restriction xmlns:media='http://search.yahoo.com/mrss/' relationship='maybe' type='sea'>x</media:restriction>", "InvalidMediaRestrictionRel InvalidMediaRestrictionType")]
    [InlineData("<media:player xmlns:media='http://search.yahoo.com/mrss/' height='tall'></media:player>", "MissingAttribute InvalidPositiveInteger")]
    [InlineData("<media:credit xmlns:media='http://search.yahoo.com/mrss/' role='Producer' scheme='urn:ebu'>Ada</media:credit>", "InvalidCreditRole")]
    [InlineData("<media:category xmlns:media='http://search.yahoo.com/mrss/' scheme='tides'>x</media:category>", "InvalidFullLink")]
    [InlineData("<media:title xmlns:media='http://search.yahoo.com/mrss/' lang='en'>x</media:title>", "UnexpectedAttribute")]
    [InlineData("<media:text xmlns:media='http://search.yahoo.com/mrss/' start='soon'>x</media:text>", "InvalidNPTTime")]
    [InlineData("<itunes:title xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>x</itunes:title>", null)]
    [InlineData("<itunes:explicit xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>true</itunes:explicit>", null)]
    [InlineData("<itunes:episodeType xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>special</itunes:episodeType>", "InvalidItunesEpisodeType")]
    [InlineData("<itunes:nonsense xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>x</itunes:nonsense>", "UndefinedElement")]
    [InlineData("<georss:point xmlns:georss='http://www.georss.org/georss'>45.256 -71.92</georss:point>", null)]
    [InlineData("<georss:point xmlns:georss='http://www.georss.org/georss'>45.256,-71.92</georss:point>", "CoordComma")]
    [InlineData("<georss:point xmlns:georss='http://www.georss.org/georss'>harbour</georss:point>", "InvalidCoord")]
    [InlineData("<georss:line xmlns:georss='http://www.georss.org/georss'>1 2 3 4</georss:line>", null)]
    [InlineData("<georss:line xmlns:georss='http://www.georss.org/georss'>1 2 3</georss:line>", "InvalidCoordList")]
    [InlineData("<georss:floor xmlns:georss='http://www.georss.org/georss'>1.5</georss:floor>", "InvalidInteger")]
    [InlineData("<georss:radius xmlns:georss='http://www.georss.org/georss'>-1</georss:radius>", "InvalidFloat")]
    [InlineData("<geo:Point xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#'><geo:lat>91</geo:lat></geo:Point>", "InvalidLatitude MissingElement")]
    [InlineData("<slash:hit_parade xmlns:slash='http://purl.org/rss/1.0/modules/slash/'>1;2</slash:hit_parade>", "InvalidCommaSeparatedIntegers")]
    [InlineData("<tb:ping xmlns:tb='http://madskills.com/public/xml/rss/module/trackback/'>x</tb:ping>", "InvalidFullLink")]
    [InlineData("<email:from xmlns:email='http://purl.org/rss/1.0/modules/email/'>x</email:from>", "UndefinedElement")]
    [InlineData("<x:own xmlns:x='tide example'/>", "InvalidUriChar")]
    [InlineData("text", "UnexpectedText")]
    [InlineData("\u0092", "UnexpectedText BadCharacters")]
    public void An_RSS_item_is_judged(string fragment, string? rules) => AssertRules(Rss($"<item><title>Ebb</title><guid>https://tide.example/1</guid>{fragment}</item>"), rules);

    [Theory]
    [InlineData("<item><guid>https://tide.example/1</guid></item>", "ItemMustContainTitleOrDescription")]
    [InlineData("<item><title>x</title></item>", "MissingGuid")]
    [InlineData("<item><title>x</title><guid>7</guid></item>", "InvalidHttpGUID")]
    [InlineData("<item><title>x</title><guid isPermaLink='false'>7</guid></item>", "NotSufficientlyUnique")]
    [InlineData("<item><title>x</title><guid isPermaLink='no'>urn:x-tide:one</guid></item>", "InvalidBooleanAttribute")]
    [InlineData("<item><title>x</title><guid ispermalink='false'>https://tide.example/1</guid></item>", "UnexpectedAttribute")]
    [InlineData("<item><title>x</title><guid>tag:tide.example,2025:1</guid></item>", "InvalidPermalink")]
    [InlineData("<item><title>x</title><guid isPermaLink='false'>a-long-one</guid></item><item><title>y</title><guid isPermaLink='false'>a-long-one</guid></item>", "DuplicateValue")]
    [InlineData("<item><title>x</title><guid>https://tide.example/1</guid></item><ttl>5</ttl>", "MisplacedItem")]
    [InlineData("<ttl>0</ttl>", "InvalidPositiveInteger")]
    [InlineData("<language>english</language>", "DuplicateElement InvalidLanguage")]
    [InlineData("<managingEditor>desk</managingEditor>", "InvalidContact")]
    [InlineData("<cloud domain='d' port='x' path='/' registerProcedure=''/>", "InvalidIntegerAttribute MissingAttribute")]
    [InlineData("<skipHours><hour>24</hour><hour>25</hour><hour>1</hour><hour>1</hour></skipHours>", "UseZeroForMidnight InvalidHour DuplicateValue")]
    [InlineData("<skipDays><day>Monday</day><day>monday</day></skipDays>", "InvalidDay")]
    [InlineData("<skipHours/>", "MissingElement")]
    [InlineData("<skipDays/>", "MissingElement")]
    [InlineData("<skipHours><hour>0</hour><hour>24</hour></skipHours>", "UseZeroForMidnight DuplicateValue")]
    [InlineData("<skipDays><day>Monday</day><dc:title>x</dc:title></skipDays>", "QuestionableUsage")]
    [InlineData("<atom:published>2025-12-08T12:00:00Z</atom:published>", "QuestionableUsage")]
    [InlineData("<atom:link rel='hub' href=' https://tide.example/'/>", "InvalidUriChar")]
    [InlineData("<copyright xml:base='https://tide example/'>x</copyright>", "InvalidUriChar")]
    [InlineData("<itunes:category xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' text='Arts'><itunes:category text='Food'/></itunes:category>", null)]
    [InlineData("<itunes:category xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' text='Arts'><itunes:category text='Tides'/></itunes:category>", "InvalidItunesCategory")]
    [InlineData("<itunes:category xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' text='Public Radio'/>", "ObsoleteItunesCategory")]
    [InlineData("<itunes:category xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>Arts</itunes:category>", "MissingAttribute UnexpectedText")]
    [InlineData("<itunes:type xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>daily</itunes:type>", "InvalidItunesChannelType")]
    [InlineData("<itunes:block xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>sometimes</itunes:block>", "InvalidYesNo")]
    [InlineData("<admin:generatorAgent xmlns:admin='http://webns.net/mvcb/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' rdf:resource='https://tide example/'/>", "InvalidUriChar")]
    [InlineData("<image><url>https://tide.example/a.png</url><title>Tide</title><link>https://tide.example/</link></image>", null)]
    [InlineData("<image><url>https://tide.example/a.webp</url><title>Table</title><link>https://tide.example/x</link><width>145</width><height>401</height></image>", "InvalidWidth InvalidHeight ImageUrlFormat ImageLinkDoesntMatch ImageTitleDoesntMatch")]
    [InlineData("<image><url>https://tide.example/a.png</url></image>", "MissingTitle MissingLink")]
    [InlineData("<textInput><title>x</title><description>x</description><link>https://tide.example/</link></textInput>", "AvoidTextInput MissingElement")]
    [InlineData("<blink>x</blink>", "NoBlink")]
    [InlineData("<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>often</sy:updatePeriod>", "InvalidUpdatePeriod")]
    [InlineData("<atom:link rel='hub'/>", "MissingHref")]
    [InlineData("<s:startIndex xmlns:s='http://a9.com/-/spec/opensearch/1.1/'>one</s:startIndex>", "InvalidInteger")]
    [InlineData("<atom:link rel='made-up' href='https://tide.example/'/>", "UnregisteredAtomLinkRel")]
    public void An_RSS_channel_is_judged(string fragment, string? rules) => AssertRules(Rss(fragment), rules);

    [Theory]
    [InlineData("<rss version='2.0'/>", "MissingElement")]
    [InlineData("<rss><channel><title>x</title><link>https://tide.example/</link><description>x</description><language>en</language></channel></rss>", "MissingAttribute")]
    [InlineData("<rss version='3.0'><channel><title>x</title><link>https://tide.example/</link><description>x</description><language>en</language></channel></rss>", "InvalidRSSVersion")]
    [InlineData("<rss version='0.92'><channel><title>x</title><link>https://tide.example/</link><description>x</description><language>en</language><item/></channel></rss>", "ItemMustContainTitleOrDescription")]
    [InlineData("<rss version='2.0' xmlns='http://backend.userland.com/rss2'><channel/></rss>", "InvalidNamespace MissingTitle MissingLink MissingDescription MissingLanguage MissingAtomSelfLink")]
    [InlineData("<rss version='2.0'><channel>", "SAXError")]
    [InlineData("<rss version='2.0'><channel>&nbsp;</channel></rss>", "SAXError")]
    [InlineData("<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='2.0'/>", "DeprecatedDTD InvalidDoctype MissingElement")]
    [InlineData("<rss version='2.0'><x:channel/></rss>", "SAXError")]
    [InlineData("<?xml version='1.1'?><rss version='2.0'/>", "SAXError")]
    [InlineData("<html><body/></html>", "NotAFeed")]
    [InlineData("", "NotAFeed")]
    [InlineData("just text", "NotAFeed")]
    [InlineData("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>x</title></feed>", "ObsoleteNamespace")]
    [InlineData("<feed><title>x</title></feed>", "MissingNamespace")]
    [InlineData("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='https://tide.example/'><title>x</title><link>https://tide.example/</link><description>x</description><items><rdf:Seq><rdf:li resource='https://tide.example/1'/></rdf:Seq></items></channel><item rdf:about='https://tide.example/1'><title>x</title><link>https://tide.example/1</link></item></rdf:RDF>", "MissingLanguage")]
    [InlineData("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>x</title><link>https://tide.example/</link><description>x</description></channel><item rdf:about='https://tide.example/1'><title>x</title></item></rdf:RDF>", "MissingAttribute MissingLanguage MissingElement MissingElement")]
    [InlineData("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>x</title><link>https://tide.example/</link><description>x</description></channel><item><title>x</title><link>https://tide.example/1</link></item></rdf:RDF>", "MissingLanguage")]
    [InlineData("<opml version='2.0'><head/><body><outline text='x' type='rss'/></body></opml>", "MissingXmlURL MissingTitleAttr")]
    [InlineData("<opml version='3'><body><outline xmlUrl='https://tide.example/'/></body></opml>", "InvalidOPMLVersion MissingAttribute MissingOutlineType MissingElement")]
    [InlineData("<opml version='2.0'><head><dateCreated>2025</dateCreated></head><body/></opml>", "InvalidRFC2822Date MissingElement")]
    [InlineData("<!doctype html><title>Ebb</title><p>At noon.", "NotAFeed")]
    public void A_document_is_judged(string document, string? rules) => AssertRules(document, rules);

    // Each fragment stands in an otherwise good entry.
    [Theory]
    [InlineData("", null)]
    [InlineData("<updated>2025-12-08T12:00:00Z</updated>", "DuplicateElement DuplicateUpdated")]
    [InlineData("<published>2025-12-08 12:00:00Z</published>", "InvalidRFC3339Date")]
    [InlineData("<published> 2025-12-08T12:00:00Z</published>", "UnexpectedWhitespace")]
    [InlineData("<published>2025-02-30T12:00:00Z</published>", "InvalidRFC3339Date")]
    [InlineData("<link href='https://tide.example/a'/><link href='https://tide.example/b'/>", "DuplicateAtomLink")]
    [InlineData("<link rel='next' href='https://tide.example/a'/>", "FeedHistoryRelInEntry")]
    [InlineData("<link/>", "MissingHref")]
    [InlineData("<link href='a b'/>", "InvalidUriChar")]
    [InlineData("<link href='https://tide.example/a' type='html'/>", "InvalidMIMEType")]
    [InlineData("<link href='https://tide.example/a' hreflang='english'/>", "InvalidLanguage")]
    [InlineData("<link href='https://tide.example/a' thr:count='1'/>", "UnexpectedAttribute")]
    [InlineData("<link rel='replies' href='https://tide.example/a' thr:count='x'/>", "InvalidNonNegativeInteger")]
    [InlineData("<thr:in-reply-to/>", "MissingAttribute")]
    [InlineData("<category/>", "MissingAttribute")]
    [InlineData("<category term='x' scheme='tags'/>", "InvalidFullLink")]
    [InlineData("<author><uri>https://tide.example/</uri></author>", "MissingElement")]
    [InlineData("<author><name>Ada</name><email>ada</email></author>", "InvalidAddrSpec")]
    [InlineData("<summary type='text/html'>x</summary>", "InvalidTextType")]
    [InlineData("<summary>&lt;b>x&lt;/b></summary>", "ContainsUndeclaredHTML")]
    [InlineData("<summary>ice &amp;amp; salt</summary>", "ContainsUndeclaredHTML")]
    [InlineData("<summary>ice &amp; salt; R&amp;D; cod &lt; 2 kg</summary>", null)]
    [InlineData("<link rel='enclosure' href='https://tide.example/a.mp3'/>", "MissingEnclosureLength")]
    [InlineData("<link rel='enclosure' href='https://tide.example/a.mp3' length='1'/>", null)]
    [InlineData("<summary type='xhtml'>x</summary>", "MissingXhtmlDiv")]
    [InlineData("<summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></summary>", null)]
    [InlineData("<summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div>after</summary>", "UnexpectedText")]
    [InlineData("<summary type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'><p>x</p></x:div></summary>", "UndefinedElement")]
    [InlineData("<summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p xmlns=''>x</p></div></summary>", "MissingNamespace")]
    [InlineData("<summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><svg xmlns='http://www.w3.org/2000/svg'><path/></svg></div></summary>", null)]
    [InlineData("<summary type='html'>&lt;img src='a b.png'></summary>", "ContainsRelRef")]
    [InlineData("<summary><b>x</b></summary>", "UndefinedElement")]
    [InlineData("<source><id>urn:x-tide:s</id></source>", "MissingSourceElement MissingSourceElement")]
    [InlineData("<tagline>x</tagline>", "UndefinedElement")]
    public void An_Atom_entry_is_judged(string fragment, string? rules) => AssertRules(
        Atom($"<entry><id>urn:x-tide:1</id><title>Ebb</title><updated>2025-12-08T12:00:00Z</updated><content>x</content>{fragment}</entry>"), rules);

    [Theory]
    [InlineData("<entry><id>urn:x-tide:1</id><title>x</title><updated>2025-12-08T12:00:00Z</updated></entry>", "MissingTextualContent MissingContentOrAlternate")]
    [InlineData("<entry/>", "MissingElement MissingElement MissingElement MissingTextualContent MissingContentOrAlternate")]
    [InlineData("<entry><id>1</id><title>x</title><updated>2025-12-08T12:00:00Z</updated><content>x</content></entry>", "InvalidFullLink")]
    [InlineData("<entry><id>HTTP://tide.example/</id><title>x</title><updated>2025-12-08T12:00:00Z</updated><content>x</content></entry>", "NonCanonicalURI")]
    [InlineData("<entry><id>urn:x-tide:1</id><title>x</title><updated>2025-12-08T12:00:00Z</updated><content src='https://tide.example/a.mp3' type='audio/mpeg'/></entry>", "MissingSummary")]
    [InlineData("<entry><id>urn:x-tide:1</id><title>x</title><updated>2025-12-08T12:00:00Z</updated><summary>x</summary><content type='image/png'>!</content></entry>", "NotBase64")]
    [InlineData("<entry><id>urn:x-tide:1</id><title>x</title><updated>2025-12-08T12:00:00Z</updated><content>x</content></entry><subtitle>x</subtitle>", "MisplacedMetadata")]
    [InlineData("<fh:complete/><link rel='next' href='https://tide.example/2'/>", "FeedRelInCompleteFeed")]
    [InlineData("<fh:archive/>", "ArchiveIncomplete MissingCurrentInArchive")]
    [InlineData("<fh:complete>yes</fh:complete>", "UnexpectedText")]
    [InlineData("<entry><id>urn:x-tide:1</id><title>x</title><updated>2025-12-08T12:00:00Z</updated><summary>x</summary><content src='https://tide.example/a.mp3' type='audio/mpeg'>x</content></entry>", "UnexpectedText")]
    [InlineData("<modified>2025-12-08T12:00:00Z</modified>", "UndefinedElement")]
    [InlineData("<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:x-tide:1' when='2025-12-08T12:00:00Z'><at:by><name>Ada</name></at:by><at:comment>Twice</at:comment></at:deleted-entry>", null)]
    [InlineData("<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' when='today'/>", "InvalidTombstone InvalidTombstone")]
    [InlineData("<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:x-tide:1' when='2025-12-08T12:00:00Z'/><at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:x-tide:1' when='2025-12-08T12:00:00Z'/>", "DuplicateTombstone")]
    [InlineData("<link rel='self' href='https://tide.example/feed'/>", "DuplicateSelf")]
    [InlineData("<x xmlns=''/>", "UndeterminableVocabulary")]
    public void An_Atom_feed_is_judged(string fragment, string? rules) => AssertRules(Atom(fragment), rules);

    [Theory]
    [InlineData("""{"version":"https://jsonfeed.org/version/1.1","title":"x","home_page_url":"https://tide.example/","feed_url":"https://tide.example/f","language":"en","items":[{"id":"1","content_text":"x"}]}""", null)]
    [InlineData("""{"version":"https://jsonfeed.org/version/1.1","title":"x","language":"en","items":[]}""", "MissingRecommendedMember MissingRecommendedMember")]
    [InlineData("""{"version":"https://jsonfeed.org/version/9","home_page_url":"https://tide.example/","feed_url":"https://tide.example/f","language":"en","items":[]}""", "MissingMember InvalidJsonFeedVersion")]
    [InlineData("""{"version":"https://jsonfeed.org/version/1.1","title":"x","home_page_url":"https://tide.example/","feed_url":"/f","language":"en","items":[{"id":1},{"id":"1","content_text":"x"},{"id":"1","content_html":"x","date_published":"yesterday"}]}""",
        "InvalidFullLink WrongMemberType MissingContent DuplicateValue InvalidRFC3339Date")]
    [InlineData("""{"version":"https://jsonfeed.org/version/1.1","title":"x","home_page_url":"https://tide.example/","feed_url":"https://tide.example/f","language":"en","_ok":{},"_1":{},"odd":1,"authors":[{}],"hubs":[{"type":"WebSub"}],"items":{}}""",
        "InvalidExtensionName UnknownMember EmptyAuthor MissingMember WrongMemberType")]
    [InlineData("""{"version":"https://jsonfeed.org/version/1.1","title":"x","home_page_url":"https://tide.example/","feed_url":"https://tide.example/f","next_url":"https://tide.example/f","language":"en","title":"<b>x</b>","items":[]}""", "DuplicateMember HtmlInText NextUrlLoops")]
    [InlineData("""{"version":"https://jsonfeed.org/version/1.1","title":"x" ,}""", "InvalidJson")]
    [InlineData("""{"version":"https://jsonfeed.org/version/1.1","title":"x","home_page_url":"https://tide.example/","feed_url":"https://tide.example/f","language":"en","items":[{"id":"","content_text":"x"}]}""", "MissingMember")]
    [InlineData("[1]", "NotAFeed")]
    public void A_JSON_Feed_is_judged(string document, string? rules) => AssertRules(document, rules);

    [Fact]
    public void A_finding_says_where_and_how_to_fix_it()
    {
        var rss = "<rss version=\"2.0\">\n<channel>\n<title>x</title>\n<item><title>a</title></item>\n<item>\n  <pubDate>soon</pubDate>\n</item></channel></rss>";
        var finding = FeedLinter.Lint(Encoding.UTF8.GetBytes(rss)).Single(f => f.Rule == "InvalidRFC2822Date");
        Assert.Equal((6, 3, "rss/channel/item[2]/pubDate", LintSeverity.Error), (finding.Line, finding.Column, finding.Where, finding.Severity));
        Assert.Contains("'soon'", finding.Message, StringComparison.Ordinal);
        Assert.Contains("Sat, 07 Sep 2002", finding.Fix, StringComparison.Ordinal);
        var json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\n\"title\":\"x\",\n\"items\":[{\"id\":\"1\",\n  \"url\":\"nowhere\",\"content_text\":\"x\"}]}";
        var member = FeedLinter.Lint(Encoding.UTF8.GetBytes(json)).Single(f => f.Rule == "InvalidFullLink");
        Assert.Equal((4, 9, "$.items[0].url"), (member.Line, member.Column, member.Where));
        var bytes = FeedLinter.Lint(Encoding.Latin1.GetBytes("<rss version=\"2.0\">\n<channel><title>Ebbe für alle</title></channel></rss>")).Single(f => f.Rule == "UnicodeError");
        Assert.Equal((2, 23), (bytes.Line, bytes.Column));
        var list = FeedLinter.Lint("""{"items":{}}"""u8.ToArray()).Single(f => f.Rule == "WrongMemberType");
        Assert.Equal("$.items is not a list.", list.Message);
    }

    [Fact]
    public void What_the_server_says_counts()
    {
        var rss = Encoding.UTF8.GetBytes(Rss(""));
        Assert.Contains(FeedLinter.Lint(rss, _now with { ContentType = "text/html" }), f => f.Rule == "UnexpectedContentType");
        Assert.Contains(FeedLinter.Lint(rss, _now with { ContentType = "text/xml" }), f => f.Rule == "NonSpecificMediaType");
        Assert.Contains(FeedLinter.Lint(rss, _now with { Url = "https://elsewhere.example/feed" }), f => f.Rule == "SelfDoesntMatchLocation");
        Assert.DoesNotContain(FeedLinter.Lint(rss, _now with { Url = "https://tide.example/feed" }), f => f.Rule == "SelfDoesntMatchLocation");
    }

    [Fact]
    public void Bytes_that_are_not_what_they_claim_are_an_error()
    {
        var latin = Encoding.Latin1.GetBytes(Rss("<copyright>© Ada</copyright>"));
        Assert.Equal(["UnicodeError"], FeedLinter.Lint(latin, _now).Select(f => f.Rule));
        var declared = Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='iso-8859-1'?>" + Rss("<copyright>© Ada</copyright>"));
        Assert.False(FeedLinter.HasErrors(FeedLinter.Lint(declared, _now)));
        foreach (var lie in (string[])["us-ascii", "utf-16"])
            Assert.Equal(["UnicodeError"], FeedLinter.Lint(Encoding.UTF8.GetBytes($"<?xml version='1.0' encoding='{lie}'?>" + Rss("<copyright>© Ada</copyright>")), _now).Select(f => f.Rule));
        var marked = Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='iso-8859-1'?>" + Rss(""))).ToArray();
        Assert.Equal(["UnicodeError"], FeedLinter.Lint(marked, _now).Select(f => f.Rule));
        var wide = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Rss(""))).ToArray();
        Assert.False(FeedLinter.HasErrors(FeedLinter.Lint(wide, _now)));
    }

    [Fact]
    public void Entities_that_a_document_declares_are_good_and_bombs_of_them_an_error()
    {
        AssertRules("<!DOCTYPE rss [<!ENTITY quay 'Quay and Sons'>]>" + Rss("<copyright>&quay;</copyright>"), null);
        AssertRules("<!DOCTYPE rss [<!ENTITY quay 'Quay'>]>" + Rss("<copyright>&pier;</copyright>"), "SAXError");
        AssertRules("<!DOCTYPE rss SYSTEM 'file:///nowhere/rss.dtd'>" + Rss(""), "ContainsSystemEntity");
        AssertRules("<!DOCTYPE rss [<!ENTITY quay SYSTEM 'file:///etc/hostname'>]>" + Rss("<copyright>&quay;</copyright>"), null);
        var grows = string.Concat("bcdefghij".Select(name => $"<!ENTITY {name} '{string.Concat(Enumerable.Repeat($"&{(char)(name - 1)};", 10))}'>"));
        AssertRules($"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>{grows}]>" + Rss("<copyright>&j;</copyright>"), "SAXError");
        AssertRules($"<!DOCTYPE rss [<!ENTITY a '{new string('a', 50_000)}'>]>" + Rss($"<copyright>{string.Concat(Enumerable.Repeat("&a;", 10_000))}</copyright>"), "SAXError");
        var model = $"<!ELEMENT rss ({string.Concat(Enumerable.Repeat("a,", 1_000_000))}a)>";
        AssertRules($"<!DOCTYPE rss [{model}]>" + Rss(""), null);
        AssertRules($"<!DOCTYPE rss [<!ENTITY % a '{model.Replace("<", "&#60;", StringComparison.Ordinal)}'>%a;]>" + Rss(""), null);
    }

    [Fact]
    public void What_directories_cut_off_is_too_long()
    {
        const string Itunes = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'";
        AssertRules(Rss($"<itunes:subtitle {Itunes}>{new string('x', 255)}</itunes:subtitle><itunes:summary {Itunes}>{new string('x', 4000)}</itunes:summary>"), null);
        AssertRules(Rss($"<itunes:subtitle {Itunes}>{new string('x', 256)}</itunes:subtitle><itunes:summary {Itunes}>{new string('x', 4001)}</itunes:summary>"), "TooLong TooLong");
    }

    [Fact]
    public void Hostile_documents_end_early()
    {
        Assert.Contains(FeedLinter.Lint(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000)))), f => f.Rule == "TooDeep");
        Assert.Contains(FeedLinter.Lint(Encoding.UTF8.GetBytes("{\"items\":" + new string('[', 100_000))), f => f.Rule == "InvalidJson");
        Assert.Contains(FeedLinter.Lint(new byte[FeedLinter.LargestDocument + 1]), f => f.Rule == "ValidatorLimit");
        var many = FeedLinter.Lint(Encoding.UTF8.GetBytes(Rss(string.Concat(Enumerable.Repeat("<item/>", 5_000)))));
        Assert.InRange(many.Count, 100, 600);
        Assert.Equal("MoreFindings", many[^1].Rule);
        foreach (var piece in (string[])["<a ", "<a '", "<a \"", "<a x=\"'", "<", "</"])
            Assert.NotNull(FeedLinter.Lint(Encoding.UTF8.GetBytes(Rss("<item><title>x</title><description><![CDATA[" + string.Concat(Enumerable.Repeat(piece, 100_000)) + "]]></description></item>"))));
        var bomb = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><rss version='2.0'><channel><title>&b;</title></channel></rss>";
        Assert.True(FeedLinter.HasErrors(FeedLinter.Lint(Encoding.UTF8.GetBytes(bomb))));
    }

    private static string Rss(string fragment) =>
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Tide</title><link>https://tide.example/</link>" +
        $"<description>x</description><language>en</language><atom:link rel=\"self\" href=\"https://tide.example/feed\"/>{fragment}</channel></rss>";

    private static string Atom(string fragment) =>
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\" xmlns:fh=\"http://purl.org/syndication/history/1.0\" xml:lang=\"en\"><id>https://tide.example/</id><title>Tide</title>" +
        $"<updated>2025-12-08T12:00:00Z</updated><author><name>Ada</name></author><link rel=\"self\" href=\"https://tide.example/feed\"/>{fragment}</feed>";

    private static void AssertRules(string document, string? rules) =>
        Assert.Equal(rules?.Split(' ').Order() ?? Enumerable.Empty<string>(), FeedLinter.Lint(Encoding.UTF8.GetBytes(document), _now).Select(f => f.Rule).Order());
}
