using System.Net;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Sources;
using FeedService.Store;
using FeedService.Tests.Sources;
using FeedService.WebSub;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FeedService.Tests.WebSub;

/// <summary>The whole service on real sockets, by a clock that stands still. Others reach it at <see cref="PublicUrl"/>, which the tests lead to the socket.</summary>
internal sealed class HubHost : IAsyncDisposable
{
    public const string PublicUrl = "https://feeds.example";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-hub-");
    private readonly List<Node> _nodes = [];
    private int _written;

    public ManualClock Clock { get; } = new(DateTimeOffset.UtcNow);

    public bool AllowPrivateAddresses { get; init; } = true;

    /// <summary>Hosts that are open where private addresses are not.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public bool IsHub { get; init; } = true;

    /// <summary>Bounds for what is fetched.</summary>
    public FetchLimits Limits { get; init; } = RawServer.Patient;

    /// <summary>Bounds for requests to callbacks and hubs.</summary>
    public FetchLimits Outbound { get; set; } = RawServer.Patient with { Together = HubLimits.Outbound.Together, PerHost = HubLimits.Outbound.PerHost };

    /// <summary>Of the database; SQLite in the folder unless it is set.</summary>
    public string Store { get; init; } = "sqlite:";

    public string Feeds => Path.Combine(_root.FullName, "feeds");

    public Node First => _nodes[0];

    public void Define(string slug, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(Feeds, slug, "articles"));
        File.WriteAllText(Path.Combine(Feeds, slug, "feed.yaml"), yaml);
    }

    /// <summary>A feed of files with one article, which is out when this is done. Its runs are the tests' to order: a schedule would go by a clock that leaps by days.</summary>
    public async Task<Node> StartWithFeedAsync(string more = "")
    {
        Define("harbour", $"title: Harbour\ndescription: Ships.\npaused: true\nsources: [{{folder: articles}}]\n{more}");
        Write("harbour");
        var node = await StartAsync();
        await RunAsync(node.Services, "harbour");
        // What is out already is nothing new to who subscribes now.
        if (IsHub) await Eventually.HoldsAsync(async () => Assert.Empty(await node.Records.LeaseAnnouncementsAsync(Clock.GetUtcNow() + TimeSpan.FromHours(1), TimeSpan.FromHours(-1), 1, CancellationToken.None)));
        return node;
    }

    /// <summary>Starts a node; all nodes have the same folders and the same store.</summary>
    public async Task<Node> StartAsync()
    {
        var settings = new ServiceSettings
        {
            FeedsFolder = Feeds,
            DataFolder = Directory.CreateDirectory(Path.Combine(_root.FullName, "data")).FullName,
            Store = Store,
            PublicUrl = PublicUrl,
            Urls = ["http://127.0.0.1:0"],
            AllowPrivateAddresses = AllowPrivateAddresses,
            AllowedHosts = AllowedHosts,
            Hub = IsHub,
            Subscribe = true,
        };
        var app = ServiceHost.Create(settings, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton<TimeProvider>(Clock);
            var control = builder.Services.Last(service => service.ServiceType == typeof(FeedControl)).ImplementationFactory!;
            builder.Services.AddSingleton(provider => (FeedControl)control(provider) with { RunNow = (slug, _) => RunAsync(provider, slug) });
            builder.Services.AddSingleton(provider => new PoliteFetcher(settings, Clock, Limits));
            builder.Services.AddSingleton(provider => new HubClient(new PoliteFetcher(settings, Clock, Outbound, provider.GetRequiredService<PoliteFetcher>().Rules)));
        });
        await app.StartAsync();
        var node = new Node(app);
        _nodes.Add(node);
        return node;
    }

    public async Task StopAsync(Node node)
    {
        _nodes.Remove(node);
        await node.DisposeAsync();
    }

    /// <summary>Writes an article that was finished a day ago, as far as anybody can tell.</summary>
    public void Write(string slug)
    {
        var number = Interlocked.Increment(ref _written);
        var file = Path.Combine(Feeds, slug, "articles", $"{number}.md");
        File.WriteAllText(file, $"# Ship {number}\n\nIt is in.\n");
        File.SetLastWriteTimeUtc(file, (Clock.GetUtcNow() - TimeSpan.FromDays(1)).UtcDateTime);
    }

    /// <summary>Writes an article and publishes it.</summary>
    public async Task PublishAsync(Node? node = null)
    {
        Write("harbour");
        var report = await RunAsync((node ?? First).Services, "harbour");
        Assert.True(report.Documents.Count > 0, $"Nothing came of it: {report}, {string.Join("; ", report.Problems)}");
    }

    /// <summary>The path of a document of the feed.</summary>
    public static string Document(string name) => $"/feeds/harbour{(name.Contains('/', StringComparison.Ordinal) ? '/' : '.')}{name}";

    public static Task<PublicationReport> RunAsync(IServiceProvider services, string slug) =>
        services.GetRequiredService<FeedPublisher>().PublishAsync(services.GetRequiredService<Definitions>().Find(slug)!, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        _root.Delete(recursive: true);
    }

    /// <summary>A running service.</summary>
    internal sealed class Node(WebApplication app) : IAsyncDisposable
    {
        public IServiceProvider Services => app.Services;

        public IArticleStore Records => app.Services.GetRequiredService<IArticleStore>();

        public WebSubCounts Counts => app.Services.GetRequiredService<WebSubCounts>();

        public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };

        /// <summary>Asks the hub.</summary>
        public async Task<HttpResponseMessage> AskAsync(params (string Name, string? Value)[] form)
        {
            using var content = new FormUrlEncodedContent(form.Where(field => field.Value is not null).Select(field => KeyValuePair.Create($"hub.{field.Name}", field.Value!)));
            return await Client.PostAsync("/hub", content);
        }

        public async Task SubscribeAsync(Callback callback, string name = "rss", string? secret = null, string? lease = null, string mode = "subscribe")
        {
            var before = callback.Confirmations.Count;
            var answer = await AskAsync(("mode", mode), ("topic", PublicUrl + Document(name)), ("callback", callback.Url), ("secret", secret), ("lease_seconds", lease));
            Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
            await Eventually.HoldsAsync(() => Assert.True(callback.Confirmations.Count > before));
            // What came of it is written down a moment after.
            await Eventually.HoldsAsync(async () => Assert.Empty(await ListAsync(HubRequest.Kind)));
        }

        public Task<IReadOnlyList<StoredRecord>> ListAsync(string kind) =>
            Records.ListRecordsAsync(kind, null, "", 1000, app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);

        /// <summary>Waits until nobody is owed anything that is due.</summary>
        public Task SettledAsync() => Eventually.HoldsAsync(async () =>
        {
            var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            // Those that somebody works at, too; they are free again at once.
            Assert.Empty(await Records.LeaseAnnouncementsAsync(now + TimeSpan.FromHours(1), TimeSpan.FromHours(-1), 1, CancellationToken.None));
            // What is lent is due two minutes later, what failed rests.
            Assert.DoesNotContain(await ListAsync(Subscription.Kind), r => r.Due <= now || (r.Due == now + TimeSpan.FromMinutes(2)));
        });

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}

/// <summary>A subscriber's callback on a server: confirms what it is asked, takes what it is sent, unless a test says otherwise.</summary>
internal sealed class Callback
{
    private readonly RawServer _server;
    private readonly string _path;

    public Callback(RawServer server, string path, string query = "")
    {
        (_server, _path) = (server, path);
        Url = server.Root + path + query;
        server.Map(path, request => request.Method == "GET" ? Confirm(Parameters(request)) : RawServer.Answer(Answer(request), "text/plain", []));
    }

    public string Url { get; }

    /// <summary>How confirmations are answered.</summary>
    public Func<Dictionary<string, string>, byte[]> Confirm { get; set; } = parameters => RawServer.Answer("200 OK", "text/plain", System.Text.Encoding.ASCII.GetBytes(parameters["hub.challenge"]));

    /// <summary>With which status deliveries are answered.</summary>
    public Func<RawServer.Request, string> Answer { get; set; } = _ => "204 No Content";

    public IReadOnlyList<Dictionary<string, string>> Confirmations => [.. Requests("GET").Select(Parameters)];

    public IReadOnlyList<RawServer.Request> Deliveries => [.. Requests("POST")];

    private IEnumerable<RawServer.Request> Requests(string method) => _server.Requests.Where(request => request.Method == method && request.Path.Split('?')[0] == _path);

    private static Dictionary<string, string> Parameters(RawServer.Request request) =>
        QueryHelpers.ParseQuery(request.Path.Contains('?', StringComparison.Ordinal) ? request.Path[request.Path.IndexOf('?', StringComparison.Ordinal)..] : "")
            .ToDictionary(p => p.Key, p => p.Value.ToString());
}
