using FeedService.Syndication.Html;
using Markdig;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FeedService.Syndication.Documents;

/// <summary>CommonMark with tables, footnotes, task lists, strikethrough and bare links; raw HTML goes through the sanitizer.</summary>
internal static class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseFootnotes()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .Build();

    /// <param name="text">The file without its front matter.</param>
    /// <param name="knownTitle">The front matter's title: a first heading that repeats it is left out; null makes the first heading the title.</param>
    /// <param name="sanitizer">With the URL that relative links resolve against.</param>
    /// <exception cref="DocumentException">It is nested too deep, or over one of <see cref="MarkdownLimits"/>.</exception>
    public static Document Read(string text, string? knownTitle, SanitizerOptions sanitizer)
    {
        MarkdownLimits.Check(text);
        try
        {
            var document = Markdown.Parse(text, Pipeline);
            var origins = new Dictionary<string, string> { [nameof(Article.Content)] = "Markdown" };
            var title = "";
            if (document.OfType<HeadingBlock>().FirstOrDefault(heading => heading.Level == 1) is { } heading && PlainText(heading.Inline) is { Length: > 0 } words
                && (knownTitle is null || string.Equals(words, knownTitle.Trim(), StringComparison.OrdinalIgnoreCase)))
            {
                title = words;
                origins[nameof(Article.Title)] = "first heading";
                document.Remove(heading);
            }
            // Readers' content has no forms: what is done has to be seen from a character.
            foreach (var box in document.Descendants<TaskList>().ToList()) box.ReplaceBy(new LiteralInline(box.Checked ? "☑" : "☐"));
            var summary = document.SkipWhile(IsPicture).FirstOrDefault() is ParagraphBlock opening ? PlainText(opening.Inline) : "";
            if (summary.Length > 0) origins[nameof(Article.Summary)] = "first paragraph";
            return new Document(new Article
            {
                Title = title,
                Summary = summary.Length > 0 ? summary : null,
                Content = HtmlSanitizer.Sanitize(document.ToHtml(Pipeline), sanitizer),
            })
            { Origins = origins };
        }
        // Markdig guards its recursion by throwing this.
        catch (ArgumentException e) when (e.Message.Contains("nested", StringComparison.OrdinalIgnoreCase))
        {
            throw new DocumentException("the Markdown is nested too deep: quotes, lists or brackets within each other", e);
        }
    }

    private static bool IsPicture(Block block) =>
        block is ParagraphBlock { Inline: { } inline } && inline.All(each => each is LinkInline { IsImage: true } or LineBreakInline);

    private static string PlainText(ContainerInline? inline)
    {
        if (inline is null) return "";
        using var output = new StringWriter { NewLine = " " };
        var renderer = new Markdig.Renderers.HtmlRenderer(output) { EnableHtmlForInline = false, EnableHtmlEscape = false };
        Pipeline.Setup(renderer);
        renderer.Render(inline);
        return string.Join(' ', output.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
