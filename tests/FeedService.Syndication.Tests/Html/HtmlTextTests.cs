using FeedService.Syndication.Html;

namespace FeedService.Syndication.Tests.Html;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("Tides &amp; <b>times</b>", "Tides & times")]
    [InlineData("<p>One\n two</p><p>Three</p>", "One two\nThree")]
    [InlineData("a<br>b<script>c</script>", "a\nb")]
    [InlineData("<ul><li>a</li><li>b</li></ul>c", "a\nb\nc")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr></table>", "a b")]
    [InlineData("<pre>if (a)\n  b</pre>", "if (a)\nb")]
    [InlineData("  plain \n text ", "plain text")]
    [InlineData("&lt;b&gt; &nosuch; &eacute;", "<b> &nosuch; é")]
    [InlineData("a < b", "a < b")]
    public void Markup_becomes_plain_text(string html, string expected) => Assert.Equal(expected, HtmlText.ToPlainText(html));

    [Fact]
    public void Escaped_text_reads_back_as_it_was()
    {
        const string text = "AT&T \"said\" it's <b> & > 🚢";
        Assert.Equal(text, HtmlText.ToPlainText(HtmlText.Escape(text)));
    }

    [Theory]
    [InlineData("<p>Short</p>", 20, "Short")]
    [InlineData("<p>The boats lay still, and grey.</p>", 22, "The boats lay still…")]
    [InlineData("<p>Donaudampfschifffahrtsgesellschaft</p>", 10, "Donaudamp…")]
    [InlineData("🚢🚢🚢🚢", 4, "🚢…")]
    public void Excerpts_end_with_a_word(string html, int length, string expected)
    {
        var excerpt = HtmlText.Excerpt(html, length);
        Assert.Equal(expected, excerpt);
        Assert.InRange(excerpt.Length, 1, length);
    }
}
