using System.Security.Cryptography;
using System.Text;
using FeedService.Sources;

namespace FeedService.WebSub;

/// <summary>What is said to callbacks and hubs. Like every request of ours to others: public addresses and usual ports only, within bounds of time and size.</summary>
internal sealed class HubClient(PoliteFetcher fetcher) : IDisposable
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const int MaxChallenge = 4 << 10;

    /// <summary>Asks a callback whether it wants what was asked for in its name (WebSub, 5.3): yes is an answer of 2xx with the challenge and nothing else.</summary>
    public async Task<bool> ConfirmsAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var challenge = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        List<(string, string)> parameters = [("hub.mode", request.Mode), ("hub.topic", request.Topic), ("hub.challenge", challenge)];
        if (request.Mode == "subscribe") parameters.Add(("hub.lease_seconds", Seconds(request.Lease)));
        try
        {
            var url = $"{request.Callback}{(request.Callback.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Form(parameters)}";
            var answer = await fetcher.FetchAsync(new FetchRequest(url) { Robots = false, MaxRedirects = 0, MaxBytes = MaxChallenge }, cancellationToken);
            return answer.IsSuccess && answer.Body.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(challenge));
        }
        catch (FetchException)
        {
            return false;
        }
    }

    /// <summary>Sends a document to a subscriber; a redirect is an answer like any other that is not 2xx (WebSub, 7).</summary>
    /// <exception cref="FetchException">There was no answer.</exception>
    public Task<FetchResult> DeliverAsync(string callback, string? secret, TopicContent content, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string> { ["Link"] = content.Links };
        if (secret is not null) headers[Signature.Header] = Signature.Sign(content.Body.Span, secret);
        return fetcher.FetchAsync(
            new FetchRequest(callback)
            {
                Method = HttpMethod.Post,
                Headers = headers,
                Body = content.Body,
                BodyType = content.ContentType,
                Robots = false,
                MaxRedirects = 0,
                MaxBytes = 0,
            },
            cancellationToken);
    }

    /// <summary>Tells a hub that a topic has changed.</summary>
    /// <exception cref="FetchException">There was no answer.</exception>
    public Task<FetchResult> PingAsync(string hub, string topic, CancellationToken cancellationToken) => PostAsync(
        // The standard leaves this to publisher and hub; hubs know both names.
        hub, hub, [("hub.mode", "publish"), ("hub.url", topic), ("hub.topic", topic)], cancellationToken);

    /// <summary>Asks a hub to begin or to end a subscription; follows it where it has moved (WebSub, 5.1.1).</summary>
    /// <exception cref="FetchException">There was no answer.</exception>
    public Task<FetchResult> AskAsync(string mode, UpstreamSubscription subscription, string callback, TimeSpan lease, CancellationToken cancellationToken)
    {
        List<(string, string)> parameters = [("hub.callback", callback), ("hub.mode", mode), ("hub.topic", subscription.Topic)];
        if (mode == "subscribe") parameters.AddRange([("hub.lease_seconds", Seconds(lease)), ("hub.secret", subscription.Secret)]);
        return PostAsync(subscription.Hub, null, parameters, cancellationToken);
    }

    public void Dispose() => fetcher.Dispose();

    private Task<FetchResult> PostAsync(string url, string? configured, IEnumerable<(string, string)> parameters, CancellationToken cancellationToken) => fetcher.FetchAsync(
        new FetchRequest(url) { Method = HttpMethod.Post, Body = Encoding.ASCII.GetBytes(Form(parameters)), BodyType = FormType, Robots = false, MaxBytes = 0, Configured = configured },
        cancellationToken);

    private static string Form(IEnumerable<(string Name, string Value)> parameters) => string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));

    private static string Seconds(TimeSpan span) => ((long)span.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A document as it is delivered.</summary>
internal sealed record TopicContent(ReadOnlyMemory<byte> Body, string ContentType, string Links, string Tag);
