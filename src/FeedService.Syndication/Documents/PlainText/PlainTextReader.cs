namespace FeedService.Syndication.Documents.PlainText;

/// <summary>Plain text, as a person or a scraper saved it: headline, standfirst, paragraphs, and what the page left around them.</summary>
internal static class PlainTextReader
{
    // A thick novel has a fifth of it.
    private const int MaxBlocks = 50_000;

    /// <param name="text">The file without its front matter, its lines ending in line feeds.</param>
    /// <param name="knownTitle">The front matter's title: a first line that repeats it is left out; null makes the first line the title.</param>
    /// <exception cref="DocumentException">It has too many paragraphs.</exception>
    public static Document Read(string text, string? knownTitle)
    {
        var origins = new Dictionary<string, string> { [nameof(Article.Content)] = "text" };
        var blocks = TextBlocks.Split(text);
        if (blocks.Count > MaxBlocks) throw new DocumentException($"it has more than {MaxBlocks} paragraphs and lines: a list or a log, not an article");
        blocks.RemoveRange(0, Math.Max(0, blocks.FindIndex(block => block.Kind != BlockKind.Rule)));
        var title = "";
        if (blocks.Count > 0 && (knownTitle is null || blocks[0].Text == knownTitle))
        {
            title = blocks[0].Text;
            origins[nameof(Article.Title)] = "first line";
            blocks.RemoveAt(0);
        }
        // First, while the word that announces it still stands above it.
        blocks = TableOfContents.Without(blocks);
        var head = ArticleHead.Take(title, blocks);
        blocks = PageRemains.Remove(blocks, title, head.Authors);
        Lists.Settle(blocks);
        Headings.Mark(blocks);
        if (head.Standfirst is not null) origins[nameof(Article.Summary)] = "standfirst";
        if (head.Authors.Count > 0) origins[nameof(Article.Authors)] = "byline";
        if (head.Date is not null) origins[nameof(Article.Published)] = "dateline";
        return new Document(new Article
        {
            Title = title,
            Summary = head.Standfirst,
            Content = BlocksHtml.Write(blocks),
            Authors = [.. head.Authors.Select(name => new Person(name))],
            Published = head.Date,
        })
        { Origins = origins };
    }
}
