using System.Buffers;
using System.Text;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Writing;

public sealed class GoldenTests
{
    [Theory]
    [InlineData("full")]
    [InlineData("minimal")]
    [InlineData("archive")]
    [InlineData("complete")]
    [InlineData("tombstones")]
    public void Every_format_is_written_as_agreed(string name)
    {
        foreach (var format in FeedFormats.All)
            Assert.Equal(Golden($"{name}.{format.Extension()}"), Feeds.Text(format, GoldenFeeds.Named(name)));
    }

    [Fact]
    public void A_list_of_subscriptions_is_written_as_agreed()
    {
        var output = new ArrayBufferWriter<byte>();
        OpmlWriter.Write(GoldenFeeds.Subscriptions, output);
        Assert.Equal(Golden("subscriptions.opml"), Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static string Golden(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "writing", file));
}
