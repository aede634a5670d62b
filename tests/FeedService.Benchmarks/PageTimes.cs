using System.IO.Compression;
using FeedService.Syndication;
using FeedService.Syndication.Html;

namespace FeedService.Benchmarks;

/// <summary>
/// How long an article's extraction takes over a folder of pages (<c>.html</c>, <c>.html.gz</c>), in one warm process. Processor time, since a busy machine
/// makes the clock's meaningless; one line that a script can read.
/// </summary>
internal static class PageTimes
{
    public static int Run(string folder)
    {
        var pages = Directory.EnumerateFiles(folder, "*.html*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (File: file, Html: Read(file))).ToList();
        if (pages.Count == 0)
        {
            Console.Error.WriteLine($"{folder} has no pages");
            return 1;
        }
        foreach (var (_, html) in pages) Extract(html);
        var times = pages.Select(page => (page.File, Time: Measure(page.Html))).OrderBy(page => page.Time).ToList();
        Console.WriteLine(FormattableString.Invariant(
            $"pages {times.Count} median {times[times.Count / 2].Time.TotalMilliseconds:F1} ms p95 {times[times.Count * 95 / 100].Time.TotalMilliseconds:F1} ms max {times[^1].Time.TotalMilliseconds:F1} ms {Path.GetFileName(times[^1].File)}"));
        return 0;
    }

    private static TimeSpan Measure(string html)
    {
        var before = Environment.CpuUsage.TotalTime;
        Extract(html);
        return Environment.CpuUsage.TotalTime - before;
    }

    private static void Extract(string html)
    {
        try
        {
            PageExtractor.ExtractPage(html, null);
        }
        catch (HtmlException)
        {
            // A page that is refused took its time, too.
        }
    }

    private static string Read(string file)
    {
        using var stream = File.OpenRead(file);
        using Stream content = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return TextDecoder.Decode(bytes.ToArray()).Text;
    }
}
