using System.Buffers;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication;
using FeedService.Syndication.Formats;
using FeedService.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.Web;

/// <summary>The web part on a real Kestrel and a real store, in a folder of its own.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("feedservice-web-");
    private WebApplication? _app;

    public const string PublicUrl = "https://feeds.example";

    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public HttpClient Client { get; private set; } = null!;

    public IArticleStore Store { get; private set; } = null!;

    public SnapshotCache Cache => _app!.Services.GetRequiredService<SnapshotCache>();

    public PublishedFeeds Feeds => _app!.Services.GetRequiredService<PublishedFeeds>();

    public IServiceProvider Services => _app!.Services;

    public string Folder => _folder.FullName;

    public Uri Address { get; private set; } = null!;

    public static async Task<WebHost> StartAsync(
        string publicUrl = PublicUrl, string urls = "http://127.0.0.1:0", string? statusToken = null, string? title = null, Action<IServiceCollection>? configure = null, params string[] trustedProxies)
    {
        var host = new WebHost();
        var settings = new ServiceSettings
        {
            FeedsFolder = host.Folder,
            DataFolder = host.Folder,
            Store = "sqlite:",
            PublicUrl = publicUrl,
            TrustedProxies = trustedProxies,
            StatusToken = statusToken,
            Title = title,
        };
        host.Store = StoreFactory.Create(settings, TimeProvider.System);
        await host.Store.OpenAsync(CancellationToken.None);
        // As the service: watches over files are few, and many hosts run at a time.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(trustedProxies);
        builder.WebHost.UseUrls(urls);
        builder.Services.AddSingleton(host.Store);
        configure?.Invoke(builder.Services);
        builder.Services.AddFeedWeb(settings);
        host._app = builder.Build();
        host._app.Services.GetRequiredService<Readiness>().Problem = null;
        host._app.UseFeedWeb();
        host._app.MapFeedWeb();
        host._app.MapGet("/throws", string () => throw new InvalidOperationException("the secret of the house"));
        await host._app.StartAsync();
        host.Address = new(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        host.Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
        return host;
    }

    public FeedDefinition Define(string slug, string title = "Harbour News") => new()
    {
        Slug = slug,
        Folder = Path.Combine(Folder, slug),
        Title = title,
        Description = "What moves in and out of the harbour.",
        Language = "en",
        Sources = [new SourceDefinition { Kind = SourceKind.Folder, Location = "articles" }],
        Fingerprint = "1",
        FiltersFingerprint = "1",
    };

    /// <summary>Stores the articles, renders the feed in all formats and puts it in the place of the last one, as a publication does.</summary>
    public async Task<FeedDefinition> PublishAsync(FeedDefinition definition, params Article[] articles)
    {
        var before = await Store.FindFeedAsync(definition.Slug, CancellationToken.None);
        var urls = _app!.Services.GetRequiredService<PublicUrls>();
        var stored = articles.Select((article, i) => Entry(article, i)).ToList();
        var snapshots = FeedFormats.All.Select(format => Render(definition, format, urls, stored)).ToList();
        await Store.CommitAsync(new(definition.Slug)
        {
            ExpectedVersion = before?.Version ?? 0,
            State = new(definition.Slug) { Updated = stored.Count > 0 ? stored.Max(article => article.Updated) : Noon },
            Articles = stored,
            Snapshots = [.. snapshots.Select(snapshot => new StoredSnapshot(snapshot.Feed, snapshot.Name)
            {
                MediaType = snapshot.MediaType, Tag = snapshot.Tag, LastModified = snapshot.LastModified, Length = snapshot.Identity.Length,
                Gzip = snapshot.Gzip, Brotli = snapshot.Brotli,
            })],
        }, CancellationToken.None);
        Cache.Swap(definition.Slug, snapshots);
        Feeds.Update(definition, (await Store.FindFeedAsync(definition.Slug, CancellationToken.None))!);
        return definition;
    }

    public Task<FeedDefinition> PublishSampleAsync() => PublishAsync(Define("harbour"), [.. Enumerable.Range(1, 3).Select(Sample)]);

    public static Article Sample(int number) => new()
    {
        Id = $"urn:uuid:00000000-0000-5000-8000-{number:d12}",
        Title = $"Ship {number} is in",
        Summary = $"Ship {number} came in with the tide.",
        Content = $"<p>Ship {number} came in with the tide.</p><h2>The crew</h2><p>All {number} of them are well &amp; <a href=\"{PublicUrls.Placeholder}/feeds/harbour\">at home</a>.</p>",
        Published = Noon.AddDays(-number),
        Updated = Noon.AddDays(-number),
    };

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    /// <summary>Waits until so many readers of a feed have been counted, bots and browsers among them: that is done beside requests.</summary>
    public async Task CountedAsync(string feed, int readers)
    {
        var audience = Services.GetRequiredService<Audience>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (audience.Today(feed).Sum(reader => reader.Count) < readers) await Task.Delay(20, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static StoredArticle Entry(Article article, int number) => new()
    {
        Id = article.Id,
        Source = "folder:articles",
        Key = $"{article.Id}.md",
        Path = ArticleSlug.From(article.Title) is { Length: > 0 } slug ? slug : $"article-{number}",
        Article = article,
        ContentHash = article.Id,
        SeenHash = article.Id,
        Published = article.Published!.Value,
        Updated = article.Updated!.Value,
        FirstSeen = article.Published!.Value,
        Sequence = number + 1,
    };

    private static Snapshot Render(FeedDefinition definition, FeedFormat format, PublicUrls urls, List<StoredArticle> articles)
    {
        var bytes = new ArrayBufferWriter<byte>();
        FeedWriter.Write(format, new Feed
        {
            Id = $"urn:uuid:{NameUuid.Create(Guid.Empty, definition.Slug)}",
            Title = definition.Title,
            Description = definition.Description,
            SiteUrl = urls.Page(definition.Slug),
            SelfUrl = urls.Document(definition.Slug, format.Extension()),
            Authors = [new Person("Harbour Desk")],
            Updated = articles.Count > 0 ? articles.Max(article => article.Updated) : Noon,
            Articles = [.. articles.Select(stored => stored.Article with
            {
                Content = stored.Article.Content is { } content ? urls.Resolve(content) : null,
                Url = stored.Article.Url ?? urls.Article(definition.Slug, stored.Path),
            })],
        }, bytes);
        return new Snapshot(definition.Slug, format.Extension())
        {
            MediaType = format.MediaType(),
            Tag = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.WrittenSpan).AsSpan(0, 12)),
            LastModified = Noon,
            MaxAge = TimeSpan.FromMinutes(5),
            Identity = bytes.WrittenMemory.ToArray(),
            Gzip = Compression.Gzip([bytes.WrittenMemory]),
            Brotli = Compression.Brotli([bytes.WrittenMemory]),
        };
    }
}
