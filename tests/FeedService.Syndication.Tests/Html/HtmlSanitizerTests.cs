using FeedService.Syndication.Html;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests.Html;

public sealed class HtmlSanitizerTests
{
    private static readonly SanitizerOptions Based = new() { BaseUrl = "https://harbour.example/news/arrivals?page=2" };

    private static string Clean(string html) => HtmlSanitizer.Sanitize(html, Based);

    [Theory]
    [InlineData("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>")]
    [InlineData("<p>a<style>p{}</style>b</p>", "<p>ab</p>")]
    [InlineData("<p onclick=\"alert(1)\" style=\"color:red\" class=\"x\">a</p>", "<p>a</p>")]
    [InlineData("<a href=\"javascript:alert(1)\">a</a>", "a")]
    [InlineData("<a href=\" java\nscript&#58;alert(1)\">a</a>", "a")]
    [InlineData("<a href=\"&#1;JaVaScRiPt:alert(1)\">a</a>", "a")]
    [InlineData("<a href=\"&#160;vbscript:x\">a</a>", "a")]
    [InlineData("<a href=\"data:text/html,<script>alert(1)</script>\">a</a>", "a")]
    [InlineData("<a href=\":javascript:alert(1)\">a</a>", "a")]
    [InlineData("<a href=\"view-source:https://x.example/\">a</a>", "a")]
    [InlineData("<img src=\"data:image/svg+xml,%3Csvg onload=alert(1)%3E\">", "")]
    [InlineData("<svg><text>depth</text><script>alert(1)</script></svg>", "depth")]
    [InlineData("<math><mtext><table><mglyph><style><img src onerror=alert(1)>", "<table></table>")]
    [InlineData("<form action=\"/steal\"><input name=\"q\"><button>Go</button></form>", "<div>Go</div>")]
    [InlineData("<base href=\"https://evil.example/\"><meta http-equiv=\"refresh\" content=\"0\"><p>a</p>", "<p>a</p>")]
    [InlineData("<template><img src=x onerror=alert(1)></template>a", "a")]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>a", "<p title=\"&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;\">a</p>")]
    [InlineData("<xmp><img src=x onerror=alert(1)></xmp>", "<pre>&lt;img src=x onerror=alert(1)&gt;</pre>")]
    [InlineData("<!--><script>alert(1)</script>-->a", "--&gt;a")]
    [InlineData("<object data=\"x.swf\">No <b>player</b></object>", "No <b>player</b>")]
    [InlineData("<frameset><frame src=\"javascript:alert(1)\"></frameset>a", "a")]
    public void Attacks_go_and_text_stays(string html, string expected) => Assert.Equal(expected, Clean(html));

    [Theory]
    [InlineData("<a href=\"../harbour\">x</a>", "<a href=\"https://harbour.example/harbour\">x</a>")]
    [InlineData("<a href=\"/a b\">x</a>", "<a href=\"https://harbour.example/a%20b\">x</a>")]
    [InlineData("<a href=\"?page=3\">x</a>", "<a href=\"https://harbour.example/news/arrivals?page=3\">x</a>")]
    [InlineData("<a href=\"//port.example/a\">x</a>", "<a href=\"https://port.example/a\">x</a>")]
    [InlineData("<a href=\"\\\\port.example\\a\">x</a>", "<a href=\"https://port.example%5Ca\">x</a>")]
    [InlineData("<a href=\"https:port.example/a\">x</a>", "<a href=\"https://port.example/a\">x</a>")]
    [InlineData("<a href=\"mailto:desk@harbour.example\" target=\"_blank\" rel=\"me\">x</a>", "<a href=\"mailto:desk@harbour.example\">x</a>")]
    [InlineData("<a href=\"https://feedservice.invalid/feeds/harbour/articles/map.png\">x</a>", "<a href=\"https://feedservice.invalid/feeds/harbour/articles/map.png\">x</a>")]
    [InlineData("<img src=\"a.jpg\" srcset=\"a.jpg 1x, /b.jpg 2x, javascript:x 3x\" alt=\"\" width=\"640px\" height=\"50%\" loading=\"lazy\">",
        "<img src=\"https://harbour.example/news/a.jpg\" srcset=\"https://harbour.example/news/a.jpg 1x, https://harbour.example/b.jpg 2x\" alt=\"\" width=\"640\">")]
    [InlineData("<blockquote cite=\"/log\">x</blockquote>", "<blockquote cite=\"https://harbour.example/log\">x</blockquote>")]
    public void Links_become_absolute(string html, string expected) => Assert.Equal(expected, Clean(html));

    [Fact]
    public void Links_stay_relative_without_a_base() =>
        Assert.Equal("<a href=\"../b\">x</a>", HtmlSanitizer.Sanitize("<a href='../b'>x</a>", new SanitizerOptions()));

    [Theory]
    [InlineData("<img src=\"/spacer.gif\" data-src=\"/boat.jpg\" alt=\"A boat\">", "<img src=\"https://harbour.example/boat.jpg\" alt=\"A boat\">")]
    [InlineData("<img src=\"data:image/gif;base64,R0lGOD\" data-srcset=\"/b-320.jpg 320w, /b-640.jpg 640w\">",
        "<img src=\"https://harbour.example/b-640.jpg\" srcset=\"https://harbour.example/b-320.jpg 320w, https://harbour.example/b-640.jpg 640w\">")]
    [InlineData("<img class=lazy data-src=/a.jpg><noscript><img src=/a.jpg></noscript>", "<img src=\"https://harbour.example/a.jpg\">")]
    [InlineData("<img class=lazy src=data:,><noscript><img src=/a.jpg></noscript>", "<img src=\"https://harbour.example/a.jpg\">")]
    [InlineData("<picture><source data-srcset=\"/w.webp 2x\"><img src=\"data:,\"></picture>",
        "<picture><source srcset=\"https://harbour.example/w.webp 2x\"><img src=\"https://harbour.example/w.webp\"></picture>")]
    [InlineData("<amp-img src=\"/a.jpg\" width=\"640\"></amp-img>", "<img src=\"https://harbour.example/a.jpg\" width=\"640\">")]
    public void Lazy_images_get_their_address(string html, string expected) => Assert.Equal(expected, Clean(html));

    [Theory]
    [InlineData("<img src=\"/count.gif\" width=\"1\" height=\"1\">")]
    [InlineData("<img src=\"/count.gif\" width=\"0\" height=\"0\" alt=\"\">")]
    [InlineData("<img src=\"/count.gif\" style=\"width:1px;height:1px\">")]
    [InlineData("<img alt=\"nothing to load\">")]
    [InlineData("<iframe src=\"https://ads.example/frame\"></iframe>")]
    [InlineData("<iframe src=\"https://www.youtube.com@evil.example/embed/1\"></iframe>")]
    [InlineData("<iframe src=\"https://www.youtube.com:8443/embed/1\"></iframe>")]
    [InlineData("<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>")]
    [InlineData("<audio></audio>")]
    public void Trackers_and_strange_frames_go(string html) => Assert.Equal("", Clean(html));

    [Fact]
    public void Players_of_known_video_hosts_stay_over_https() =>
        Assert.Equal(
            "<iframe src=\"https://www.youtube.com/embed/abc\" width=\"560\" height=\"315\" allowfullscreen=\"\" title=\"Tide\"></iframe>",
            Clean("<iframe title='Tide' src='http://www.youtube.com/embed/abc' width=560 height=315 allowfullscreen onload=x()>no</iframe>"));

    [Fact]
    public void Players_can_be_refused() =>
        Assert.Equal("", HtmlSanitizer.Sanitize("<iframe src='https://www.youtube.com/embed/abc'></iframe>", new SanitizerOptions { AllowEmbeds = false }));

    [Theory]
    [InlineData("<table><caption>Tides</caption><thead><tr><th colspan=\"2\" scope=\"col\">High</th></tr></thead><tbody><tr><td rowspan=\"2\">4</td></tr></tbody></table>")]
    [InlineData("<figure><img src=\"https://a.example/i.png\" alt=\"A map\" width=\"4\" height=\"3\"><figcaption>A <em>map</em></figcaption></figure>")]
    [InlineData("<pre><code class=\"language-c#\">if (a &lt; b &amp;&amp; b &gt; c)\n{\n}</code></pre>")]
    [InlineData("<ol start=\"3\" reversed=\"\"><li value=\"9\">a</li></ol><dl><dt>a</dt><dd>b</dd></dl>")]
    [InlineData("<details open=\"\"><summary>More</summary><p>x</p></details><hr>")]
    [InlineData("<p lang=\"de\" dir=\"ltr\"><abbr title=\"Seemeile\">sm</abbr> <time datetime=\"2025-12-08T09:00:00Z\">8.12.</time><br>H<sub>2</sub>O <mark>x</mark></p>")]
    [InlineData("<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>")]
    [InlineData("<video src=\"https://a.example/v.mp4\" poster=\"https://a.example/p.jpg\" controls=\"\"><track src=\"https://a.example/v.vtt\" kind=\"captions\" srclang=\"en\"></video>")]
    [InlineData("<audio controls=\"\"><source src=\"https://a.example/a.mp3\" type=\"audio/mpeg\"></audio>")]
    [InlineData("<p>x<sup id=\"fnref1\"><a href=\"https://a.example/t#fn1\">1</a></sup></p><ol><li id=\"fn1\">y <a href=\"https://a.example/t#fnref1\">back</a></li></ol>")]
    [InlineData("<blockquote><p>“quiet” – <cite>log</cite></p></blockquote><p><q>a</q> <del>b</del> <ins>c</ins> <kbd>d</kbd></p>")]
    [InlineData("AT&amp;T &lt;3 &lt;b&gt; 🚢 שלום")]
    public void Harmless_markup_is_not_touched(string html) => Assert.Equal(html, Clean(html));

    [Theory]
    [InlineData("<p id=\"main\">x</p>", "<p>x</p>")]
    [InlineData("<a name=\"fn1\">x</a><a href=\"https://a.example/#fn1\">y</a>", "<a id=\"fn1\">x</a><a href=\"https://a.example/#fn1\">y</a>")]
    [InlineData("<code class=\"hljs lang-js x\">a</code>", "<code class=\"language-js\">a</code>")]
    [InlineData("<center><font color=red>a</font> <tt>b</tt></center>", "<div>a <code>b</code></div>")]
    [InlineData("<pre>\n\nx</pre>", "<pre>\n\nx</pre>")]
    [InlineData("a &nbsp; b", "a \u00a0 b")]
    [InlineData("plain > text", "plain &gt; text")]
    public void Output_is_canonical(string html, string expected) => Assert.Equal(expected, Clean(html));

    [Fact]
    public void Characters_that_XML_cannot_carry_do_not_leave() =>
        Assert.Equal("ab\ufffdc🚢d", Clean("a\u0007b\ud800c\u0085🚢\uffffd"));

    [Fact]
    public void A_character_that_is_none_does_not_end_the_document() =>
        Assert.Equal("<img src=\"https://example.com/x\" alt=\"a\">z", Clean("<img src=https://example.com/x alt='a \uffff' lang=''>z"));

    [Theory]
    [InlineData("<p><button><p>a</p></button></p>")]
    [InlineData("<a href=/1><table><tr><td><a href=/2>x</a></table></a>")]
    [InlineData("<p>a<table><tr><td>b</table>c")]
    [InlineData("<svg><foreignObject><p><svg><p>x")]
    [InlineData("<h2><svg><desc><h3>x")]
    [InlineData("<ul><li><svg><foreignobject><li>x")]
    [InlineData("<b><i></b>x</i><p><b>y<p>z")]
    [InlineData("<table><form><tr><td>a</form><td>b")]
    [InlineData("<select><option>a<option><b>b</select>c")]
    [InlineData("<pre>\n\n\nx</pre><textarea>\n<b></textarea>")]
    [InlineData("<dl><dd><svg><foreignobject><dt>x")]
    [InlineData("<img srcset='a,b 2x,,c' src=x>")]
    [InlineData("<a href='HTTPS:\\\\x.example\\a b'>x</a>")]
    [InlineData("<pre>\u0014\nx</pre><pre>&#20;\n</pre>")]
    [InlineData("<img src=x alt='\u0014 a \u0014' title=' \u0085'>")]
    public void Sanitizing_twice_changes_nothing(string html) => Assert.Equal(Clean(html), Clean(Clean(html)));

    [Trait("Category", "Property")]
    [Fact]
    public void Sanitizing_is_idempotent_whatever_comes()
    {
        string[] pieces =
        [
            "<p>", "</p>", "<a href=/x>", "</a>", "<table>", "<tr>", "<td>", "</table>", "<caption>", "<ul>", "<li>", "</li>", "<h2>", "<h3>",
            "</h2>", "<svg>", "</svg>", "<foreignObject>", "<desc>", "<math>", "<mtext>", "<annotation-xml encoding=text/html>", "<b>", "</b>",
            "<i>", "<pre>", "</pre>", "\n", "x", "&lt;b>", "&amp;lt;", "\r", "<button>", "<select>", "<option>", "<template>", "</template>",
            "<noscript>", "<style>", "</style>", "<!--", "-->", "<title>", "</title>", "<textarea>", "</textarea>", "<dl>", "<dd>", "<dt>",
            "<ruby>", "<rt>", "<rp>", "<form>", "</form>", "<div>", "</div>", "<details>", "<summary>", "<img src=a alt='\"<'>", "<br>", "</br>",
            "<span lang=de>", "</span>", "<colgroup>", "<col>", "<tbody>", "<thead>", "<th>", "<nobr>", "<center>", "<object>", "<picture>",
            "<source srcset='a 2x'>", "<video src=v>", "</video>", "<iframe src=https://www.youtube.com/x>", "</iframe>", "<body>", "<frameset>", "\u0000",
            "<img src=a alt='", "<q cite=/x title='", "'>", "\u0014", " ", "\uffff", "\ud800", "&#20;", "&#xFFFE;", "\f", "<picture><source srcset='b 2x'>", "<noscript><img src=a>", "<table><tr>",
        ];
        Prop.ForAll(
            Gen.Elements(pieces).ListOf().ToArbitrary(),
            parts =>
            {
                var once = Clean(string.Concat(parts));
                Assert.Equal(once, Clean(once));
            }).Check(Cases.Of(3_000).WithEndSize(40));
    }

    [Theory]
    [InlineData("<div>", 100_000, "deep")]
    [InlineData("<b>", 10_000, "deep")]
    [InlineData("<table><tr><td>", 10_000, "deep")]
    [InlineData("<br>", 200_000, "elements")]
    [InlineData("longer than ten million characters ", 300_000, "characters")]
    public void Documents_over_a_limit_are_refused(string piece, int times, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<HtmlException>(() => Clean("&amp;" + string.Concat(Enumerable.Repeat(piece, times)))).Message,
            StringComparison.Ordinal);
}
