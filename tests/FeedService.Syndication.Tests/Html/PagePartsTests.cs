using FeedService.Syndication.Html;

namespace FeedService.Syndication.Tests.Html;

/// <summary>Parts of a page that only some of its places tell.</summary>
public sealed class PagePartsTests
{
    private const string Prose =
        "<p>The ferry came in at six, an hour late, with ice on its rails and forty people who had slept on the floor of the saloon.</p>"
        + "<p>Nobody had told them, they said, that the strait would freeze; the harbour office had, on a sheet of paper behind a door.</p>";

    private static Article Extract(string head, string body) =>
        PageExtractor.Extract($"<!doctype html><html lang=de><head>{head}</head><body>{body}</body></html>", "https://harbour.example/ferry");

    [Theory]
    [InlineData("<p>Published on 8 December 2025, updated since.</p>", 8)]
    [InlineData("<p>Zuletzt geändert: 9.12.2025<br>Erschienen am: 8.12.2025<br>Ansichten: 61</p>", 8)]
    [InlineData("<div>Gespeichert von <span>ada</span> am 8. Dezember 2025 - 18:55</div>", 8)]
    [InlineData("<p>The next issue comes out on 6 January 2026.</p><a rel=bookmark href=/ferry><i></i>8. Dezember 2025</a>", 8)]
    [InlineData("<div><small>8.12.2025</small><div>Ferries</div></div>", 8)]
    [InlineData("<p>The new timetable of the ferries was released on 1 December 2025.</p><p>Released on 8 December 2025</p>", 8)]
    [InlineData("<p>It sank on 1 December 2025.</p><ul><li><b>Datum</b> 8.12.2025</li></ul>", 8)]
    public void A_date_that_its_page_calls_the_day_of_publication_is_found_wherever_it_stands(string line, int day) =>
        Assert.Equal(new DateOnly(2025, 12, day), DateOnly.FromDateTime(Extract("", $"<article><h1>Ferry arrives</h1>{Prose}</article>{line}").Published!.Value.Date));

    [Fact]
    public void Where_there_is_no_headline_the_heading_that_the_title_repeats_is_above_the_date() =>
        Assert.Equal(new DateTimeOffset(2025, 12, 8, 0, 0, 0, TimeSpan.Zero),
            Extract("<title>Harbour: Ferry arrives with ice</title>", $"<p>Since 1 May 2020.</p><h2>Ferry arrives with ice</h2><b>8 December 2025</b>{Prose}").Published);

    [Fact]
    public void A_date_above_the_headline_is_taken_where_there_is_no_other() =>
        Assert.Equal(new DateTimeOffset(2025, 12, 8, 11, 35, 0, TimeSpan.Zero), Extract("", $"<div>8.12.2025 11:35 <h1>Ferry arrives</h1>{Prose}</div>").Published);

    [Fact]
    public void A_date_in_the_small_print_of_the_headline_comes_before_those_in_the_text() =>
        Assert.Equal(8, Extract("", $"<h1>Ferry arrives<br><small>8.12.2025, harbour office</small></h1><p>Since 1 December 2025 there is ice.</p>{Prose}").Published!.Value.Day);

    [Fact]
    public void When_somebody_joined_is_not_when_he_wrote() =>
        Assert.Equal(2025, Extract("", $"<h1>Ferry arrives</h1><b>Registriert:</b> 18.09.2008, 05:56 <b>Ada</b> &raquo; 8.12.2025, 05:42 {Prose}").Published!.Value.Year);

    [Theory]
    [InlineData("<body>", "footer", 8)]
    [InlineData("<body class=has-sidebar>", "div", 8)]
    [InlineData("<body>", "aside", 1)]
    public void A_time_in_an_article_tells_its_date_in_its_foot_too_and_whatever_else_the_page_has(string body, string part, int day) =>
        Assert.Equal(day, PageExtractor.Extract(
            $"<html lang=de>{body}<article><h1>Ferry arrives</h1><p>1.12.2025</p>{Prose}<{part}><time datetime=2025-12-08T10:00:00+01:00>today</time></{part}></article></html>", null).Published!.Value.Day);

    [Theory]
    [InlineData("2025-12-09T05:30:59Z", 8, -6)]
    [InlineData("2025-12-07T23:30:00Z", 8, 1)]
    [InlineData("2025-12-08T05:30:59Z", 8, 0)]
    [InlineData("2025-12-07T05:30:59Z", 7, 0)]
    [InlineData("2025-12-09T05:30:59+01:00", 9, 1)]
    public void A_time_in_UTC_is_told_on_the_day_that_its_address_names(string written, int day, int hours)
    {
        var published = PageExtractor.Extract($"<meta property=article:published_time content={written}><h1>Ferry arrives</h1>{Prose}", "https://harbour.example/2025/12/08/ferry").Published!.Value;

        Assert.Equal(DateTimeOffset.Parse(written, System.Globalization.CultureInfo.InvariantCulture), published);
        Assert.Equal((day, TimeSpan.FromHours(hours)), (published.Day, published.Offset));
    }

    [Theory]
    [InlineData("de", "2025-12-07T23:00:00Z", 8, 1)]
    [InlineData("nl-BE", "2025-06-07T22:00:00Z", 8, 2)]
    [InlineData("de", "2025-12-07T23:10:00Z", 7, 0)]
    [InlineData("en-US", "2025-12-07T23:00:00Z", 7, 0)]
    public void Midnight_in_Central_Europe_keeps_its_day(string language, string written, int day, int hours)
    {
        var published = PageExtractor.Extract($"<html lang={language}><head><meta property=article:published_time content={written}></head><body><h1>Ferry arrives</h1>{Prose}</body></html>", null).Published!.Value;

        Assert.Equal(DateTimeOffset.Parse(written, System.Globalization.CultureInfo.InvariantCulture), published);
        Assert.Equal((day, TimeSpan.FromHours(hours)), (published.Day, published.Offset));
    }

    [Fact]
    public void A_recipe_is_as_old_as_itself_and_not_as_its_readers_reviews() =>
        Assert.Equal(2006, Extract("<script type=application/ld+json>{\"@type\":\"Recipe\",\"name\":\"Fish soup\",\"datePublished\":\"2006-10-10\",\"review\":{\"@type\":\"Review\",\"author\":{\"@type\":\"Person\",\"name\":\"Jon\"},\"datePublished\":\"2020-04-12\"}}</script>", $"<h1>Fish soup</h1>{Prose}").Published!.Value.Year);

    [Fact]
    public void A_title_keeps_the_space_between_the_lines_that_a_page_sets_it_in() =>
        Assert.Equal("Ice: Ferry arrives", Extract("<meta property=og:title content='Ice: Ferry arrives'>", $"<h1><span>Ice:</span><span>Ferry arrives</span></h1>{Prose}").Title);

    [Fact]
    public void A_section_behind_the_title_goes_where_another_place_gives_the_title_alone() =>
        Assert.Equal("Ice on the strait: Ferry arrives late",
            Extract("<title>Ice on the strait: Ferry arrives late - Shipping</title><meta property=og:title content='Ice on the strait: Ferry arrives late'>", $"<h1>Ferry arrives late</h1>{Prose}").Title);

    [Fact]
    public void An_image_whose_address_is_a_list_of_candidates_is_the_first_of_them()
    {
        var article = Extract("", $"<article><h1>Ferry arrives</h1><figure><img src='/img/ferry.jpg%203500w,%20/img/ferry.jpg?width=768%20768w'></figure>{Prose}</article>");

        Assert.Equal("https://harbour.example/img/ferry.jpg", article.Image?.Url);
        Assert.Contains("src=\"https://harbour.example/img/ferry.jpg\"", article.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("story-41", "<a rel=next href=/story-42>Next</a>", null)]
    [InlineData("story-41", "<a rel=next href=/story-41-2>Next</a>", "story-41-2")]
    [InlineData("story-2", "<a href=/story>1</a><a rel=next href=/story-3>Next</a>", "story-3")]
    [InlineData("story/page/2", "<a rel=next href=/story/page/3>Next</a>", "story/page/3")]
    public void The_next_story_is_no_page_of_this_one(string self, string links, string? next) =>
        Assert.Equal(next is null ? null : $"https://harbour.example/{next}", PageExtractor.ExtractPage($"<article><h1>Ferry arrives</h1>{Prose}</article>{links}", $"https://harbour.example/{self}").NextUrl);
}
