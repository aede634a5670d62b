using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FeedService.Configuration;
using FeedService.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.Web;

public sealed class TlsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-tls-");
    private WebApplication? _app;

    private string CertificateFile => Path.Combine(_root.FullName, "fullchain.pem");

    private string KeyFile => Path.Combine(_root.FullName, "key.pem");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Readers_get_http_2_over_tls_and_plain_http_beside_it()
    {
        Write(Make("first.example"));
        await StartAsync(new(CertificateFile, KeyFile), "https://127.0.0.1:0", "http://127.0.0.1:0");
        var (version, subject, protocol) = await AskAsync(HttpVersion.Version20);
        Assert.Equal(HttpVersion.Version20, version);
        Assert.Equal("CN=first.example", subject);
        Assert.True(protocol >= SslProtocols.Tls12);
        Assert.Equal(HttpVersion.Version11, (await AskAsync(HttpVersion.Version11)).Version);
        using var plain = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await plain.GetAsync(new Uri(new Uri(_app!.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal))), "/health/live"))).StatusCode);
    }

    [Fact]
    public async Task Http_3_is_there_where_the_platform_has_it()
    {
        Write(Make("first.example"));
        await StartAsync(new(CertificateFile, KeyFile), "https://127.0.0.1:0");
        using var client = Client(HttpVersion.Version20, _ => { });
        using var answer = await client.GetAsync(new Uri(new Uri(_app!.Urls.First()), "/health/live"));
        Assert.Equal(QuicListener.IsSupported, answer.Headers.Contains("Alt-Svc"));
        if (QuicListener.IsSupported) Assert.Equal(HttpVersion.Version30, (await AskAsync(HttpVersion.Version30)).Version);
    }

    [Fact]
    public async Task A_new_certificate_is_taken_over_and_a_broken_one_is_not()
    {
        Write(Make("first.example"));
        await StartAsync(new(CertificateFile, KeyFile), "https://127.0.0.1:0");
        Assert.Equal("CN=first.example", (await AskAsync(HttpVersion.Version20)).Subject);
        var files = _app!.Services.GetRequiredService<CertificateFiles>();

        await File.WriteAllTextAsync(CertificateFile, "-----BEGIN CERTIFICATE-----\nhalf");
        files.Look();
        Assert.Equal("CN=first.example", (await AskAsync(HttpVersion.Version20)).Subject);

        // The certificate before its key.
        using var second = Make("second.example");
        await File.WriteAllTextAsync(CertificateFile, second.ExportCertificatePem());
        files.Look();
        Assert.Equal("CN=first.example", (await AskAsync(HttpVersion.Version20)).Subject);
        await File.WriteAllTextAsync(KeyFile, second.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        files.Look();
        Assert.Equal("CN=second.example", (await AskAsync(HttpVersion.Version20)).Subject);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Certificates_come_with_a_password_too(bool pem)
    {
        using var certificate = Make("locked.example");
        if (pem)
        {
            var protection = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000);
            await File.WriteAllTextAsync(CertificateFile, $"{certificate.ExportCertificatePem()}\n{certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("sesame", protection)}");
        }
        else
        {
            await File.WriteAllBytesAsync(CertificateFile, certificate.Export(X509ContentType.Pkcs12, "sesame"));
        }
        await StartAsync(new(CertificateFile, Password: "sesame"), "https://127.0.0.1:0");
        Assert.Equal("CN=locked.example", (await AskAsync(HttpVersion.Version20)).Subject);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_is_named_at_the_start()
    {
        await File.WriteAllTextAsync(CertificateFile, "no certificate");
        var failure = await Assert.ThrowsAnyAsync<InvalidDataException>(() => StartAsync(new(CertificateFile), "https://127.0.0.1:0"));
        Assert.Contains(CertificateFile, failure.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync(CertificateSettings certificate, params string[] urls)
    {
        _app = ServiceHost.Create(new ServiceSettings
        {
            FeedsFolder = _root.CreateSubdirectory("feeds").FullName,
            DataFolder = _root.CreateSubdirectory("data").FullName,
            Store = "sqlite:",
            PublicUrl = "https://feeds.example",
            Urls = urls,
            Certificate = certificate,
        }, builder => builder.Logging.SetMinimumLevel(LogLevel.Critical));
        await _app.StartAsync();
    }

    /// <summary>On a new connection.</summary>
    private async Task<(Version Version, string Subject, SslProtocols Protocol)> AskAsync(Version version)
    {
        var (subject, protocol) = ("", SslProtocols.None);
        using var client = Client(version, stream => (subject, protocol) = stream);
        using var answer = await client.GetAsync(new Uri(new Uri(_app!.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal))), "/health/live"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (answer.Version, subject, protocol);
    }

    private static HttpClient Client(Version version, Action<(string, SslProtocols)> seen)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
#pragma warning disable CA5359 // Self-signed: what is looked at is which certificate it is.
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, _, _) =>
        {
            seen((certificate!.Subject, sender is SslStream stream ? stream.SslProtocol : SslProtocols.Tls13));
            return true;
        };
#pragma warning restore CA5359
        return new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    private void Write(X509Certificate2 certificate)
    {
        using (certificate)
        {
            File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
            File.WriteAllText(KeyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }
}
