using FeedService.Syndication.Filters;

namespace FeedService.Syndication.Tests.Filters;

/// <summary>include and exclude: what is meant, and the reason that is kept.</summary>
public sealed class MatchFilterTests
{
    private static readonly Article _sponsored = Steps.Article("Our SPONSORED post", "<p>Buy a boat</p>") with { Authors = [new Person("Ann Moor") { Email = "ann@ads.example" }], Categories = [new Category("Ads")] };
    private static readonly Article _news = Steps.Article("Low tide", "<p>The water fell by <b>two</b> metres in the harbour today</p>", daysAgo: 40) with { Language = "en-GB" };

    public static TheoryData<ExcludeSettings, string> Meant => new()
    {
        { new() { Title = ["sponsored"] }, "the title contains 'sponsored'" },
        { new() { Title = ["low", "sponsored  POST"] }, "" },
        { new() { Words = ["boat"] }, "the article contains 'boat'" },
        { new() { Text = ["buy"] }, "the text contains 'buy'" },
        { new() { Title = ["/spons(ored|or)/"] }, "the title contains /spons(ored|or)/" },
        { new() { Category = ["ads"] }, "it is in the category 'Ads'" },
        { new() { Author = ["ads.example"] }, "an author contains 'ads.example'" },
        { new() { Url = ["/SPONSORED/"] }, "the URL contains '/SPONSORED/'" },
        { new() { ShorterThan = 5 }, "it has 3 words" },
        { new() { NewerThan = TimeSpan.FromDays(1) }, "it is newer than 1 days" },
        { new() { Title = ["sponsored"], Text = ["boat"] }, "the title contains 'sponsored' and the text contains 'boat'" },
    };

    [Theory]
    [MemberData(nameof(Meant))]
    public async Task What_is_meant_is_excluded_with_the_reason(ExcludeSettings settings, string reason)
    {
        var items = Steps.Items(_sponsored);

        var left = await Steps.RunAsync(items, settings);

        if (reason.Length == 0)
            Assert.NotNull(items[0].Excluded);
        else
            Assert.Equal($"excluded by step 1, exclude: {reason}", items[0].Excluded);
        Assert.Empty(left);
        Assert.Equal(items[0].Excluded, Assert.Single(items[0].Trace));
    }

    [Fact]
    public async Task Words_are_whole_words_and_every_key_must_be_met()
    {
        Assert.Equal(["Low tide"], await Steps.TitlesAsync(new ExcludeSettings { Title = ["sponsor", "tides", "ow tid"] }, _news));
        Assert.Equal(["Low tide"], await Steps.TitlesAsync(new ExcludeSettings { Title = ["low"], Category = ["ads"] }, _news));
        Assert.Empty(await Steps.TitlesAsync(new ExcludeSettings { Title = ["C++"] }, Steps.Article("C++ at sea")));
        Assert.Empty(await Steps.TitlesAsync(new ExcludeSettings { Title = ["広告"] }, Steps.Article("これは広告です")));
        Assert.Empty(await Steps.TitlesAsync(new ExcludeSettings { Title = ["реклама"] }, Steps.Article("Реклама в порту")));
    }

    [Fact]
    public async Task Include_keeps_what_is_meant_and_says_what_the_rest_lacks()
    {
        var items = Steps.Items(_sponsored, _news);

        var left = await Steps.RunAsync(items, new IncludeSettings { Title = ["tide", "/flood/"] });

        Assert.Equal("Low tide", Assert.Single(left).Article.Title);
        Assert.Equal("excluded by step 1, include: the title contains none of 'tide', /flood/", items[0].Excluded);
    }

    [Fact]
    public async Task An_age_is_judged_each_time_the_feed_is_put_together()
    {
        Assert.Equal(FilterStage.Selection, new ExcludeFilter(new ExcludeSettings { OlderThan = TimeSpan.FromDays(30) }).Stage);
        Assert.Equal(FilterStage.Arrival, new ExcludeFilter(new ExcludeSettings { Title = ["x"] }).Stage);
        Assert.Equal(["Our SPONSORED post"], await Steps.TitlesAsync(new ExcludeSettings { OlderThan = TimeSpan.FromDays(30) }, _sponsored, _news));
    }

    [Fact]
    public async Task Languages_are_named_or_guessed()
    {
        var german = Steps.Article("Ebbe", "<p>Das Wasser ist heute im Hafen um zwei Meter gefallen, und die Schiffe liegen auf dem Grund.</p>");
        var japanese = Steps.Article("干潮", "<p>きょうは港の水が二メートル下がりました。</p>");
        var unclear = Steps.Article("42");

        Assert.Equal(["Low tide"], await Steps.TitlesAsync(new IncludeSettings { Language = ["en"] }, _news, german, japanese, unclear));
        Assert.Equal(["Ebbe", "干潮"], await Steps.TitlesAsync(new IncludeSettings { Language = ["de", "ja"] }, _news, german, japanese, unclear));
        Assert.Equal(["Low tide"], await Steps.TitlesAsync(new IncludeSettings { Language = ["en-GB"] }, _news, german));
    }

    [Theory]
    [InlineData("/(a+)+$/")]
    [InlineData("/([a-z]*)*!/")]
    public async Task A_pattern_that_would_hang_elsewhere_does_not(string pattern) =>
        Assert.Single(await Steps.RunAsync(Steps.Items(Steps.Article(new string('a', 200_000) + " ")), new ExcludeSettings { Title = [pattern + "nothing"] }));

    [Fact]
    public void Settings_that_cannot_work_are_refused_with_their_step()
    {
        Assert.Contains("step 1, exclude: it does not say which articles", Refusal(new ExcludeSettings()), StringComparison.Ordinal);
        Assert.Contains("is not a regular expression", Refusal(new ExcludeSettings { Title = ["/(/"] }), StringComparison.Ordinal);
        Assert.Contains("look-arounds", Refusal(new ExcludeSettings { Title = ["/(?<=a)b/"] }), StringComparison.Ordinal);
        Assert.Contains("is empty", Refusal(new ExcludeSettings { Title = [" "] }), StringComparison.Ordinal);
        Assert.Contains("there is no such filter", Assert.Throws<FilterSettingsException>(() => new FilterPipeline([new FilterStep("sieve", new object())])).Message, StringComparison.Ordinal);

        static string Refusal(ExcludeSettings settings) => Assert.Throws<FilterSettingsException>(() => new FilterPipeline([new FilterStep("exclude", settings)])).Message;
    }
}
