namespace FeedService.Configuration;

/// <summary>What is wrong in a definition, and where.</summary>
/// <param name="File">As people know it: relative to the working directory where it is below that.</param>
/// <param name="Line">Counted from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Message">One sentence without the place: what is wrong and what to do.</param>
public sealed record DefinitionError(string File, int Line, int Column, string Message)
{
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Message}";
}
