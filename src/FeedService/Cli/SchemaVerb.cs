using FeedService.Configuration;

namespace FeedService.Cli;

/// <summary><c>feedservice schema</c>: for those who build feedservice; everybody else finds the file in the folder of feeds.</summary>
internal static class SchemaVerb
{
    public static Verb Create()
    {
        var verb = new Verb("schema", "Print the JSON Schema of definitions.", "feedservice schema > feeds/feed.schema.json") { Hidden = true };
        verb.SetAction(_ => Console.Out.Write(SchemaDefinitions.Render()));
        return verb;
    }
}
