using System.Diagnostics;
using System.Globalization;

namespace FeedService.Benchmarks.Scale;

/// <summary>In milliseconds; what the processor spent is the steadier figure on a machine that does other things too.</summary>
internal readonly record struct Timing(double P50, double P99, double Processor)
{
    /// <summary>How often work is done before it counts: code that has just begun to run is compiled meanwhile.</summary>
    public static int WarmUp(int times) => times * 3 / 7;

    /// <summary>Times what <paramref name="work"/> does; what <paramref name="prepare"/> does is not counted.</summary>
    public static async Task<Timing> OfAsync(int times, Func<int, Task> prepare, Func<int, Task> work)
    {
        var milliseconds = new double[times];
        var processor = TimeSpan.Zero;
        for (var i = -WarmUp(times); i < times; i++)
        {
            await prepare(i);
            var (began, spent) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await work(i);
            if (i < 0) continue;
            milliseconds[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            processor += Environment.CpuUsage.TotalTime - spent;
        }
        Array.Sort(milliseconds);
        return new Timing(milliseconds[times / 2], milliseconds[times * 99 / 100], processor.TotalMilliseconds / times);
    }

    public static Task<Timing> OfAsync(int times, Func<int, Task> work) => OfAsync(times, _ => Task.CompletedTask, work);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{P50:0.00} / {P99:0.00}, {Processor:0.00}");
}
