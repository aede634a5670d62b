using FeedService.Sources;

namespace FeedService.Tests.Sources;

/// <summary>RFC 9309.</summary>
public sealed class RobotsRulesTests
{
    [Theory]
    // No rules, no limits.
    [InlineData("", "/a", true)]
    [InlineData("Disallow: /\n", "/a", true)]
    [InlineData("User-agent: *\nDisallow:\n", "/a", true)]
    // Ours before everybody's, whatever the case; groups of one name are one.
    [InlineData("User-agent: *\nDisallow: /\nUser-agent: FEEDSERVICE\nDisallow: /x\n", "/a", true)]
    [InlineData("User-agent: *\nDisallow: /\nUser-agent: FeedService/2.0\nDisallow: /x\n", "/x1", false)]
    [InlineData("User-agent: feedservice\nDisallow: /x\n\nUser-agent: other\nDisallow: /\n\nUser-agent: feedservice\nDisallow: /y\n", "/y", false)]
    [InlineData("User-agent: feedservice\nUser-agent: other\nDisallow: /x\n", "/x", false)]
    [InlineData("User-agent: feedservicebot\nDisallow: /\n", "/x", true)]
    // The longest rule decides; among equals allow.
    [InlineData("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", true)]
    [InlineData("User-agent: *\nAllow: /a\nDisallow: /a/b\n", "/a/b/c", false)]
    [InlineData("User-agent: *\nDisallow: /page\nAllow: /page\n", "/page", true)]
    // Wildcards and ends.
    [InlineData("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf", false)]
    [InlineData("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf?x", true)]
    [InlineData("User-agent: *\nDisallow: /a*b*c\n", "/a--b--c--", false)]
    [InlineData("User-agent: *\nDisallow: *private*\n", "/x/private", false)]
    [InlineData("User-agent: *\nDisallow: /$\n", "/", false)]
    [InlineData("User-agent: *\nDisallow: /$\n", "/x", true)]
    // Octets compare the same however they are written; comments, spaces, other line ends and other lines do not matter.
    [InlineData("User-agent: *\nDisallow: /%7ejoe\n", "/~joe/x", false)]
    [InlineData("User-agent: *\nDisallow: /caf\u00e9\n", "/caf%c3%a9", false)]
    [InlineData("User-agent: *\nDisallow: /a%2fb\n", "/a/b", true)]
    [InlineData("\uFEFF# hello\r\nUSER-AGENT : * # all\r\nSitemap: https://example.com/s.xml\r\n disallow :/x # not this\r\n", "/x", false)]
    [InlineData("User-agent: *\nSitemap: https://example.com/s.xml\nUser-agent: other\nDisallow: /x\n", "/x", false)]
    // The file itself is always allowed.
    [InlineData("User-agent: *\nDisallow: /\n", "/robots.txt", true)]
    public void Rules_are_read_as_the_standard_says(string robots, string path, bool allowed) =>
        Assert.Equal(allowed, RobotsRules.Parse(robots, "FeedService").IsAllowed(new Uri("https://example.com" + path)));

    [Theory]
    [InlineData("User-agent: *\nCrawl-delay: 2.5\n", 2.5)]
    [InlineData("User-agent: *\nCrawl-delay: 86400\n", 10)]
    [InlineData("User-agent: *\nCrawl-delay: soon\n", 0)]
    [InlineData("User-agent: other\nCrawl-delay: 3\n", 0)]
    public void A_wished_pause_is_kept_within_bounds(string robots, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RobotsRules.Parse(robots, "FeedService").Delay);

    [Fact]
    public void No_pattern_is_slow()
    {
        var robots = RobotsRules.Parse($"User-agent: *\nDisallow: /{string.Concat(Enumerable.Repeat("*a", 1000))}b\n", "FeedService");
        Assert.True(robots.IsAllowed(new Uri("https://example.com/" + new string('a', 4000))));
    }
}
