using System.Buffers;
using System.CommandLine;
using FeedService.Configuration;
using FeedService.Syndication.Formats;

namespace FeedService.Cli;

/// <summary><c>feedservice read</c>.</summary>
internal static class ReadVerb
{
    public static Verb Create(CommonOptions options)
    {
        var files = new Argument<string[]>("files") { Description = "Feeds (also .gz), or URLs of feeds or of pages that name one", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
        var url = new Option<string?>("--url") { Description = "Where the files came from: relative links are resolved against it", HelpName = "URL" };
        var lines = new Option<bool>("--jsonl") { Description = """A line a file: {"file": path, "feed": …} or {"file": path, "error": text}""" };
        var verb = new Verb("read", "Read feeds (RSS, RDF, Atom, JSON Feed) and print them as JSON Feed 1.1.",
            "feedservice read https://example.com/",
            "feedservice read old.rss | jq -r '.items[].title'",
            "feedservice read --jsonl feeds/*.xml > feeds.jsonl")
        {
            files,
            url,
            lines,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var origin = parsed.GetValue(url);
            if (origin is not null && ValueFormats.Url(origin, out origin) is { } problem) throw new UsageException($"--url: {problem}");
            using var inputs = new Inputs(options.Settings(parsed));
            return await PerFile.RunAsync("Reading", parsed.GetValue(files)!, parsed.GetValue(lines), "feed",
                file => ReadAsync(inputs, file, origin, cancellationToken), cancellationToken);
        });
        return verb;
    }

    private static async Task<byte[]> ReadAsync(Inputs inputs, string file, string? origin, CancellationToken cancellationToken)
    {
        var input = await inputs.ReadFeedAsync(file, cancellationToken);
        try
        {
            var document = FeedReader.Read(input.Bytes, new FeedReadOptions { ContentType = input.ContentType, BaseUrl = input.Url ?? origin, WithDetails = true });
            var output = new ArrayBufferWriter<byte>(Math.Max(4096, input.Bytes.Length));
            FeedDocumentWriter.WriteJson(document, output);
            return output.WrittenSpan.ToArray();
        }
        catch (FeedFormatException e)
        {
            throw new InputException(e.Message, e);
        }
    }
}
