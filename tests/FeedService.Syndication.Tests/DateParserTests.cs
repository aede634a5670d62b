using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests;

public sealed class DateParserTests
{
    [Theory]
    // RFC 822 and 2822
    [InlineData("Mon, 08 Dec 2025 10:00:00 +0100", "2025-12-08T10:00:00+01:00")]
    [InlineData("Mon, 8 Dec 2025 9:05:00 GMT", "2025-12-08T09:05:00Z")]
    [InlineData("08 Dec 25 10:00 EST", "2025-12-08T10:00:00-05:00")]
    [InlineData("Monday, 08-Dec-25 10:00:00 GMT", "2025-12-08T10:00:00Z")]
    [InlineData("Mon, 8 December 2025 10:00:00 PDT", "2025-12-08T10:00:00-07:00")]
    [InlineData("Mon,08 Dec 2025 10:00:00 +0000", "2025-12-08T10:00:00Z")]
    [InlineData("Mon, 08 Dec 2025 10:00:00", "2025-12-08T10:00:00Z")]
    [InlineData("Mon, 08 Dec 2025", "2025-12-08T00:00:00Z")]
    [InlineData("Mon, 08 Dec 2025 10:00:00 +02:00", "2025-12-08T10:00:00+02:00")]
    [InlineData("Mon, 08 Dec 2025 10:00:00 GMT+0200", "2025-12-08T10:00:00+02:00")]
    [InlineData("Mon, 08 Dec 2025 10:00:00 -0500 (EST)", "2025-12-08T10:00:00-05:00")]
    [InlineData("Mon, 08 Dec 2025 10:00:00 K", "2025-12-08T10:00:00Z")]
    [InlineData("Mon, 08 Dec 1985 10:00:00 CEST", "1985-12-08T10:00:00+02:00")]
    [InlineData("08 Dec 85 10:00:00 Z", "1985-12-08T10:00:00Z")]
    [InlineData("Mon, 31 Dec 2025 23:59:60 GMT", "2025-12-31T23:59:59Z")]
    [InlineData("Mon, Dec 08 2025 10:00:00 GMT", "2025-12-08T10:00:00Z")]
    // RFC 3339, W3CDTF, ISO 8601
    [InlineData("2025-12-08T10:00:00Z", "2025-12-08T10:00:00Z")]
    [InlineData("2025-12-08t10:00:00.25z", "2025-12-08T10:00:00.25Z")]
    [InlineData("2025-12-08 10:00:00", "2025-12-08T10:00:00Z")]
    [InlineData("2025-12-08 10:00:00 +0100", "2025-12-08T10:00:00+01:00")]
    [InlineData("2025-12-08T10:00+05:30", "2025-12-08T10:00:00+05:30")]
    [InlineData("2025-12-08T24:00:00Z", "2025-12-09T00:00:00Z")]
    [InlineData("2025-12-08", "2025-12-08T00:00:00Z")]
    [InlineData("2025-12-08Z", "2025-12-08T00:00:00Z")]
    [InlineData("2025-12", "2025-12-01T00:00:00Z")]
    [InlineData("2025", "2025-01-01T00:00:00Z")]
    [InlineData("20251208", "2025-12-08T00:00:00Z")]
    [InlineData("20251208T101530Z", "2025-12-08T10:15:30Z")]
    [InlineData("20251208T1015+0100", "2025-12-08T10:15:00+01:00")]
    [InlineData("2025-342", "2025-12-08T00:00:00Z")]
    [InlineData("2025342", "2025-12-08T00:00:00Z")]
    [InlineData("2025-W50-1", "2025-12-08T00:00:00Z")]
    [InlineData("2025W501T10:00", "2025-12-08T10:00:00Z")]
    [InlineData("2025-12-8T9:05:00Z", "2025-12-08T09:05:00Z")]
    [InlineData("03-12-31", "2003-12-31T00:00:00Z")]
    // programs
    [InlineData("Mon Dec  8 10:00:00 2025", "2025-12-08T10:00:00Z")]
    [InlineData("Mon Dec 8 10:00:00 CET 2025", "2025-12-08T10:00:00+01:00")]
    [InlineData("Mon Dec 08 2025 10:00:00 GMT+0100 (Central European Standard Time)", "2025-12-08T10:00:00+01:00")]
    [InlineData("1765188000", "2025-12-08T10:00:00Z")]
    [InlineData("1765188000500", "2025-12-08T10:00:00.5Z")]
    [InlineData("2025-12-08 10:00:00.0", "2025-12-08T10:00:00Z")]
    [InlineData("12/08/2025 3:15:00 PM", "2025-12-08T15:15:00Z")]
    [InlineData("13/12/2025 15:15", "2025-12-13T15:15:00Z")]
    [InlineData("Mon, 2025/12/08 10:00:00 EDT", "2025-12-08T10:00:00-04:00")]
    [InlineData("2025/12/08", "2025-12-08T00:00:00Z")]
    [InlineData("December 8, 2025", "2025-12-08T00:00:00Z")]
    [InlineData("Dec 8, 2025 at 3:15 pm EST", "2025-12-08T15:15:00-05:00")]
    // names and forms of other languages
    [InlineData("Δευ, 08 Δεκ 2025 10:00:00 EST", "2025-12-08T10:00:00-05:00")]
    [InlineData("Κυρ, 13 Ιούλ 2025 12:00:00 GMT", "2025-07-13T12:00:00Z")]
    [InlineData("2025-július-13T9:15-05:00", "2025-07-13T09:15:00-05:00")]
    [InlineData("2025년 12월 08일  01:31:15", "2025-12-08T01:31:15Z")]
    [InlineData("2025-12-08 오후 3:23:17", "2025-12-08T15:23:17Z")]
    [InlineData("lun, 08 déc 2025 10:00:00 +0100", "2025-12-08T10:00:00+01:00")]
    [InlineData("Mo, 08 Dez 2025 10:00:00 +0100", "2025-12-08T10:00:00+01:00")]
    [InlineData("Пн, 08 дек 2025 10:00:00 +0300", "2025-12-08T10:00:00+03:00")]
    [InlineData("lun, 08 dic 2025 10:00:00 GMT", "2025-12-08T10:00:00Z")]
    public void Machine_dates_are_read(string text, string expected) => Assert.Equal(Instant(expected), DateParser.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("yesterday")]
    [InlineData("2025-02-30")]
    [InlineData("Mon, 31 Feb 2025 10:00:00 GMT")]
    [InlineData("2025-12-08T25:00:00Z")]
    [InlineData("2025-13-01")]
    [InlineData("Item 42 of 2025")]
    [InlineData("12:30")]
    [InlineData("192.168.10.12")]
    [InlineData("99999999999999999999999999")]
    [InlineData("2025-W60-1")]
    [InlineData("2025-12-08T10:00:00+99:00")]
    public void What_is_no_date_is_null(string text) => Assert.Null(DateParser.Parse(text));

    [Theory]
    [InlineData("8 December 2025", "2025-12-08T00:00:00Z")]
    [InlineData("Published on Dec 8, 2025 3:15 pm by the desk", "2025-12-08T15:15:00Z")]
    [InlineData("Monday, December 8th, 2025", "2025-12-08T00:00:00Z")]
    [InlineData("the 8th of December, 2025", "2025-12-08T00:00:00Z")]
    [InlineData("Dec. 8, 2025, 3 p.m. ET", "2025-12-08T15:00:00-05:00")]
    [InlineData("10:30 GMT, 8 December 2025", "2025-12-08T10:30:00Z")]
    [InlineData("8 Dec '25", "2025-12-08T00:00:00Z")]
    [InlineData("Stand: 8. Dezember 2025, 15.30 Uhr", "2025-12-08T15:30:00Z")]
    [InlineData("08.12.2025 um 15 Uhr", "2025-12-08T15:00:00Z")]
    [InlineData("08.12.25", "2025-12-08T00:00:00Z")]
    [InlineData("8. Jänner 2025", "2025-01-08T00:00:00Z")]
    [InlineData("Publié le 8 décembre 2025 à 15h30", "2025-12-08T15:30:00Z")]
    [InlineData("1er août 2025", "2025-08-01T00:00:00Z")]
    [InlineData("8 de diciembre de 2025, a las 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("8 de dezembro de 2025 às 15h30", "2025-12-08T15:30:00Z")]
    [InlineData("8 dicembre 2025 alle ore 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("maandag 8 december 2025 om 15:30 uur", "2025-12-08T15:30:00Z")]
    [InlineData("den 8 december 2025 kl. 15.30", "2025-12-08T15:30:00Z")]
    [InlineData("8. desember 2025", "2025-12-08T00:00:00Z")]
    [InlineData("8. joulukuuta 2025 klo 15.30", "2025-12-08T15:30:00Z")]
    [InlineData("8 grudnia 2025, 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("8. prosince 2025 v 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("2025. december 8. 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("2025 m. gruodžio 8 d. 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("2025. gada 8. decembris", "2025-12-08T00:00:00Z")]
    [InlineData("8 Aralık 2025 Pazartesi 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("8 декабря 2025 г. в 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("8 грудня 2025 року", "2025-12-08T00:00:00Z")]
    [InlineData("8 Δεκεμβρίου 2025, 3:30 μ.μ.", "2025-12-08T15:30:00Z")]
    [InlineData("2025年12月8日 下午3:15", "2025-12-08T15:15:00Z")]
    [InlineData("2025年12月8日(月) 15時30分", "2025-12-08T15:30:00Z")]
    [InlineData("2025年12月8日 星期一 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("2025년 12월 8일 오후 3:15", "2025-12-08T15:15:00Z")]
    [InlineData("2025. 12. 8. 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("8 tháng 12, 2025", "2025-12-08T00:00:00Z")]
    [InlineData("8 ธันวาคม 2568", "2025-12-08T00:00:00Z")]
    [InlineData("8 ديسمبر 2025", "2025-12-08T00:00:00Z")]
    [InlineData("٨ ديسمبر ٢٠٢٥", "2025-12-08T00:00:00Z")]
    [InlineData("8 בדצמבר 2025", "2025-12-08T00:00:00Z")]
    [InlineData("8 दिसंबर 2025", "2025-12-08T00:00:00Z")]
    [InlineData("8 Desember 2025 pukul 15.30 WIB", "2025-12-08T15:30:00+07:00")]
    [InlineData("08/12/2025", "2025-12-08T00:00:00Z")]
    [InlineData("12/13/2025", "2025-12-13T00:00:00Z")]
    [InlineData("2025-12-08 15:30", "2025-12-08T15:30:00Z")]
    [InlineData("12/8/2025 3:15 PM", "2025-12-08T15:15:00Z")]
    public void Dates_for_people_are_found(string line, string expected) => Assert.Equal(Instant(expected), DateParser.Find(line)?.Value);

    [Theory]
    [InlineData("May we ask 12 questions?")]
    [InlineData("Version 1.12.2.25 is out")]
    [InlineData("In 2025 the harbour grew")]
    [InlineData("12 ships came on Monday")]
    [InlineData("8 December")]
    [InlineData("Call 020 12/34/5678")]
    [InlineData("December 8, 1066")]
    [InlineData("Score 3-2 in 1990-91")]
    [InlineData("")]
    public void Lines_without_a_date_yield_nothing(string line) => Assert.Null(DateParser.Find(line));

    [Fact]
    public void The_place_of_a_date_takes_in_its_weekday_and_time()
    {
        var line = "By Ann Moor | Monday, 8 December 2025, 15:30 CET | News";

        var found = DateParser.Find(line)!;

        Assert.Equal("Monday, 8 December 2025, 15:30 CET", line.Substring(found.Start, found.Length));
        Assert.True(found.HasTime);
        Assert.Equal(Instant("2025-12-08T15:30:00+01:00"), found.Value);
    }

    [Fact]
    public void An_ambiguous_date_follows_the_hint_then_the_language()
    {
        Assert.Equal(8, DateParser.Find("12/08/2025", monthFirst: true)!.Value.Day);
        Assert.Equal(12, DateParser.Find("12/08/2025", monthFirst: false)!.Value.Day);
        Assert.Equal(8, DateParser.Find("12/08/2025", language: "en-US")!.Value.Day);
        Assert.Equal(12, DateParser.Find("12/08/2025", language: "en-GB")!.Value.Day);
    }

    [Fact]
    public void Listopad_means_what_the_language_says()
    {
        Assert.Equal(10, DateParser.Find("8. listopada 2025", language: "hr")!.Value.Month);
        Assert.Equal(11, DateParser.Find("8 listopada 2025", language: "pl")!.Value.Month);
    }

    [Fact]
    public void Any_text_is_survived_and_what_is_found_lies_within_it()
    {
        var pieces = new[] { "8", "12", "2025", "Dec", "déc", ".", "/", "-", ":", " ", ",", "pm", "T", "Z", "+", "09", "30", "年", "月", "日", "(", "’", "99999999999", "\ud800", "th", "of" };
        Prop.ForAll(
            ArbMap.Default.ArbFor<int[]>(),
            numbers =>
            {
                var line = string.Concat(numbers.Select(n => pieces[Math.Abs(n % pieces.Length)]));
                _ = DateParser.Parse(line);
                var found = DateParser.Find(line);
                return found is null || found.Start >= 0 && found.Length > 0 && found.Start + found.Length <= line.Length;
            }).Check(Cases.Of(100));
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
