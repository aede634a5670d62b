using System.Globalization;

namespace FeedService.Tests.Sources;

/// <summary>What the hosts of a small internet serve: feeds, a list of articles, an article's page.</summary>
internal static class SmallInternet
{
    public static string Rss(params string[] titles) =>
        $"<rss version=\"2.0\"><channel><title>Watch</title><link>https://watch.example/</link><description>d</description>{string.Concat(titles.Select(t => $"<item><guid isPermaLink=\"false\">{t}</guid><title>{t}</title><description>About {t}.</description><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate></item>"))}</channel></rss>";

    public static string Atom(string root, params (string Id, string Title, string Path)[] entries) =>
        $"<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:blog</id><title>Blog</title><updated>2026-03-01T08:00:00Z</updated><author><name>Ada</name></author>{string.Concat(entries.Select(e => $"<entry><id>{e.Id}</id><title>{e.Title}</title><updated>2026-03-01T08:00:00Z</updated><link href=\"{root}{e.Path}\"/><summary>About {e.Title}.</summary></entry>"))}</feed>";

    public static string Page(string title, string sentence, string more = "") => $"""
        <!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article"><meta property="article:published_time" content="2026-02-0{1 + (title.Length % 7)}T08:00:00Z"></head>
        <body><article><h1>{title}</h1>{string.Concat(Enumerable.Range(1, 6).Select(i => string.Create(CultureInfo.InvariantCulture, $"<p>{sentence} were looked at for the {i}. time this year, and those who did so, with care and in the rain, had a good deal to say.</p>")))}{more}</article></body></html>
        """;

    public static string Listing(params (string Title, string Path)[] articles) =>
        $"<!doctype html><html lang=en><title>Magazine</title><main>{string.Concat(articles.Select(a => $"<article class=teaser><h2><a href=\"{a.Path}\">{a.Title} and what became of them</a></h2><time datetime=2026-02-01>1 February 2026</time><p>All about {a.Title}, at length.</p></article>"))}</main></html>";
}
