using System.CommandLine;
using FeedService.Configuration;
using FeedService.Sources;
using FeedService.Syndication;
using FeedService.Syndication.Documents;
using FeedService.Syndication.Html;

namespace FeedService.Cli;

/// <summary><c>feedservice extract</c>.</summary>
internal static class ExtractVerb
{
    public static Verb Create(CommonOptions options)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Texts, Markdown files, pages (also .html.gz), folders of them, or URLs",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var url = new Option<string?>("--url") { Description = "Where the page came from: relative links are resolved against it", HelpName = "URL" };
        var lines = new Option<bool>("--jsonl") { Description = """A line a file: {"file": path, "item": …} or {"file": path, "error": text}""" };
        var verb = new Verb("extract", "Extract the article from texts and web pages, as JSON Feed items.",
            "feedservice extract article.txt",
            "feedservice extract page.html --url https://example.com/2026/a-page",
            "feedservice extract https://example.com/2026/a-page",
            "feedservice extract --jsonl archive/ > articles.jsonl   # whatever is in the folder, one bad file never stops the rest")
        {
            files,
            url,
            lines,
        };
        verb.SetAction((parsed, cancellationToken) =>
            RunAsync(options.Settings(parsed), parsed.GetValue(files)!, parsed.GetValue(url), parsed.GetValue(lines), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(ServiceSettings settings, string[] files, string? url, bool lines, CancellationToken cancellationToken)
    {
        if (url is not null)
        {
            if (files.Length > 1 || Directory.Exists(files[0])) throw new UsageException("--url is for a single file");
            if (ValueFormats.Url(url, out url) is { } problem) throw new UsageException($"--url: {problem}");
        }
        using var inputs = new Inputs(settings);
        return await PerFile.RunAsync("Extracting", Inputs.Expand(files, IsArticle), lines, "item",
            async file => Inputs.IsUrl(file) && url is null
                ? Item(await inputs.LoadPageAsync(file, cancellationToken))
                : Extract(await inputs.ReadAsync(file, cancellationToken), url), cancellationToken);
    }

    private static byte[] Item(LoadedPage page) => ItemJson.Item(page.Article, page.Url.AbsoluteUri, page.Origins);

    private static byte[] Extract(Input input, string? url)
    {
        try
        {
            if (url is not null || IsPage(input.Name))
            {
                var page = PageExtractor.ExtractPage(TextDecoder.Decode(input.Bytes, input.ContentType).Text, url);
                return ItemJson.Item(page.Article, input.Name, page.Origins);
            }
            var document = DocumentReader.Read(input.Bytes, input.Name, new DocumentOptions());
            return ItemJson.Item(document.Article, input.Name, document.Origins);
        }
        catch (Exception e) when (e is DocumentException or HtmlException)
        {
            throw new InputException(e.Message, e);
        }
    }

    private static bool IsArticle(string file) => DocumentReader.Supports(WithoutGz(file));

    private static bool IsPage(string file) =>
        file.EndsWith(".html", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".htm", StringComparison.OrdinalIgnoreCase) ||
        file.EndsWith(".xhtml", StringComparison.OrdinalIgnoreCase);

    private static string WithoutGz(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
}
