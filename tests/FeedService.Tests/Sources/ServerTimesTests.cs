using FeedService.Sources;

namespace FeedService.Tests.Sources;

public sealed class ServerTimesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120)]
    [InlineData(" 60 ", 60)]
    [InlineData("28801", 28800)]
    [InlineData("99999999999", 28800)]
    [InlineData("Mon, 02 Nov 2026 12:03:00 GMT", 180)]
    [InlineData("Monday, 02-Nov-26 12:03:00 GMT", 180)]
    [InlineData("Mon Nov  2 12:03:00 2026", 180)]
    [InlineData("Tue, 02 Nov 2027 12:00:00 GMT", 28800)]
    public void A_wish_to_be_left_alone_is_honoured_within_bounds(string header, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ServerTimes.RetryAfter(header, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("Mon, 02 Nov 2026 11:00:00 GMT")]
    public void One_that_makes_no_sense_is_none(string? header) => Assert.Null(ServerTimes.RetryAfter(header, Now));

    [Theory]
    [InlineData("max-age=600", null, null, null, 600)]
    [InlineData("public, max-age=600", null, null, "100", 500)]
    [InlineData("max-age=600", null, null, "900", 0)]
    [InlineData("max-age=99999999", null, null, null, 28800)]
    [InlineData("no-cache, max-age=600", null, null, null, 0)]
    [InlineData("no-store", null, null, null, 0)]
    [InlineData(null, "Mon, 02 Nov 2026 12:10:00 GMT", "Mon, 02 Nov 2026 12:00:00 GMT", null, 600)]
    [InlineData("max-age=60", "Mon, 02 Nov 2026 12:10:00 GMT", "Mon, 02 Nov 2026 12:00:00 GMT", null, 60)]
    public void Freshness_is_what_the_standard_says(string? cacheControl, string? expires, string? date, string? age, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ServerTimes.FreshFor(cacheControl, expires, date, age));

    [Theory]
    [InlineData(null, null)]
    [InlineData("private", null)]
    [InlineData("max-age=soon", "0")]
    public void An_answer_may_say_nothing_about_it(string? cacheControl, string? expires) =>
        Assert.Null(ServerTimes.FreshFor(cacheControl, expires, "Mon, 02 Nov 2026 12:00:00 GMT", null));
}
