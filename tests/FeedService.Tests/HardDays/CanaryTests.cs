using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FeedService.Tests.Cli;

namespace FeedService.Tests.HardDays;

/// <summary>Secrets that are known by a mark are used in all the ways there are; then the mark is looked for in all that the program says, shows and keeps.</summary>
public sealed class CanaryTests : IDisposable
{
    private const string Mark = "canary";

    private readonly FeedServiceProgram _program = new();
    private readonly StringBuilder _told = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Secrets_are_in_no_log_page_metric_error_or_command_line()
    {
        _program.Write("feeds/harbour/feed.yaml", $"title: Harbour\nsources: [{{inbox: true}}, {{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        _program.Write("feeds/cellar/feed.yaml", $"title: Cellar\nprivate: true\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        foreach (var feed in (string[])["harbour", "cellar"])
            File.SetLastWriteTimeUtc(_program.Write($"feeds/{feed}/articles/tide.md", "# High tide\n\nThe water rose.\n"), DateTime.UtcNow.AddMinutes(-5));
        var token = Assert.Single((await _program.RunAsync("token", "add", "harbour", "newsroom")).Lines);
        var key = (await _program.RunAsync("subscriber", "add", "cellar", "anna")).Lines[0].Split("key=")[1].Trim();
        var (service, client) = Start(new() { ["FeedService__StatusToken"] = $"{Mark}-of-the-status-page", ["FeedService__Hub"] = "true" });
        using (client)
        {
            await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/feeds/harbour.rss")).StatusCode));
            await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/feeds/cellar.rss?key={key}")).StatusCode));
            foreach (var (method, path, authorization, body) in (((HttpMethod, string, string?, string?)[])
            [
                (HttpMethod.Post, "/feeds/harbour/articles", $"Bearer {token}", "{\"title\":\"Ferry\",\"content_text\":\"It sails.\"}"),
                (HttpMethod.Post, "/feeds/harbour/articles", $"Bearer {token}", "{"),
                (HttpMethod.Post, "/feeds/harbour/articles", $"Bearer {Mark}-wrong", "{}"),
                (HttpMethod.Put, $"/feeds/harbour/articles/{Mark}", $"Bearer {Mark}-wrong", "{}"),
                (HttpMethod.Get, "/feeds/cellar", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"anna:{key}"))}", null),
                (HttpMethod.Get, $"/feeds/cellar/articles/tide?key={key}", null, null),
                (HttpMethod.Get, $"/feeds/cellar/articles/nothing?key={key}", null, null),
                (HttpMethod.Get, $"/feeds/cellar.rss?key={Mark}-wrong", null, null),
                (HttpMethod.Get, "/status", $"Bearer {Mark}-of-the-status-page", null),
                (HttpMethod.Get, "/status", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{Mark}-of-the-status-page"))}", null),
                (HttpMethod.Get, "/nothing", $"Bearer {Mark}-wrong", null),
                (HttpMethod.Post, "/hub", null, $"hub.mode=subscribe&hub.topic={client.BaseAddress}feeds%2Fharbour.rss&hub.callback=http%3A%2F%2F192.0.2.1%2F&hub.secret={Mark}-hub"),
            ]))
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Add("Accept", path.Contains("status", StringComparison.Ordinal) ? "*/*" : "text/html");
                // As if it came from elsewhere.
                request.Headers.Add("Via", "1.1 proxy");
                if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
                if (body is not null) request.Content = new StringContent(body, new MediaTypeHeaderValue(path == "/hub" ? "application/x-www-form-urlencoded" : "application/json"));
                await TellAsync(path, await client.SendAsync(request));
            }
            foreach (var path in (string[])["/", "/status", "/status.json", "/metrics", "/health/ready", "/feeds.opml", "/feeds/harbour.rss", "/feeds/harbour.atom", "/feeds/harbour.json"])
                await TellAsync(path, await client.GetAsync(path));
        }
        await EndAsync(service);
        foreach (var args in (string[][])[["token", "list", "harbour"], ["subscriber", "list", "cellar"], ["explain", "harbour"], ["check"], ["export"]])
            Tell(await _program.RunAsync(args));

        Missing(Mark);
        Missing(token);
        Missing(key);
        // Tokens are kept as hashes.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_program.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            var kept = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            foreach (var secret in (string[])[token, key, $"{Mark}-of-the-status-page", $"{Mark}-wrong"]) Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_password_of_a_database_that_cannot_be_used_is_told_to_nobody()
    {
        _program.Write("feeds/harbour/feed.yaml", $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        // Nobody listens at port 1.
        var environment = new Dictionary<string, string> { ["FeedService__Store"] = $"postgres://feeds:{Mark}-password@127.0.0.1:1/feeds?application_name=x" };
        var (service, client) = Start(environment);
        using (client)
        {
            await Eventually.HoldsAsync(async () => Assert.Contains("cannot be", await client.GetStringAsync("/status"), StringComparison.Ordinal));
            foreach (var path in (string[])["/", "/status", "/status.json", "/metrics", "/health/ready", "/feeds/harbour.rss", "/nothing"])
                await TellAsync(path, await client.GetAsync(path));
        }
        await EndAsync(service);
        foreach (var args in (string[][])[["explain", "harbour"], ["token", "add", "harbour", "x"], ["publish", "--output", "site"]])
            Tell(await _program.RunAsync(environment, args));
        foreach (var store in (string[])[$"postgres://feeds:{Mark}-password@127.0.0.1:none/feeds", $"postgres://feeds:{Mark}-password@127.0.0.1/feeds?sslmode=none", $"postgres://feeds:{Mark}-password@/"])
            Tell(await _program.RunAsync(new Dictionary<string, string> { ["FeedService__Store"] = store }, "explain", "harbour"));

        Missing(Mark);
    }

    private (Process Service, HttpClient Client) Start(Dictionary<string, string> environment)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        environment["Logging__LogLevel__Default"] = "Trace";
        var service = _program.Start(environment, "serve", "--urls", url.AbsoluteUri, "--public-url", url.AbsoluteUri);
        service.OutputDataReceived += (_, line) => Tell(line.Data);
        service.ErrorDataReceived += (_, line) => Tell(line.Data);
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        if (OperatingSystem.IsLinux()) Tell(File.ReadAllText($"/proc/{service.Id}/cmdline"));
        return (service, new HttpClient { BaseAddress = url });
    }

    private static async Task EndAsync(Process service)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{service.Id}"]);
        await service.WaitForExitAsync();
    }

    private async Task TellAsync(string path, HttpResponseMessage answer)
    {
        // Pages lead who came with a key in the address on with it, and nobody else.
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            if (path.Split("key=") is [_, var own]) text = text.Replace(own, "", StringComparison.Ordinal);
            Tell($"{path.Split('?')[0].Replace(Mark, "", StringComparison.Ordinal)} {answer}\n{text}");
        }
    }

    private void Tell(FeedServiceProgram.Outcome outcome) => Tell($"{outcome.Output}\n{outcome.Errors}");

    private void Tell(string? text)
    {
        lock (_told) _told.AppendLine(text);
    }

    private void Missing(string secret)
    {
        var told = _told.ToString();
        var place = told.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        if (place >= 0) Assert.Fail(told[Math.Max(0, place - 300)..Math.Min(told.Length, place + 100)]);
    }
}
