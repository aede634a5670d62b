using System.Buffers;
using System.Text;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Writing;

/// <summary>Feeds that the writing tests share.</summary>
internal static class Feeds
{
    public static readonly DateTimeOffset Noon = new(2025, 12, 8, 12, 0, 0, TimeSpan.Zero);

    public static readonly Article Minimal = new() { Id = "urn:uuid:0b8f6b1e-6d0c-5a0e-9a53-5d2d1f4f3c10", Title = "Ebb", Content = "<p>The tide is out.</p>", Published = Noon };

    public static Feed Of(params Article[] articles) => new()
    {
        Id = "https://tide.example/",
        Title = "Tide Table",
        SiteUrl = "https://tide.example/",
        SelfUrl = "https://tide.example/feed",
        Articles = articles,
    };

    public static byte[] Bytes(FeedFormat format, Feed feed)
    {
        var output = new ArrayBufferWriter<byte>();
        FeedWriter.Write(format, feed, output);
        return output.WrittenSpan.ToArray();
    }

    public static string Text(FeedFormat format, Feed feed) => Encoding.UTF8.GetString(Bytes(format, feed));

    public static byte[] ArticleBytes(FeedFormat format, Feed feed, Article article)
    {
        var output = new ArrayBufferWriter<byte>();
        FeedWriter.WriteArticle(format, feed, article, output);
        return output.WrittenSpan.ToArray();
    }
}
