using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Reading;

public sealed class FeedDiscoveryTests
{
    [Fact]
    public void Declared_feeds_come_in_the_pages_order_with_comment_feeds_last()
    {
        var feeds = FeedDiscovery.Find("""
            <html><head><base href="/sub/">
            <link rel="alternate" type="application/rss+xml" title="Quay » Comments Feed" href="/comments/feed">
            <link rel="Alternate" type="application/rss+xml; charset=utf-8" title=" Quay &amp; Tide " href="rss">
            <link rel="alternate stylesheet" href="x.css" type="text/css">
            <link rel="alternate" hreflang="de" href="/de/">
            <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
            <link rel="alternate" type="application/json+oembed" href="/oembed">
            <link rel=alternate type="application/feed+json" href="https://cdn.example/feed.json">
            </head><body><a href="/other.rss">RSS</a></body></html>
            """, "https://quay.example/news/today");

        Assert.Equal(
        [
            new DiscoveredFeed("https://quay.example/sub/rss", "application/rss+xml", "Quay & Tide"),
            new DiscoveredFeed("https://cdn.example/feed.json", "application/feed+json", null),
            new DiscoveredFeed("https://quay.example/comments/feed", "application/rss+xml", "Quay » Comments Feed"),
        ], feeds);
    }

    [Fact]
    public void Without_a_declaration_links_that_look_like_feeds_are_offered()
    {
        var feeds = FeedDiscovery.Find("<p><a href='/about'>About</a> <a href='/blog/feed/'>Subscribe</a> <a href='javascript:rss'>x</a> <a href='/index.xml?x=1'>XML</a>", "https://quay.example/");

        Assert.Equal(["https://quay.example/blog/feed/", "https://quay.example/index.xml?x=1"], feeds.Select(f => f.Url));
    }

    [Fact]
    public void A_page_without_feeds_yields_none() => Assert.Empty(FeedDiscovery.Find("<p>Nothing here."));

    [Fact]
    public void Pages_and_feeds_are_told_apart()
    {
        Assert.True(FeedReader.LooksLikeHtml("<!DOCTYPE html><title>x</title>"u8));
        Assert.True(FeedReader.LooksLikeHtml("\n<HTML lang=en>"u8));
        Assert.False(FeedReader.LooksLikeHtml("<?xml version='1.0'?><rss><channel><description><![CDATA[<html>]]></description></channel></rss>"u8));
        Assert.False(FeedReader.LooksLikeHtml("{\"version\":\"\"}"u8));
    }
}
