using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Store;
using FeedService.Syndication.Formats;

namespace FeedService.Cli;

/// <summary><c>feedservice explain</c>.</summary>
internal static class ExplainVerb
{
    private const int Batch = 500;

    public static Verb Create(CommonOptions options)
    {
        var feed = new Argument<string>("feed") { Description = "The feed's name", HelpName = "FEED" };
        var article = new Argument<string?>("article")
        {
            Description = "The article: its file, id, URL or a part of one of them; all articles where left out",
            HelpName = "ARTICLE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "As a JSON array" };
        var verb = new Verb("explain", "Say of each article where it came from, where each field came from, and why it is in the feed or not.",
            "feedservice explain harbour-news",
            "feedservice explain harbour-news 2026-02-09-night-ferry.txt",
            "feedservice explain harbour-news --json | jq '.[] | select(.in_feed | not)'")
        {
            feed,
            article,
            json,
        };
        verb.SetAction((parsed, cancellationToken) =>
            RunAsync(options.Settings(parsed), parsed.GetValue(feed)!, parsed.GetValue(article), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(ServiceSettings settings, string slug, string? wanted, bool json, CancellationToken cancellationToken)
    {
        var loaded = DefinitionLoader.Load(DefinitionFolder.FileOf(settings.DefinitionsFolder, slug));
        foreach (var error in loaded.Errors) Terminal.Error(error.ToString());
        await using var store = StoreFactory.Create(settings, TimeProvider.System);
        await store.OpenAsync(cancellationToken);
        if (await store.FindFeedAsync(slug, cancellationToken) is not { } state)
        {
            if (loaded.Definition is null) throw new UsageException($"there is no feed '{slug}'");
            Terminal.Error($"{slug} has not been published yet; run feedservice serve or publish first");
            return CommandLine.Findings;
        }
        var explanations = await ExplainAsync(store, slug, state, loaded.Definition, cancellationToken);
        if (wanted is not null)
        {
            explanations = explanations.FindAll(each => each.IsAbout(wanted));
            if (explanations.Count == 0)
            {
                Terminal.Error($"{slug} knows of no article '{wanted}'; feedservice explain {slug} lists all");
                return CommandLine.Findings;
            }
        }
        if (json) JsonOutput.Write(Console.Out, explanations);
        else foreach (var each in explanations) Print(each, whole: wanted is not null);
        return CommandLine.Good;
    }

    private static async Task<List<Explanation>> ExplainAsync(
        IArticleStore store, string slug, FeedState state, FeedDefinition? definition, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var selection = await SelectAsync(store, slug, state, definition, now, cancellationToken);
        var all = new List<StoredArticle>();
        for (long after = 0; await store.BySequenceAsync(slug, after, Batch, cancellationToken) is { Count: > 0 } batch; after = batch[^1].Sequence) all.AddRange(batch);
        var explanations = all.OrderByDescending(article => article.Published).ThenBy(article => article.Id, StringComparer.Ordinal)
            .Select(article => Explanation.Of(article, selection, now)).ToList();
        foreach (var source in state.Sources.Keys)
        {
            explanations.AddRange((await store.ItemsAsync(slug, source, cancellationToken)).Where(item => item.Problem is not null)
                .Select(item => new Explanation(false, item.Problem!, source, item.Key)));
        }
        return explanations;
    }

    // What readers have is what the document says; why the others are not in it is what the steps say to them today.
    private static async Task<Selection> SelectAsync(IArticleStore store, string slug, FeedState state, FeedDefinition? definition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filters = new ArticleFilters(store);
        var publish = definition?.Publish ?? new PublishDefinition();
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        var newest = await store.NewestAsync(slug, now, definition is null ? publish.Items : filters.Candidates(definition), cancellationToken);
        if (definition is not null) newest = filters.Select(definition, newest, now, leftOut);
        var chosen = newest.Take(publish.Items).Select(article => article.Id).ToHashSet(StringComparer.Ordinal);
        return new Selection(await ShownAsync(store, slug, cancellationToken) ?? chosen, chosen, leftOut, state.Problems, publish, state.Archive.Through);
    }

    private static async Task<HashSet<string>?> ShownAsync(IArticleStore store, string slug, CancellationToken cancellationToken)
    {
        if (await store.FindSnapshotAsync(slug, FeedPart.Name("", FeedFormat.Json), cancellationToken) is not { } snapshot) return null;
        using var document = JsonDocument.Parse(Compression.Expand(snapshot.Gzip, snapshot.Length));
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
    }

    private static void Print(Explanation each, bool whole)
    {
        Terminal.Line($"{(each.InFeed ? "in " : "out")}  {Day(each.Published)}  {each.Key}  {(each.InFeed ? each.Title : each.Why)}");
        if (!whole) return;
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[
            ("why", each.Why), ("title", each.Title), ("source", each.Source), ("id", each.Id), ("url", each.Url),
            ("published", Instant(each.Published)), ("updated", Instant(each.Updated)), ("first seen", Instant(each.FirstSeen))])
        {
            if (value is { Length: > 0 }) Terminal.Line($"     {name,-12}{value}");
        }
        foreach (var (field, origin) in each.Origins) Terminal.Line($"     {field} comes from {origin}");
    }

    private static string Day(DateTimeOffset? instant) => instant?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "          ";

    private static string? Instant(DateTimeOffset? instant) => instant?.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <param name="Shown">The articles in the feed as it is.</param>
    /// <param name="Chosen">Those that would be in it now, if all of them fit.</param>
    /// <param name="LeftOut">Why steps that see all articles leave some out.</param>
    /// <param name="Problems">What the last run had to say, which names the articles that may not go out as they are.</param>
    /// <param name="Publish">How many articles the feed has, and how large it may be.</param>
    /// <param name="Archived">The number of the last change that a closed page of the archive holds.</param>
    private sealed record Selection(HashSet<string> Shown, HashSet<string> Chosen, Dictionary<string, string> LeftOut, IReadOnlyList<string> Problems, PublishDefinition Publish, long Archived);

    /// <param name="InFeed">Readers have it now.</param>
    /// <param name="Why">Why it is in or out, in words.</param>
    /// <param name="Source">The source's key.</param>
    /// <param name="Key">The item's name within the source: a file, an upstream id, a URL.</param>
    private sealed record Explanation(bool InFeed, string Why, string Source, string Key)
    {
        public string? Id { get; init; }

        public string? Url { get; init; }

        public string? Title { get; init; }

        public DateTimeOffset? Published { get; init; }

        public DateTimeOffset? Updated { get; init; }

        public DateTimeOffset? FirstSeen { get; init; }

        public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

        public static Explanation Of(StoredArticle stored, Selection selection, DateTimeOffset now) => new(
            selection.Shown.Contains(stored.Id),
            selection.Shown.Contains(stored.Id) ? "it is among the newest" : Reason(stored, selection, now),
            stored.Source,
            stored.Key)
        {
            Id = stored.Id,
            Url = stored.Article.Url,
            Title = stored.Article.Title,
            Published = stored.Published,
            Updated = stored.Updated,
            FirstSeen = stored.FirstSeen,
            Origins = new SortedDictionary<string, string>(stored.Origins.ToDictionary(o => JsonNamingPolicy.SnakeCaseLower.ConvertName(o.Key), o => o.Value), StringComparer.Ordinal),
        };

        public bool IsAbout(string wanted) =>
            new[] { Key, Id, Url, Title }.Any(text => text is not null && text.Contains(wanted, StringComparison.OrdinalIgnoreCase));

        private static string Reason(StoredArticle stored, Selection selection, DateTimeOffset now) =>
            stored.Removed is { } removed ? $"it was removed on {Instant(removed)}" :
            stored.Draft ? "it is a draft" :
            stored.Excluded is { } filter ? $"left out: {filter}" :
            !stored.Released ? "it waits for its release" :
            stored.Published > now ? $"it is due on {Instant(stored.Published)}" :
            selection.LeftOut.TryGetValue(stored.Id, out var step) ? $"left out: {step}" :
            selection.Problems.FirstOrDefault(problem => problem.StartsWith($"{stored.Key}: left out: ", StringComparison.Ordinal)) is { } objection ? objection[(stored.Key.Length + 2)..] :
            !selection.Chosen.Contains(stored.Id) ? (selection.Publish.Items == 1 ? "there is a newer one" : $"there are {selection.Publish.Items} newer ones") + (stored.Sequence <= selection.Archived ? "; it stands in the archive" : "") :
            selection.Publish.MaxSize is { } size ? string.Create(CultureInfo.InvariantCulture, $"with it the feed would be larger than {size} bytes (max_size)") :
            "it comes with the next run";
    }
}
