using FeedService.Store;

namespace FeedService.Tests.Store;

public sealed class StoreFactoryTests
{
    [Theory]
    [InlineData("postgres://someone:s3cr3t-w0rd@127.0.0.1:1/none", "does not answer")]
    [InlineData("postgres://someone:s3cr3t-w0rd@127.0.0.1:1/none?sslmode=perhaps", "sslmode")]
    [InlineData("postgres://someone:s3cr3t-w0rd@/", "The store has to be")]
    [InlineData("postgresql://someone:s3cr3t-w0rd@:x", "The store has to be")]
    [InlineData("postgers://someone:s3cr3t-w0rd@host/database", "The store has to be")]
    public async Task What_cannot_be_reached_is_named_without_the_password(string url, string expected)
    {
        var exception = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await using var store = StoreFactory.Create(url, "", TimeProvider.System);
            await store.OpenAsync(default);
        });

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_url_is_read_whole()
    {
        var settings = PostgresUrl.Parse("postgres://some%40one:p%2Fw%3A%25@db.example:5433/feeds?sslmode=require&maximum_pool_size=7");

        Assert.Equal(("db.example", 5433, "feeds"), (settings.Host, settings.Port, settings.Database));
        Assert.Equal(("some@one", "p/w:%"), (settings.Username, settings.Password));
        Assert.Equal((Npgsql.SslMode.Require, 7, "feedservice"), (settings.SslMode, settings.MaxPoolSize, settings.SearchPath));
        Assert.Equal(5432, PostgresUrl.Parse("postgresql://host/feeds").Port);
        settings = PostgresUrl.Parse("postgres://one:secret@first.example:5433,second.example/feeds?sslmode=require");
        Assert.Equal(("first.example:5433,second.example", "feeds", "one"), (settings.Host, settings.Database, settings.Username));
    }

    [Fact]
    public async Task A_file_is_found_in_the_data_folder_or_where_it_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("feedservice-factory-").FullName;
        foreach (var (setting, path) in new[] { ("sqlite:", "data/feedservice.db"), ($"sqlite:{folder}/named.db", "named.db") })
        {
            await using (var store = StoreFactory.Create(setting, Path.Combine(folder, "data"), TimeProvider.System)) await store.OpenAsync(default);
            Assert.True(File.Exists(Path.Combine(folder, path)));
        }
        Directory.Delete(folder, recursive: true);
    }
}
