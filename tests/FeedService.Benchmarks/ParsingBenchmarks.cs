using System.Buffers;
using System.Text;
using System.Xml;
using BenchmarkDotNet.Attributes;
using FeedService.Syndication;
using FeedService.Syndication.Formats;

namespace FeedService.Benchmarks;

/// <summary>Reading a clean feed of fifty articles and about 150 kB to articles, before sanitizing. XmlReader alone, which stops at the first fault, is the yardstick.</summary>
[MemoryDiagnoser]
public class ParsingBenchmarks
{
    private byte[] _document = [];

    public enum Kind
    {
        RssInCData,
        RssEscaped,
        AtomEscaped,
        Json,
    }

    [ParamsAllValues]
    public Kind Document { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var feed = new Feed
        {
            Id = "https://quay.example/",
            Title = "Quay",
            SiteUrl = "https://quay.example/",
            SelfUrl = "https://quay.example/feed",
            Articles = [.. Enumerable.Range(1, 50).Select(Article)],
        };
        var output = new ArrayBufferWriter<byte>();
        FeedWriter.Write(Document switch { Kind.Json => FeedFormat.Json, Kind.AtomEscaped => FeedFormat.Atom, _ => FeedFormat.Rss }, feed, output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        _document = Encoding.UTF8.GetBytes(Document is Kind.RssEscaped or Kind.AtomEscaped ? Escaped(text) : text);
    }

    [Benchmark]
    public FeedDocument Read() => FeedReader.Read(_document);

    [Benchmark(Baseline = true)]
    public int XmlReaderAlone()
    {
        if (Document == Kind.Json)
            return 0;
        var length = 0;
        using var reader = XmlReader.Create(new MemoryStream(_document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        while (reader.Read())
            length += reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA ? reader.Value.Length : 0;
        return length;
    }

    private static Article Article(int number)
    {
        var words = string.Concat(Enumerable.Range(0, 12).Select(i => $"The tide at quay {number + i} turned and the <em>pilot</em> of the {i}th ferry waited for “slack water” – as ever. "));
        return new Article
        {
            Id = $"https://quay.example/{number}",
            Url = $"https://quay.example/{number}",
            Title = $"Tide & quay {number}",
            Summary = "The tide turned, and the pilot waited.",
            Content = $"<p>{words}</p><p><a href=\"https://quay.example/{number}?a=1&amp;b=2\">More</a></p><p>{words}</p>",
            Published = DateTimeOffset.UnixEpoch.AddDays(20_000 + number),
            Authors = [new Person("Ann Moor")],
            Categories = [new Category("tides"), new Category("quays")],
        };
    }

    /// <summary>The same text without CDATA sections.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var part in text.Split("<![CDATA["))
        {
            var end = part.IndexOf("]]>", StringComparison.Ordinal);
            if (end < 0)
                escaped.Append(part);
            else
                escaped.Append(part[..end].Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)).Append(part.AsSpan(end + 3));
        }
        return escaped.ToString();
    }
}
