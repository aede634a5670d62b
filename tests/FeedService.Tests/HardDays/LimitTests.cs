using Microsoft.Extensions.Configuration;

namespace FeedService.Tests.HardDays;

/// <summary>What the system has only so much of.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-limits-");

    public void Dispose() => _root.Delete(recursive: true);

    // A folder's watch that cannot be had is FolderWatcherTests' part: there it is a problem that is told of, and the folder is looked at.
    [Fact]
    public async Task The_start_needs_no_watch_over_files()
    {
        await using var app = ServiceHost.Create(ServiceNode.Settings(_root.FullName, "sqlite:"));
        Assert.DoesNotContain(((IConfigurationRoot)app.Configuration).Providers.OfType<FileConfigurationProvider>(), provider => provider.Source.ReloadOnChange);
    }
}
