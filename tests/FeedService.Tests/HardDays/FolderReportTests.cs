using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FeedService.Tests.Cli;

namespace FeedService.Tests.HardDays;

/// <summary>The system's reports of changes get lost, cannot be had, or end: all is found all the same, and operators are told.</summary>
public sealed class FolderReportTests : IDisposable
{
    // More than the system keeps for a process that does not read them.
    private const int Files = 20_000;

    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task All_files_of_a_shower_that_overflows_the_system_s_reports_are_found()
    {
        if (!OperatingSystem.IsLinux()) return;
        var (service, client, log) = await ServeAsync([]);
        using (client)
        {
            // It sleeps through all of it.
            Signal(service, "STOP");
            for (var i = 0; i < Files; i++) Harbour($"{i}.txt", $"Report {i}\n\nThe tide was {i} centimetres high.\n");
            Signal(service, "CONT");

            await Eventually.HoldsAsync(async () => Assert.Equal(Files + 1, (await StatusAsync(client)).GetProperty("feeds")[0].GetProperty("articles").GetInt32()));
            Assert.Null((await StatusAsync(client)).GetProperty("service").GetProperty("folders").GetString());
        }
        service.Kill();
        Assert.Contains("at once than the system reports", await log, StringComparison.Ordinal);
    }

    [ConditionalFact]
    [Needs(NeedsAttribute.Unshare, "the program that gives a process limits and mounts of its own")]
    public async Task Without_watches_and_with_a_folder_that_is_mounted_anew_all_is_found()
    {
        var (service, client, log) = await ServeAsync(
            [Environment.GetEnvironmentVariable(NeedsAttribute.Unshare)!, "--user", "--map-root-user", "--mount", "sh", "-c", "echo 2 > /proc/sys/user/max_inotify_watches && exec \"$@\"", "sh"]);
        using (client)
        {
            await Eventually.HoldsAsync(async () =>
                Assert.Contains("not reported by the system", (await StatusAsync(client)).GetProperty("service").GetProperty("folders").GetString(), StringComparison.Ordinal));
            Assert.Contains("New articles may be late", await client.GetStringAsync("/status"), StringComparison.Ordinal);
            Harbour("crane.md", "# New crane\n\nIt came by barge.\n");
            await FoundAsync(client, "New crane", "High tide");

            // Another volume in the folder's place, and away again.
            await InsideAsync(service, $"mount -t tmpfs tmpfs '{_program.Folder}/feeds/harbour/articles' && printf '# Ferry\n\nIt sails at night.\n' > '{_program.Folder}/feeds/harbour/articles/ferry.md'");
            await FoundAsync(client, "Ferry");
            await InsideAsync(service, $"umount '{_program.Folder}/feeds/harbour/articles'");
            await FoundAsync(client, "New crane", "High tide");
        }
        service.Kill();
        Assert.Contains("New articles may be late", await log, StringComparison.Ordinal);
    }

    private async Task<(Process Service, HttpClient Client, Task<string> Log)> ServeAsync(IReadOnlyList<string> launcher)
    {
        Harbour("tide.md", "# High tide\n\nThe water rose.\n");
        _program.Write("feeds/harbour/feed.yaml", $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var service = _program.StartUnder(launcher, new Dictionary<string, string>(), "serve", "--urls", url.AbsoluteUri);
        _ = service.StandardError.ReadToEndAsync();
        var log = service.StandardOutput.ReadToEndAsync();
        var client = new HttpClient { BaseAddress = url };
        await FoundAsync(client, "High tide");
        return (service, client, log);
    }

    private static Task FoundAsync(HttpClient client, params string[] titles) => Eventually.HoldsAsync(async () =>
    {
        using var feed = JsonDocument.Parse(await client.GetStringAsync("/feeds/harbour.json"));
        Assert.Equal(titles.Order(StringComparer.Ordinal), feed.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!).Order(StringComparer.Ordinal));
    });

    private static async Task<JsonElement> StatusAsync(HttpClient client)
    {
        using var status = JsonDocument.Parse(await client.GetStringAsync("/status.json"));
        return status.RootElement.Clone();
    }

    private void Harbour(string name, string text) =>
        File.SetLastWriteTimeUtc(_program.Write($"feeds/harbour/articles/{name}", text), DateTime.UtcNow.AddMinutes(-5));

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Does it where the process sees it, and nobody else.</summary>
    private static async Task InsideAsync(Process process, string command)
    {
        using var shell = Process.Start("nsenter", ["--target", process.Id.ToString(CultureInfo.InvariantCulture), "--user", "--mount", "--preserve-credentials", "sh", "-c", command]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
