using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FeedService.Configuration;
using Polly.CircuitBreaker;

namespace FeedService.Sources;

/// <summary>
/// The one way out to other servers, for feeds, pages, sitemaps, icons, hubs and callbacks. Polite: few requests at a time with pauses between
/// them, as robots.txt allows. Safe: every hop's address is judged where it is connected to, and nothing is unbounded.
/// </summary>
public sealed class PoliteFetcher : IDisposable
{
    /// <summary>Our name towards robots.txt.</summary>
    public const string ProductToken = "FeedService";

    /// <summary>Whatever a server asks for, it is not left alone for longer.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(8);

    private const int MaxHeaderKilobytes = 32;

    private readonly string _agent;
    private readonly FetchLimits _limits;
    private readonly TimeProvider _time;
    private readonly HostTable _hosts;
    private readonly HttpMessageInvoker _client;

    public PoliteFetcher(ServiceSettings settings, TimeProvider time, FetchLimits? limits = null, OutboundRules? rules = null)
    {
        _limits = limits ?? FetchLimits.Default;
        _time = time;
        _hosts = new HostTable(_limits, time);
        Rules = rules ?? new OutboundRules(settings);
        _agent = $"{ProductToken}/{typeof(PoliteFetcher).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]} (+{settings.PublicUrl}/";
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            PreAuthenticate = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = _limits.Connect,
            MaxConnectionsPerServer = _limits.PerHost,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            // What is not read to its end is not worth reading to its end.
            MaxResponseDrainSize = 0,
            // A name that comes to mean another address is looked up again in time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // A certificate names URLs to load more from: requests that no rule of ours has seen.
                CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
    }

    public OutboundRules Rules { get; }

    public void Dispose() => _client.Dispose();

    /// <summary>Asks, and follows redirects.</summary>
    /// <returns>The last answer, whatever its status.</returns>
    /// <exception cref="FetchException">There was none that could be used.</exception>
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        var url = OutboundRules.Parse(request.Url);
        var configured = request.Configured is null ? null : OutboundRules.Parse(request.Configured);
        var (permanent, downgraded) = (true, false);
        Uri? moved = null;
        var spent = TimeSpan.Zero;
        for (var hop = 0; ; hop++)
        {
            if (!Rules.IsPortAllowed(url, configured)) throw new FetchException(FetchFailure.Refused, $"port {url.Port} of {url.IdnHost} is not one that is fetched from");
            var host = _hosts.Of(url);
            if (request.Robots) Check(await host.RobotsAsync(() => LoadRobotsAsync(url, request.Configured, cancellationToken), cancellationToken), url);
            FetchResult result;
            using (await host.EnterAsync(cancellationToken))
            {
                var started = _time.GetTimestamp();
                var left = _limits.Total - spent;
                try
                {
                    result = await host.Breaker.ExecuteAsync(async token => await AskAsync(request, url, left, token), cancellationToken);
                    host.Answered(true);
                }
                catch (FetchException e) when (e.Failure is FetchFailure.Timeout or FetchFailure.Unreachable)
                {
                    host.Answered(false);
                    throw;
                }
                catch (BrokenCircuitException e)
                {
                    throw new FetchException(FetchFailure.Unreachable, $"{url.IdnHost} could not be reached several times; it is left alone for a minute", e);
                }
                spent += _time.GetElapsedTime(started);
            }
            if (result.Status is not (301 or 302 or 303 or 307 or 308) || request.MaxRedirects == 0)
                return result with { MovedTo = moved, Downgraded = downgraded };
            if (hop == request.MaxRedirects) throw new FetchException(FetchFailure.Redirects, $"more than {request.MaxRedirects} redirects");
            if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && result.Status is not (307 or 308))
                throw new FetchException(FetchFailure.Refused, $"{url.IdnHost} redirects what was sent to it ({result.Status})");
            var next = OutboundRules.Parse(result.Location ?? "", url);
            downgraded |= url.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp;
            permanent &= result.Status is 301 or 308;
            if (permanent) moved = next;
            url = next;
        }
    }

    private static void Check(RobotsRules robots, Uri url)
    {
        if (robots.IsAllowed(url)) return;
        throw new FetchException(FetchFailure.Robots, ReferenceEquals(robots, RobotsRules.Unknown)
            ? $"{url.IdnHost} does not say what programs may fetch: its robots.txt cannot be had"
            : $"{url.IdnHost} does not allow {url.AbsolutePath} to be fetched by programs (robots.txt)");
    }

    private async Task<RobotsRules?> LoadRobotsAsync(Uri url, string? configured, CancellationToken cancellationToken)
    {
        try
        {
            var result = await FetchAsync(new FetchRequest(new Uri(url, "/robots.txt").AbsoluteUri)
            {
                Robots = false,
                Accept = "text/plain, */*;q=0.1",
                MaxBytes = RobotsRules.MaxBytes,
                Configured = configured,
            }, cancellationToken);
            // Not there means no rules; an error means that nobody knows (RFC 9309, 2.3.1.3 and 2.3.1.4).
            return result.IsSuccess ? RobotsRules.Parse(Encoding.UTF8.GetString(result.Body), ProductToken)
                : result.Status is >= 400 and < 500 and not 429 ? RobotsRules.AllowAll
                : null;
        }
        catch (FetchException e) when (e.Failure is FetchFailure.TooLarge or FetchFailure.Broken or FetchFailure.Redirects)
        {
            // A site that does not serve the file as it should has not said no.
            return RobotsRules.AllowAll;
        }
        catch (FetchException e) when (e.Failure is FetchFailure.Timeout)
        {
            return null;
        }
    }

    private async Task<FetchResult> AskAsync(FetchRequest request, Uri url, TimeSpan total, CancellationToken cancellationToken)
    {
        if (total <= TimeSpan.Zero) throw TookTooLong(url, "the redirects");
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var deadline = new CancellationTokenSource(total, _time);
        using var headers = new CancellationTokenSource(_limits.Headers, _time);
        using var registration = deadline.Token.Register(whole.Cancel);
        var phase = "the answer's head";
        try
        {
            using var message = Message(request, url);
            HttpResponseMessage response;
            using (headers.Token.Register(whole.Cancel))
                response = await _client.SendAsync(message, whole.Token);
            using (response)
            {
                phase = "the answer's body";
                return await ResultAsync(request, url, response, whole);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw TookTooLong(url, phase, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or SocketException)
        {
            throw Failure(url, e);
        }
    }

    private HttpRequestMessage Message(FetchRequest request, Uri url)
    {
        var message = new HttpRequestMessage(request.Method, url)
        {
            Version = url.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        Add("User-Agent", request.Subscribers is { } readers ? string.Create(CultureInfo.InvariantCulture, $"{_agent}; {readers} subscribers)") : $"{_agent})");
        Add("Accept", request.Accept);
        Add("Accept-Encoding", "gzip, br");
        Add("If-None-Match", request.ETag);
        Add("If-Modified-Since", request.LastModified);
        foreach (var (name, value) in request.Headers) Add(name, value);
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            if (request.BodyType is { } type) message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        return message;

        void Add(string name, string? value)
        {
            if (value is not null) message.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private async Task<FetchResult> ResultAsync(FetchRequest request, Uri url, HttpResponseMessage response, CancellationTokenSource whole)
    {
        var status = (int)response.StatusCode;
        return new FetchResult
        {
            Status = status,
            Url = url,
            Body = status is >= 200 and < 300 && request.Method != HttpMethod.Head && request.MaxBytes > 0 ? await ResponseBody.ReadAsync(response, url, request.MaxBytes, _limits.Silence, _time, whole) : [],
            ContentType = Header("Content-Type"),
            ETag = Header("ETag"),
            LastModified = Header("Last-Modified"),
            Location = Header("Location"),
            Links = [.. response.Headers.NonValidated.TryGetValues("Link", out var links) ? links : []],
            FreshFor = ServerTimes.FreshFor(Header("Cache-Control"), Header("Expires"), Header("Date"), Header("Age")),
            RetryAfter = ServerTimes.RetryAfter(Header("Retry-After"), _time.GetUtcNow()),
        };

        string? Header(string name) =>
            response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values)
                ? string.Join(", ", values)
                : null;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        Exception? last = null;
        foreach (var address in await Rules.ResolveAsync(host, port, cancellationToken))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                Rules.Check(host, (IPEndPoint)socket.RemoteEndPoint!);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                if (e is not SocketException) throw;
                last = e;
            }
        }
        throw new FetchException(FetchFailure.Unreachable, $"{host} does not accept connections", last);
    }

    // What comes out of the handler, in the terms of whoever reads the status page.
    private static FetchException Failure(Uri url, Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
            if (inner is FetchException own) return own;
        var (failure, what) = e switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => (FetchFailure.Unreachable, $"no secure connection: {Certificate(e)}"),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => (FetchFailure.Unreachable, "no connection"),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => (FetchFailure.TooLarge, $"more than {MaxHeaderKilobytes} kB of headers"),
            { InnerException: SocketException } or { InnerException.InnerException: SocketException } => (FetchFailure.Broken, "the connection broke"),
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => (FetchFailure.Broken, "the answer was cut off"),
            InvalidDataException => (FetchFailure.Broken, "the compressed answer is damaged or cut off"),
            _ => (FetchFailure.Broken, "the answer is not proper HTTP"),
        };
        return new FetchException(failure, $"{url.IdnHost}: {what}", e);
    }

    private static string Certificate(Exception e)
    {
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is AuthenticationException && inner.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase))
                return "its certificate is not valid for it (expired, self-signed or for another name)";
        return "the handshake failed";
    }

    private static FetchException TookTooLong(Uri url, string phase, Exception? e = null) => new(FetchFailure.Timeout, $"{url.IdnHost} took too long with {phase}", e);
}
