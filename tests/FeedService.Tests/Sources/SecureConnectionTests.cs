using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

/// <summary>Servers whose secure connection is not one: refused, each with its reason, and never asked without it.</summary>
public sealed class SecureConnectionTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private int _plain;

    public SecureConnectionTests() => _listener.Start();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _listener.Dispose();
    }

    [Theory]
    [InlineData("self-signed", "certificate")]
    [InlineData("expired", "certificate")]
    [InlineData("another name", "certificate")]
    [InlineData("closes in the handshake", "handshake")]
    [InlineData("speaks plain HTTP", "handshake")]
    public async Task It_is_refused_with_its_reason(string server, string reason)
    {
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = ServeAsync(server);
        using var fetcher = new PoliteFetcher(PoliteFetcherTests.Settings([$"127.0.0.1:{port}"], allowPrivate: false), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<FetchException>(() => fetcher.FetchAsync(new FetchRequest($"https://127.0.0.1:{port}/feed") { Robots = false }, CancellationToken.None));

        Assert.Equal(FetchFailure.Unreachable, failure.Failure);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _plain);
    }

    private async Task ServeAsync(string kind)
    {
        using var certificate = Certificate(kind);
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var first = new byte[1];
                _ = await client.Client.ReceiveAsync(first, SocketFlags.Peek, _stop.Token);
                // Every TLS record of a handshake begins with 22; anything else would be a request in the open.
                if (first[0] != 22) _plain++;
                if (kind == "closes in the handshake") continue;
                if (kind == "speaks plain HTTP")
                {
                    await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                    continue;
                }
                await using var tls = new SslStream(stream);
                try
                {
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stop.Token);
                    _ = await tls.ReadAsync(first, _stop.Token);
                }
                catch (Exception e) when (e is AuthenticationException or IOException)
                {
                    // The other side hung up, as it should.
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private static X509Certificate2 Certificate(string kind)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={(kind == "another name" ? "elsewhere.example" : "127.0.0.1")}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (kind == "another name") names.AddDnsName("elsewhere.example");
        else names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(kind == "expired" ? -1 : 30));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
