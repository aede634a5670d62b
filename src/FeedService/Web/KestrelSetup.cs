using System.Net;
using System.Net.Quic;
using FeedService.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FeedService.Web;

/// <summary>Kestrel's transport and limits, every one of them explicit.</summary>
public static class KestrelSetup
{
    /// <summary>Requests bring no more than an article or a hub's form.</summary>
    public const long MaxRequestBody = 8L << 20;

    public const int MaxConnections = 20_000;

    /// <summary>More than any reader or proxy-less office needs, too few to lock others out.</summary>
    public const int MaxConnectionsPerAddress = 500;

    /// <summary>To be called on Main's first line, before any socket exists: handlers then run on the thread that the socket woke.</summary>
    public static void PrepareProcess() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    public static void ConfigureKestrel(this IWebHostBuilder host, IReadOnlyList<string> trustedProxies)
    {
        host.ConfigureServices(services => services
            .Configure<SocketTransportOptions>(transport =>
            {
                transport.UnsafePreferInlineScheduling = true;
                transport.WaitForDataBeforeAllocatingBuffer = false;
            })
            // The last one that is added is the one that is asked.
            .AddSingleton<SocketTransportFactory>()
            .AddSingleton<ConnectionPlaces>()
            .AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<ConnectionPlaces>()));
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = StrictHeaders.Encoding;
            SetLimits(kestrel.Limits);
            var limit = new ConnectionLimit(MaxConnections, MaxConnectionsPerAddress, new(trustedProxies));
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                endpoint.Use(next => connection => limit.OnConnectionAsync(connection, () => next(connection)));
                endpoint.Use(SocketOutput.Use);
                // HTTP/3 brings many streams in one connection of another kind.
                ((IMultiplexedConnectionBuilder)endpoint).Use(next => connection => limit.OnConnectionAsync(connection, () => next(connection)));
            });
        });
    }

    /// <summary>Listens where the settings say; on https:// addresses over TLS with HTTP/2, and with HTTP/3 where the platform has it.</summary>
    public static void Listen(this IWebHostBuilder host, ServiceSettings settings)
    {
        if (settings.Certificate is not { } certificate)
        {
            host.UseUrls([.. settings.Urls]);
            return;
        }
        host.UseQuic();
        host.ConfigureServices(services => services.AddSingleton(provider => new CertificateFiles(
            certificate, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CertificateFiles>>())));
        host.ConfigureKestrel(kestrel =>
        {
            var certificates = kestrel.ApplicationServices.GetRequiredService<CertificateFiles>();
            foreach (var address in settings.Urls.Select(BindingAddress.Parse)) Listen(kestrel, address, certificates);
        });
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address, CertificateFiles certificates)
    {
        if (address.Host == "localhost" && address.Port != 0) kestrel.ListenLocalhost(address.Port, Configure);
        else if (address.Host == "localhost") kestrel.Listen(IPAddress.Loopback, 0, Configure);
        else if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip)) kestrel.Listen(ip, address.Port, Configure);
        // As with UseUrls: *, + and any name mean all addresses.
        else kestrel.ListenAnyIP(address.Port, Configure);

        void Configure(ListenOptions listen)
        {
            if (!address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase)) return;
            listen.Protocols = QuicListener.IsSupported ? HttpProtocols.Http1AndHttp2AndHttp3 : HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificates.Options), HandshakeTimeout = TimeSpan.FromSeconds(5) });
        }
    }

    private static void SetLimits(KestrelServerLimits limits)
    {
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        // Ours counts all and by address, in one layer less.
        limits.MaxConcurrentConnections = null;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = MaxRequestBody;
        limits.MaxRequestBufferSize = 256 << 10;
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxResponseBufferSize = 64 << 10;
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.HeaderTableSize = 4 << 10;
        limits.Http2.MaxFrameSize = 16 << 10;
        limits.Http2.MaxRequestHeaderFieldSize = 16 << 10;
        limits.Http2.InitialConnectionWindowSize = 128 << 10;
        limits.Http2.InitialStreamWindowSize = 96 << 10;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
    }
}
