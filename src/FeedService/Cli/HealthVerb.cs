using System.CommandLine;
using System.Net;
using FeedService.Configuration;

namespace FeedService.Cli;

/// <summary><c>feedservice health</c>: the container's health check, without a shell or curl in the image.</summary>
internal static class HealthVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Verb Create(CommonOptions options)
    {
        var url = new Option<string?>("--url") { Description = "The service [default: where the settings say it listens]", HelpName = "URL" };
        var verb = new Verb("health", "Ask the running service on this machine whether it is well.",
            "feedservice health                                  # exit code 0: it answers, 1: it does not",
            "feedservice health --url http://127.0.0.1:9000")
        {
            url,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(url) ?? Listening(options.Settings(parsed).Urls), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var service)) throw new UsageException($"'{url}' is not a URL");
        // No proxy stands between a machine and itself, and its certificate names the public host.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience };
#pragma warning disable CA5359 // Loopback only, and nothing secret is said: the question is whether anybody answers.
        if (service.IsLoopback) handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(new Uri(service, "/health/live"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK) return CommandLine.Good;
            Terminal.Error($"{url} answers {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            Terminal.Error($"{url} does not answer: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Terminal.Error($"{url} does not answer within {Patience.TotalSeconds} seconds");
        }
        return CommandLine.Findings;
    }

    // Every address means loopback too; http before https, since it is quicker.
    private static string Listening(IReadOnlyList<string> urls) => SettingsLoader.OnThisMachine(urls.FirstOrDefault(url => url.StartsWith("http://", StringComparison.Ordinal)) ?? urls[0]);
}
