using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests;

public sealed class ArticleSlugTests
{
    [Theory]
    [InlineData("The Tide’s Out — Again!", "the-tides-out-again")]
    [InlineData("Łódź, Ærø & Straße", "lodz-aero-strasse")]
    [InlineData("Ελλάδα και Київ", "ελλάδα-και-київ")]
    [InlineData("東京の朝 2025", "東京の朝-2025")]
    [InlineData("हिन्दी लेख", "हिन्दी-लेख")]
    [InlineData("한국어 기사", "한국어-기사")]
    [InlineData("ﬁve ①②", "five-12")]
    [InlineData("  --  ", "")]
    [InlineData("🚢", "")]
    [InlineData("a\ud83d\uffffb", "a-b")]
    public void A_title_becomes_words_with_hyphens(string title, string slug) => Assert.Equal(slug, ArticleSlug.From(title));

    [Fact]
    public void A_long_title_is_cut_between_words()
    {
        Assert.Equal("harbour-harbour-harbour-harbour-harbour-harbour-harbour-harbour-harbour-harbour", ArticleSlug.From(string.Concat(Enumerable.Repeat("Harbour ", 40))));
        Assert.Equal(new string('x', 80), ArticleSlug.From(new string('x', 500)));
    }

    [Fact]
    public void Any_title_gives_a_slug_that_is_its_own_slug() =>
        Check.One(Cases.Of(500), Prop.ForAll((string? title) =>
        {
            var slug = ArticleSlug.From(title ?? "");
            return slug.Length <= ArticleSlug.MaxLength && slug == ArticleSlug.From(slug) && slug.IndexOfAny(['/', '?', '#', '%', ' ', '<', '&']) < 0;
        }));
}
