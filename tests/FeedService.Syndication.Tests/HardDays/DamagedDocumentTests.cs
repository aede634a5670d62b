using System.Diagnostics;
using System.Globalization;
using System.Text;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Formats;
using FeedService.Syndication.Html;
using FeedService.Syndication.Linting;

namespace FeedService.Syndication.Tests.HardDays;

/// <summary>
/// Damaged documents end in a result or in the exception that is declared, and nothing else. In the test run some hundreds of each kind, always the
/// same; <c>tests/fuzz</c> goes on for as long as it is told, with others each time, and looks at time and memory too.
/// </summary>
public sealed class DamagedDocumentTests
{
    private const int Rounds = 400;
    private const long MemoryLimit = 300L << 20;

    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(2);
    private static readonly SanitizerOptions _sanitizer = new() { BaseUrl = "https://example.com/a/" };

    private static readonly Dictionary<string, (string Documents, Action<byte[]> Read)> _readers = new()
    {
        ["feeds"] = ("Golden/Reading", bytes => Declared<FeedFormatException>(() => FeedReader.Read(bytes))),
        ["checked feeds"] = ("Golden/writing", bytes => FeedLinter.Lint(bytes)),
        ["pages"] = ("feeds/tideline", bytes => Declared<HtmlException>(() => PageExtractor.ExtractPage(Encoding.UTF8.GetString(bytes), "https://example.com/a/b"))),
        ["lists of articles"] = ("feeds/tideline", bytes => Declared<HtmlException>(() => ListingPage.FindArticles(Encoding.UTF8.GetString(bytes), "https://example.com/"))),
        ["markup"] = ("feeds/tideline", bytes => Declared<HtmlException>(() =>
        {
            var clean = HtmlSanitizer.Sanitize(Encoding.UTF8.GetString(bytes), _sanitizer);
            Assert.Equal(clean, HtmlSanitizer.Sanitize(clean, _sanitizer));
        })),
        ["sitemaps"] = ("Golden/writing", bytes => Declared<FeedFormatException>(() => SitemapReader.Read(bytes))),
        ["subscriptions"] = ("Golden/writing", bytes => Declared<FeedFormatException>(() => OpmlReader.Read(bytes))),
        ["pushed items"] = ("Golden/entries", bytes => Declared<DocumentException>(() => EntryReader.ReadJson(bytes, "https://example.com/a/"))),
        ["pushed entries"] = ("Golden/entries", bytes => Declared<DocumentException>(() => EntryReader.ReadAtom(bytes, "application/atom+xml", "https://example.com/a/"))),
        ["texts"] = ("feeds/harbour-news", bytes => Declared<DocumentException>(() => DocumentReader.Read(bytes, "a.txt", new DocumentOptions()))),
        ["Markdown"] = ("feeds/the-long-bench", bytes => Declared<DocumentException>(() => DocumentReader.Read(bytes, "a.md", new DocumentOptions()))),
        ["YAML"] = ("feeds", bytes => Declared<YamlFormatException>(() => SafeYaml.Parse(Encoding.UTF8.GetString(bytes)))),
    };

    public static TheoryData<string> Kinds => [.. _readers.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damage_costs_nothing_but_the_document(string kind)
    {
        var (folder, read) = _readers[kind];
        var seconds = int.Parse(Environment.GetEnvironmentVariable("FEEDSERVICE_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var seed = seconds > 0 ? Random.Shared.Next() : 20251208;
        var damage = new Damage(Documents(folder), seed);
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < Rounds || clock.Elapsed.TotalSeconds < seconds; round++)
        {
            var bytes = damage.Next();
            var began = Environment.CpuUsage.TotalTime;
            try
            {
                read(bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"{kind}, seed {seed}, round {round}, kept in {Keep(bytes)}: {e}");
            }
            // The first rounds are the compiler's.
            if (seconds == 0 || round < Rounds / 10) continue;
            var took = Environment.CpuUsage.TotalTime - began;
            if (took > _hang) Assert.Fail($"{kind}, seed {seed}, round {round} took {took} of a processor; kept in {Keep(bytes)}");
            if (GC.GetTotalMemory(false) > MemoryLimit) Assert.Fail($"{kind}, seed {seed}, round {round}: {GC.GetTotalMemory(false) >> 20} MB are in use; kept in {Keep(bytes)}");
        }
    }

    private static List<byte[]> Documents(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".xml" or ".json" or ".rss" or ".atom" or ".opml" or ".html" or ".txt" or ".md" or ".yaml")
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    private static void Declared<TException>(Action read) where TException : Exception
    {
        try
        {
            read();
        }
        catch (TException)
        {
            // What a document may cause.
        }
    }

    private static string Keep(byte[] bytes)
    {
        var file = Path.Combine(Path.GetTempPath(), $"feedservice-damaged-{Guid.NewGuid():N}");
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
