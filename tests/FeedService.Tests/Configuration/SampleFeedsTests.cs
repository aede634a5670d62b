using FeedService.Configuration;

namespace FeedService.Tests.Configuration;

public sealed class SampleFeedsTests
{
    [Fact]
    public void The_definitions_that_are_checked_in_are_good()
    {
        var all = DefinitionFolder.LoadAll(Path.Combine(AppContext.BaseDirectory, "feeds"));
        Assert.True(all.Count >= 3);
        Assert.Empty(all.Values.SelectMany(result => result.Errors));
    }
}
