namespace FeedService.Syndication.Documents.PlainText;

/// <summary>What a block of a plain text is.</summary>
internal enum BlockKind
{
    Paragraph,
    Heading,
    Item,
    Quote,
    Rule,
}

/// <summary>A run of lines that belong together: a paragraph, a list item, a quotation.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The lines made one, without bullet or quotation mark; a line feed stands where a break is part of the text.</param>
/// <param name="BlankBefore">How many blank lines stand before it.</param>
/// <param name="Line">The number of its first line, from 0.</param>
internal sealed record TextBlock(BlockKind Kind, string Text, int BlankBefore, int Line)
{
    /// <summary>How many blank lines stand after it.</summary>
    public int BlankAfter { get; init; } = 1;

    /// <summary>For an item: how deep it stands, from 0.</summary>
    public int Depth { get; init; }

    /// <summary>For an item: the number it carries; null for a bullet.</summary>
    public int? Number { get; init; }

    /// <summary>For an item: its bullet or number as it was written.</summary>
    public string Marker { get; init; } = "";

    /// <summary>For a heading: 2 or 3.</summary>
    public int Level { get; init; } = 2;

    /// <summary>For a quotation: how many marks stand before it.</summary>
    public int QuoteDepth { get; init; } = 1;
}
