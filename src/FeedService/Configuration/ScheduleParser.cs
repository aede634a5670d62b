using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Quartz;

namespace FeedService.Configuration;

/// <summary>Schedules as people write them: a span, a Quartz cron expression, a five-field cron expression, or a macro such as <c>@daily</c>.</summary>
public static partial class ScheduleParser
{
    // Any instant would do; a fixed one keeps the interval, and with it the feed's bytes, the same on every day and node. It is a Monday.
    private static readonly DateTimeOffset Reference = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    // Two weeks of daily runs.
    private const int RunsToLookAt = 16;

    // Many feeds share few expressions, and looking for their runs is most of the work of loading a definition.
    private static readonly ConcurrentDictionary<string, Cron> Known = new();
    private const int MostKnown = 1000;

    public static string? Parse(string text, TimeZoneInfo zone, out FeedSchedule schedule)
    {
        schedule = FeedSchedule.Default;
        if (text.Length > 0 && text[0] != '@' && !text.Contains(' ', StringComparison.Ordinal))
        {
            if (ValueFormats.Span(text, out var span) is { } problem) return problem.Contains("is not a span", StringComparison.Ordinal) ? problem + ", nor a cron expression such as 0 0/15 * * * ?" : problem;
            schedule = new(text) { Every = span, TypicalInterval = span };
            return null;
        }
        if (!Known.TryGetValue(text, out var cron))
        {
            if (Read(text, out cron) is { } problem) return problem;
            if (Known.Count < MostKnown) Known.TryAdd(text, cron);
        }
        schedule = new(text)
        {
            Cron = cron.Expression,
            TimeZone = RunsInEveryHour(cron.Expression) ? TimeZoneInfo.Utc : zone,
            TypicalInterval = cron.Interval,
        };
        return null;
    }

    /// <summary>The schedule's next moment; spans are counted from <paramref name="after"/>. Null where a cron expression has none any more.</summary>
    public static DateTimeOffset? Next(FeedSchedule schedule, DateTimeOffset after) => schedule.Cron is { } cron
        ? CronExpression.Parse(cron).WithTimeZone(schedule.TimeZone).GetNextValidTimeAfter(after)
        : after + (schedule.Every ?? schedule.TypicalInterval);

    private readonly record struct Cron(string Expression, TimeSpan Interval);

    private static string? Read(string text, out Cron cron)
    {
        cron = default;
        CronExpression parsed;
        try
        {
            var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            parsed = CronExpression.Parse(text, fields == 5 ? CronFormat.Unix : CronFormat.Quartz);
        }
        // The parser also lets what int.Parse and spans throw through.
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return $"'{text}' is not a cron expression: {Sentence(e.Message)}";
        }
        if (Sentinel().IsMatch(text)) return $"'{text}' is not a cron expression: No field goes up to 98 or 99";
        if (Interval(parsed.WithTimeZone(TimeZoneInfo.Utc)) is not { } interval) return $"'{text}' never comes about";
        cron = new(parsed.CronExpressionString, interval);
        return null;
    }

    // Where clocks are set back an hour comes twice and a local schedule would leave a gap, so only fixed hours are local.
    private static bool RunsInEveryHour(string cron)
    {
        var hours = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        return hours is "*" or "*/1" or "0/1" or "0-23" or "0-23/1";
    }

    // The middle one of the gaps between runs: a weekend or a night does not make an hourly schedule a slow one.
    private static TimeSpan? Interval(CronExpression cron)
    {
        var gaps = new List<TimeSpan>(RunsToLookAt);
        var last = cron.GetNextValidTimeAfter(Reference);
        if (last is null) return null;
        while (gaps.Count < RunsToLookAt && cron.GetNextValidTimeAfter(last.Value) is { } next)
        {
            gaps.Add(next - last.Value);
            last = next;
        }
        if (gaps.Count == 0) return TimeSpan.FromDays(1);
        gaps.Sort();
        return gaps[gaps.Count / 2];
    }

    // Quartz's own words for * and ?, which it takes from others, too.
    [GeneratedRegex(@"\b9[89]\b")]
    private static partial Regex Sentinel();

    private static string Sentence(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        var parameter = line.IndexOf(" (Parameter ", StringComparison.Ordinal);
        if (parameter > 0) line = line[..parameter].TrimEnd('.');
        return line;
    }
}
