using FeedService.Store;

namespace FeedService.Tests.Store;

public sealed class SqliteArticleStoreTests : ArticleStoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feedservice-store-").FullName;

    protected override IArticleStore NewStore() => StoreFactory.Create("sqlite:", Path.Combine(_folder, "data"), TimeProvider.System);

    protected override Task DropAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
