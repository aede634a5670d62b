using FeedService.Web;
using Microsoft.AspNetCore.Http;

namespace FeedService.Tests.Web;

public sealed class ConditionalGetTests
{
    private const string Tag = "\"abc.gz\"";
    private static readonly DateTimeOffset Modified = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("\"abc.gz\"")]
    [InlineData("W/\"abc.gz\"")]
    [InlineData("\"x\", \"abc.gz\"")]
    [InlineData("\"x\" , W/\"a,b\",\t\"abc.gz\"")]
    [InlineData(",, \"abc.gz\"")]
    [InlineData("*")]
    [InlineData(" * ")]
    public void A_tag_that_is_known_needs_no_body(string ifNoneMatch) =>
        Assert.Equal(Precondition.NotModified, Evaluate(("If-None-Match", ifNoneMatch)));

    [Theory]
    [InlineData("\"abc\"")]
    [InlineData("\"abc.br\"")]
    [InlineData("abc.gz")]
    [InlineData("\"ABC.GZ\"")]
    [InlineData("\"x, abc.gz\"")]
    [InlineData("\"abc.gz")]
    [InlineData("")]
    [InlineData("\"x\" junk \"abc.gz\"")]
    public void Another_tag_or_junk_gets_the_whole(string ifNoneMatch) =>
        Assert.Equal(Precondition.Proceed, Evaluate(("If-None-Match", ifNoneMatch)));

    [Fact]
    public void Tags_on_several_lines_are_one_list()
    {
        var headers = new HeaderDictionary { ["If-None-Match"] = new(["\"x\"", Tag]) };
        Assert.Equal(Precondition.NotModified, ConditionalGet.Evaluate(headers, Tag, Modified, Text(Modified)));
    }

    [Theory]
    [InlineData("Sat, 14 Mar 2026 12:00:00 GMT", true)]
    [InlineData("Sat, 14 Mar 2026 12:00:01 GMT", true)]
    [InlineData("Sat, 14 Mar 2026 11:59:59 GMT", false)]
    [InlineData("Saturday, 14-Mar-26 12:00:00 GMT", true)]
    [InlineData("Sat Mar 14 12:00:00 2026", true)]
    [InlineData("Wed Apr  1 12:00:00 2026", true)]
    [InlineData("Thursday, 01-Jan-70 00:00:00 GMT", false)]
    [InlineData("Sun, 14 Mar 2026 12:00:00 GMT", false)]
    [InlineData("2026-03-14T12:00:00Z", false)]
    [InlineData("yesterday", false)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Dates_count_in_their_three_forms_and_no_other(string ifModifiedSince, bool notModified) =>
        Assert.Equal(notModified ? Precondition.NotModified : Precondition.Proceed, Evaluate(("If-Modified-Since", ifModifiedSince)));

    [Fact]
    public void The_tag_decides_where_both_are_given()
    {
        Assert.Equal(Precondition.Proceed, Evaluate(("If-None-Match", "\"x\""), ("If-Modified-Since", Text(Modified))));
        Assert.Equal(Precondition.NotModified, Evaluate(("If-None-Match", Tag), ("If-Modified-Since", Text(Modified.AddDays(-1)))));
    }

    [Theory]
    [InlineData("If-Match", "\"abc.gz\"", false)]
    [InlineData("If-Match", "*", false)]
    [InlineData("If-Match", "W/\"abc.gz\"", true)]
    [InlineData("If-Match", "\"x\"", true)]
    [InlineData("If-Unmodified-Since", "Sat, 14 Mar 2026 12:00:00 GMT", false)]
    [InlineData("If-Unmodified-Since", "Fri, 13 Mar 2026 12:00:00 GMT", true)]
    [InlineData("If-Unmodified-Since", "junk", false)]
    public void What_must_hold_fails_where_it_does_not(string header, string value, bool fails) =>
        Assert.Equal(fails ? Precondition.Failed : Precondition.Proceed, Evaluate((header, value)));

    [Fact]
    public void If_Match_decides_over_If_Unmodified_Since() =>
        Assert.Equal(Precondition.Proceed, Evaluate(("If-Match", Tag), ("If-Unmodified-Since", "Fri, 13 Mar 2026 12:00:00 GMT")));

    [Theory]
    [InlineData(null, true)]
    [InlineData("\"abc.gz\"", true)]
    [InlineData("W/\"abc.gz\"", false)]
    [InlineData("\"x\"", false)]
    [InlineData("Sat, 14 Mar 2026 12:00:00 GMT", true)]
    [InlineData("Sat, 14 Mar 2026 12:00:01 GMT", false)]
    public void A_range_counts_only_for_what_the_client_has(string? ifRange, bool applies)
    {
        var headers = new HeaderDictionary();
        if (ifRange is not null) headers["If-Range"] = ifRange;
        Assert.Equal(applies, ConditionalGet.RangeApplies(headers, Tag, Modified));
    }

    [Theory]
    [InlineData("bytes=0-9", RangeOutcome.Satisfiable, 0, 10)]
    [InlineData("bytes=90-", RangeOutcome.Satisfiable, 90, 10)]
    [InlineData("bytes=-5", RangeOutcome.Satisfiable, 95, 5)]
    [InlineData("bytes=-500", RangeOutcome.Satisfiable, 0, 100)]
    [InlineData("bytes=50-500", RangeOutcome.Satisfiable, 50, 50)]
    [InlineData("bytes=100-", RangeOutcome.Unsatisfiable, 0, 100)]
    [InlineData("bytes=-0", RangeOutcome.Unsatisfiable, 0, 100)]
    [InlineData("bytes=9-0", RangeOutcome.Ignored, 0, 100)]
    [InlineData("bytes=0-1,5-6", RangeOutcome.Ignored, 0, 100)]
    [InlineData("bytes=a-b", RangeOutcome.Ignored, 0, 100)]
    [InlineData("bytes=0-b", RangeOutcome.Ignored, 0, 100)]
    [InlineData("bytes=-", RangeOutcome.Ignored, 0, 100)]
    [InlineData("bytes=99999999999999999999-", RangeOutcome.Ignored, 0, 100)]
    [InlineData("lines=0-9", RangeOutcome.Ignored, 0, 100)]
    public void A_range_is_one_slice_or_the_whole(string header, object outcome, long offset, long count)
    {
        Assert.Equal((RangeOutcome)outcome, ByteRange.Parse(header, 100, out var from, out var length));
        Assert.Equal((offset, count), (from, length));
    }

    private static Precondition Evaluate(params (string Name, string Value)[] request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request) headers[name] = value;
        return ConditionalGet.Evaluate(headers, Tag, Modified, Text(Modified));
    }

    private static string Text(DateTimeOffset instant) => instant.ToString("r", System.Globalization.CultureInfo.InvariantCulture);
}
