using System.CommandLine;
using System.Globalization;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Formats;

namespace FeedService.Cli;

/// <summary><c>feedservice token</c> and <c>feedservice subscriber</c>: who may push to a feed, and who may read a private one.</summary>
internal static class TokenVerbs
{
    public static Verb CreateToken(CommonOptions options) => Create(
        options, TokenUse.Push, "token", "Let programs push articles to a feed that has an inbox: make, list and take back their tokens.",
        "feedservice token add harbour-news newsroom            # prints the token, this once",
        "feedservice token add harbour-news migration --expires 7d",
        "feedservice token list harbour-news",
        "feedservice token revoke harbour-news newsroom");

    public static Verb CreateSubscriber(CommonOptions options) => Create(
        options, TokenUse.Read, "subscriber", "Let people read a private feed: make, list and take back their addresses.",
        "feedservice subscriber add members-letter anna         # prints her addresses and password, this once",
        "feedservice subscriber list members-letter",
        "feedservice subscriber revoke members-letter anna");

    private static Verb Create(CommonOptions options, TokenUse use, string noun, string description, params IReadOnlyList<string> examples)
    {
        var verb = new Verb(noun, description, examples);
        var slug = new Argument<string>("feed") { Description = "The feed's name", HelpName = "FEED" };
        var name = new Argument<string>("name") { Description = $"Whose {noun} it is", HelpName = "NAME" };
        var expires = new Option<string?>("--expires") { Description = "How long it is good, such as 90d [default: until it is revoked]", HelpName = "SPAN" };
        var add = new Command("add", $"Make a {noun}") { slug, name, expires };
        var list = new Command("list", $"List the feed's {noun}s") { slug };
        var revoke = new Command("revoke", $"Take a {noun} back; it ends within seconds, on every node") { slug, name };
        add.SetAction((parsed, cancellationToken) => WithTokensAsync(options.Settings(parsed), (settings, store, tokens) =>
            AddAsync(settings, store, tokens, use, parsed.GetValue(slug)!, parsed.GetValue(name)!, parsed.GetValue(expires), cancellationToken), cancellationToken));
        list.SetAction((parsed, cancellationToken) => WithTokensAsync(options.Settings(parsed), (_, _, tokens) =>
            ListAsync(tokens, use, parsed.GetValue(slug)!, cancellationToken), cancellationToken));
        revoke.SetAction((parsed, cancellationToken) => WithTokensAsync(options.Settings(parsed), (_, _, tokens) =>
            RevokeAsync(tokens, use, parsed.GetValue(slug)!, parsed.GetValue(name)!, cancellationToken), cancellationToken));
        verb.Add(add);
        verb.Add(list);
        verb.Add(revoke);
        return verb;
    }

    private static async Task<int> WithTokensAsync(
        ServiceSettings settings, Func<ServiceSettings, IArticleStore, AccessTokens, Task<int>> work, CancellationToken cancellationToken)
    {
        await using var store = StoreFactory.Create(settings, TimeProvider.System);
        await store.OpenAsync(cancellationToken);
        return await work(settings, store, new AccessTokens(store, TimeProvider.System));
    }

    private static async Task<int> AddAsync(
        ServiceSettings settings, IArticleStore store, AccessTokens tokens, TokenUse use, string slug, string name, string? expires, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > AccessTokens.MaxName || name != Terminal.Safe(name).Trim()) throw new UsageException($"a name has 1 to {AccessTokens.MaxName} characters, none of them a line's end or the like");
        var span = TimeSpan.Zero;
        if (expires is not null && ValueFormats.Span(expires, out span) is { } wrong) throw new UsageException(wrong);
        var definition = DefinitionLoader.Load(DefinitionFolder.FileOf(settings.FeedsFolder, slug)).Definition;
        // A feed may be defined elsewhere, or its definition broken for the moment; one that nobody has heard of is a slip.
        if (ValueFormats.Slug(slug) is not null || (definition is null && await store.FindFeedAsync(slug, cancellationToken) is null)) throw new UsageException($"there is no feed '{slug}'");
        if (await tokens.AddAsync(use, slug, name, expires is null ? null : TimeProvider.System.GetUtcNow() + span, cancellationToken) is not { } token)
        {
            Terminal.Error($"{slug} has '{name}' already; revoke it first, or choose another name");
            return CommandLine.Findings;
        }
        if (use == TokenUse.Push)
        {
            Terminal.Line(token);
            Console.Error.WriteLine("This is shown once. Send it as the header: Authorization: Bearer TOKEN");
            if (definition is not null && definition.Sources.All(source => source.Kind != SourceKind.Inbox)) Terminal.Error($"{slug} has no inbox yet: add '- inbox: true' to its sources");
            return CommandLine.Good;
        }
        var urls = new PublicUrls(settings.PublicUrl);
        foreach (var format in FeedFormats.All) Terminal.Line($"{urls.Document(slug, format.Extension())}?key={token}");
        Console.Error.WriteLine($"These are shown once. A reader that asks for a name and a password takes {Terminal.Safe(name)} and what stands after key=");
        if (definition is { Private: false }) Terminal.Error($"{slug} is not private yet: add 'private: true' to its definition");
        return CommandLine.Good;
    }

    private static async Task<int> ListAsync(AccessTokens tokens, TokenUse use, string slug, CancellationToken cancellationToken)
    {
        foreach (var token in await tokens.ListAsync(use, slug, cancellationToken))
            Terminal.Line($"{Day(token.Created)}  {token.Name}{(token.Expires is { } end ? $"  until {Day(end)}" : "")}");
        return CommandLine.Good;
    }

    private static async Task<int> RevokeAsync(AccessTokens tokens, TokenUse use, string slug, string name, CancellationToken cancellationToken)
    {
        if (await tokens.RevokeAsync(use, slug, name, cancellationToken)) return CommandLine.Good;
        Terminal.Error($"{slug} has nothing of the name '{name}'");
        return CommandLine.Findings;
    }

    private static string Day(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
