using FeedService.Sources;
using FeedService.Tests.Web;

namespace FeedService.Tests.Sources;

/// <summary>Alone, since the environment is the whole process's: others would ask the proxy.</summary>
[Collection(nameof(Alone))]
public sealed class EnvironmentProxyTests
{
    [Fact]
    public async Task Proxies_of_the_environment_are_not_used()
    {
        await using var server = new RawServer();
        server.Map("/feed", "<rss/>");
        var before = Environment.GetEnvironmentVariable("http_proxy");
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:9/");
        try
        {
            using var fetcher = new PoliteFetcher(PoliteFetcherTests.Settings([$"127.0.0.1:{server.Port}"], allowPrivate: false), TimeProvider.System);
            Assert.Equal(200, (await fetcher.FetchAsync(new FetchRequest(server.Root + "/feed"), CancellationToken.None)).Status);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", before);
        }
    }
}
