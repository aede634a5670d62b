using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
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
        for (var i = 0; i < 2; i++) Signal(service, "TERM");
        await service.WaitForExitAsync();

        Assert.Equal(0, service.ExitCode);
        Assert.Contains("harbour: run stopped, nothing was changed", await log, StringComparison.Ordinal);
        Assert.Contains("has not been published yet", (await _program.RunAsync("explain", "harbour")).Errors, StringComparison.Ordinal);
        mute.Stop();
        await _program.RunAsync(environment, "publish", "--output", "site");
        Assert.Contains("High tide", _program.Read("site/feeds/harbour.rss"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_texts_of_others_write_no_line_of_their_own_into_the_log_and_steer_no_terminal()
    {
        const string Evil = "a\u001b[31m\r\n00:00:00 fail: forged\u202E\u0007";
        _program.Write("feeds/harbour/feed.yaml", $"title: \"a\\u202Eb\"\nsources: [{{folder: articles}}, {{feed: 'http://127.0.0.1:{FreePort.Find()}/'}}]\nschedule: {RunningService.Seldom}\n");
        _program.Write("feeds/broken/feed.yaml", $"title: \"{JsonEncodedText.Encode(Evil)}\"\n\"{JsonEncodedText.Encode(Evil)}\": 1\n");
        foreach (var text in (string[])["---\ntitle: [\n---\nx\n", $"---\n\"{JsonEncodedText.Encode(Evil)}\": 1\ndate: \"{JsonEncodedText.Encode(Evil)}\"\n---\n# T\n\ntext\n"])
            File.SetLastWriteTimeUtc(_program.Write($"feeds/harbour/articles/{text.Length} {Evil}.md", text), DateTime.UtcNow.AddMinutes(-5));
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        var service = _program.Start(new Dictionary<string, string> { ["FeedService__AllowPrivateAddresses"] = "true" }, "serve", "--urls", url);
        var (log, errors) = (service.StandardOutput.ReadToEndAsync(), service.StandardError.ReadToEndAsync());
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        await Eventually.HoldsAsync(async () => Assert.Contains("forged", await client.GetStringAsync("/status.json"), StringComparison.Ordinal));
        await client.GetAsync($"/feeds/{Uri.EscapeDataString(Evil)}.rss");
        Signal(service, "TERM");
        await service.WaitForExitAsync();

        var written = await log + await errors;
        Assert.Contains("forged", written, StringComparison.Ordinal);
        Assert.DoesNotContain(written, c => (char.IsControl(c) && c != '\n') || c == '\u202E');
        Assert.DoesNotContain(written.Split('\n'), line => line.StartsWith("00:00:00 fail", StringComparison.Ordinal));
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
    public async Task A_service_that_is_told_to_stop_while_its_database_says_nothing_ends_and_leaves_nothing_half()
    {
        await using var schema = new TestSchema();
        await using var database = new DatabaseProxy(schema.Url);
        database.Start();
        Harbour("2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        var (service, url) = Serve(database.Url);
        using var client = new HttpClient { BaseAddress = url };
        await Eventually.HoldsAsync(async () => Assert.Contains("High tide", await client.GetStringAsync("/feeds/harbour.rss"), StringComparison.Ordinal));

        database.Silence();
        Harbour("2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
        await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready")).StatusCode));
        Signal(service, "TERM");
        await service.WaitForExitAsync();

        // By itself, or, where nobody could be told goodbye, by its own hand.
        Assert.True(service.ExitCode is 0 or Signalled + 9, $"{service.ExitCode}");
        database.Heal();
        var (_, again) = Serve(database.Url);
        using var other = new HttpClient { BaseAddress = again };
        await Eventually.HoldsAsync(async () => Assert.Contains("New crane", await other.GetStringAsync("/feeds/harbour.rss"), StringComparison.Ordinal));
        Assert.Equal(2, await schema.SqlAsync<long>("select version from feeds"));
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Strace, "the program that has system calls fail")]
    public async Task While_the_disk_fails_the_last_feed_is_served_and_what_was_missed_comes_after()
    {
        Harbour("2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        var (service, url) = Serve("sqlite:");
        using var client = new HttpClient { BaseAddress = url };
        await Eventually.HoldsAsync(async () => Assert.Contains("High tide", await client.GetStringAsync("/feeds/harbour.rss"), StringComparison.Ordinal));

        using var fault = Process.Start(Environment.GetEnvironmentVariable(NeedsAttribute.Strace)!,
        [
            "-f", "-qq", "-o", Path.Combine(_program.Folder, "calls"), "-e", "trace=pwrite64,fdatasync,fsync", "-e", "inject=pwrite64,fdatasync,fsync:error=EIO",
            "-P", Path.Combine(_program.Folder, "data", "feedservice.db-wal"), "-p", service.Id.ToString(CultureInfo.InvariantCulture),
        ]);
        try
        {
            // As often as it takes until it is there.
            await Eventually.HoldsAsync(async () =>
            {
                Harbour("2026-01-02-crane.md", $"# New crane\n\nIt came by barge at {DateTime.UtcNow:O}.\n");
                var answer = await client.GetAsync("/feeds/harbour.rss");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Contains("EIO", _program.Read("calls"), StringComparison.Ordinal);
            });
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/feeds/harbour.atom")).StatusCode);
        }
        finally
        {
            Signal(fault, "INT");
            await fault.WaitForExitAsync();
        }

        await Eventually.HoldsAsync(async () => Assert.Contains("New crane", await client.GetStringAsync("/feeds/harbour.rss"), StringComparison.Ordinal));
        Assert.False(service.HasExited);
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Strace, "the program that shows system calls")]
    public async Task What_is_acknowledged_was_on_the_disk_before()
    {
        var token = Assert.Single((await PushFeedAsync()).Lines);
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var service = PushKillTests.Discard(_program.Start(new Dictionary<string, string>(), "serve", "--urls", url.AbsoluteUri));
        using var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await Eventually.HoldsAsync(async () => Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/feeds/inbox.rss")).StatusCode));
        var calls = Path.Combine(_program.Folder, "calls");
        using var trace = Process.Start(Environment.GetEnvironmentVariable(NeedsAttribute.Strace)!,
            ["-f", "-qq", "-y", "-s", "40", "-o", calls, "-e", "trace=fsync,fdatasync,pwrite64,sendto,sendmsg,write,writev", "-p", service.Id.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            // Until the whole of one is seen: the tracer needs a moment to begin.
            await Eventually.HoldsAsync(async () =>
            {
                using var answer = await client.PostAsync("/feeds/inbox/articles", new StringContent($"# Ferry at {DateTime.UtcNow:O}\n\nIt sails.\n", new System.Net.Http.Headers.MediaTypeHeaderValue("text/markdown")));
                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                Assert.Matches("(?s)pwrite64\\([0-9]+<[^>]*feedservice.db-wal>.*HTTP/1.1 201", await File.ReadAllTextAsync(calls));
            });
        }
        finally
        {
            Signal(trace, "INT");
            await trace.WaitForExitAsync();
        }

        // Whatever was written to the log of the database before an answer went out was synced before it, too.
        var (written, synced, answered) = (false, false, 0);
        foreach (var call in await File.ReadAllLinesAsync(calls))
        {
            if (call.Contains("pwrite64(", StringComparison.Ordinal) && call.Contains("feedservice.db-wal", StringComparison.Ordinal)) (written, synced) = (true, false);
            // What another thread interrupted is told of in two lines, the end in the second.
            else if (call.Contains("sync", StringComparison.Ordinal) && call.EndsWith("= 0", StringComparison.Ordinal)) synced = true;
            // Of one that was on its way when the tracer began only the end is seen.
            else if (written && call.Contains("HTTP/1.1 201", StringComparison.Ordinal)) Assert.True(synced && ++answered > 0, $"answered before it was on the disk: {call}");
        }
        Assert.True(answered > 0);
    }

    private Task<FeedServiceProgram.Outcome> PushFeedAsync()
    {
        // What is pushed is published seldom, so that the next run writes nothing between.
        _program.Write("feeds/inbox/feed.yaml", $"title: Inbox\nsources: [{{inbox: true, publish: scheduled}}]\nschedule: {RunningService.Seldom}\n");
        return _program.RunAsync("token", "add", "inbox", "test");
    }

    private void Harbour(string name, string text) =>
        File.SetLastWriteTimeUtc(_program.Write($"feeds/harbour/articles/{name}", text), DateTime.UtcNow.AddMinutes(-5));

    private (Process Service, Uri Url) Serve(string store)
    {
        _program.Write("feeds/harbour/feed.yaml", $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        return (PushKillTests.Discard(_program.Start(new Dictionary<string, string>(), "serve", "--store", store, "--urls", url.AbsoluteUri)), url);
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
