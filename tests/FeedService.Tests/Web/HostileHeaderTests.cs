using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FeedService.Tests.Sources;

namespace FeedService.Tests.Web;

/// <summary>What others name, title and push with line breaks and control characters becomes neither a header nor a line of the log, and has nobody called.</summary>
public sealed class HostileHeaderTests(RunningService service) : IClassFixture<RunningService>
{
    private const string Line = "x\r\nX-Evil: 1";

    [Fact]
    public async Task Nothing_that_is_text_becomes_a_header()
    {
        var slug = await service.DefineAsync(
            "description: \"d\\nX-Evil: 1\"\ncategories: [\"c\\nX-Evil: 1\"]\nsources: [{folder: articles}, {inbox: true}]",
            ($"{Line}.md", $"---\ntitle: \"t\\r\\nX-Evil: 1\"\ntags: [\"t\\r\\nX-Evil: 1\"]\nid: \"i\\r\\nX-Evil: 1\"\n---\nThe water rose.\n"),
            ($"{Line}.png", "picture"));
        var token = await service.TokenAsync(slug);
        foreach (var id in (string[])[Line, $"urn:{Line}", "x\nX-Evil: 1", "x\rX-Evil: 1", "x\u0085X-Evil: 1", "x\u2028X-Evil: 1"])
        {
            using var pushed = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, new JsonObject { ["id"] = id, ["title"] = id, ["content_text"] = id, ["tags"] = new JsonArray(id) }.ToJsonString());
            AssertWhole(pushed.ToString(), $"a push of {id}");
        }
        await Eventually.HoldsAsync(async () => Assert.True((await service.TitlesAsync(slug)).Count > 1));

        var escaped = Uri.EscapeDataString(Line);
        string[] paths =
        [
            "/feeds/{0}.rss", "/feeds/{0}.atom", "/feeds/{0}.json", "/feeds/{0}", "/feeds/{0}/", "/feeds/{0}%0d%0aX-Evil:%201", "/feeds/{0}%0d%0aX-Evil:%201.rss", "/feeds/{0}.rss%0d%0aX-Evil:%201",
            $"/feeds/{{0}}/articles/{escaped}", $"/feeds/{{0}}/articles/{escaped}.png", $"/feeds/{{0}}/tags/{escaped}.rss", $"/feeds/{{0}}/authors/{escaped}.atom", $"/feeds/{{0}}/archive/{escaped}.rss",
            $"/{escaped}", $"/?page={escaped}", $"/feeds/{{0}}?page={escaped}", $"/hub/callback/{escaped}", $"/feeds/{{0}}/articles/{escaped}/", "/feeds.opml",
        ];
        foreach (var path in paths)
        {
            foreach (var accept in (string[])["text/html", "*/*"])
            {
                var answer = await RawAsync($"GET {path.Replace("{0}", slug, StringComparison.Ordinal)} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nA-IM: feed\r\nIf-None-Match: \"x\"\r\nConnection: close\r\n\r\n");
                Assert.Matches("^HTTP/1.1 [234]", answer);
                AssertWhole(answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)], path);
            }
        }
    }

    /// <summary>Whether a port answers cannot be told from what a push is told.</summary>
    [Fact]
    public async Task Addresses_in_what_is_pushed_are_not_asked()
    {
        await using var inside = new RawServer();
        inside.Map("/", "secret");
        var slug = await service.DefineAsync("sources: [{inbox: true}]");
        var token = await service.TokenAsync(slug);
        var answers = new HashSet<string>();
        foreach (var url in (string[])[inside.Root, $"http://127.0.0.1:{FreePort.Find()}", "http://169.254.169.254", "http://nobody.invalid"])
        {
            using var answer = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, new JsonObject
            {
                ["id"] = url,
                ["title"] = "Tide",
                ["url"] = $"{url}/",
                ["external_url"] = $"{url}/x",
                ["image"] = $"{url}/a.png",
                ["content_html"] = $"<img src='{url}/b.png'><video poster='{url}/c.png' src='{url}/d.mp4'></video>",
                ["authors"] = new JsonArray(new JsonObject { ["name"] = "A", ["url"] = $"{url}/e", ["avatar"] = $"{url}/f.png" }),
                ["attachments"] = new JsonArray(new JsonObject { ["url"] = $"{url}/g.mp3", ["mime_type"] = "audio/mpeg" }),
            }.ToJsonString());
            answers.Add($"{(int)answer.StatusCode} {string.Join(' ', answer.Headers.Select(header => header.Key).Order())} {(await answer.Content.ReadAsStringAsync()).Replace(url, "", StringComparison.Ordinal).Length}");
        }
        // Out, linted and shown to readers by then.
        await Eventually.HoldsAsync(async () => Assert.Equal(4, (await service.TitlesAsync(slug)).Count));
        using var page = await service.SendAsync(HttpMethod.Get, $"/feeds/{slug}", headers: ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        Assert.Single(answers);
        Assert.Equal(0, inside.Connections);
    }

    private static void AssertWhole(string head, string what) =>
        Assert.False(head.ReplaceLineEndings("\n").Split('\n').Any(line => line.StartsWith("X-Evil", StringComparison.OrdinalIgnoreCase)), $"{what} set a header: {head}");

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
