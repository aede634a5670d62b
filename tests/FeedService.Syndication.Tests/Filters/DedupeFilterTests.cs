using FeedService.Syndication.Filters;

namespace FeedService.Syndication.Tests.Filters;

public sealed class DedupeFilterTests
{
    [Theory]
    [InlineData("https://www.quay.example/a/", "http://quay.example/a")]
    [InlineData("https://quay.example/a?utm_source=rss&id=1", "https://quay.example/a?id=1#top")]
    [InlineData("https://quay.example/a?b=2&a=1", "https://quay.example/a?a=1&b=2")]
    [InlineData("https://quay.example/a/amp/", "https://quay.example/a")]
    [InlineData("https://quay.example/a.amp.html", "https://quay.example/a.html")]
    [InlineData("https://quay.example/a?outputType=amp", "https://quay.example/a")]
    [InlineData("https://quay-example.cdn.ampproject.org/c/s/quay.example/a/amp", "https://quay.example/a")]
    [InlineData("https://www.google.com/amp/s/quay.example/a", "https://quay.example/a")]
    [InlineData("https://QUAY.example:443/a/index.html", "https://quay.example/a/")]
    public void One_page_has_one_key(string one, string other) => Assert.Equal(UrlIdentity.Key(one), UrlIdentity.Key(other));

    [Theory]
    [InlineData("https://quay.example/a", "https://quay.example/b")]
    [InlineData("https://quay.example/a?id=1", "https://quay.example/a?id=2")]
    [InlineData("https://quay.example/a", "https://quay.example:8443/a")]
    [InlineData("https://quay.example/A", "https://quay.example/a")]
    [InlineData("https://quay.example/#!/1", "https://quay.example/#!/2")]
    [InlineData("https://quay.example/amplitude", "https://quay.example/litude")]
    [InlineData("https://quay.example/a?ref=1", "https://quay.example/a?ref=2")]
    public void Different_pages_have_different_keys(string one, string other) => Assert.NotEqual(UrlIdentity.Key(one), UrlIdentity.Key(other));

    [Theory]
    [InlineData("https://quay.example/a?utm_source=x&utm_medium=y", "https://quay.example/a")]
    [InlineData("https://quay.example/a?id=1&fbclid=x#part", "https://quay.example/a?id=1#part")]
    [InlineData("https://quay.example/a?q=%C3%A9&b", "https://quay.example/a?q=%C3%A9&b")]
    [InlineData("https://quay.example/a#utm_source=x", "https://quay.example/a")]
    public void Tracking_is_taken_out_and_nothing_else(string url, string expected) => Assert.Equal(expected, UrlIdentity.WithoutTracking(url));

    [Fact]
    public async Task The_first_of_a_batch_stays()
    {
        var items = new List<FilterItem>
        {
            new("feed:a", Steps.Article("One", url: "https://quay.example/1")),
            new("feed:b", Steps.Article("Other", url: "http://www.quay.example/1/?utm_source=b")),
        };

        var left = await Steps.RunAsync(items, new DedupeSettings([DedupeBy.Url]));

        Assert.Equal("One", Assert.Single(left).Article.Title);
        Assert.Equal("excluded by step 1, dedupe: its URL is that of 'One' from feed:a", items[1].Excluded);
        Assert.Equal(["url:quay.example/1"], items[0].DedupeKeys);
    }

    [Fact]
    public async Task What_the_feed_has_already_stays_and_is_never_a_duplicate_of_itself()
    {
        var holders = new Dictionary<string, string> { ["title:low tide"] = "urn:kept" };
        var itself = new FilterItem("feed:a", Steps.Article("Low tide")) { KnownId = "urn:kept" };
        var other = new FilterItem("feed:a", Steps.Article("LOW – tide!"));

        Assert.Equal([itself], await Steps.RunAsync([other, itself], holders, new DedupeSettings([DedupeBy.Title])));
        Assert.Equal("excluded by step 1, dedupe: its title is that of 'Low tide' from feed:a", other.Excluded);

        var late = new FilterItem("feed:a", Steps.Article("Lów tide"));
        Assert.Empty(await Steps.RunAsync([late], holders, new DedupeSettings([DedupeBy.Title])));
        Assert.Equal("excluded by step 1, dedupe: its title is that of urn:kept, which is in the feed already", late.Excluded);
    }

    [Fact]
    public async Task A_key_that_its_holder_has_given_up_is_free()
    {
        var holders = new Dictionary<string, string> { ["title:low tide"] = "urn:kept" };
        var renamed = new FilterItem("feed:a", Steps.Article("High tide")) { KnownId = "urn:kept" };
        var heir = new FilterItem("feed:a", Steps.Article("Low tide"));

        Assert.Equal(2, (await Steps.RunAsync([renamed, heir], holders, new DedupeSettings([DedupeBy.Title]))).Count);
    }

    [Fact]
    public async Task Without_settings_ids_and_urls_count_and_empty_ones_do_not()
    {
        var items = Steps.Items(Steps.Article("A") with { Id = "", Url = null }, Steps.Article("B") with { Id = "", Url = null }, Steps.Article("C") with { Id = "x" }, Steps.Article("D") with { Id = "x" });

        var left = await Steps.RunAsync(items, new DedupeSettings());

        Assert.Equal(["A", "B", "C"], left.Select(i => i.Article.Title));
        Assert.Equal("excluded by step 1, dedupe: its id is that of 'C' from feed:quay", items[3].Excluded);
    }

    [Fact]
    public async Task Nearly_the_same_text_is_found_and_merely_similar_text_is_not()
    {
        var random = new Random(7);
        var text = Enumerable.Range(0, 300).Select(_ => "w" + random.Next(2000)).ToArray();
        var edited = text.ToArray();
        edited[100] = "changed";
        edited[250] = "too";
        var half = text.Take(150).Concat(Enumerable.Range(0, 150).Select(_ => "v" + random.Next(2000)));

        var items = Steps.Items(Text("One", text), Text("Edited", edited), Text("Half", half), Text("Other", text.Reverse()));

        var left = await Steps.RunAsync(items, new DedupeSettings([DedupeBy.Text]));

        Assert.Equal(["One", "Half", "Other"], left.Select(i => i.Article.Title));
        Assert.Equal("excluded by step 1, dedupe: its text is nearly that of 'One' from feed:quay", items[1].Excluded);

        static Article Text(string title, IEnumerable<string> words) => Steps.Article(title, $"<p>{string.Join(' ', words)}</p>");
    }

    [Fact]
    public void Bands_find_what_they_promise()
    {
        var random = new Random(20251208);
        int near = 0, far = 0;
        for (var i = 0; i < 200; i++)
        {
            var words = Enumerable.Range(0, 200).Select(_ => "w" + random.Next(5000)).ToArray();
            var nearly = words.ToArray();
            nearly[random.Next(200)] = "x";
            var apart = words.Select(w => random.Next(100) < 15 ? "y" + random.Next(5000) : w).ToArray();
            near += Share(words, nearly) ? 1 : 0;
            far += Share(words, apart) ? 1 : 0;
        }

        Assert.InRange(near, 190, 200);
        Assert.InRange(far, 0, 4);

        static bool Share(string[] one, string[] other) => NearText.Bands(string.Join(' ', one)).Intersect(NearText.Bands(string.Join(' ', other))).Any();
    }
}
