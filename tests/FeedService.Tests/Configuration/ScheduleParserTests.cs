using FeedService.Configuration;

namespace FeedService.Tests.Configuration;

public sealed class ScheduleParserTests
{
    private static readonly TimeZoneInfo Amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    private static FeedSchedule Parse(string text)
    {
        Assert.Null(ScheduleParser.Parse(text, Amsterdam, out var schedule));
        return schedule;
    }

    [Fact]
    public void A_span_is_its_own_interval()
    {
        var schedule = Parse("1h30m");
        Assert.Equal(TimeSpan.FromMinutes(90), schedule.Every);
        Assert.Equal(TimeSpan.FromMinutes(90), schedule.TypicalInterval);
        Assert.Null(schedule.Cron);
    }

    [Theory]
    [InlineData("0 0/15 * * * ?", 15)]
    [InlineData("0 0 * * * ?", 60)]
    [InlineData("0 0/15 8-18 ? * MON-FRI", 15)]
    [InlineData("0 0 7 * * ?", 1440)]
    [InlineData("0 0 8 ? * MON-FRI", 1440)]
    [InlineData("0 0 8 ? * MON", 10080)]
    [InlineData("*/20 * * * *", 20)]
    [InlineData("@daily", 1440)]
    public void The_interval_of_a_cron_expression_is_its_usual_one(string text, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Parse(text).TypicalInterval);

    // Where clocks go back, a local hourly or sub-hourly schedule leaves a gap of two hours.
    [Theory]
    [InlineData("0 0/15 * * * ?", "UTC")]
    [InlineData("0 0 * * * ?", "UTC")]
    [InlineData("@hourly", "UTC")]
    [InlineData("0 30 6 * * ?", "Europe/Amsterdam")]
    [InlineData("0 0 8,12,18 * * ?", "Europe/Amsterdam")]
    [InlineData("30 6 * * 1", "Europe/Amsterdam")]
    public void Only_fixed_hours_are_local(string text, string zone) => Assert.Equal(zone, Parse(text).TimeZone.Id);

    [Fact]
    public void Five_fields_are_read_as_crontab_does() => Assert.Equal("0 30 6 ? * MON", Parse("30 6 * * 1").Cron);

    [Theory]
    [InlineData("0 0 25 * * ?")]
    [InlineData("0 0 99 * * ?")]
    [InlineData("0 0 8,98 * * ?")]
    [InlineData("0 0 0 30 2 ?")]
    [InlineData("0 0 0 1 1 ? 1999")]
    [InlineData("every morning")]
    [InlineData("hourly")]
    [InlineData("0 0 12 * *  ? * * *")]
    [InlineData("@fortnightly")]
    [InlineData("")]
    public void What_never_comes_about_or_makes_no_sense_is_refused(string text)
    {
        var problem = ScheduleParser.Parse(text, Amsterdam, out _);
        Assert.NotNull(problem);
        Assert.StartsWith($"'{text}'", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }
}
