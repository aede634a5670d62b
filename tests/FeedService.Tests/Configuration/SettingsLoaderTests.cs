using FeedService.Configuration;
using Microsoft.Extensions.Configuration;

namespace FeedService.Tests.Configuration;

public sealed class SettingsLoaderTests
{
    private static SettingsResult Load(params (string Key, string Value)[] settings) => SettingsLoader.Load(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(each => KeyValuePair.Create("FeedService:" + each.Key, (string?)each.Value))).Build());

    private static ServiceSettings Good(params (string Key, string Value)[] settings)
    {
        var result = Load(settings);
        Assert.Empty(result.Errors);
        return result.Settings!;
    }

    [Fact]
    public void Nothing_need_be_set()
    {
        var settings = Good();
        Assert.Equal(Path.GetFullPath("feeds"), settings.FeedsFolder);
        Assert.Equal(Path.GetFullPath("data"), settings.DataFolder);
        Assert.Equal("sqlite:", settings.Store);
        Assert.Equal("http://localhost:8080", settings.PublicUrl);
        Assert.Equal(["http://localhost:8080"], settings.Urls);
        Assert.Equal(256L << 20, settings.SnapshotMemory);
        Assert.True(settings is { StatusToken: null, AllowPrivateAddresses: false });
    }

    [Fact]
    public void Everything_can_be_set()
    {
        var file = typeof(SettingsLoaderTests).Assembly.Location;
        var settings = Good(
            ("feeds", "/f"), ("Data", "/d"), ("Store", "postgres://u:p@db/feeds"), ("PublicUrl", "https://feeds.example/base/"), ("Urls", "http://*:8080,https://[::]:8443"),
            ("TrustedProxies:0", "10.0.0.0/8"), ("TrustedProxies:1", "::1"), ("AllowedHosts", "Intranet.example, 10.0.0.5:8080"), ("AllowPrivateAddresses", "true"),
            ("SnapshotMemory", "64MiB"), ("Title", " Harbour & Shore "), ("StatusToken", "0123456789abcdef"),
            ("Certificate", file), ("CertificateKey", file), ("CertificatePassword", "sesame"));
        Assert.Equal(new CertificateSettings(file, file, "sesame"), settings.Certificate);
        Assert.Equal("Harbour & Shore", settings.Title);
        Assert.Equal(("/f", "/d", "postgres://u:p@db/feeds", "https://feeds.example/base"), (settings.FeedsFolder, settings.DataFolder, settings.Store, settings.PublicUrl));
        Assert.Equal(["http://*:8080", "https://[::]:8443"], settings.Urls);
        Assert.Equal(["10.0.0.0/8", "::1"], settings.TrustedProxies);
        Assert.Equal(["intranet.example", "10.0.0.5:8080"], settings.AllowedHosts);
        Assert.Equal(64L << 20, settings.SnapshotMemory);
        Assert.True(settings is { StatusToken: "0123456789abcdef", AllowPrivateAddresses: true });
    }

    [Theory]
    [InlineData("http://*:5000", "http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000")]
    [InlineData("http://127.0.0.1:0", "http://localhost:8080")]
    public void Without_a_public_URL_it_is_where_the_service_listens(string urls, string publicUrl) => Assert.Equal(publicUrl, Good(("Urls", urls)).PublicUrl);

    [Fact]
    public void Https_needs_a_certificate_that_is_there()
    {
        Assert.Null(Good().Certificate);
        Assert.StartsWith("FeedService:Certificate: https:// needs a certificate", Assert.Single(Load(("Urls", "https://*:8443")).Errors), StringComparison.Ordinal);
        var missing = Path.GetFullPath("nowhere.pem");
        Assert.Equal([$"FeedService:Certificate: there is no file {missing}"], Load(("Urls", "https://*:8443"), ("Certificate", missing)).Errors);
    }

    [Fact]
    public void Every_error_is_reported_with_its_key()
    {
        var result = Load(
            ("PublicUri", "https://feeds.example"), ("Store", "mysql://root:secret@db"), ("Urls", "localhost"), ("TrustedProxies", "10.0.0.0/99"),
            ("AllowPrivateAddresses", "perhaps"), ("SnapshotMemory", "lots"), ("StatusToken", "short"), ("PublicUrl", "ftp://x.example"));
        Assert.Null(result.Settings);
        Assert.Equal(
        [
            "FeedService:Urls: 'localhost' is no address to listen on such as http://localhost:8080 or http://*:8080",
            "FeedService:Store: has to be sqlite:PATH, sqlite: alone (feedservice.db in the data folder), or postgres://USER:PASSWORD@HOST/DATABASE",
            "FeedService:PublicUrl: 'ftp://x.example': only http and https URLs are possible here",
            "FeedService:TrustedProxies: '10.0.0.0/99' is neither an address (10.0.0.1) nor a range (10.0.0.0/8)",
            "FeedService:AllowPrivateAddresses: 'perhaps' is neither true nor false",
            "FeedService:SnapshotMemory: 'lots' is not a size such as 512kB, 2MB or 1MiB",
            "FeedService:StatusToken: has to be at least 16 plain characters without spaces",
            "FeedService:PublicUri: there is no such setting: did you mean 'PublicUrl'?",
        ], result.Errors);
    }
}
