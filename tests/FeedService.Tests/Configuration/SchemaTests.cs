using System.Text.Json.Nodes;
using FeedService.Configuration;

namespace FeedService.Tests.Configuration;

public sealed class SchemaTests
{
    [Fact]
    public void The_schema_that_is_checked_in_is_the_present_one()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "feeds", "feed.schema.json");
        Assert.True(SchemaDefinitions.Render() == File.ReadAllText(file),
            "feeds/feed.schema.json is stale. Regenerate it: dotnet run --project src/FeedService -- schema > feeds/feed.schema.json");
    }

    [Fact]
    public void Every_key_is_described()
    {
        var schema = JsonNode.Parse(SchemaDefinitions.Render())!;
        var undescribed =
            from definition in schema["$defs"]!.AsObject()
            from key in (definition.Value!["properties"] ?? definition.Value["anyOf"]?.AsArray().Last()!["properties"])?.AsObject() ?? []
            where key.Value!["description"] is null
            select $"{definition.Key}.{key.Key}";
        Assert.Empty(undescribed);
    }
}
