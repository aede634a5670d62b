using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FeedService.Cli;

/// <summary><c>feedservice sbom</c>: what the program is made of, as CycloneDX 1.6. The build writes it beside what it publishes.</summary>
internal static class SbomVerb
{
    public static Verb Create()
    {
        var verb = new Verb("sbom", "Print the bill of materials.", "feedservice sbom > feedservice.cdx.json") { Hidden = true };
        verb.SetAction(_ => Console.Out.WriteLine(Render()));
        return verb;
    }

    /// <summary>The same packages give the same text: no time, no serial number.</summary>
    public static string Render()
    {
        var program = Assembly.GetExecutingAssembly().GetName();
        // What the SDK resolved, with the hash of every package.
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{program.Name}.deps.json"));
        var libraries = JsonNode.Parse(file)!["libraries"]!.AsObject();
        var components =
            from library in libraries
            where (string?)library.Value!["type"] == "package"
            orderby library.Key
            let name = library.Key.Split('/')
            let hash = ((string)library.Value["sha512"]!).Split('-', 2)[1]
            select (JsonNode)new JsonObject
            {
                ["type"] = "library",
                ["bom-ref"] = Purl(name[0], name[1]),
                ["name"] = name[0],
                ["version"] = name[1],
                ["purl"] = Purl(name[0], name[1]),
                ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(hash)) }),
            };
        return new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = program.Name, ["name"] = program.Name, ["version"] = program.Version!.ToString(3) },
            },
            ["components"] = new JsonArray([.. components]),
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" });
    }

    private static string Purl(string name, string version) => $"pkg:nuget/{name}@{version}";
}
