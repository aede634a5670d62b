using System.Xml.Linq;
using Dapper;
using FeedService.Configuration;
using FeedService.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FeedService.Tests.HardDays;

/// <summary>The whole service in this process, on a real Kestrel and a store that others may share.</summary>
internal sealed class ServiceNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServiceNode(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public HttpClient Client { get; }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<ServiceNode> StartAsync(ServiceSettings settings, Action<WebApplicationBuilder>? configure = null)
    {
        var app = ServiceHost.Create(settings, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new(app);
    }

    public static ServiceSettings Settings(string root, string store, string data = "data") => new()
    {
        FeedsFolder = Directory.CreateDirectory(Path.Combine(root, "feeds")).FullName,
        DataFolder = Directory.CreateDirectory(Path.Combine(root, data)).FullName,
        Store = store,
        PublicUrl = "https://feeds.example",
        Urls = ["http://127.0.0.1:0"],
    };

    public async Task<IEnumerable<string>> TitlesAsync(string slug) =>
        XDocument.Parse(await Client.GetStringAsync($"/feeds/{slug}.rss")).Descendants("item").Select(item => item.Element("title")!.Value);

    /// <summary>Ends as SIGTERM ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>A schema of its own in the database for tests.</summary>
internal sealed class TestSchema : IAsyncDisposable
{
    private readonly string _url = Environment.GetEnvironmentVariable(NeedsAttribute.Postgres)!;

    public string Name { get; } = $"test_{Guid.NewGuid():N}";

    public string Url => $"{_url}{(_url.Contains('?') ? '&' : '?')}search_path={Name}";

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var settings = PostgresUrl.Parse(Url);
        settings.ApplicationName = "feedservice tests";
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task<T?> SqlAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    public async ValueTask DisposeAsync() => await SqlAsync<int>($"drop schema if exists {Name} cascade");
}
