namespace FeedService.Syndication.Documents;

/// <summary>What is wrong with a YAML document, and where.</summary>
/// <param name="message">One sentence, without the place.</param>
/// <param name="line">Counted from 1.</param>
/// <param name="column">Counted from 1.</param>
/// <param name="innerException">What the parser said.</param>
public sealed class YamlFormatException(string message, int line, int column, Exception? innerException = null)
    : FormatException(message, innerException)
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Counted from 1.</summary>
    public int Column { get; } = column;
}
