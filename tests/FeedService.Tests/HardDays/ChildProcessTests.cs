using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FeedService.Tests.Cli;

namespace FeedService.Tests.HardDays;

/// <summary>What would end a process must be looked at from outside of it.</summary>
public sealed class ChildProcessTests : IDisposable
{
    private const int Signalled = 128;
    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Input_of_endless_depth_ends_no_process()
    {
        var hostile = new Dictionary<string, string>
        {
            ["deep.rss"] = $"<rss version='2.0'><channel>{Repeat("<a>", 100_000)}",
            ["deep.json"] = $"{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":{Repeat("[", 100_000)}",
            ["deep.opml"] = $"<opml version='2.0'><body>{Repeat("<outline text='t'>", 100_000)}",
            ["deep.html"] = $"<html><body>{Repeat("<div>", 100_000)}text",
            ["nested.html"] = $"<html><body>{Repeat("<b><i><table><a>", 25_000)}text",
            ["quotes.md"] = $"# T\n\n{Repeat(">", 100_000)} text",
            ["brackets.md"] = $"# T\n\n{Repeat("[", 100_000)}text",
            ["lists.md"] = $"# T\n\n{Repeat("- ", 100_000)}text",
            ["ticks.md"] = $"# T\n\n{string.Join(' ', Enumerable.Range(1, 400).Select(i => Repeat("`", i)))}",
            ["flow.md"] = $"---\ntitle: {Repeat("[", 10_000)}\n---\n# T\n\ntext",
            ["laughs.rss"] = $"<!DOCTYPE rss [<!ENTITY a0 'ha'>{string.Concat(Enumerable.Range(1, 30).Select(i => $"<!ENTITY a{i} '&a{i - 1};&a{i - 1};'>"))}]><rss version='2.0'><channel><title>&a30;</title></channel></rss>",
        };
        foreach (var (name, text) in hostile) _program.Write(name, text);
        _program.Write("feeds/deep/feed.yaml", $"title: {Repeat("[", 10_000)}\n");

        // A stack that overflows, or memory that ends, is a signal: 134, 137, 139.
        var extracted = await _program.RunAsync(["extract", "--jsonl", .. hostile.Keys.Where(name => Path.GetExtension(name) is ".md" or ".html")]);
        Assert.InRange(extracted.ExitCode, 0, Signalled - 1);
        var read = await _program.RunAsync(["read", .. hostile.Keys.Where(name => Path.GetExtension(name) is not ".md" and not ".html")]);
        Assert.InRange(read.ExitCode, 1, Signalled - 1);
        Assert.Equal(1, (await _program.RunAsync("check")).ExitCode);
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_in_the_middle_of_a_run_does_so_and_leaves_nothing_half()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        _program.Write("feeds/harbour/feed.yaml", $"title: Harbour\nsources: [{{folder: articles}}, {{feed: 'http://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}/rss'}}]\n");
        File.SetLastWriteTimeUtc(_program.Write("feeds/harbour/articles/tide.md", "# High tide\n\nThe water rose.\n"), DateTime.UtcNow.AddDays(-1));
        var environment = new Dictionary<string, string> { ["FeedService__AllowPrivateAddresses"] = "true" };
        var service = _program.Start(environment, "serve", "--urls", "http://127.0.0.1:0");
        // It runs, and waits for an answer that never comes.
        using var asked = await mute.AcceptTcpClientAsync();
        var log = service.StandardOutput.ReadToEndAsync();

        // Twice, as impatient people do.
        for (var i = 0; i < 2; i++) Process.Start("kill", ["-TERM", service.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        await service.WaitForExitAsync();

        Assert.Equal(0, service.ExitCode);
        Assert.Contains("harbour: run stopped, nothing was changed", await log, StringComparison.Ordinal);
        Assert.Contains("has not been published yet", (await _program.RunAsync("explain", "harbour")).Errors, StringComparison.Ordinal);
        mute.Stop();
        await _program.RunAsync(environment, "publish", "--output", "site");
        Assert.Contains("High tide", _program.Read("site/feeds/harbour.rss"), StringComparison.Ordinal);
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
