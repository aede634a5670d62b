namespace FeedService.Syndication.Tests;

public sealed class NameUuidTests
{
    // RFC 9562, appendix A.4, and the DNS name space's well-known example of other implementations.
    [Theory]
    [InlineData("www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2")]
    [InlineData("python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d")]
    public void A_name_gives_the_uuid_that_the_standard_says(string name, string uuid) =>
        Assert.Equal(Guid.Parse(uuid), NameUuid.Create(Guid.Parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), name));
}
