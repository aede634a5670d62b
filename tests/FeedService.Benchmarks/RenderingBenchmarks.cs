using System.Buffers;
using BenchmarkDotNet.Attributes;
using FeedService.Syndication;
using FeedService.Syndication.Formats;

namespace FeedService.Benchmarks;

/// <summary>A feed of 50 articles and 150 KB, rendered whole, and joined out of kept fragments.</summary>
[MemoryDiagnoser]
[Config(typeof(ThroughputColumn.Config))]
public class RenderingBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(1024 * 1024);
    private Feed _feed = new();
    private readonly List<ReadOnlyMemory<byte>> _fragments = [];
    private readonly byte[] _joined = new byte[1 << 20];

    [Params(FeedFormat.Rss, FeedFormat.Atom, FeedFormat.Json)]
    public FeedFormat Format { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var paragraph = "<p>Spring tide at <a href=\"https://tide.example/spring?a=1&amp;b=2\">the old quay</a>, “four metres” &amp; rising; boats move up.</p>\n";
        var content = string.Concat(Enumerable.Repeat(paragraph, 20));
        var noon = new DateTimeOffset(2025, 12, 8, 12, 0, 0, TimeSpan.Zero);
        _feed = new Feed
        {
            Id = "https://tide.example/",
            Title = "Tide Table",
            SiteUrl = "https://tide.example/",
            SelfUrl = "https://tide.example/feed",
            Updated = noon,
            Articles = [.. Enumerable.Range(1, 50).Select(i => new Article
            {
                Id = $"https://tide.example/{i}",
                Url = $"https://tide.example/{i}",
                Title = $"Tide & time {i}",
                Summary = "What the sea did on a day in spring.",
                Content = content,
                Published = noon.AddHours(-i),
                Authors = [new Person("Ada Quay")],
                Categories = [new Category("tides"), new Category("harbour")],
            })],
        };
        foreach (var article in _feed.Articles)
        {
            var fragment = new ArrayBufferWriter<byte>();
            FeedWriter.WriteArticle(Format, _feed, article, fragment);
            _fragments.Add(fragment.WrittenMemory);
        }
    }

    [Benchmark]
    public int Whole()
    {
        _output.ResetWrittenCount();
        FeedWriter.Write(Format, _feed, _output);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Joined()
    {
        _output.ResetWrittenCount();
        FeedWriter.WriteFrame(Format, _feed, _output);
        var length = 0;
        foreach (var part in FeedWriter.Join(Format, _output.WrittenMemory, _fragments))
        {
            part.CopyTo(_joined.AsMemory(length));
            length += part.Length;
        }
        return length;
    }

    [Benchmark]
    public int OneArticle()
    {
        _output.ResetWrittenCount();
        FeedWriter.WriteArticle(Format, _feed, _feed.Articles[0], _output);
        return _output.WrittenCount;
    }
}
