using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Xml.Linq;
using FeedService.Tests.Cli;

namespace FeedService.Tests.HardDays;

/// <summary>The service is killed (SIGKILL) at random moments while articles are pushed to it by clients that repeat themselves until they have an answer.</summary>
public sealed class PushKillTests : IDisposable
{
    private const int Clients = 4;
    private const int ArticlesPerKill = 4;

    // All that were pushed shall be seen in the feed.
    private const int MostKills = 1000 / (Clients * ArticlesPerKill) - 1;

    private readonly FeedServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_published_once_whenever_the_service_is_killed()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("FEEDSERVICE_TEST_KILLS"), out var asked) ? Math.Min(asked, MostKills) : 3;
        var articles = ArticlesPerKill * (kills + 1);
        _program.Write("feeds/harbour/feed.yaml", $"title: Harbour\nsources: [{{inbox: true}}]\nschedule: {RunningService.Seldom}\npublish: {{items: 1000}}\n");
        var token = Assert.Single((await _program.RunAsync("token", "add", "harbour", "test")).Lines);
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        using var client = new HttpClient { BaseAddress = new(url), Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3 + kills));
        var addresses = new ConcurrentDictionary<string, string>();
        var service = Start(url);
        var pushing = Task.WhenAll(Enumerable.Range(0, Clients).Select(number => PushAsync(client, number, articles, addresses, patience.Token)));
        var random = new Random(4711);
        for (var kill = 0; kill < kills; kill++)
        {
            // Some have come in since the last time, and more are on their way.
            var goal = addresses.Count + random.Next(1, Clients * ArticlesPerKill);
            while (addresses.Count < goal && !pushing.IsCompleted) await Task.Delay(5, patience.Token);
            service.Kill();
            await service.WaitForExitAsync(patience.Token);
            service = Start(url);
        }
        await pushing;

        Assert.Equal(Clients * articles, addresses.Count);
        Assert.Equal(addresses.Count, addresses.Values.Distinct().Count());
        var expected = addresses.Keys.Order().ToList();
        List<string> titles;
        do
        {
            await Task.Delay(50, patience.Token);
            using var answer = await client.GetAsync("/feeds/harbour.rss", patience.Token);
            // All may have been pushed before the feed is out for the first time.
            titles = answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable
                ? []
                : [.. XDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(patience.Token)).Descendants("item").Select(item => item.Element("title")!.Value).Order()];
        }
        while (titles.Count < expected.Count);
        Assert.Equal(expected, titles);
    }

    private static async Task PushAsync(HttpClient client, int number, int articles, ConcurrentDictionary<string, string> addresses, CancellationToken cancellationToken)
    {
        for (var i = 0; i < articles; i++)
        {
            var title = $"Article {i} of client {number}";
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/feeds/harbour/articles") { Content = new StringContent($"# {title}\n\nText.\n", new MediaTypeHeaderValue("text/markdown")) };
                request.Headers.Add("Idempotency-Key", title);
                try
                {
                    using var answer = await client.SendAsync(request, cancellationToken);
                    // Right after the start the definitions may still be on their way.
                    if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable) continue;
                    Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                    Assert.True(addresses.TryAdd(title, answer.Headers.Location!.AbsoluteUri));
                    break;
                }
                catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    await Task.Delay(50, cancellationToken);
                }
            }
        }
    }

    private Process Start(string url) => Discard(_program.Start(new Dictionary<string, string>(), "serve", "--urls", url));

    /// <summary>Reads what a process writes and forgets it; a full pipe would hold it up.</summary>
    internal static Process Discard(Process service)
    {
        service.OutputDataReceived += (_, _) => { };
        service.ErrorDataReceived += (_, _) => { };
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        return service;
    }
}
