using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FeedService.Configuration;

namespace FeedService.Web;

/// <summary>
/// The certificate that connections are secured with, with the chain that stands in its file. Looks every few seconds whether its files have
/// changed (watching would miss how containers swap whole folders); one that cannot be used leaves the last in force.
/// </summary>
internal sealed partial class CertificateFiles : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_warning = TimeSpan.FromDays(7);

    private readonly CertificateSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateFiles> _logger;
    private readonly ITimer _timer;
    private SslStreamCertificateContext _current;
    private string _stamp;
    private string? _told;

    /// <exception cref="InvalidDataException">The first certificate cannot be used; the message says why.</exception>
    public CertificateFiles(CertificateSettings settings, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        _stamp = Stamp();
        _current = Load();
        Tell();
        _timer = time.CreateTimer(_ => Look(), null, s_look, s_look);
    }

    public X509Certificate2 Certificate => Volatile.Read(ref _current).TargetCertificate;

    /// <summary>What a handshake that begins now is made with.</summary>
    public SslServerAuthenticationOptions Options => new()
    {
        ServerCertificateContext = Volatile.Read(ref _current),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
    };

    /// <summary>Takes over what has changed in the files.</summary>
    internal void Look()
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _stamp) return;
            // Of the two files one may be new already and the other not yet: then they do not fit, and the next look tells.
            Volatile.Write(ref _current, Load());
            _stamp = stamp;
            _told = null;
            Tell();
        }
        catch (InvalidDataException problem)
        {
            if (_told == problem.Message) return;
            _told = problem.Message;
            Log.Unusable(_logger, problem.Message);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        var (subject, until) = (Certificate.Subject, Certificate.NotAfter.ToUniversalTime());
        if (until - _time.GetUtcNow().UtcDateTime < s_warning) Log.Expiring(_logger, subject, until);
        else Log.Loaded(_logger, subject, until);
    }

    private SslStreamCertificateContext Load()
    {
        try
        {
            var all = new X509Certificate2Collection();
            X509Certificate2 own;
            if (X509Certificate2.GetCertContentType(_settings.File) == X509ContentType.Pkcs12)
            {
                all = X509CertificateLoader.LoadPkcs12CollectionFromFile(_settings.File, _settings.Password);
                own = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new InvalidDataException($"{_settings.File}: there is no private key in it.");
            }
            else
            {
                all.ImportFromPemFile(_settings.File);
                var key = _settings.KeyFile ?? _settings.File;
                using var pem = _settings.Password is { } password ? X509Certificate2.CreateFromEncryptedPemFile(_settings.File, password, key) : X509Certificate2.CreateFromPemFile(_settings.File, key);
                // Not every platform's TLS takes a key that has never been stored.
                own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            }
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        // The last comes of a key that belongs to another certificate.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"The certificate in {_settings.File} cannot be used: {e.Message}", e);
        }
    }

    private string Stamp() => string.Join('|', ((string?[])[_settings.File, _settings.KeyFile]).OfType<string>().Select(Stamp));

    private static string Stamp(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Certificate of {Subject}, good until {Until:yyyy-MM-dd}")]
        public static partial void Loaded(ILogger logger, string subject, DateTime until);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Certificate of {Subject} ends on {Until:yyyy-MM-dd}: put a new one in its place, it is taken over at once")]
        public static partial void Expiring(ILogger logger, string subject, DateTime until);

        [LoggerMessage(Level = LogLevel.Error, Message = "The last certificate stays in force: {Reason}")]
        public static partial void Unusable(ILogger logger, string reason);
    }
}
