using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using FeedService.Configuration;
using FeedService.Publishing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests;

/// <summary>The whole service on a real Kestrel, a real clock and real files, for tests to share: each takes feeds of its own.</summary>
public sealed class RunningService : IAsyncLifetime
{
    public static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    public static readonly XNamespace Tombstones = "http://purl.org/atompub/tombstones/1.0";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-");
    private readonly StringWriter _log = new();
    private WebApplication _app = null!;
    private int _slugs;

    public const string PublicUrl = "https://feeds.example";

    /// <summary>A schedule whose next run is five months away or more, whatever day it is: what runs in a test is what the test sets off.</summary>
    public static string Seldom { get; } = $"'0 0 1 {(DateTime.UtcNow.Month + 5) % 12 + 1} *'";

    public HttpClient Client { get; private set; } = null!;

    public AccessTokens Tokens => _app.Services.GetRequiredService<AccessTokens>();

    public IServiceProvider Services => _app.Services;

    /// <summary>All that was logged so far.</summary>
    public string Logged
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _root.Delete(recursive: true);
    }

    public async Task StartAsync()
    {
        _app = ServiceHost.Create(new ServiceSettings
        {
            FeedsFolder = Directory.CreateDirectory(Path.Combine(_root.FullName, "feeds")).FullName,
            DataFolder = Directory.CreateDirectory(Path.Combine(_root.FullName, "data")).FullName,
            Store = "sqlite:",
            PublicUrl = PublicUrl,
            Urls = ["http://127.0.0.1:0"],
        }, builder => builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(new TextLog(_log)));
        await _app.StartAsync();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
    }

    public async Task StopAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Defines a feed under a name of its own, and waits until the service knows it.</summary>
    public async Task<string> DefineAsync(string yaml, params (string Name, string Text)[] articles)
    {
        var slug = $"feed-{Interlocked.Increment(ref _slugs)}";
        var folder = Directory.CreateDirectory(Path.Combine(_root.FullName, "feeds", slug, "articles")).Parent!.FullName;
        foreach (var (name, text) in articles) await File.WriteAllTextAsync(Path.Combine(folder, "articles", name), text);
        Redefine(slug, yaml);
        var feeds = _app.Services.GetRequiredService<PublishedFeeds>();
        await Eventually.HoldsAsync(() =>
        {
            Assert.NotNull(feeds.Find(slug)?.State.LastRun);
            return Task.CompletedTask;
        });
        return slug;
    }

    public void Redefine(string slug, string yaml) =>
        File.WriteAllText(Path.Combine(_root.FullName, "feeds", slug, "feed.yaml"), $"title: {slug}\nschedule: {Seldom}\n{yaml}\n");

    public async Task<string> TokenAsync(string slug, TokenUse use = TokenUse.Push, string name = "newsroom", DateTimeOffset? expires = null) =>
        (await Tokens.AddAsync(use, slug, name, expires, CancellationToken.None))!;

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token = null, string? body = null, string contentType = "application/feed+json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        return await Client.SendAsync(request);
    }

    public async Task<XElement> AtomAsync(string slug) => XDocument.Parse(await Client.GetStringAsync($"/feeds/{slug}.atom")).Root!;

    public async Task<IReadOnlyList<string>> TitlesAsync(string slug) => [.. (await AtomAsync(slug)).Elements(Atom + "entry").Select(entry => entry.Element(Atom + "title")!.Value)];

    private sealed class TextLog(StringWriter text) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (text) text.WriteLine($"{logLevel} {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
