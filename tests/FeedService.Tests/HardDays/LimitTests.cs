using System.Net.Sockets;
using System.Xml.Linq;
using FeedService.Tests.Cli;
using FeedService.Web;
using Microsoft.Extensions.Configuration;

namespace FeedService.Tests.HardDays;

/// <summary>What the system has only so much of.</summary>
public sealed class LimitTests : IDisposable
{
    private const int Handles = 600;
    private const int Flood = 1000;

    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    // A folder's watch that cannot be had is FolderReportTests' part: there it is a problem that is told of, and the folder is looked at.
    [Fact]
    public async Task The_start_needs_no_watch_over_files()
    {
        await using var app = ServiceHost.Create(ServiceNode.Settings(_program.Folder, "sqlite:"));
        Assert.DoesNotContain(((IConfigurationRoot)app.Configuration).Providers.OfType<FileConfigurationProvider>(), provider => provider.Source.ReloadOnChange);
    }

    [Theory]
    [InlineData(100, 25)]
    [InlineData(1024, 256)]
    [InlineData(4096, 3328)]
    [InlineData(1 << 20, KestrelSetup.MaxConnections)]
    public void Connections_leave_handles_for_the_rest(long handles, int connections) => Assert.Equal(connections, ConnectionPlaces.Of(handles));

    // Windows has no such limit, and elsewhere /proc is not there to tell of it.
    [Fact]
    public async Task A_flood_of_connections_takes_no_handle_that_publishing_needs()
    {
        if (!OperatingSystem.IsLinux()) return;
        Harbour("2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        _program.Write("feeds/harbour/feed.yaml", $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var service = _program.StartUnder(["sh", "-c", $"ulimit -n {Handles} && exec \"$@\"", "sh"], new Dictionary<string, string>(), "serve", "--urls", url.AbsoluteUri);
        var (log, errors) = (service.StandardOutput.ReadToEndAsync(), service.StandardError.ReadToEndAsync());
        // One who was there before, and stays.
        using var early = new HttpClient { BaseAddress = url };
        await Eventually.HoldsAsync(async () => Assert.Contains("High tide", await early.GetStringAsync("/feeds/harbour.rss"), StringComparison.Ordinal));

        var most = 0;
        using (var ended = new CancellationTokenSource())
        {
            var flood = Enumerable.Range(0, Flood).Select(_ => HoldAsync(url, ended.Token)).ToList();
            await Eventually.HoldsAsync(() => Assert.InRange(most = Math.Max(most, Open(service.Id)), ConnectionPlaces.Of(Handles), Handles));
            Harbour("2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
            await Eventually.HoldsAsync(async () =>
            {
                most = Math.Max(most, Open(service.Id));
                Assert.Contains("New crane", await early.GetStringAsync("/feeds/harbour.rss"), StringComparison.Ordinal);
            });
            await ended.CancelAsync();
            await Task.WhenAll(flood);
        }

        Assert.InRange(most, ConnectionPlaces.Of(Handles), Handles - 50);
        using var late = new HttpClient { BaseAddress = url };
        await Eventually.HoldsAsync(async () => Assert.Equal(2, XDocument.Parse(await late.GetStringAsync("/feeds/harbour.rss")).Descendants("item").Count()));
        Assert.False(service.HasExited);
        service.Kill();
        Assert.Contains("600 files open", await log, StringComparison.Ordinal);
        Assert.Equal("", await errors);
    }

    /// <summary>Comes, says half a word and waits, again and again.</summary>
    private static async Task HoldAsync(Uri url, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(url.Host, url.Port, cancellationToken);
                await socket.SendAsync("GET /feeds/harbour.rss HTTP/1.1\r\nHost:"u8.ToArray(), cancellationToken);
                while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
                {
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Sent away, or at the end.
            }
        }
    }

    private static int Open(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();

    private void Harbour(string name, string text) =>
        File.SetLastWriteTimeUtc(_program.Write($"feeds/harbour/articles/{name}", text), DateTime.UtcNow.AddMinutes(-5));
}
