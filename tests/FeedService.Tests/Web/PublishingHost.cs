using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.Web;

/// <summary>The whole service on a real Kestrel and real files; its feeds are run by hand, by a clock that stands still.</summary>
internal sealed class PublishingHost : IAsyncDisposable
{
    public const string PublicUrl = "https://feeds.example";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-host-");
    private WebApplication _app = null!;

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public HttpClient Client { get; private set; } = null!;

    public IArticleStore Store => Get<IArticleStore>();

    public static async Task<PublishingHost> StartAsync(Func<ServiceSettings, ServiceSettings>? settings = null)
    {
        var host = new PublishingHost();
        var plain = new ServiceSettings
        {
            FeedsFolder = Path.Combine(host._root.FullName, "feeds"),
            DataFolder = host._root.CreateSubdirectory("data").FullName,
            Store = "sqlite:",
            PublicUrl = PublicUrl,
            Urls = ["http://127.0.0.1:0"],
        };
        host._app = ServiceHost.Create(settings is null ? plain : settings(plain), builder =>
        {
            builder.Services.RemoveAll<IHostedService>();
            builder.Services.AddSingleton<TimeProvider>(host.Clock);
            builder.Logging.ClearProviders();
        });
        await host.Store.OpenAsync(CancellationToken.None);
        host.Get<Readiness>().Problem = null;
        await host._app.StartAsync();
        var address = host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        host.Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = new(address) };
        return host;
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public void Define(string slug, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "feeds", slug, "articles"));
        File.WriteAllText(Path.Combine(_root.FullName, "feeds", slug, "feed.yaml"), yaml);
    }

    /// <summary>Writes an article that was finished minutes ago, as far as anybody can tell.</summary>
    public void Write(string slug, string name, string text)
    {
        var file = Path.Combine(_root.FullName, "feeds", slug, "articles", name);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, (Clock.GetUtcNow() - TimeSpan.FromMinutes(5)).UtcDateTime);
    }

    public void Delete(string slug, string name) => File.Delete(Path.Combine(_root.FullName, "feeds", slug, "articles", name));

    /// <summary>Runs a feed once, a quarter of an hour after the last run.</summary>
    public async Task<PublicationReport> PublishAsync(string slug)
    {
        Clock.Advance(TimeSpan.FromMinutes(15));
        var definitions = Get<Definitions>();
        definitions.Reload(slug);
        Assert.Empty(definitions.Errors.SelectMany(e => e.Value));
        return await Get<FeedPublisher>().PublishAsync(definitions.Find(slug)!, CancellationToken.None);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path.StartsWith(PublicUrl, StringComparison.Ordinal) ? path[PublicUrl.Length..] : path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _root.Delete(recursive: true);
    }
}
