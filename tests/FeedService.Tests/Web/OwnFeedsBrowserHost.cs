using FeedService.Publishing;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Web;

/// <summary>The whole service with feeds that tests may change, among them one that fails and a private one, and a browser to look at it.</summary>
public sealed class OwnFeedsBrowserHost : BrowserHost
{
    // No word of it can be broken, and none of it may be asked for.
    private static readonly string s_source = $"http://127.0.0.1/{new string('x', 180)}.xml";

    /// <summary>What opens the private feed.</summary>
    public string Key { get; private set; } = "";

    protected override string Feeds => Path.Combine(Data.FullName, "feeds");

    protected override IReadOnlyList<string> Expected { get; } = ["notes", "zeta"];

    public override async Task InitializeAsync()
    {
        const string Folder = "sources: [{folder: articles}]\n";
        Define("letter", $"private: true\n{Folder}");
        Define("notes", Folder);
        Define("zeta", Folder);
        Fail("failing");
        Write("letter", "2026-01-02-tide.md", "---\ntags: [Night]\n---\n# The hidden tide\n\nIt rose at night.\n\n![A chart](chart.svg)\n");
        Write("letter", "chart.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'><rect width='400' height='300' fill='teal'/></svg>");
        Write("notes", "2026-01-02-tide.md", "---\ntags: [High tide]\nauthor: Ada Quay\n---\n# The tide\n\nIt rose by day.\n");
        Write("zeta", "2026-01-02-crane.md", "# The crane\n\nIt came by barge.\n");
        await base.InitializeAsync();
        if (Address.Length > 0) Key = (await Services.GetRequiredService<AccessTokens>().AddAsync(TokenUse.Read, "letter", "anna", null, CancellationToken.None))!;
    }

    /// <summary>Takes a source that cannot be read in place of what the feed had.</summary>
    public void Fail(string slug) => Define(slug, $"sources: [{{feed: \"{s_source}\"}}]\n");

    private void Define(string slug, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(Feeds, slug, "articles"));
        File.WriteAllText(Path.Combine(Feeds, slug, "feed.yaml"), $"title: {char.ToUpperInvariant(slug[0])}{slug[1..]}\nschedule: {RunningService.Seldom}\n{yaml}");
    }

    private void Write(string slug, string name, string text) => File.WriteAllText(Path.Combine(Feeds, slug, "articles", name), text);
}
