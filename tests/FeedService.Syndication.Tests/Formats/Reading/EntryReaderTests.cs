using System.Text;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Tests.Formats.Reading;

/// <summary>One article alone, as programs push it.</summary>
public sealed class EntryReaderTests
{
    private const string Base = "https://feeds.example/articles/";

    [Fact]
    public void An_item_is_read_whole()
    {
        var article = EntryReader.ReadJson(Entry("item.json"), Base).Article;
        Assert.Equal(("https://harbour.example/2026/night-ferry", "Night ferry — 🚢", "It sails.", "en-GB"), (article.Id, article.Title, article.Summary, article.Language));
        Assert.Equal("<p>It sails &amp; <a href=\"https://harbour.example/back\">comes back</a>.</p>", article.Content);
        Assert.Equal(new DateTimeOffset(2026, 2, 9, 21, 30, 0, TimeSpan.FromHours(1)), article.Published);
        Assert.Equal(["boats", "night"], article.Categories.Select(category => category.Term));
        Assert.Equal(new Enclosure("https://harbour.example/horn.mp3", "audio/mpeg") { Length = 12345, Duration = TimeSpan.FromSeconds(7.5) }, Assert.Single(article.Enclosures));
        Assert.Equal("Ada Quay", Assert.Single(article.Authors).Name);
    }

    [Fact]
    public void An_entry_is_read_whole()
    {
        var document = EntryReader.ReadAtom(Entry("entry.atom"), "application/atom+xml;type=entry", Base);
        var article = document.Article;
        Assert.False(document.Draft);
        Assert.Equal(("tag:harbour.example,2026:night-ferry", "Night ferry & day", "https://harbour.example/2026/night-ferry"), (article.Id, article.Title, article.Url));
        Assert.Contains("<a href=\"https://harbour.example/back\">comes back</a>", article.Content, StringComparison.Ordinal);
        Assert.Equal("https://harbour.example/2026/horn.mp3", Assert.Single(article.Enclosures).Url);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    public void An_entry_may_be_a_draft(string said, bool isDraft)
    {
        var text = Encoding.UTF8.GetString(Entry("entry.atom").Span).Replace("draft>no<", $"draft>{said}<", StringComparison.Ordinal);
        Assert.Equal(isDraft, EntryReader.ReadAtom(Encoding.UTF8.GetBytes(text), null, Base).Draft);
    }

    [Fact]
    public void An_entry_in_another_encoding_is_read()
    {
        var text = "<?xml version='1.0' encoding='iso-8859-1'?><entry xmlns='http://www.w3.org/2005/Atom'><title>Fährschiff</title></entry>";
        Assert.Equal("Fährschiff", EntryReader.ReadAtom(Encoding.Latin1.GetBytes(text), null, Base).Article.Title);
    }

    [Fact]
    public void Markup_over_a_limit_is_refused_by_its_name()
    {
        var html = string.Concat(Enumerable.Repeat("<b>", 400));
        Assert.Equal("content_html", Assert.Throws<DocumentException>(() => EntryReader.ReadJson(Encoding.UTF8.GetBytes($$"""{"content_html":"{{html}}x"}"""), Base)).Field);
    }

    private static ReadOnlyMemory<byte> Entry(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "entries", name));
}
